//! Entries of both kinds in one order: messages, and revisions of them.

use super::{Head, Log, StoredRevision};
use crate::domain::id::{ClientMessageId, PersonId, Seq};
use crate::domain::time::Millis;
use crate::protocol::server::{Ack, Message, ServerFrame};
use crate::sql::{Sql, SqlError};

/// One Entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// The message, as it is now.
    Message(Box<Message>),
    /// A revision of one.
    Revision(Box<StoredRevision>),
}

impl Entry {
    /// Its place.
    pub fn seq(&self) -> Seq {
        match self {
            Self::Message(message) => message.seq,
            Self::Revision(revision) => revision.seq,
        }
    }

    /// When the log took it.
    pub fn at(&self) -> Millis {
        match self {
            Self::Message(message) => message.at,
            Self::Revision(revision) => revision.at,
        }
    }

    /// Who made it.
    pub fn author(&self) -> &PersonId {
        match self {
            Self::Message(message) => &message.author.id,
            Self::Revision(revision) => &revision.by.id,
        }
    }

    /// Its author's own name for it.
    pub fn id(&self) -> &ClientMessageId {
        match self {
            Self::Message(message) => &message.id,
            Self::Revision(revision) => &revision.id,
        }
    }

    /// Bytes of its text.
    pub fn size(&self) -> usize {
        match self {
            Self::Message(message) => message.text.as_str().len(),
            Self::Revision(revision) => revision.what.text().len(),
        }
    }

    /// What its author is told.
    pub fn ack(&self) -> Ack {
        Ack { id: self.id().clone(), seq: self.seq(), at: self.at() }
    }

    /// What everybody is told.
    pub fn frame(self) -> ServerFrame {
        match self {
            Self::Message(message) => ServerFrame::Message(message),
            Self::Revision(revision) => revision.frame(),
        }
    }
}

impl From<Message> for Entry {
    fn from(message: Message) -> Self {
        Self::Message(Box::new(message))
    }
}

impl From<StoredRevision> for Entry {
    fn from(revision: StoredRevision) -> Self {
        Self::Revision(Box::new(revision))
    }
}

impl<S: Sql> Log<S> {
    /// The newest Entry's place and time.
    pub fn head(&self) -> Result<Head, SqlError> {
        let newest = "SELECT seq, at FROM (
            SELECT * FROM (SELECT seq, at FROM messages ORDER BY seq DESC LIMIT 1) UNION ALL
            SELECT * FROM (SELECT seq, at FROM revisions ORDER BY seq DESC LIMIT 1)) ORDER BY seq DESC LIMIT 1";
        let newest = self.sql.first(newest, &[])?;
        newest.map_or(Ok(Head::default()), |row| Ok(Head { seq: Seq(row.integer(0)?), at: row.integer(1)? }))
    }

    /// The Entries after `seq`, in order, at most `limit`.
    pub fn entries_after(&self, seq: Seq, limit: i64) -> Result<Vec<Entry>, SqlError> {
        let mut entries: Vec<_> = self.after(seq, limit)?.into_iter().map(Entry::from).collect();
        let revisions = self.revisions_after(seq, limit)?;
        if !revisions.is_empty() {
            entries.extend(revisions.into_iter().map(Entry::from));
            // By numbers, as lists of rooms are: one kind of sorting in the WASM.
            entries.sort_by_cached_key(|entry| entry.seq().0);
            entries.truncate(usize::try_from(limit).unwrap_or_default());
        }
        Ok(entries)
    }

    /// How many messages there were up to a place; of all that the room has had.
    pub fn messages_up_to(&self, seq: Seq) -> Result<i64, SqlError> {
        if self.revisions == 0 {
            return Ok(seq.0);
        }
        // Of those that retention took, the oldest that is left knows the number.
        let before = "SELECT coalesce(
            (SELECT nth FROM revisions WHERE seq <= ? ORDER BY seq DESC LIMIT 1),
            (SELECT nth - 1 FROM revisions ORDER BY seq LIMIT 1), 0)";
        let row = self.sql.first(before, &[seq.0.into()])?;
        Ok(seq.0.saturating_sub(row.map_or(Ok(0), |row| row.integer(0))?))
    }

    /// How many Entries are revisions.
    pub fn revisions(&self) -> i64 {
        self.revisions
    }
}
