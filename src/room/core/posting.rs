//! Posting and revising: an Entry is acknowledged and told to everybody only once the log has it.

use super::{Core, Failure, Outcome, SAY_AGAIN};
use crate::domain::address::ClientAddress;
use crate::domain::id::{PersonId, Seq};
use crate::domain::person::{Named, Person, Viewer};
use crate::domain::rights::{may, Action, Role};
use crate::domain::time::Millis;
use crate::protocol::code::{Code, Refusal};
use crate::protocol::entry::{NewEntry, Revise, Send, Wanted};
use crate::protocol::server::{Ack, ServerFrame};
use crate::room::attachment::Connection;
use crate::room::effect::Effect;
use crate::room::log::{Appended, Entry, Head, Revised};
use crate::sql::{Sql, SqlError};

/// How many Entries are said again after waking: more than a room says in the seconds that count would be
/// asked for by clients that see the hole.
const SAY_AGAIN_MOST: i64 = 50;

impl<S: Sql> Core<S> {
    /// Posts for a viewer without a connection. Says whether the message is new.
    pub fn post(&mut self, viewer: &Viewer, send: &Send, now: Millis) -> Outcome<(Ack, bool, Vec<Effect>)> {
        let role = self.standing(viewer, now)?.role;
        let entered = self.append(role, &viewer.person, viewer.address, send, now)?;
        Ok(self.told(entered))
    }

    /// Revises a message for a viewer without a connection. Says whether that is new.
    pub fn revise(&mut self, viewer: &Viewer, revise: &Revise, now: Millis) -> Outcome<(Ack, bool, Vec<Effect>)> {
        let role = self.standing(viewer, now)?.role;
        let entered = self.change(role, &viewer.person, viewer.address, revise, now)?;
        Ok(self.told(entered))
    }

    fn told(&self, (entry, new): (Entry, bool)) -> (Ack, bool, Vec<Effect>) {
        let ack = entry.ack();
        let everybody = new.then(|| Effect::Broadcast(entry.frame(), None));
        (ack, new, everybody.into_iter().collect())
    }

    /// Makes an Entry for a connection. Its ack comes first, then the Entry to everybody, itself included, so that all
    /// tabs of the sender agree.
    pub(super) fn enter(&mut self, from: &Connection, wanted: &NewEntry, now: Millis) -> Outcome<Vec<Effect>> {
        let (id, entered) = match wanted {
            NewEntry::Send(send) => (&send.id, self.append(from.role, &from.person, from.from, send, now)),
            NewEntry::Revise(revise) => (&revise.id, self.change(from.role, &from.person, from.from, revise, now)),
        };
        let (entry, new) = entered.map_err(|failure| match failure {
            Failure::Refused(refusal) => Failure::Refused(Refusal::of_message(refusal, id.clone())),
            other => other,
        })?;
        let mut effects = vec![Effect::Send(from.id, ServerFrame::Ack(entry.ack()))];
        effects.push(match new {
            true => Effect::Broadcast(entry.frame(), None),
            // The sender asks again because it saw neither; the others have had it.
            false => Effect::Send(from.id, entry.frame()),
        });
        Ok(effects)
    }

    fn append(
        &mut self,
        role: Role,
        author: &Person,
        from: Option<ClientAddress>,
        send: &Send,
        now: Millis,
    ) -> Outcome<(Entry, bool)> {
        self.check(role, Action::Post)?;
        let appended = match self.may_append(author, from, send, now) {
            Ok(()) => {
                let mentions = self.members_among(&send.mentions)?;
                self.log.append(self.head, now, author, send, mentions)?
            }
            // What was said once is answered, however much was said since.
            Err(refused) => self.log.find_sent(&author.id, send)?.ok_or(refused)?,
        };
        match appended {
            Appended::New(message) => {
                // There is one to take, or it would not have come to this.
                let _ = self.limits.entry(&author.id, from, now);
                Ok((self.entered(Entry::from(message), now)?, true))
            }
            Appended::Again(message) => Ok((Entry::from(message), false)),
            Appended::IdReused => Err(Code::IdReused.into()),
        }
    }

    /// Whether a message that is new may be said now.
    fn may_append(
        &self,
        author: &Person,
        from: Option<ClientAddress>,
        send: &Send,
        now: Millis,
    ) -> Result<(), Failure> {
        // What is still to come answers nothing.
        if send.reply_to.is_some_and(|answered| answered > self.head.seq || answered == Seq(0)) {
            return Err(Refusal::from(Code::UnknownMessage).of("reply_to").into());
        }
        Ok(self.limits.may_enter(&author.id, from, now)?)
    }

    fn change(
        &mut self,
        role: Role,
        by: &Person,
        from: Option<ClientAddress>,
        wanted: &Revise,
        now: Millis,
    ) -> Outcome<(Entry, bool)> {
        self.check(role, Action::Post)?;
        let revised = match self.log.find_revision(by, wanted)? {
            Some(before) => before,
            None => {
                let target = self.log.message(wanted.target)?.ok_or(Code::UnknownMessage)?;
                let is_own = target.author.id == by.id;
                let is_allowed = match wanted.change {
                    Wanted::React(..) => true,
                    Wanted::Edit(..) => is_own,
                    Wanted::Delete => is_own || may(role, Action::Moderate, self.log.born().access),
                };
                if !is_allowed {
                    return Err(Code::Forbidden.into());
                }
                if target.about.deleted.is_some() {
                    return Err(Code::MessageDeleted.into());
                }
                self.limits.entry(&by.id, from, now)?;
                let mentions = match &wanted.change {
                    Wanted::Edit(_, mentions) => self.members_among(mentions)?,
                    _ => Vec::new(),
                };
                self.log.revise(self.head, now, by, wanted, &target, mentions)?
            }
        };
        match revised {
            Revised::New(entry) => Ok((self.entered(entry, now)?, true)),
            Revised::Again(entry) => Ok((entry, false)),
            Revised::IdReused => Err(Code::IdReused.into()),
            Revised::Full => Err(Code::ReactionsFull.into()),
        }
    }

    /// The log has a new Entry.
    pub(super) fn entered(&mut self, entry: Entry, now: Millis) -> Result<Entry, SqlError> {
        self.head = Head { seq: entry.seq(), at: entry.at() };
        self.note_activity(now);
        if self.log.may_pack(self.head.seq) {
            self.log.pack()?;
        }
        Ok(entry)
    }

    fn members_among(&self, people: &[PersonId]) -> Result<Vec<Named>, SqlError> {
        let members = people.iter().filter_map(|person| self.log.member(person).transpose());
        members.map(|member| Ok(Named::from(&member?))).collect()
    }

    /// The last seconds' Entries and acks, for sockets that were open while nobody was awake to serve them.
    pub(super) fn say_again(&self, now: Millis) -> Result<Vec<Effect>, SqlError> {
        let from = now.saturating_sub(SAY_AGAIN);
        if self.here.is_empty() || self.head.at < from {
            return Ok(Vec::new());
        }
        let recent = self.log.entries_after(Seq(self.head.seq.0.saturating_sub(SAY_AGAIN_MOST)), SAY_AGAIN_MOST)?;
        let mut effects = Vec::new();
        for entry in recent.into_iter().filter(|entry| entry.at() >= from) {
            let senders = self.here.of_person(entry.author());
            effects.extend(senders.map(|sender| Effect::Send(sender.id, ServerFrame::Ack(entry.ack()))));
            effects.push(Effect::Broadcast(entry.frame(), None));
        }
        Ok(effects)
    }
}
