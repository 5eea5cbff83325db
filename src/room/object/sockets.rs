//! The sockets of a room: found again on waking, sent to, closed.

use crate::domain::time::Millis;
use crate::protocol::code::Code;
use crate::protocol::server::ServerFrame;
use crate::room::attachment::{Connection, ConnectionId};
use crate::room::effect::{CloseReason, Effect};
use wasm_bindgen::prelude::*;
use worker::worker_sys::ext::WebSocketExt;
use worker::{console_error, js_sys, State, WebSocket};

/// A connection whose last heartbeat is older than this is gone. Pages send one every 25 seconds.
const SILENT_AFTER: Millis = 90_000;

#[wasm_bindgen]
extern "C" {
    /// Not bound in worker 0.8.7.
    #[wasm_bindgen(extends = js_sys::Object)]
    type Hibernating;

    #[wasm_bindgen(method, catch, js_name = getWebSocketAutoResponseTimestamp)]
    fn last_heartbeat(this: &Hibernating, socket: &JsValue) -> Result<Option<js_sys::Date>, JsValue>;
}

/// The open sockets, by connection.
#[derive(Default)]
pub struct Sockets(Vec<(ConnectionId, WebSocket)>);

/// The connection that a socket carries. A socket without one was never welcomed.
pub fn id_of(socket: &WebSocket) -> Option<ConnectionId> {
    connection_of(socket).map(|connection| connection.id)
}

/// Attachments are JSON text: reading them as JavaScript objects needs a second set of readers, 25 KB of WASM. Hence also
/// worker's lower layer: the upper one brings that set's errors.
fn connection_of(socket: &WebSocket) -> Option<Connection> {
    serde_json::from_str(&socket.as_ref().deserialize_attachment().ok()?.as_string()?).ok()
}

fn attach(socket: &WebSocket, connection: &Connection) -> worker::Result<()> {
    Ok(socket.as_ref().serialize_attachment(serde_json::to_string(connection)?.into())?)
}

/// What a client learns when a frame of its failed on our side.
pub fn internal_error(id: ConnectionId) -> Vec<Effect> {
    vec![Effect::Send(id, ServerFrame::Error(Code::Internal.into()))]
}

/// Answers a close frame; the runtime doesn't for sleeping sockets, and the client would wait for ever.
pub fn answer_close(socket: &WebSocket, code: usize, reason: &str) {
    // A socket that is closed already throws; there is nobody left to tell.
    let _ = match code {
        1005 => socket.close(None, None::<&str>),
        1006 | 1015 => Ok(()), // never on the wire (RFC 6455, 7.4.1): gone without a close frame
        code => socket.close(u16::try_from(code).ok(), Some(reason)),
    };
}

impl Sockets {
    /// The sockets that are open, with what was kept of their connections.
    pub fn of(state: &State) -> (Self, Vec<Connection>) {
        let (mut sockets, mut connections) = (Vec::new(), Vec::new());
        for socket in state.get_websockets() {
            if let Some(connection) = connection_of(&socket) {
                sockets.push((connection.id, socket));
                connections.push(connection);
            }
        }
        (Self(sockets), connections)
    }

    fn get(&self, id: ConnectionId) -> Option<&WebSocket> {
        self.0.iter().find(|(other, _)| *other == id).map(|(_, socket)| socket)
    }

    /// Keeps a new socket.
    pub fn keep(&mut self, id: ConnectionId, socket: WebSocket) {
        self.0.push((id, socket));
    }

    /// Drops a socket that is gone.
    pub fn forget(&mut self, id: ConnectionId) {
        self.0.retain(|(other, _)| *other != id);
    }

    /// Carries out what concerns sockets. A send to one that is going away fails; its close event follows.
    pub fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Send(id, frame) => {
                if let (Some(socket), Some(text)) = (self.get(id), text(&frame)) {
                    let _ = socket.send_with_str(text);
                }
            }
            Effect::Broadcast(frame, except) => {
                let Some(text) = text(&frame) else { return };
                for (_, socket) in self.0.iter().filter(|(id, _)| Some(*id) != except) {
                    let _ = socket.send_with_str(&text);
                }
            }
            Effect::Attach(connection) => {
                if let Some(socket) = self.get(connection.id) {
                    if let Err(error) = attach(socket, &connection) {
                        console_error!("an attachment can't be kept: {error}");
                    }
                }
            }
            Effect::Close(id, reason) => {
                if let Some(socket) = self.get(id) {
                    close(socket, reason);
                }
                self.forget(id);
            }
            Effect::TickAt(_) | Effect::Publish => {}
        }
    }

    /// Connections that sent heartbeats once and stopped: a tab that died without a word.
    pub fn silent(&self, state: &State, now: Millis) -> Vec<ConnectionId> {
        let state: &Hibernating = state.as_raw().unchecked_ref();
        let stopped = |socket: &WebSocket| match state.last_heartbeat(socket.as_ref()) {
            Ok(Some(last)) => last.get_time() < (now - SILENT_AFTER) as f64,
            _ => false,
        };
        self.0.iter().filter(|(_, socket)| stopped(socket)).map(|(id, _)| *id).collect()
    }
}

fn close(socket: &WebSocket, reason: CloseReason) {
    let _ = socket.close(Some(reason.code()), Some(reason.as_str()));
}

fn text(frame: &ServerFrame) -> Option<String> {
    serde_json::to_string(frame).map_err(|error| console_error!("a frame can't be written: {error}")).ok()
}
