//! Posting: a message is acknowledged and told to everybody only once the log has it.

use super::{Core, Failure, Outcome, SAY_AGAIN};
use crate::domain::id::Seq;
use crate::domain::person::{Person, Viewer};
use crate::domain::rights::Action;
use crate::domain::time::Millis;
use crate::protocol::client::Send;
use crate::protocol::code::{Code, Refusal};
use crate::protocol::server::{Ack, Message, ServerFrame};
use crate::room::attachment::Connection;
use crate::room::effect::Effect;
use crate::room::log::{Appended, Head};
use crate::sql::{Sql, SqlError};

/// How many messages are said again after waking: more than a room says in the seconds that count would be
/// asked for by clients that see the hole.
const SAY_AGAIN_MOST: i64 = 50;

impl<S: Sql> Core<S> {
    /// Posts for a viewer without a connection. Says whether the message is new.
    pub fn post(&mut self, viewer: &Viewer, send: &Send, now: Millis) -> Outcome<(Ack, bool, Vec<Effect>)> {
        self.allow(viewer, Action::Post, now)?;
        let (message, new) = self.append(&viewer.person, send, now)?;
        let ack = ack(&message);
        let mut effects = Vec::new();
        if new {
            effects.push(Effect::Broadcast(ServerFrame::Message(Box::new(message)), None));
        }
        Ok((ack, new, effects))
    }

    /// Posts for a connection. Its ack comes first, then the message to everybody, itself included, so that all
    /// tabs of the sender agree.
    pub(super) fn send(&mut self, from: &Connection, send: &Send, now: Millis) -> Outcome<Vec<Effect>> {
        let named = |failure| match failure {
            Failure::Refused(refusal) => Failure::Refused(Refusal::of_message(refusal, send.id.clone())),
            other => other,
        };
        self.check(from.role, Action::Post).map_err(named)?;
        let (message, new) = self.append(&from.person, send, now).map_err(named)?;
        let mut effects = vec![Effect::Send(from.id, ServerFrame::Ack(ack(&message)))];
        let message = ServerFrame::Message(Box::new(message));
        effects.push(match new {
            true => Effect::Broadcast(message, None),
            // The sender asks again because it saw neither; the others have had it.
            false => Effect::Send(from.id, message),
        });
        Ok(effects)
    }

    fn append(&mut self, author: &Person, send: &Send, now: Millis) -> Outcome<(Message, bool)> {
        match self.log.append(self.head, now, author, send)? {
            Appended::New(message) => {
                self.head = Head { seq: message.seq, at: message.at };
                self.note_activity(now);
                Ok((message, true))
            }
            Appended::Again(message) => Ok((message, false)),
            Appended::IdReused => Err(Code::IdReused.into()),
        }
    }

    /// The last seconds' messages and acks, for sockets that were open while nobody was awake to serve them.
    pub(super) fn say_again(&self, now: Millis) -> Result<Vec<Effect>, SqlError> {
        let from = now.saturating_sub(SAY_AGAIN);
        if self.here.is_empty() || self.head.at < from {
            return Ok(Vec::new());
        }
        let recent = self.log.after(Seq(self.head.seq.0.saturating_sub(SAY_AGAIN_MOST)), SAY_AGAIN_MOST)?;
        let mut effects = Vec::new();
        for message in recent.into_iter().filter(|message| message.at >= from) {
            let senders = self.here.of_person(&message.author.id);
            effects.extend(senders.map(|sender| Effect::Send(sender.id, ServerFrame::Ack(ack(&message)))));
            effects.push(Effect::Broadcast(ServerFrame::Message(Box::new(message)), None));
        }
        Ok(effects)
    }
}

fn ack(message: &Message) -> Ack {
    Ack { id: message.id.clone(), seq: message.seq, at: message.at }
}
