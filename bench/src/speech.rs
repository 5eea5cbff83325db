//! How each kind of server is spoken with: what is said to it, and what it says, read.

use crate::judge::{self, Number};
use percent_encoding::{utf8_percent_encode, NON_ALPHANUMERIC};
use serde_json::{json, Value};

/// A way of speaking.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    /// docs/protocol.md; with `batch=1` or without.
    Ours { batch: bool },
    /// The same frames `send`, `ack` and `message`, in rooms that are addresses.
    Plain,
    /// Those as Socket.IO's events: <https://socket.io/docs/v4/socket-io-protocol/> within
    /// <https://socket.io/docs/v4/engine-io-protocol/>, as far as a client needs them that speaks WebSocket only.
    SocketIo,
}

/// What a frame meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// I am in the room; what comes back with me when I was away.
    Joined {
        history: Option<String>,
    },
    Message {
        seq: u64,
        id: String,
        text: String,
        place: Option<String>,
    },
    Ack {
        id: String,
    },
    /// What I missed will not be said.
    Gap,
    /// A message, or I myself, was refused.
    Refused {
        code: String,
    },
    /// This is to be answered.
    Answer {
        with: &'static str,
    },
    /// What makes no sense.
    Nonsense,
}

/// Where somebody was when the connection ended.
#[derive(Clone, Default)]
pub struct Place {
    /// Which history: an epoch, or what Socket.IO calls a private session id.
    pub history: Option<String>,
    /// The last that was heard in it: a Seq, or an offset.
    pub last: Option<String>,
}

impl Speech {
    /// The address of the room's socket.
    pub fn path(self, room: &str, place: &Place) -> String {
        match self {
            Self::Ours { batch } => {
                let mut asked: Vec<String> = Vec::new();
                if let Place { history: Some(epoch), last: Some(seq) } = place {
                    asked.push(format!("since={seq}&epoch={epoch}"));
                }
                if batch {
                    asked.push("batch=1".to_owned());
                }
                format!("/api/rooms/{}/live?{}", utf8_percent_encode(room, NON_ALPHANUMERIC), asked.join("&"))
            }
            Self::Plain => format!("/{room}"),
            Self::SocketIo => "/socket.io/?EIO=4&transport=websocket".to_owned(),
        }
    }

    /// Whether an open socket is all it takes to be in the room.
    pub fn joins_by_opening(self) -> bool {
        self == Self::Plain
    }

    /// What is said first.
    pub fn greeting(self, room: &str, place: &Place) -> Option<String> {
        let mut who = json!({ "room": room });
        if let Place { history: Some(session), last: Some(offset) } = place {
            (who["pid"], who["offset"]) = (json!(session), json!(offset));
        }
        (self == Self::SocketIo).then(|| format!("40{who}"))
    }

    /// Whether a message said twice under its id is one message.
    pub fn may_repeat(self) -> bool {
        matches!(self, Self::Ours { .. })
    }

    /// A message to be posted.
    pub fn post(self, run: u32, number: Number) -> String {
        let (id, text) = (judge::id(run, number), judge::text(number));
        match self {
            Self::SocketIo => format!("42{}", json!(["send", { "id": id, "text": text }])),
            Self::Ours { .. } | Self::Plain => json!({ "type": "send", "id": id, "text": text }).to_string(),
        }
    }

    /// What keeps a quiet connection open, if it is for the client to do.
    pub fn heartbeat(self) -> Option<&'static str> {
        (self != Self::SocketIo).then_some("ping")
    }

    /// Reads a frame of the server.
    pub fn hear(self, text: &str) -> Vec<Heard> {
        if text == "pong" {
            return Vec::new();
        }
        if self != Self::SocketIo {
            return frames(text);
        }
        match (text.as_bytes(), text.get(2..)) {
            // The server will ask for the greeting by an open packet; it was sent with the socket.
            ([b'0', ..], _) => Vec::new(),
            ([b'2'], _) => vec![Heard::Answer { with: "3" }],
            ([b'4', b'0', ..], Some(session)) => {
                let session: Value = serde_json::from_str(session).unwrap_or_default();
                vec![Heard::Joined { history: session["pid"].as_str().map(str::to_owned) }]
            }
            ([b'4', b'2', ..], Some(event)) => {
                let event: Value = serde_json::from_str(event).unwrap_or_default();
                let mut heard = Vec::new();
                frame(&event[1], &mut heard);
                if let [Heard::Message { place, .. }] = heard.as_mut_slice() {
                    *place = event[2].as_str().map(str::to_owned);
                }
                heard
            }
            _ => vec![Heard::Nonsense],
        }
    }
}

fn frames(text: &str) -> Vec<Heard> {
    let mut heard = Vec::new();
    match serde_json::from_str(text) {
        Ok(value) => frame(&value, &mut heard),
        Err(_) => heard.push(Heard::Nonsense),
    }
    heard
}

fn frame(value: &Value, heard: &mut Vec<Heard>) {
    let text = |name: &str| value[name].as_str().map(str::to_owned);
    let read = match value["type"].as_str() {
        Some("batch") => {
            value["frames"].as_array().into_iter().flatten().for_each(|one| frame(one, heard));
            return;
        }
        Some("welcome") => Some(Heard::Joined { history: text("epoch") }),
        Some("message") => {
            let seq = value["seq"].as_u64();
            let of = |seq: u64| {
                Some(Heard::Message { seq, id: text("id")?, text: text("text")?, place: Some(seq.to_string()) })
            };
            seq.and_then(of)
        }
        Some("ack") => text("id").map(|id| Heard::Ack { id }),
        Some("gap") => Some(Heard::Gap),
        Some("error") => text("code").map(|code| Heard::Refused { code }),
        // Presence and the like.
        Some(_) => return,
        None => None,
    };
    heard.push(read.unwrap_or(Heard::Nonsense));
}
