//! The sockets of a room: found again on waking, sent to, closed.

use crate::domain::time::Millis;
use crate::protocol::code::Code;
use crate::protocol::server::ServerFrame;
use crate::room::attachment::{Connection, ConnectionId};
use crate::room::effect::{CloseReason, Effect};
use crate::room::outgoing::{batch, Outgoing, To};
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

    /// Takes a string of the runtime's, which is made once for all sockets and not once for each.
    #[wasm_bindgen(extends = js_sys::Object)]
    type Sender;

    #[wasm_bindgen(method, catch, js_name = send)]
    fn send_string(this: &Sender, text: &js_sys::JsString) -> Result<(), JsValue>;
}

#[wasm_bindgen(module = "/src/room/object/send.js")]
extern "C" {
    #[wasm_bindgen(js_name = sendToAll)]
    fn send_to_all(sockets: &js_sys::Array, text: &js_sys::JsString, apart: &[u32]);
}

/// What may wait for one reader. Whoever stops reading costs this much of the isolate's 128 MB, and then their place.
const WAITING_MOST: u32 = 1024 * 1024;

/// How much is sent between two looks at what waits: a look at each frame would cost each delivery a call.
const LOOK_EVERY: usize = 256 * 1024;

/// One open socket.
struct Open {
    id: ConnectionId,
    socket: WebSocket,
    /// Whether it takes several frames as one.
    batches: bool,
    /// How many frames waited already when it came.
    before: usize,
    /// Bytes that were sent since the last look.
    unseen: usize,
}

/// The open sockets, by connection.
#[derive(Default)]
pub struct Sockets {
    open: Vec<Open>,
    /// The same sockets in the same places, as the runtime's own list.
    all: js_sys::Array,
    outgoing: Outgoing,
    /// Whether a timer will send what waits.
    is_timed: bool,
    /// Those that don't read.
    slow: Vec<ConnectionId>,
}

/// The connection that a socket carries. A socket without one was never welcomed, or was closed. Attachments are JSON text:
/// reading them as JavaScript objects needs a second set of readers, 25 KB of WASM. Hence also worker's lower layer: the
/// upper one brings that set's errors.
fn connection_of(socket: &WebSocket) -> Option<Connection> {
    crate::json::read(&socket.as_ref().deserialize_attachment().ok()?.as_string()?).ok()
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
        let (mut sockets, mut connections) = (Self::default(), Vec::new());
        for socket in state.get_websockets() {
            if let Some(connection) = connection_of(&socket) {
                sockets.keep(&connection, socket);
                connections.push(connection);
            }
        }
        (sockets, connections)
    }

    /// The connection of a socket that is open. The runtime hands over the same object each time; should it ever not, the
    /// attachment knows.
    pub fn id_of(&self, socket: &WebSocket) -> Option<ConnectionId> {
        let place = usize::try_from(self.all.index_of(socket.as_ref(), 0)).ok();
        let known = place.and_then(|place| self.open.get(place)).map(|open| open.id);
        known.or_else(|| connection_of(socket).map(|connection| connection.id))
    }

    fn get(&self, id: ConnectionId) -> Option<&WebSocket> {
        self.open.iter().find(|open| open.id == id).map(|open| &open.socket)
    }

    /// Those that were found not to read, for the core to close.
    pub fn take_slow(&mut self) -> Vec<ConnectionId> {
        std::mem::take(&mut self.slow)
    }

    /// Keeps a new socket.
    pub fn keep(&mut self, connection: &Connection, socket: WebSocket) {
        self.all.push(socket.as_ref());
        self.open.push(Open::new(connection, socket, self.outgoing.len()));
    }

    /// Drops a socket that is gone.
    pub fn forget(&mut self, id: ConnectionId) {
        if let Some(place) = self.open.iter().position(|open| open.id == id) {
            self.open.remove(place);
            self.all.splice_many(u32::try_from(place).unwrap_or(u32::MAX), 1, &[]);
        }
    }

    /// Carries out what concerns sockets. What is to be sent waits for [`Self::send`].
    pub fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Send(id, frame) => self.push(To::One(id), &frame),
            Effect::Broadcast(frame, except) => self.push(To::All(except), &frame),
            Effect::Attach(connection) => {
                if let Some(socket) = self.get(connection.id) {
                    if let Err(error) = attach(socket, &connection) {
                        console_error!("an attachment can't be kept: {error}");
                    }
                }
            }
            Effect::Close(id, reason) => {
                if let Some(open) = self.open.iter_mut().find(|open| open.id == id) {
                    open.take(&self.outgoing.left_for(id, open.before), &mut self.slow);
                    close(&open.socket, reason);
                }
                self.forget(id);
            }
            Effect::TickAt(_) | Effect::Publish => {}
        }
    }

    fn push(&mut self, to: To, frame: &ServerFrame) {
        match frame.text() {
            Ok(text) => self.outgoing.push(to, text),
            Err(error) => console_error!("a frame can't be written: {error}"),
        }
    }

    /// Sends what is due. Says when the rest is, unless it was said before.
    pub fn send(&mut self, now: Millis) -> Option<Millis> {
        match self.outgoing.due(now) {
            Some(due) if due <= now => self.send_all(now),
            Some(due) if !std::mem::replace(&mut self.is_timed, true) => return Some(due),
            _ => {}
        }
        None
    }

    /// The timer has come: what still waits needs another.
    pub fn timer_came(&mut self) {
        self.is_timed = false;
    }

    fn send_all(&mut self, now: Millis) {
        let takers = self.open.iter().filter(|open| open.batches).count();
        let parcel = self.outgoing.leave(takers, now);
        let common = parcel.common();
        // Nearly everybody gets the same.
        let all = (!common.is_empty()).then(|| Text::of(&batch(&common)));
        let mut apart = Vec::new();
        for (place, open) in (0..).zip(&mut self.open) {
            let before = std::mem::take(&mut open.before);
            let is_common = (open.batches || common.len() == 1) && before == 0 && !parcel.sets_apart(open.id);
            match &all {
                Some(all) if is_common && open.reads(all.bytes, &mut self.slow) => {}
                Some(_) if is_common => apart.push(place),
                _ => {
                    apart.push(place);
                    open.take(&parcel.for_one(open.id, before), &mut self.slow);
                }
            }
        }
        if let Some(all) = &all {
            send_to_all(&self.all, &all.text, &apart);
        }
    }

    /// Connections that sent heartbeats once and stopped: a tab that died without a word.
    pub fn silent(&self, state: &State, now: Millis) -> Vec<ConnectionId> {
        let state: &Hibernating = state.as_raw().unchecked_ref();
        let stopped = |socket: &WebSocket| match state.last_heartbeat(socket.as_ref()) {
            Ok(Some(last)) => last.get_time() < (now - SILENT_AFTER) as f64,
            _ => false,
        };
        self.open.iter().filter(|open| stopped(&open.socket)).map(|open| open.id).collect()
    }
}

/// A frame as the runtime's string.
struct Text {
    text: js_sys::JsString,
    bytes: usize,
}

impl Text {
    fn of(text: &str) -> Self {
        Self { text: text.into(), bytes: text.len() }
    }
}

impl Open {
    fn new(connection: &Connection, socket: WebSocket, before: usize) -> Self {
        Self { id: connection.id, socket, batches: connection.batches, before, unseen: 0 }
    }

    /// Sends frames as one, if it takes that.
    fn take(&mut self, frames: &[&str], slow: &mut Vec<ConnectionId>) {
        match frames {
            [] => {}
            several if self.batches => self.send(&Text::of(&batch(several)), slow),
            several => several.iter().for_each(|frame| self.send(&Text::of(frame), slow)),
        }
    }

    /// Sends, if the reader reads. A send to a socket that is going away fails; its close event follows.
    fn send(&mut self, text: &Text, slow: &mut Vec<ConnectionId>) {
        if self.reads(text.bytes, slow) {
            let _ = self.socket.as_ref().unchecked_ref::<Sender>().send_string(&text.text);
        }
    }

    /// Whether the reader reads, and may be sent so many bytes more.
    fn reads(&mut self, bytes: usize, slow: &mut Vec<ConnectionId>) -> bool {
        if self.unseen >= LOOK_EVERY {
            let waiting = self.socket.as_ref().buffered_amount();
            if waiting > WAITING_MOST {
                if !slow.contains(&self.id) {
                    slow.push(self.id);
                }
                return false;
            }
            self.unseen = 0;
        }
        self.unseen += bytes;
        true
    }
}

/// Closes a socket. It is nobody's from then on, also if its other side never answers and the room wakes meanwhile.
pub fn close(socket: &WebSocket, reason: CloseReason) {
    let _ = socket.as_ref().serialize_attachment(JsValue::NULL);
    let _ = socket.close(Some(reason.code()), Some(reason.as_str()));
}
