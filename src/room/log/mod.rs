//! The Log: a room's truth, in the SQLite of its object. It alone gives out Seq and the time of a message.

mod members;
mod messages;
mod outbox;
mod revocations;

pub use members::{MemberRow, MEMBER_PAGE};
pub use messages::{Appended, Range};

use crate::domain::id::{Epoch, Seq};
use crate::domain::person::Person;
use crate::domain::rights::Access;
use crate::domain::text::{Description, RoomName};
use crate::domain::time::Millis;
use crate::sql::{json, Sql, SqlError, Value};

/// The tables' shape. A change of it comes with the step from the one before, in [`Log::open`].
const SCHEMA: i64 = 1;

/// `messages` has one index beside its key, so a message writes two rows; nothing else is in its transaction.
const TABLES: [&str; 6] = [
    "CREATE TABLE room (
        one INTEGER PRIMARY KEY CHECK (one = 1), schema INTEGER NOT NULL, epoch TEXT NOT NULL, name TEXT NOT NULL,
        description TEXT NOT NULL, owner TEXT NOT NULL, created INTEGER NOT NULL, members INTEGER NOT NULL)",
    "CREATE TABLE messages (
        seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, author TEXT NOT NULL, id TEXT NOT NULL, person TEXT NOT NULL,
        text TEXT NOT NULL, UNIQUE (author, id))",
    "CREATE TABLE members (
        place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, person TEXT NOT NULL, guest INTEGER NOT NULL,
        joined INTEGER NOT NULL, seen INTEGER NOT NULL)",
    "CREATE INDEX guests_by_seen ON members (seen) WHERE guest = 1",
    "CREATE TABLE revocations (session TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE outbox (place INTEGER PRIMARY KEY AUTOINCREMENT, change TEXT NOT NULL)",
];

/// What a room is, from the moment it is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Born {
    /// The history that Seq counts in.
    pub epoch: Epoch,
    /// Its name.
    pub name: RoomName,
    /// What it is about.
    pub description: Description,
    /// Who made it.
    pub owner: Person,
    /// When.
    pub created: Millis,
}

impl Born {
    /// Who finds and reads the room.
    pub fn access(&self) -> Access {
        Access::Open
    }
}

/// The newest message's place and time; zeros when nothing was said yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    /// The newest Seq.
    pub seq: Seq,
    /// Its time.
    pub at: Millis,
}

/// One room's log.
pub struct Log<S> {
    sql: S,
    born: Born,
    members: i64,
}

impl<S: Sql> Log<S> {
    /// The log of a room that was made; the store itself when it was not. Writes nothing, so that asking for
    /// rooms that don't exist leaves no trace.
    pub fn open(sql: S) -> Result<Result<Self, S>, SqlError> {
        if sql.first("SELECT 1 FROM sqlite_master WHERE name = 'room'", &[])?.is_none() {
            return Ok(Err(sql));
        }
        let Some(row) = sql.first("SELECT schema, epoch, name, description, owner, created, members FROM room", &[])?
        else {
            return Ok(Err(sql));
        };
        if row.integer(0)? != SCHEMA {
            return Err(SqlError::Shape("a log of a schema that this version does not know"));
        }
        let born = Born {
            epoch: row.parsed(1, "epoch")?,
            name: row.parsed(2, "room name")?,
            description: row.parsed(3, "description")?,
            owner: row.json(4, "owner")?,
            created: row.integer(5)?,
        };
        let members = row.integer(6)?;
        Ok(Ok(Self { sql, born, members }))
    }

    /// Makes the room, with its owner as the first member.
    pub fn create(sql: S, born: Born) -> Result<Self, SqlError> {
        sql.atomically(|| {
            for table in TABLES {
                sql.run(table, &[])?;
            }
            let row: [Value; 6] = [
                SCHEMA.into(),
                born.epoch.as_str().into(),
                born.name.as_str().into(),
                born.description.as_str().into(),
                json(&born.owner),
                born.created.into(),
            ];
            sql.run(
                "INSERT INTO room (one, schema, epoch, name, description, owner, created, members)
                 VALUES (1, ?, ?, ?, ?, ?, ?, 0)",
                &row,
            )
        })?;
        let mut log = Self { sql, members: 0, born };
        let (owner, created) = (log.born.owner.clone(), log.born.created);
        log.join(&owner, created)?;
        Ok(log)
    }

    /// What the room is.
    pub fn born(&self) -> &Born {
        &self.born
    }

    /// The store below, for tests that look at its counts.
    pub fn sql(&self) -> &S {
        &self.sql
    }
}
