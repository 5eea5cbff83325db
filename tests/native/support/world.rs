//! A room and the people at its door: carries out the core's effects as the object does, with a clock of its own.

use super::sql::HostSql;
use hihichat::domain::id::{ClientMessageId, Epoch, PersonId, Seq, SessionId};
use hihichat::domain::person::{Kind, Person, Viewer, SESSION};
use hihichat::domain::rights::Access;
use hihichat::domain::text::{Description, MessageText, PersonName, RoomName, Wanted};
use hihichat::domain::time::Millis;
use hihichat::protocol::code::Code;
use hihichat::protocol::entry::Send;
use hihichat::protocol::server::{Ack, Message, ServerFrame};
use hihichat::room::attachment::{Connection, ConnectionId};
use hihichat::room::core::{Bounds, Core, Failure, Outcome, Retention, Since};
use hihichat::room::effect::{CloseReason, Effect};
use hihichat::room::log::{Born, Log};
use hihichat::sql::Sql;
use std::collections::BTreeMap;

/// A Monday morning.
pub const START: Millis = 1_800_000_000_000;

pub fn viewer(name: &str, number: u8) -> Viewer {
    // An id takes five bits of each byte.
    let bytes = std::array::from_fn(|place| if place == 0 { number >> 5 } else { number });
    Viewer {
        person: Person { id: PersonId::from_random(bytes), name: PersonName::parse(name).unwrap(), kind: Kind::Guest },
        session: SessionId::from_random(bytes),
        issued: START,
        admin: false,
        address: None,
        expires: START + SESSION,
    }
}

pub fn send(id: &str, text: &str) -> Send {
    Send::plain(ClientMessageId::try_from(id.to_owned()).unwrap(), MessageText::parse(text).unwrap())
}

pub fn wanted(typed: &str) -> Wanted {
    Wanted::parse(typed).unwrap()
}

pub fn since(seq: i64) -> Option<Since> {
    Some(Since { seq: Seq(seq), epoch: None })
}

pub struct World {
    pub now: Millis,
    pub core: Core<HostSql>,
    pub owner: Viewer,
    pub retention: Retention,
    /// What holds from the next waking on.
    pub bounds: Bounds,
    sql: HostSql,
    attachments: BTreeMap<ConnectionId, Connection>,
    inboxes: BTreeMap<ConnectionId, Vec<ServerFrame>>,
    pub closed: BTreeMap<ConnectionId, CloseReason>,
    pub tick_at: Option<Millis>,
    connected: u64,
    /// While set, effects are lost: the isolate is reset after the log has taken the write.
    pub losing: bool,
}

impl World {
    /// A new room, made by Ann.
    pub fn new() -> Self {
        let owner = viewer("Ann", 1);
        let born = Born {
            epoch: Epoch::from_random([7; 12]),
            name: RoomName::parse("你好 lobby").unwrap(),
            description: Description::parse("a place").unwrap(),
            owner: owner.person.clone(),
            created: START,
            access: Access::Open,
        };
        let sql = HostSql::empty();
        let log = Log::create(sql.clone(), born).unwrap();
        let retention = Retention { days: 365, messages: 50_000 };
        let bounds = Bounds { entries_per_minute: 60_000, connections: 2_000 };
        let (core, _) = Core::wake(log, Vec::new(), retention, bounds, START).unwrap();
        Self {
            now: START,
            core,
            owner,
            retention,
            bounds,
            sql,
            attachments: BTreeMap::new(),
            inboxes: BTreeMap::new(),
            closed: BTreeMap::new(),
            tick_at: None,
            connected: 0,
            losing: false,
        }
    }

    /// The object loses its memory and wakes again, with its sockets as they were.
    pub fn sleep_and_wake(&mut self) {
        let log = Log::open(self.sql.clone()).unwrap().ok().unwrap();
        let sockets = self.attachments.values().cloned().collect();
        let (core, effects) = Core::wake(log, sockets, self.retention, self.bounds, self.now).unwrap();
        self.core = core;
        self.tick_at = None;
        self.losing = false;
        self.perform(effects);
    }

    pub fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Attach(connection) => {
                    self.attachments.insert(connection.id, connection);
                }
                Effect::TickAt(at) => self.tick_at = Some(at),
                Effect::Close(id, reason) => {
                    self.attachments.remove(&id);
                    self.closed.insert(id, reason);
                }
                Effect::Publish => {}
                _ if self.losing => {}
                Effect::Send(id, frame) => self.inboxes.entry(id).or_default().push(frame),
                Effect::Broadcast(frame, except) => {
                    for id in self.attachments.keys().filter(|id| Some(**id) != except) {
                        self.inboxes.entry(*id).or_default().push(frame.clone());
                    }
                }
            }
        }
    }

    /// Lets time pass, and the tick come if it falls into it.
    pub fn pass(&mut self, millis: Millis) {
        let until = self.now + millis;
        if let Some(at) = self.tick_at.filter(|at| *at <= until) {
            self.now = at;
            self.tick_at = None;
            let effects = self.core.tick(self.now);
            self.perform(effects);
        }
        self.now = until;
    }

    pub fn join(&mut self, viewer: &Viewer) {
        let (_, effects) = self.core.join(viewer, None, self.now).unwrap();
        self.perform(effects);
    }

    pub fn leave(&mut self, viewer: &Viewer) {
        let effects = self.core.leave(viewer, self.now).unwrap();
        self.perform(effects);
    }

    pub fn connect(&mut self, viewer: &Viewer, since: Option<Since>) -> ConnectionId {
        self.connected += 1;
        let id = ConnectionId(self.connected);
        let (connection, effects) = self.core.connect(id, viewer, since, false, self.now).unwrap();
        self.attachments.insert(id, connection);
        self.perform(effects);
        id
    }

    /// Joined and connected.
    pub fn member(&mut self, name: &str, number: u8) -> (Viewer, ConnectionId) {
        let viewer = viewer(name, number);
        self.join(&viewer);
        let id = self.connect(&viewer, None);
        (viewer, id)
    }

    pub fn cut(&mut self, id: ConnectionId) {
        self.attachments.remove(&id);
        let effects = self.core.closed(id, self.now).unwrap();
        self.perform(effects);
    }

    pub fn frame(&mut self, id: ConnectionId, text: &str) {
        self.expire();
        let effects = self.core.frame(id, text, self.now).unwrap();
        self.perform(effects);
    }

    /// What the object does before anything else.
    pub fn expire(&mut self) {
        let effects = self.core.expire(self.now).unwrap();
        self.perform(effects);
    }

    pub fn say(&mut self, id: ConnectionId, message_id: &str, text: &str) {
        self.frame(id, &serde_json::json!({ "type": "send", "id": message_id, "text": text }).to_string());
    }

    /// The log as it was before there were pages to search in.
    pub fn forget_pages(&mut self) {
        self.sql.run("DELETE FROM pages", &[]).unwrap();
        self.sleep_and_wake();
    }

    /// What a connection was sent since this was last asked.
    pub fn read(&mut self, id: ConnectionId) -> Vec<ServerFrame> {
        self.inboxes.remove(&id).unwrap_or_default()
    }
}

pub fn messages(frames: &[ServerFrame]) -> Vec<Message> {
    frames
        .iter()
        .filter_map(|frame| match frame {
            ServerFrame::Message(message) => Some((**message).clone()),
            _ => None,
        })
        .collect()
}

pub fn texts(frames: &[ServerFrame]) -> Vec<String> {
    messages(frames).into_iter().map(|message| message.text).collect()
}

pub fn acks(frames: &[ServerFrame]) -> Vec<Ack> {
    frames
        .iter()
        .filter_map(|frame| match frame {
            ServerFrame::Ack(ack) => Some(ack.clone()),
            _ => None,
        })
        .collect()
}

pub fn refusals(frames: &[ServerFrame]) -> Vec<Code> {
    frames
        .iter()
        .filter_map(|frame| match frame {
            ServerFrame::Error(refusal) => Some(refusal.code),
            _ => None,
        })
        .collect()
}

#[track_caller]
pub fn refused<T: std::fmt::Debug>(outcome: Outcome<T>) -> Code {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code,
        other => panic!("not refused: {other:?}"),
    }
}
