//! Requests of one person. While things break an answer may not come, so nothing here is taken for granted.

use serde_json::Value;
use std::sync::LazyLock;
use std::time::Duration;
use ureq::http;

/// How long a request may take: longer than the Worker waits for Redis.
const PATIENCE: Duration = Duration::from_secs(20);

/// An answer: its status, its body, and the cookie that it sets.
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub cookie: Option<String>,
}

/// Asks, with a cookie or without; nothing if no answer came.
pub fn ask(origin: &str, cookie: Option<&str>, method: &str, path: &str, body: Option<Value>) -> Option<Answer> {
    // No connection is kept: a server that was killed leaves none behind that looks alive.
    static AGENT: LazyLock<ureq::Agent> = LazyLock::new(|| {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_idle_connections(0);
        config.timeout_global(Some(PATIENCE)).max_redirects(0).build().new_agent()
    });
    let mut request = http::Request::builder().method(method).uri(format!("{origin}{path}"));
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    let response = match body {
        Some(body) => AGENT.run(request.header("content-type", "application/json").body(body.to_string()).ok()?),
        None => AGENT.run(request.body(()).ok()?),
    };
    let (head, mut body) = response.ok()?.into_parts();
    let cookie = head.headers.get("set-cookie").and_then(|cookie| cookie.to_str().ok()?.split(';').next());
    let text = body.read_to_string().ok()?;
    Some(Answer {
        status: head.status.as_u16(),
        body: serde_json::from_str(&text).unwrap_or(Value::Null),
        cookie: cookie.map(str::to_owned),
    })
}
