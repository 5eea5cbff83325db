//! A client's WebSocket in a room.

use crate::client::Client;
use crate::PATIENCE;
use serde_json::{json, Value};
use std::io::{self, ErrorKind, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use tungstenite::client::{client, IntoClientRequest};
use tungstenite::http::{HeaderName, HeaderValue};
use tungstenite::{Error, HandshakeError, Message, WebSocket};

/// An open connection. Dropping it cuts it.
pub struct Live {
    socket: WebSocket<TcpStream>,
    pub welcome: Value,
}

/// A ClientMessageId that no other message has.
pub fn new_id() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("m-{}", COUNT.fetch_add(1, Relaxed))
}

impl Live {
    /// Opens a socket that is turned away, and gives the code and the reason.
    #[track_caller]
    pub fn turned_away(who: &Client, path: &str) -> (u16, String) {
        let mut live = Self { socket: Self::upgraded(who, path, &[]).unwrap(), welcome: Value::Null };
        match live.read() {
            Message::Close(Some(close)) => (close.code.into(), close.reason.to_string()),
            other => panic!("{other:?} where a close should be"),
        }
    }

    /// Opens a socket, if there is a place for it.
    #[track_caller]
    pub fn try_place(who: &Client, path: &str) -> Option<Self> {
        let mut live = Self { socket: Self::upgraded(who, path, &[]).ok()?, welcome: Value::Null };
        live.welcome = live.next_or_gone()?;
        Some(live)
    }

    /// Opens a socket and waits until it is welcomed.
    #[track_caller]
    pub fn open(who: &Client, path: &str, headers: &[(&'static str, &str)]) -> Self {
        Self::try_open(who, path, headers).unwrap_or_else(|status| panic!("{path} answers {status}"))
    }

    /// The same, or the status of the refusal.
    #[track_caller]
    pub fn try_open(who: &Client, path: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut live = Self { socket: Self::upgraded(who, path, headers)?, welcome: Value::Null };
        live.welcome = live.next();
        assert_eq!(live.welcome["type"], "welcome", "{}", live.welcome);
        Ok(live)
    }

    #[track_caller]
    fn upgraded(who: &Client, path: &str, headers: &[(&'static str, &str)]) -> Result<WebSocket<TcpStream>, u16> {
        who.server.asked.fetch_add(1, Relaxed);
        let stream = TcpStream::connect(who.server.authority()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut request = format!("ws://{}{path}", who.server.authority()).into_client_request().unwrap();
        let cookie = who.cookie.iter().map(|cookie| ("cookie", cookie.as_str()));
        let address = who.address.iter().map(|address| ("cf-connecting-ip", address.as_str()));
        for (name, value) in cookie.chain(address).chain(headers.iter().copied()) {
            request.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        match client(request, stream) {
            Ok((socket, _)) => Ok(socket),
            Err(HandshakeError::Failure(Error::Http(response))) => Err(response.status().as_u16()),
            Err(error) => panic!("{path}: {error}"),
        }
    }

    /// The next frame, whatever it is.
    #[track_caller]
    pub fn next(&mut self) -> Value {
        match self.read() {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?} where a frame should be"),
        }
    }

    #[track_caller]
    fn read(&mut self) -> Message {
        match self.socket.read() {
            Ok(message) => message,
            Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => {
                panic!("nothing came in {PATIENCE:?}")
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// The next frame, or nothing if it is the answer to a ping of the protocol's own.
    #[track_caller]
    pub fn next_or_pong(&mut self) -> Option<Value> {
        match self.read() {
            Message::Text(text) => Some(serde_json::from_str(&text).unwrap()),
            Message::Pong(_) => None,
            other => panic!("{other:?} where a frame should be"),
        }
    }

    /// Whether a frame that is like this comes as long as a test waits for anything.
    pub fn until_patience_ends(&mut self, mut is_it: impl FnMut(&Value) -> bool) -> bool {
        loop {
            match self.socket.read() {
                Ok(Message::Text(text)) if is_it(&serde_json::from_str(&text).unwrap()) => return true,
                Ok(_) => {}
                Err(_) => return false,
            }
        }
    }

    /// The next frame, or nothing when the server is gone.
    pub fn next_or_gone(&mut self) -> Option<Value> {
        match self.socket.read() {
            Ok(Message::Text(text)) => Some(serde_json::from_str(&text).unwrap()),
            _ => None,
        }
    }

    /// The next frame but for presence, which must be of this type.
    #[track_caller]
    pub fn next_of(&mut self, kind: &str) -> Value {
        let frame = self.next_but_presence();
        assert_eq!(frame["type"], kind, "{frame}");
        frame
    }

    /// The next frame but for presence, which comes when it likes.
    #[track_caller]
    pub fn next_but_presence(&mut self) -> Value {
        loop {
            let frame = self.next();
            if frame["type"] != "presence" {
                return frame;
            }
        }
    }

    /// Sends a message and gives its id.
    #[track_caller]
    pub fn send(&mut self, text: &str) -> String {
        let id = new_id();
        self.send_as(&id, text);
        id
    }

    /// Sends a message under an id.
    #[track_caller]
    pub fn send_as(&mut self, id: &str, text: &str) {
        self.frame(&json!({ "type": "send", "id": id, "text": text }));
    }

    /// Sends a frame.
    #[track_caller]
    pub fn frame(&mut self, frame: &Value) {
        self.say(Message::text(frame.to_string()));
    }

    /// Sends anything.
    #[track_caller]
    pub fn say(&mut self, message: Message) {
        self.socket.send(message).unwrap();
    }

    /// Sends a message if the server is still there to take it.
    pub fn try_send_as(&mut self, id: &str, text: &str) {
        let _ = self.socket.send(Message::text(json!({ "type": "send", "id": id, "text": text }).to_string()));
    }

    /// Sends bytes as they are, past everything that makes frames of them.
    #[track_caller]
    pub fn wire(&mut self, bytes: &[u8]) {
        self.try_wire(bytes).unwrap();
    }

    /// The same, when the server may hang up in the middle.
    pub fn try_wire(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.socket.get_mut().write_all(bytes)
    }

    /// Sends a message, waits for its ack and for the message itself, and gives the message.
    #[track_caller]
    pub fn says(&mut self, text: &str) -> Value {
        let id = self.send(text);
        let ack = self.expect_ack(&id);
        let message = self.expect_message(text);
        assert_eq!((&message["seq"], &message["at"], &message["id"]), (&ack["seq"], &ack["at"], &ack["id"]));
        message
    }

    #[track_caller]
    pub fn expect_ack(&mut self, id: &str) -> Value {
        let frame = self.next_but_presence();
        assert_eq!((&frame["type"], &frame["id"]), (&json!("ack"), &json!(id)), "{frame}");
        frame
    }

    #[track_caller]
    pub fn expect_message(&mut self, text: &str) -> Value {
        let frame = self.next_but_presence();
        assert_eq!((&frame["type"], &frame["text"]), (&json!("message"), &json!(text)), "{frame}");
        frame
    }

    #[track_caller]
    pub fn expect_error(&mut self, code: &str) -> Value {
        let frame = self.next_but_presence();
        assert_eq!((&frame["type"], &frame["code"]), (&json!("error"), &json!(code)), "{frame}");
        frame
    }

    /// Sends a heartbeat and waits for its answer.
    #[track_caller]
    pub fn heartbeat(&mut self) {
        self.say(Message::text("ping"));
        self.expect_pong();
    }

    #[track_caller]
    pub fn expect_pong(&mut self) {
        while self.read() != Message::text("pong") {}
    }

    /// The same, when nothing else may come.
    #[track_caller]
    pub fn only_heartbeat(&mut self) {
        self.say(Message::text("ping"));
        assert_eq!(self.read(), Message::text("pong"));
    }

    /// Reads on until the server closes, and gives the code and the reason.
    #[track_caller]
    pub fn expect_close(&mut self) -> (u16, String) {
        self.each_until_close(|_| {})
    }

    /// Looks at each frame until the server closes, and gives the code and the reason.
    #[track_caller]
    pub fn each_until_close(&mut self, mut look: impl FnMut(&Value)) -> (u16, String) {
        loop {
            match self.read() {
                Message::Text(text) => look(&serde_json::from_str(&text).unwrap()),
                Message::Close(close) => {
                    let close = close.expect("a close frame without a code");
                    return (close.code.into(), close.reason.to_string());
                }
                other => panic!("{other:?} where a frame should be"),
            }
        }
    }

    /// Reads on until a frame that is like this.
    #[track_caller]
    pub fn wait_for(&mut self, mut is_it: impl FnMut(&Value) -> bool) -> Value {
        loop {
            let frame = self.next();
            if is_it(&frame) {
                return frame;
            }
        }
    }

    /// Reads on until a presence frame that shows this.
    #[track_caller]
    pub fn expect_presence(&mut self, shows: impl Fn(&Value) -> bool) -> Value {
        self.wait_for(|frame| frame["type"] == "presence" && shows(frame))
    }

    /// Sends a message and reads on until its ack: after a waking, older ones may come again before it.
    #[track_caller]
    pub fn says_after_waking(&mut self, text: &str) -> Value {
        let id = self.send(text);
        self.wait_for(|frame| frame["type"] == "ack" && frame["id"] == id)
    }

    /// Closes as a tab does.
    pub fn close(mut self) {
        self.socket.close(None).unwrap();
        while self.socket.read().is_ok() {}
    }

    /// Ends the connection without a word, as a lost network does.
    pub fn cut(self) {
        self.socket.get_ref().shutdown(Shutdown::Both).unwrap();
    }
}
