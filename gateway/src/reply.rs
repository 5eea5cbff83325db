//! Outcomes as they go out: JSON, JSON with base64, or RESP2
//! (<https://upstash.com/docs/redis/features/restapi#response>).

use crate::refusal::{too_large, Refusal, MOST};
use crate::server::{text, Outcome};
use axum::http::HeaderMap;
use base64::prelude::{Engine, BASE64_STANDARD};
use redis::Value;
use serde_json::{json, Value as Json};

/// How the client wants its answer.
#[derive(Clone, Copy, PartialEq)]
pub enum Format {
    Json,
    /// JSON with all strings in base64, but the answer OK.
    Base64,
    /// What Redis itself would send.
    Resp2,
}

impl Format {
    /// From the headers `Upstash-Response-Format` and `Upstash-Encoding`. Errors with 400 for a format that there is not,
    /// and for base64 within RESP2.
    pub fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let base64 = header("upstash-encoding") == Some("base64");
        match header("upstash-response-format") {
            None | Some("json") if base64 => Ok(Self::Base64),
            None | Some("json") => Ok(Self::Json),
            Some("resp2") if base64 => Err(Refusal::bad("ERR base64 encoding is not permitted with resp2 format")),
            Some("resp2") => Ok(Self::Resp2),
            Some(_) => Err(Refusal::bad("ERR invalid response format")),
        }
    }
}

/// `{"result": …}` or `{"error": …}`.
pub fn json(outcome: &Outcome, base64: bool) -> Json {
    match outcome {
        // Only as a whole answer: the official client decodes it within arrays.
        Ok(Value::Okay) => json!({ "result": "OK" }),
        Ok(value) => json!({ "result": result(value, base64) }),
        Err(text) => json!({ "error": text }),
    }
}

fn result(value: &Value, base64: bool) -> Json {
    let string = |bytes: &[u8]| match base64 {
        true => Json::from(BASE64_STANDARD.encode(bytes)),
        // "An invalid utf-8 character will be replaced with U+FFFD".
        false => Json::from(String::from_utf8_lossy(bytes)),
    };
    match value {
        Value::Int(number) => json!(number),
        Value::BulkString(bytes) => string(bytes),
        Value::SimpleString(text) => string(text.as_bytes()),
        Value::Okay => string(b"OK"),
        Value::Array(values) => values.iter().map(|value| result(value, base64)).collect(),
        Value::ServerError(error) => string(text(error).as_bytes()),
        // The other kinds belong to RESP3, which is not spoken with the server.
        _ => Json::Null,
    }
}

/// What Redis sent, again.
pub fn resp2(outcome: &Outcome, into: &mut Vec<u8>) {
    match outcome {
        Ok(value) => resp2_value(value, into),
        Err(text) => line('-', text, into),
    }
}

fn resp2_value(value: &Value, into: &mut Vec<u8>) {
    match value {
        Value::Int(number) => line(':', &number.to_string(), into),
        Value::BulkString(bytes) => {
            line('$', &bytes.len().to_string(), into);
            into.extend_from_slice(bytes);
            into.extend_from_slice(b"\r\n");
        }
        Value::SimpleString(text) => line('+', text, into),
        Value::Okay => line('+', "OK", into),
        Value::Array(values) => {
            line('*', &values.len().to_string(), into);
            values.iter().for_each(|value| resp2_value(value, into));
        }
        Value::ServerError(error) => line('-', &text(error), into),
        _ => line('$', "-1", into),
    }
}

fn line(kind: char, text: &str, into: &mut Vec<u8>) {
    into.extend_from_slice(format!("{kind}{text}\r\n").as_bytes());
}

/// A reply that is larger than a request may be is refused in its place: "if you try to load all elements in the list
/// with a single request then it can throw the max-request-size-limit exception"
/// (<https://upstash.com/docs/redis/troubleshooting/max_request_size_exceeded>).
pub fn limited(outcome: Outcome) -> Outcome {
    match outcome.as_ref().map(size) {
        Ok(bytes) if bytes > MOST => Err(too_large(bytes)),
        _ => outcome,
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::BulkString(bytes) => bytes.len(),
        Value::Array(values) => values.iter().map(size).sum(),
        _ => 0,
    }
}
