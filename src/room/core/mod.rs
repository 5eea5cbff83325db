//! The live room: values in, effects out. No socket, no clock, no randomness; the log is the only thing it asks.
//!
//! It is rebuilt from the log and the attachments whenever the object wakes, so nothing that matters lives here alone.

mod history;
mod people;
mod posting;
mod presence;
mod report;

pub use history::Since;
pub use report::{Report, REPORT_EVERY};

use super::attachment::{Connection, ConnectionId};
use super::effect::{CloseReason, Effect};
use super::log::{Head, Log};
use crate::domain::membership::Change;
use crate::domain::person::{PersonView, Viewer};
use crate::domain::rights::{may, Action, Role};
use crate::domain::time::{Millis, DAY};
use crate::protocol::client::ClientFrame;
use crate::protocol::code::{Code, Refusal};
use crate::protocol::server::{ServerFrame, Welcome, PEOPLE_SHOWN};
use crate::protocol::{BODY_LIMIT, VERSION};
use crate::sql::{Sql, SqlError};
use presence::Pending;
use std::collections::BTreeMap;

/// How long the newest messages are said again after waking: what was durable when an isolate was reset may not
/// have been sent, and clients drop what they have.
pub const SAY_AGAIN: Millis = 15_000;

/// How much history a room keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Days a message is kept.
    pub days: i64,
    /// Messages kept.
    pub messages: i64,
}

/// Why a call was not carried out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Failure {
    /// The caller asked for something that is refused.
    #[error("refused: {}", .0.code.as_str())]
    Refused(Refusal),
    /// The log failed. Clients learn `internal`.
    #[error(transparent)]
    Log(#[from] SqlError),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

/// What a call gives.
pub type Outcome<T> = Result<T, Failure>;

/// A room that is awake.
pub struct Core<S> {
    log: Log<S>,
    head: Head,
    connections: BTreeMap<ConnectionId, Connection>,
    pending: Pending,
    report: report::State,
    retention: Retention,
}

impl<S: Sql> Core<S> {
    /// Wakes a room whose sockets may have outlived it. The effects say the last seconds again.
    pub fn wake(
        log: Log<S>,
        sockets: Vec<Connection>,
        retention: Retention,
        now: Millis,
    ) -> Outcome<(Self, Vec<Effect>)> {
        let head = log.head()?;
        let connections: BTreeMap<_, _> = sockets.into_iter().map(|socket| (socket.id, socket)).collect();
        let core =
            Self { log, head, connections, pending: Pending::default(), report: report::State::default(), retention };
        let effects = core.say_again(now)?;
        Ok((core, effects))
    }

    /// The log below.
    pub fn log(&self) -> &Log<S> {
        &self.log
    }

    /// Everybody connected now.
    pub fn connections(&self) -> impl Iterator<Item = &Connection> {
        self.connections.values()
    }

    /// What this viewer is here. A session that has ended is nobody.
    pub fn role(&self, viewer: &Viewer, now: Millis) -> Outcome<Role> {
        if viewer.expires <= now || self.log.is_revoked(&viewer.session)? {
            return Err(Code::SessionEnded.into());
        }
        let joined = self.log.is_member(&viewer.person.id)?;
        Ok(Role::of(viewer.person.kind, joined, self.log.born().owner.id == viewer.person.id))
    }

    /// The viewer's role, if it may do this.
    fn allow(&self, viewer: &Viewer, action: Action, now: Millis) -> Outcome<Role> {
        let role = self.role(viewer, now)?;
        self.check(role, action)?;
        Ok(role)
    }

    fn check(&self, role: Role, action: Action) -> Outcome<()> {
        match may(role, action, self.log.born().access()) {
            true => Ok(()),
            false if action == Action::Post => Err(Code::NotAMember.into()),
            false => Err(Code::Forbidden.into()),
        }
    }

    /// Takes a new connection. It is welcomed, and given what it missed since the Seq it names.
    pub fn connect(
        &mut self,
        viewer: &Viewer,
        since: Option<Since>,
        now: Millis,
    ) -> Outcome<(Connection, Vec<Effect>)> {
        let role = self.allow(viewer, Action::Read, now)?;
        let mut effects = Vec::new();
        // Numbers only have to differ among the sockets that live now.
        let id = ConnectionId(self.connections.keys().next_back().map_or(0, |last| last.0.wrapping_add(1)));
        let connection = Connection::new(id, viewer, role);
        let first = !self.connections.values().any(|other| other.person.id == viewer.person.id);
        self.connections.insert(id, connection.clone());
        effects.push(Effect::Send(id, self.welcome(&connection)));
        if let Some(since) = since {
            effects.extend(self.missed(&since)?.into_iter().map(|frame| Effect::Send(id, frame)));
        }
        if first && role.is_member() {
            self.log.guest_seen(&viewer.person.id, now)?;
            self.note_came(&viewer.person, now, &mut effects);
        } else if first {
            self.log.put(&Change::Visited(viewer.person.id.clone()))?;
            effects.push(Effect::Publish);
        }
        Ok((connection, effects))
    }

    fn welcome(&self, connection: &Connection) -> ServerFrame {
        ServerFrame::Welcome(Box::new(Welcome {
            protocol: VERSION,
            you: PersonView::from(&connection.person),
            role: connection.role,
            epoch: self.log.born().epoch.clone(),
            seq: self.head.seq,
            members: self.log.members(),
            online: self.online(),
            people: self.online_people(PEOPLE_SHOWN),
        }))
    }

    /// Takes a text frame of a connection. What is refused is answered with an `error` frame; the connection stays.
    pub fn frame(&mut self, id: ConnectionId, text: &str, now: Millis) -> Result<Vec<Effect>, SqlError> {
        let Some(connection) = self.connections.get(&id).cloned() else {
            return Ok(Vec::new());
        };
        if connection.expires <= now {
            return self.close(id, CloseReason::SessionExpired, now);
        }
        if text.len() > BODY_LIMIT {
            return self.close(id, CloseReason::FrameTooLarge, now);
        }
        let outcome = ClientFrame::parse(text).map_err(Failure::from).and_then(|frame| match frame {
            ClientFrame::Send(send) => self.send(&connection, &send, now),
            ClientFrame::Since { seq } => {
                self.check(connection.role, Action::Read)?;
                let frames = self.missed(&Since { seq, epoch: None })?;
                Ok(frames.into_iter().map(|frame| Effect::Send(id, frame)).collect())
            }
            ClientFrame::Typing => {
                self.check(connection.role, Action::Post)?;
                let person = PersonView::from(&connection.person);
                Ok(vec![Effect::Broadcast(ServerFrame::Typing { person }, Some(id))])
            }
        });
        match outcome {
            Ok(effects) => Ok(effects),
            Err(Failure::Refused(refusal)) => Ok(vec![Effect::Send(id, ServerFrame::Error(refusal))]),
            Err(Failure::Log(error)) => Err(error),
        }
    }

    /// Takes a binary frame: nothing here speaks it.
    pub fn binary_frame(&self, id: ConnectionId) -> Vec<Effect> {
        vec![Effect::Send(id, ServerFrame::Error(Code::BinaryFrame.into()))]
    }

    /// A connection is gone.
    pub fn closed(&mut self, id: ConnectionId, now: Millis) -> Result<Vec<Effect>, SqlError> {
        let mut effects = Vec::new();
        let Some(connection) = self.connections.remove(&id) else {
            return Ok(effects);
        };
        let person = &connection.person;
        let last = !self.connections.values().any(|other| other.person.id == person.id);
        if last && connection.role.is_member() {
            self.log.guest_seen(&person.id, now)?;
            self.note_went(person, now, &mut effects);
        }
        Ok(effects)
    }

    /// Closes a connection from our side.
    pub fn close(&mut self, id: ConnectionId, reason: CloseReason, now: Millis) -> Result<Vec<Effect>, SqlError> {
        let mut effects = self.closed(id, now)?;
        effects.push(Effect::Close(id, reason));
        Ok(effects)
    }

    /// Keeps house: guests who are away too long leave, and history past its retention goes.
    /// Says when to come again.
    pub fn keep_house(&mut self, now: Millis) -> Result<(Option<Millis>, Vec<Effect>), SqlError> {
        let effects = self.sweep_guests(now)?;
        let oldest_kept = now.saturating_sub(self.retention.days.saturating_mul(DAY));
        let more_to_trim = self.log.trim(self.head, oldest_kept, self.retention.messages)?;
        Ok((if more_to_trim { Some(now) } else { self.house_due(now)? }, effects))
    }

    /// When there will be something for [`Core::keep_house`] to do.
    pub fn house_due(&self, now: Millis) -> Result<Option<Millis>, SqlError> {
        let kept_for = self.retention.days.saturating_mul(DAY);
        // The newest message always stays, so a room that fell silent has nothing to trim for ever.
        let oldest =
            if self.head.seq.0 > 1 { self.log.oldest()?.filter(|oldest| *oldest < self.head.seq) } else { None };
        let trim = match oldest {
            Some(_) => self.log.oldest_at()?.map(|at| at.saturating_add(kept_for)),
            None => None,
        };
        let too_many = oldest.is_some_and(|oldest| self.head.seq.since(oldest) > self.retention.messages);
        let too_many = too_many.then_some(now + DAY);
        Ok([trim, too_many, self.guests_due()?].into_iter().flatten().min().map(|due| due.max(now + 1)))
    }
}
