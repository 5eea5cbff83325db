//! A client's WebSocket. Reading never waits long, so that one thread can also speak; and it can be cut as networks cut.

use socket2::{Domain, SockRef, Type};
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;
use tungstenite::client::{client, IntoClientRequest};
use tungstenite::http::HeaderValue;
use tungstenite::{Error, HandshakeError, Message, WebSocket};

const HANDSHAKE: Duration = Duration::from_secs(10);
const READING: Duration = Duration::from_millis(40);
const WRITING: Duration = Duration::from_secs(5);
/// Bytes that the system takes for a client that does not read: few, so that the rest waits in the Worker.
const UNREAD: usize = 8 * 1024;

/// An open WebSocket.
pub struct Socket(WebSocket<TcpStream>);

/// What reading gives.
pub enum Read {
    Text(String),
    /// Nothing yet.
    Nothing,
    /// The other side has closed it, with a code and a reason if it said them.
    Closed(u16, String),
    /// It is gone without a word.
    Gone,
}

/// Why there is no socket.
pub enum NoSocket {
    /// Nobody answered.
    Gone,
    /// Refused with this status and body, to be tried again after so many seconds if it says so.
    Refused(u16, String, u64),
}

impl Socket {
    /// Opens one. `authority` is host and port.
    pub fn open(authority: &str, path: &str, cookie: &str) -> Result<Self, NoSocket> {
        let stream = connect(authority).map_err(|_| NoSocket::Gone)?;
        let mut request = format!("ws://{authority}{path}").into_client_request().map_err(|_| NoSocket::Gone)?;
        request.headers_mut().insert("cookie", HeaderValue::from_str(cookie).map_err(|_| NoSocket::Gone)?);
        match client(request, stream) {
            Ok((socket, _)) => {
                socket.get_ref().set_read_timeout(Some(READING)).map_err(|_| NoSocket::Gone)?;
                Ok(Self(socket))
            }
            Err(HandshakeError::Failure(Error::Http(response))) => {
                let after = response.headers().get("retry-after").and_then(|after| after.to_str().ok()?.parse().ok());
                let body = response.body().as_deref().map(String::from_utf8_lossy).unwrap_or_default();
                Err(NoSocket::Refused(response.status().as_u16(), body.into_owned(), after.unwrap_or(1)))
            }
            Err(_) => Err(NoSocket::Gone),
        }
    }

    /// The next text, if one comes within some milliseconds.
    pub fn read(&mut self) -> Read {
        match self.0.read() {
            Ok(Message::Text(text)) => Read::Text(text.to_string()),
            Ok(Message::Close(Some(close))) => Read::Closed(close.code.into(), close.reason.to_string()),
            Ok(Message::Close(None)) => Read::Closed(1005, String::new()),
            Ok(_) => Read::Nothing,
            Err(Error::Io(error)) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                Read::Nothing
            }
            Err(_) => Read::Gone,
        }
    }

    /// Whether the text was handed over.
    pub fn say(&mut self, text: &str) -> bool {
        self.0.send(Message::text(text)).is_ok()
    }

    /// Cuts it with a reset (RST): what is on its way in either direction is lost.
    pub fn cut(self) {
        let _ = SockRef::from(self.0.get_ref()).set_linger(Some(Duration::ZERO));
    }
}

fn connect(authority: &str) -> io::Result<TcpStream> {
    let address: SocketAddr = authority.parse().map_err(io::Error::other)?;
    let socket = socket2::Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    socket.set_recv_buffer_size(UNREAD)?;
    socket.set_tcp_nodelay(true)?;
    socket.connect(&address.into())?;
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(HANDSHAKE))?;
    stream.set_write_timeout(Some(WRITING))?;
    Ok(stream)
}
