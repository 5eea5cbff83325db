//! What the log knows of its Archive: how far it has the log, and what it has that the log does not.

use super::{make, Born, Log};
use crate::archive::doubt::Doubt;
use crate::domain::id::Seq;
use crate::domain::membership::Change;
use crate::domain::person::{Kind, Person};
use crate::domain::time::Millis;
use crate::protocol::server::Message;
use crate::sql::{json, Sql, SqlError, Value};
use serde::{Deserialize, Serialize};

/// Stands where Redis was never told of the room.
pub(super) const UNTOLD: Seq = Seq(-1);

/// Where an imported log begins: what is older is read from the Archive, and numbered from here backwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Older {
    /// The Seq of the oldest message that was imported.
    pub seq: Seq,
    /// The score of the oldest that was looked at, as the Archive wrote it.
    pub score: String,
    /// How many with exactly this score were looked at.
    pub ties: i64,
    /// The last one that another chat wrote, if any is from there. What came from there no retention takes: it was old
    /// when it came, and is nowhere else.
    pub kept: Option<Kept>,
}

/// A place in a log and in its Archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// In the log.
    pub seq: Seq,
    /// In the Archive.
    pub score: String,
}

/// A room as its Archive has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// What the room is, under a new epoch.
    pub born: Born,
    /// Its members and since when.
    pub members: Vec<(Person, Millis)>,
    /// Its newest messages by rising Seq, each with its author.
    pub messages: Vec<(Message, Person)>,
    /// Where older ones are.
    pub older: Option<Older>,
}

impl<S: Sql> Log<S> {
    /// Makes the log of a room that was somewhere else before. The Archive has everything in it.
    pub fn import(sql: S, imported: Imported) -> Result<Self, SqlError> {
        let Imported { born, members, messages, older } = imported;
        let mut log = Self::of(sql, born);
        log.archived = messages.last().map_or(Seq(0), |(message, _)| message.seq);
        log.sql.atomically(|| {
            make(&log.sql, &log.born)?;
            for (person, joined) in &members {
                let guest = i64::from(person.kind == Kind::Guest).into();
                let row = [person.id.as_str().into(), json(person), guest, (*joined).into(), (*joined).into()];
                log.sql.run("INSERT INTO members (id, person, guest, joined, seen) VALUES (?, ?, ?, ?, ?)", &row)?;
                // How far they had read was counted in another history.
                log.set_read(&person.id, log.archived)?;
                log.put(&Change::Joined { person: person.clone(), at: *joined, read: log.archived.0 })?;
            }
            for (message, author) in &messages {
                log.insert(message, author)?;
            }
            // So that the Directory learns of the room, also when it was in no index.
            log.put(&Change::Described)?;
            let row: [Value; 2] = [log.archived.0.into(), json(&older)];
            log.sql.run("UPDATE room SET archived = ?, older = ?, members = (SELECT count(*) FROM members)", &row)
        })?;
        log.members = i64::try_from(members.len()).unwrap_or(i64::MAX);
        log.older = older;
        log.packed_up_to(Seq(0))?;
        Ok(log)
    }

    /// From now on there is an Archive.
    pub fn will_archive(&mut self) {
        self.has_archive = true;
    }

    /// Up to where the Archive has the log, as far as is noted.
    pub fn archived(&self) -> Seq {
        self.archived.max(Seq(0))
    }

    /// Before the first word to Redis: all there is goes into the outbox, for it may have been told to another before.
    pub fn tell_all(&mut self) -> Result<(), SqlError> {
        if self.archived != UNTOLD {
            return Ok(());
        }
        let members = "SELECT members.person, joined, coalesce(reads.seq, 0) FROM members
            LEFT JOIN reads ON reads.person = members.id ORDER BY place";
        let members = self.sql.run(members, &[])?;
        self.sql.atomically(|| {
            for row in &members {
                let read = self.messages_up_to(Seq(row.integer(2)?))?;
                self.put(&Change::Joined { person: row.json(0, "member")?, at: row.integer(1)?, read })?;
            }
            self.sql.write("UPDATE room SET archived = 0", &[])
        })?;
        self.archived = Seq(0);
        Ok(())
    }

    /// Notes how far the Archive has the log.
    pub fn note_archived(&mut self, seq: Seq) -> Result<(), SqlError> {
        self.sql.write("UPDATE room SET archived = ?", &[seq.0.into()])?;
        self.archived = seq;
        Ok(())
    }

    /// What may be on its way to the Archive and say what is no longer so; where it was noted.
    pub fn doubt(&self) -> Option<Doubt> {
        self.doubt
    }

    /// Notes it, or that there is none any more.
    pub fn note_doubt(&mut self, doubt: Option<Doubt>) -> Result<(), SqlError> {
        self.sql.write("UPDATE room SET doubt = ?", &[json(&doubt)])?;
        self.doubt = doubt;
        Ok(())
    }

    /// Whether a message of this range is no longer as it was sent.
    pub fn is_revised(&self, after: Seq, up_to: Seq) -> Result<bool, SqlError> {
        let revised = "SELECT 1 WHERE EXISTS (SELECT 1 FROM revisions WHERE target > ? AND target <= ?)
            OR EXISTS (SELECT 1 FROM messages WHERE seq > ? AND seq <= ? AND json_extract(person, '$.kind') = 'deleted')";
        let range = [after.0.into(), up_to.0.into()];
        Ok(self.sql.first(revised, &[range.clone(), range].concat())?.is_some())
    }

    /// Grows with each Entry and with each change that is to be told, and never shrinks: of two tellings the one with the
    /// lower version is out of date.
    pub fn version(&self) -> Result<i64, SqlError> {
        let told = self.sql.first("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'", &[])?;
        let told = told.map_or(Ok(0), |row| row.integer(0))?;
        Ok(self.head()?.seq.0.saturating_add(told))
    }

    /// Up to where the history came from elsewhere, and stays.
    pub fn kept(&self) -> Option<&Kept> {
        self.older.as_ref().and_then(|older| older.kept.as_ref())
    }

    /// Where messages older than the log are, if there can be any.
    pub fn older(&self) -> Option<&Older> {
        self.older.as_ref().filter(|older| older.seq > Seq(1))
    }
}
