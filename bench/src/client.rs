//! One client's connection. Nothing here waits: what can't go on now goes on when the system says so.

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use socket2::SockRef;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;
use tungstenite::client::IntoClientRequest;
use tungstenite::handshake::client::ClientHandshake;
use tungstenite::handshake::MidHandshake;
use tungstenite::http::HeaderValue;
use tungstenite::protocol::WebSocketConfig;
use tungstenite::{Error, HandshakeError, Message, Utf8Bytes, WebSocket};

/// Enough for what comes at once; a larger buffer would be cleared for every read.
const BUFFER: usize = 4 * 1024;

/// What happened on a connection.
pub enum Event {
    Opened,
    Text(Utf8Bytes),
    /// It ended, and why.
    Ended(String),
}

/// A connection, if there is one.
#[derive(Default)]
pub struct Link {
    state: State,
    /// Written, but not taken by the system yet.
    unflushed: bool,
}

#[derive(Default)]
enum State {
    #[default]
    Away,
    Connecting(TcpStream, tungstenite::handshake::client::Request),
    Shaking(MidHandshake<ClientHandshake<TcpStream>>),
    Open(WebSocket<TcpStream>),
}

impl Link {
    /// Begins to connect; `headers` go with the upgrade.
    pub fn begin(
        &mut self,
        to: SocketAddr,
        path: &str,
        headers: &[(&'static str, String)],
        at: &Registry,
        token: Token,
    ) {
        let mut stream = TcpStream::connect(to).unwrap();
        stream.set_nodelay(true).unwrap();
        at.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE).unwrap();
        let mut request = format!("ws://{to}{path}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
        }
        *self = Self { state: State::Connecting(stream, request), unflushed: false };
    }

    /// Says something; on a connection that has ended it goes nowhere, as [`Link::next`] will tell.
    pub fn say(&mut self, text: impl Into<Utf8Bytes>) {
        if let State::Open(socket) = &mut self.state {
            self.unflushed = matches!(socket.send(Message::Text(text.into())), Err(error) if would_block(&error));
        }
    }

    /// The next thing that happened, until the system has no more.
    pub fn next(&mut self) -> Option<Event> {
        match std::mem::take(&mut self.state) {
            State::Away => None,
            State::Connecting(stream, request) => self.connected(stream, request),
            State::Shaking(handshake) => self.shaken(handshake.handshake()),
            State::Open(socket) => {
                self.state = State::Open(socket);
                self.read()
            }
        }
    }

    fn connected(&mut self, stream: TcpStream, request: tungstenite::handshake::client::Request) -> Option<Event> {
        if let Ok(Some(error)) = stream.take_error() {
            return Some(Event::Ended(error.to_string()));
        }
        if stream.peer_addr().is_err() {
            self.state = State::Connecting(stream, request);
            return None;
        }
        let config = WebSocketConfig::default().read_buffer_size(BUFFER);
        match ClientHandshake::start(stream, request, Some(config)) {
            Ok(handshake) => self.shaken(handshake.handshake()),
            Err(error) => Some(Event::Ended(error.to_string())),
        }
    }

    fn shaken(
        &mut self,
        outcome: Result<
            (WebSocket<TcpStream>, tungstenite::handshake::client::Response),
            HandshakeError<ClientHandshake<TcpStream>>,
        >,
    ) -> Option<Event> {
        match outcome {
            Ok((socket, _)) => {
                self.state = State::Open(socket);
                Some(Event::Opened)
            }
            Err(HandshakeError::Interrupted(handshake)) => {
                self.state = State::Shaking(handshake);
                None
            }
            Err(HandshakeError::Failure(error)) => Some(Event::Ended(error.to_string())),
        }
    }

    fn read(&mut self) -> Option<Event> {
        let State::Open(socket) = &mut self.state else { return None };
        if self.unflushed {
            self.unflushed = matches!(socket.flush(), Err(error) if would_block(&error));
        }
        loop {
            let ended = match socket.read() {
                Ok(Message::Text(text)) => return Some(Event::Text(text)),
                Ok(Message::Close(Some(close))) => format!("closed with {} {}", close.code, close.reason),
                Ok(Message::Close(None)) => "closed".to_owned(),
                Ok(_) => continue,
                Err(error) if would_block(&error) => return None,
                Err(error) => error.to_string(),
            };
            self.state = State::Away;
            return Some(Event::Ended(ended));
        }
    }

    /// Cuts it with a reset (RST): what is on its way in either direction is lost.
    pub fn cut(&mut self) {
        if let State::Open(socket) = &self.state {
            SockRef::from(socket.get_ref()).set_linger(Some(Duration::ZERO)).unwrap();
        }
        self.state = State::Away;
    }
}

fn would_block(error: &Error) -> bool {
    matches!(error, Error::Io(error) if error.kind() == ErrorKind::WouldBlock)
}
