//! Frames from a connection: read, checked, answered.

use super::{Core, Failure, Since};
use crate::domain::person::PersonView;
use crate::domain::rights::Action;
use crate::domain::time::{Millis, SECOND};
use crate::limits::rates::SINCE_WEIGHS;
use crate::protocol::client::ClientFrame;
use crate::protocol::code::{Code, Refusal};
use crate::protocol::server::ServerFrame;
use crate::protocol::BODY_LIMIT;
use crate::room::attachment::{Connection, ConnectionId};
use crate::room::effect::{CloseReason, Effect};
use crate::sql::{Sql, SqlError};

/// A `typing` frame sooner than this after the one before is passed over: each goes to everybody.
const TYPING_EVERY: Millis = 2 * SECOND;

impl<S: Sql> Core<S> {
    /// Takes a text frame of a connection. What is refused is answered with an `error` frame; the connection stays.
    pub fn frame(&mut self, id: ConnectionId, text: &str, now: Millis) -> Result<Vec<Effect>, SqlError> {
        let Some(connection) = self.here.get(id).cloned() else { return Ok(Vec::new()) };
        if connection.expires <= now {
            return self.close(id, CloseReason::SessionExpired, now);
        }
        if text.len() > BODY_LIMIT {
            return self.close(id, CloseReason::FrameTooLarge, now);
        }
        let parsed = ClientFrame::parse(text);
        let weight = if matches!(parsed, Ok(ClientFrame::Since { .. })) { SINCE_WEIGHS } else { 1 };
        if let Err(too_often) = self.limits.frame(id, weight, now) {
            let refusal = Refusal::from(too_often);
            return self.refuse_frame(id, Refusal { id: parsed.ok().and_then(ClientFrame::into_id), ..refusal }, now);
        }
        let outcome = parsed.map_err(Failure::from).and_then(|frame| match frame {
            ClientFrame::Entry(entry) => self.enter(&connection, &entry, now),
            ClientFrame::Read { seq } => {
                self.check(connection.role, Action::Read)?;
                Ok(self.heard_read(&connection, seq, now)?)
            }
            ClientFrame::Since { seq } => {
                self.check(connection.role, Action::Read)?;
                let frames = self.missed(&Since { seq, epoch: None })?;
                Ok(frames.into_iter().map(|frame| Effect::Send(id, frame)).collect())
            }
            ClientFrame::Typing => {
                self.check(connection.role, Action::Post)?;
                Ok(self.typing(&connection, now).into_iter().collect())
            }
        });
        match outcome {
            Ok(effects) => Ok(effects),
            Err(Failure::Refused(refusal)) => self.refuse_frame(id, refusal, now),
            Err(Failure::Full(reason)) => self.close(id, reason, now),
            Err(Failure::Log(error)) => Err(error),
        }
    }

    /// Who is told hundreds of times to slow down, and doesn't, is no person.
    fn refuse_frame(&mut self, id: ConnectionId, refusal: Refusal, now: Millis) -> Result<Vec<Effect>, SqlError> {
        if refusal.code == Code::SlowDown && !self.limits.has_patience(id, now) {
            return self.close(id, CloseReason::Flooding, now);
        }
        Ok(vec![Effect::Send(id, ServerFrame::Error(refusal))])
    }

    /// Takes a binary frame of this many bytes: nothing here speaks it.
    pub fn binary_frame(&mut self, id: ConnectionId, bytes: usize, now: Millis) -> Result<Vec<Effect>, SqlError> {
        if bytes > BODY_LIMIT {
            return self.close(id, CloseReason::FrameTooLarge, now);
        }
        let refusal = self.limits.frame(id, 1, now).map_or_else(Refusal::from, |()| Code::BinaryFrame.into());
        self.refuse_frame(id, refusal, now)
    }

    fn typing(&mut self, connection: &Connection, now: Millis) -> Option<Effect> {
        // Also when the clock was set back.
        self.typed.retain(|(_, at)| (*at..at.saturating_add(TYPING_EVERY)).contains(&now));
        if self.typed.iter().any(|(id, _)| *id == connection.id) {
            return None;
        }
        self.typed.push((connection.id, now));
        let person = PersonView::from(&connection.person);
        Some(Effect::Broadcast(ServerFrame::Typing { person }, Some(connection.id)))
    }
}
