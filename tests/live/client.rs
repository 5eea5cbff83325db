//! Somebody who asks over HTTP, signed in or not.

use crate::live::Live;
use crate::openapi;
use crate::server::{self, Server};
use crate::PATIENCE;
use percent_encoding::{utf8_percent_encode, NON_ALPHANUMERIC};
use serde_json::{json, Value};
use std::io::Cursor;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};
use ureq::http;
use ureq::{AsSendBody, SendBody};

/// The names of an object's fields, for comparing shapes.
#[track_caller]
pub fn fields(value: &Value) -> Vec<&str> {
    value.as_object().unwrap_or_else(|| panic!("{value} is no object")).keys().map(String::as_str).collect()
}

/// Asks until the answer is there.
#[track_caller]
pub fn eventually<T>(what: &str, ask: impl FnMut() -> Option<T>) -> T {
    eventually_within(PATIENCE, what, ask)
}

/// The same for what takes its time.
#[track_caller]
pub fn eventually_within<T>(patience: Duration, what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(started.elapsed() < patience, "not in {patience:?}: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Somebody with a cookie, or without.
#[derive(Clone)]
pub struct Client {
    pub server: Arc<Server>,
    /// `name=value`, as it goes out.
    pub cookie: Option<String>,
    /// Where they ask from, as the edge says in production; here anybody may say so.
    pub address: Option<String>,
    /// What the server said of them when they entered.
    pub person: Value,
}

/// A room by its name.
#[derive(Clone, Debug)]
pub struct Room {
    pub name: String,
    /// `/api/rooms/{room}`
    pub path: String,
}

/// One answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub text: String,
    /// What was asked, for messages.
    asked: String,
}

/// A request under way.
pub struct Request<'a> {
    client: &'a Client,
    method: &'a str,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    chunked: bool,
}

/// A new guest on the shared server.
#[track_caller]
pub fn guest(name: &str) -> Client {
    guest_at(&server::shared(), name)
}

/// A new guest on a server.
#[track_caller]
pub fn guest_at(server: &Arc<Server>, name: &str) -> Client {
    let mut client = stranger_at(server);
    let answer = client.post("/api/guest", &json!({ "name": name }));
    client.person = answer.expect(201);
    client.cookie = Some(answer.cookie());
    client
}

/// Somebody who has not entered.
pub fn stranger() -> Client {
    stranger_at(&server::shared())
}

/// The same on a server.
pub fn stranger_at(server: &Arc<Server>) -> Client {
    Client { server: Arc::clone(server), cookie: None, address: None, person: Value::Null }
}

/// The same, at this address.
pub fn stranger_from(server: &Arc<Server>, address: impl ToString) -> Client {
    Client { address: Some(address.to_string()), ..stranger_at(server) }
}

/// A name that no other test uses.
pub fn new_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    format!("room number {}", COUNT.fetch_add(1, Relaxed))
}

/// A new room of this owner.
#[track_caller]
pub fn room(owner: &Client) -> Room {
    room_named(owner, &new_name())
}

/// A new room with this name.
#[track_caller]
pub fn room_named(owner: &Client, name: &str) -> Room {
    owner.post("/api/rooms", &json!({ "name": name })).expect(201);
    Room::named(name)
}

impl Room {
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), path: format!("/api/rooms/{}", utf8_percent_encode(name, NON_ALPHANUMERIC)) }
    }

    /// An address below the room's.
    pub fn at(&self, rest: &str) -> String {
        format!("{}/{rest}", self.path)
    }
}

impl Client {
    pub fn id(&self) -> &str {
        self.person["id"].as_str().unwrap()
    }

    pub fn request<'a>(&'a self, method: &'a str, path: &str) -> Request<'a> {
        Request { client: self, method, path: path.to_owned(), headers: Vec::new(), body: None, chunked: false }
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send()
    }

    #[track_caller]
    pub fn put(&self, path: &str) -> Answer {
        self.request("PUT", path).send()
    }

    #[track_caller]
    pub fn delete(&self, path: &str) -> Answer {
        self.request("DELETE", path).send()
    }

    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.request("POST", path).json(body).send()
    }

    /// Posts a message over HTTP.
    #[track_caller]
    pub fn say(&self, room: &Room, id: &str, text: &str) -> Answer {
        self.post(&room.at("messages"), &json!({ "id": id, "text": text }))
    }

    /// Becomes a member.
    #[track_caller]
    pub fn join(&self, room: &Room) -> Value {
        self.put(&room.at("membership")).expect(200)
    }

    /// The room as this client sees it.
    #[track_caller]
    pub fn view(&self, room: &Room) -> Value {
        self.get(&room.path).expect(200)
    }

    /// The whole history, from the first message.
    #[track_caller]
    pub fn history(&self, room: &Room) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        loop {
            let before = all.first().map_or(String::new(), |first| format!("&before={}", first["seq"]));
            let mut page = self.get(&room.at(&format!("messages?limit=100{before}"))).expect(200);
            let Value::Array(messages) = page["messages"].take() else { panic!("{page}") };
            all.splice(0..0, messages);
            if page["more"] == false {
                return all;
            }
        }
    }

    /// Opens a WebSocket.
    #[track_caller]
    pub fn connect(&self, room: &Room) -> Live {
        self.connect_with(room, "")
    }

    /// Opens a WebSocket with a query, `?since=…`.
    #[track_caller]
    pub fn connect_with(&self, room: &Room, query: &str) -> Live {
        Live::open(self, &format!("{}{query}", room.at("live")), &[])
    }
}

impl Request<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sends the body without saying how long it is.
    pub fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    #[track_caller]
    pub fn send(self) -> Answer {
        self.client.server.asked.fetch_add(1, Relaxed);
        let uri = format!("{}{}", self.client.server.origin(), self.path);
        let mut request = http::Request::builder().method(self.method).uri(uri);
        if let Some(cookie) = &self.client.cookie {
            request = request.header("cookie", cookie);
        }
        if let Some(address) = &self.client.address {
            request = request.header("cf-connecting-ip", address);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let body = self.body.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        let asked = format!("{} {} {:.200}", self.method, self.path, body);
        let response = match self.body {
            None => run(&asked, request.body(())),
            Some(body) if self.chunked => run(&asked, request.body(SendBody::from_owned_reader(Cursor::new(body)))),
            Some(body) => run(&asked, request.body(body)),
        };
        let (head, mut body) = response.into_parts();
        let text = body.read_to_string().unwrap();
        let answer = Answer { status: head.status.as_u16(), headers: head.headers, text, asked };
        openapi::check(self.method, &self.path, answer.status, answer.header("content-type"), &answer.text);
        answer.expect_guarded();
        answer
    }
}

#[track_caller]
fn run(asked: &str, request: http::Result<http::Request<impl AsSendBody>>) -> http::Response<ureq::Body> {
    // No connection is kept: a server that was killed leaves none behind that looks alive.
    static AGENT: LazyLock<ureq::Agent> = LazyLock::new(|| {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_idle_connections(0);
        config.timeout_global(Some(PATIENCE)).max_redirects(0).build().new_agent()
    });
    AGENT.run(request.unwrap()).unwrap_or_else(|error| panic!("{asked}: {error}"))
}

impl Answer {
    /// The body of an answer with this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        if status == 204 {
            assert_eq!(self.text, "");
            return Value::Null;
        }
        assert_eq!(self.header("content-type"), Some("application/json; charset=utf-8"), "{}", self.asked);
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{} answers {:?}", self.asked, self.text))
    }

    /// The error of a refusal with this status and code.
    #[track_caller]
    pub fn expect_refusal(&self, status: u16, code: &str) -> Value {
        let mut body = self.expect(status);
        assert_eq!(body["error"]["code"], code, "{}: {}", self.asked, self.text);
        let names: Vec<_> = body.as_object().unwrap().keys().collect();
        assert_eq!(names, ["error"], "a refusal is its error and nothing else");
        body["error"].take()
    }

    /// A refusal that names the field.
    #[track_caller]
    pub fn expect_refusal_of(&self, status: u16, code: &str, field: &str) {
        assert_eq!(self.expect_refusal(status, code)["field"], field, "{}", self.asked);
    }

    /// What every answer tells browsers, also one to a refused or broken request.
    #[track_caller]
    fn expect_guarded(&self) {
        let permissions =
            "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
                           microphone=(), payment=(), usb=()";
        for (name, value) in [
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("permissions-policy", permissions),
            ("strict-transport-security", "max-age=31536000"),
            // No page of another site reads it.
            ("access-control-allow-origin", ""),
        ] {
            let told = self.headers.get(name).map_or("", |value| value.to_str().unwrap());
            assert_eq!(told, value, "{name} of {} {}", self.asked, self.status);
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// `name=value` of the cookie it sets.
    #[track_caller]
    pub fn cookie(&self) -> String {
        let cookie = self.header("set-cookie").unwrap_or_else(|| panic!("{} sets no cookie", self.asked));
        cookie.split(';').next().unwrap().to_owned()
    }
}
