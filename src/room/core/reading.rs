//! Read markers. They change every few seconds, so they live with the sockets; the log gets one when its person's last
//! connection goes, and every five minutes.

use super::{Core, Outcome};
use crate::domain::id::{PersonId, Seq};
use crate::domain::person::Viewer;
use crate::domain::rights::Action;
use crate::domain::text::Wanted;
use crate::domain::time::{Millis, SECOND};
use crate::protocol::cursor;
use crate::protocol::server::{Reading, ServerFrame};
use crate::protocol::views::SearchPage;
use crate::room::attachment::{Connection, ReadMarker};
use crate::room::effect::Effect;
use crate::sql::{Sql, SqlError};

/// How long a marker that moves stays out of the log.
const KEEP_EVERY: Millis = 300 * SECOND;

/// How many messages a page of found ones holds.
pub const FOUND_PAGE: usize = 20;

impl<S: Sql> Core<S> {
    /// Somebody without a connection has read everything up to here.
    pub fn read(&mut self, viewer: &Viewer, seq: Seq, now: Millis) -> Outcome<Vec<Effect>> {
        let standing = self.allow(viewer, Action::Read, now)?;
        let connection = self.here.of_person(&viewer.person.id).next().cloned();
        match connection {
            Some(connection) => Ok(self.moved(&connection.person.id, None, seq, now)?),
            None if standing.joined => {
                let seq = seq.min(self.head.seq);
                if self.log.read(&viewer.person.id)?.is_none_or(|read| read < seq) {
                    self.log.keep_read(&viewer.person.id, seq)?;
                    self.note_people();
                }
                Ok(Vec::new())
            }
            None => Ok(Vec::new()),
        }
    }

    /// A connection has read everything up to here.
    pub(super) fn heard_read(&mut self, from: &Connection, seq: Seq, now: Millis) -> Result<Vec<Effect>, SqlError> {
        match from.joined {
            true => self.moved(&from.person.id, Some(from), seq, now),
            // Who only reads along is told of nothing unread.
            false => Ok(Vec::new()),
        }
    }

    fn moved(
        &mut self,
        person: &PersonId,
        from: Option<&Connection>,
        seq: Seq,
        now: Millis,
    ) -> Result<Vec<Effect>, SqlError> {
        let seq = seq.min(self.head.seq);
        let Some(ReadMarker(read, kept, kept_at)) = self.here.of_person(person).next().map(|one| one.read) else {
            return Ok(Vec::new());
        };
        if seq <= read {
            return Ok(Vec::new());
        }
        let is_due = kept_at.saturating_add(KEEP_EVERY) <= now;
        if is_due {
            self.log.keep_read(person, seq)?;
            self.note_people();
        }
        let marker = if is_due { ReadMarker(seq, seq, now) } else { ReadMarker(seq, kept, kept_at) };
        let mut effects = Vec::new();
        for connection in self.here.mark(person, marker) {
            if from.is_none_or(|from| from.id != connection.id) {
                effects.push(Effect::Send(connection.id, ServerFrame::Read { seq }));
            }
            effects.push(Effect::Attach(connection));
        }
        Ok(effects)
    }

    /// The marker that a new connection begins with: that of the person's other connections, or the log's.
    pub(super) fn marker(&self, person: &PersonId, logged: Option<Seq>, now: Millis) -> ReadMarker {
        let read = logged.unwrap_or_default();
        self.here.of_person(person).next().map_or(ReadMarker(read, read, now), |other| other.read)
    }

    /// Keeps the marker of a person whose last connection has gone.
    pub(super) fn keep_marker(&mut self, gone: &Connection) -> Result<(), SqlError> {
        let ReadMarker(read, kept, _) = gone.read;
        match gone.joined && read > kept {
            true => self.log.keep_read(&gone.person.id, read),
            false => Ok(()),
        }
    }

    /// How much was said, and how much of it this person has read, if they are a member.
    pub(super) fn reading(&self, person: &PersonId, joined: bool) -> Result<Reading, SqlError> {
        let messages = self.messages();
        if !joined {
            return Ok(Reading { messages, read: None, unread: None });
        }
        let read = match self.here.of_person(person).next() {
            Some(here) => here.read.0,
            None => self.log.read(person)?.unwrap_or_default(),
        };
        let unread = match read == self.head.seq {
            true => 0,
            false => messages.saturating_sub(self.log.messages_up_to(read)?),
        };
        Ok(Reading { messages, read: Some(read), unread: Some(unread) })
    }

    /// How many messages the room has had.
    pub(super) fn messages(&self) -> i64 {
        self.head.seq.0.saturating_sub(self.log.revisions())
    }

    /// One page of the messages that have all the wanted words, newest first.
    pub fn search(
        &mut self,
        viewer: &Viewer,
        wanted: &Wanted,
        cursor: Option<&str>,
        limit: usize,
        now: Millis,
    ) -> Outcome<SearchPage> {
        self.allow(viewer, Action::Read, now)?;
        let before = cursor.map(cursor::read::<Seq>).transpose()?.unwrap_or(self.head.seq.next());
        let found = self.log.search(self.head.seq, wanted, before, limit)?;
        Ok(SearchPage {
            epoch: self.log.born().epoch.clone(),
            messages: found.messages.into_iter().map(|one| ServerFrame::Message(Box::new(one))).collect(),
            next: found.next.as_ref().map(cursor::write),
        })
    }
}
