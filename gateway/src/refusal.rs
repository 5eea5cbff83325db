//! What Upstash refuses, in its words. Where its documentation shows only the beginning of a sentence, the rest is what
//! users report of the hosted service: `Limit: …, Usage: … See https://… for details`.

use axum::http::header::CONTENT_TYPE;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The most that one command, or the reply to it, may hold, in bytes: 10 MB on the free plan and pay as you go
/// (<https://upstash.com/docs/redis/troubleshooting/max_request_size_exceeded>).
pub const MOST: usize = 10 << 20;

/// An answer that is no result.
pub struct Refusal {
    pub status: StatusCode,
    /// The value of `error`.
    pub text: String,
}

impl Refusal {
    /// "400 Bad Request: a syntax error, an invalid or unsupported command, or command execution fails".
    pub fn bad(text: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, text: text.into() }
    }

    /// <https://upstash.com/docs/redis/troubleshooting/http_unauthorized>
    pub fn unauthorized() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            text: "WRONGPASS invalid or missing auth token. See https://upstash.com/docs/redis/troubleshooting/http_unauthorized for details".into(),
        }
    }

    /// A status that has no text of its own in the documentation.
    pub fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::unauthorized(),
            _ => Self { status, text: status.canonical_reason().unwrap_or_default().into() },
        }
    }

    /// The redis-server behind does not answer. Upstash names no such case; a proxy would say 503.
    pub fn unreachable(error: &redis::RedisError) -> Self {
        Self { status: StatusCode::SERVICE_UNAVAILABLE, text: format!("ERR redis-server can't be reached: {error}") }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.text }).to_string();
        (self.status, [(CONTENT_TYPE, "application/json")], body).into_response()
    }
}

/// <https://upstash.com/docs/redis/troubleshooting/max_request_size_exceeded>
pub fn too_large(bytes: usize) -> String {
    format!("ERR max request size exceeded. Limit: {MOST} bytes, Actual: {bytes} bytes. See https://upstash.com/docs/redis/troubleshooting/max_request_size_exceeded for details")
}

/// <https://upstash.com/docs/redis/troubleshooting/max_requests_limit>
pub fn quota_used_up() -> String {
    "ERR max requests limit exceeded. Limit: 500000, Usage: 500000. See https://upstash.com/docs/redis/troubleshooting/max_requests_limit for details".into()
}

/// <https://upstash.com/docs/redis/troubleshooting/db_capacity_quota_exceeded>
pub fn database_full() -> String {
    "ERR DB capacity quota exceeded. Threshold: 268435456 bytes, Usage: 268979370 bytes. See https://upstash.com/docs/redis/troubleshooting/db_capacity_quota_exceeded for details".into()
}

/// A command that there is not.
pub fn unknown(name: &str) -> String {
    format!("ERR Command is not available: '{name}'. See https://upstash.com/docs/redis/overall/rediscompatibility for details")
}

/// What the REST protocol does not offer, by the table at the end of
/// <https://upstash.com/docs/redis/features/restapi>: blocking commands, transactions by hand, the connection's own
/// commands but PING and ECHO, and what has an address of its own.
pub fn not_in_rest(name: &str) -> Option<String> {
    let refused = matches!(
        name,
        "BLPOP"
            | "BRPOP"
            | "BRPOPLPUSH"
            | "BLMOVE"
            | "BLMPOP"
            | "BZPOPMAX"
            | "BZPOPMIN"
            | "BZMPOP"
            | "MULTI"
            | "EXEC"
            | "DISCARD"
            | "WATCH"
            | "UNWATCH"
            | "AUTH"
            | "CLIENT"
            | "HELLO"
            | "QUIT"
            | "RESET"
            | "SELECT"
            | "MONITOR"
            | "SUBSCRIBE"
            | "UNSUBSCRIBE"
            | "PSUBSCRIBE"
            | "PUNSUBSCRIBE"
    );
    refused.then(|| format!("ERR Command \"{name}\" is not allowed in REST or it has a special context path"))
}
