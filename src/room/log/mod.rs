//! The Log: a room's truth, in the SQLite of its object. It alone gives out Seq and the time of a message.

mod archive;
mod entries;
mod erasing;
mod invites;
mod members;
mod messages;
mod outbox;
mod pages;
mod reads;
mod refused;
mod revisions;

use archive::UNTOLD;
pub use archive::{Imported, Kept, Older};
pub use entries::Entry;
pub use invites::InviteRow;
pub use members::{MemberRow, MEMBER_PAGE};
pub use messages::{Appended, Range};
pub use pages::Found;
use pages::Packed;
pub use refused::Known;
pub use revisions::{Revised, StoredRevision, What};

use crate::archive::doubt::Doubt;
use crate::domain::id::{Epoch, Seq};
use crate::domain::membership::Change;
use crate::domain::person::Person;
use crate::domain::rights::Access;
use crate::domain::text::{Description, RoomName};
use crate::domain::time::Millis;
use crate::sql::{json, Sql, SqlError, Value};

/// The tables, step by step: a new log takes all steps, an older one those it lacks.
///
/// `messages` has one index beside its key, so a message writes two rows; nothing else is in its transaction.
const STEPS: [&[&str]; 5] = [
    &[
        "CREATE TABLE room (
            one INTEGER PRIMARY KEY CHECK (one = 1), schema INTEGER NOT NULL, epoch TEXT NOT NULL, name TEXT NOT NULL,
            description TEXT NOT NULL, owner TEXT NOT NULL, created INTEGER NOT NULL, members INTEGER NOT NULL)",
        "CREATE TABLE messages (
            seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, author TEXT NOT NULL, id TEXT NOT NULL, person TEXT NOT NULL,
            text TEXT NOT NULL, UNIQUE (author, id))",
        "CREATE TABLE members (
            place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, person TEXT NOT NULL,
            guest INTEGER NOT NULL, joined INTEGER NOT NULL, seen INTEGER NOT NULL)",
        "CREATE INDEX guests_by_seen ON members (seen) WHERE guest = 1",
        "CREATE TABLE revocations (session TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE TABLE outbox (place INTEGER PRIMARY KEY AUTOINCREMENT, change TEXT NOT NULL)",
    ],
    &[
        "ALTER TABLE room ADD COLUMN access TEXT NOT NULL DEFAULT '\"open\"'",
        "ALTER TABLE room ADD COLUMN closed INTEGER NOT NULL DEFAULT 0",
        // A subject is a session that has ended, or a person who was removed.
        "CREATE TABLE refused (subject TEXT PRIMARY KEY, since INTEGER NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID",
        "INSERT INTO refused (subject, since, until) SELECT 'session ' || session, 0, until FROM revocations",
        "DROP TABLE revocations",
        "CREATE TABLE invites (
            id TEXT PRIMARY KEY, hash TEXT NOT NULL, inviter TEXT NOT NULL, created INTEGER NOT NULL,
            expires INTEGER NOT NULL) WITHOUT ROWID",
    ],
    &[
        "ALTER TABLE room ADD COLUMN archived INTEGER NOT NULL DEFAULT -1",
        "ALTER TABLE room ADD COLUMN older TEXT NOT NULL DEFAULT 'null'",
        // Until now a join named the person only.
        "UPDATE outbox SET change = json_object('joined', (SELECT json_object('person', json(person), 'at', joined)
            FROM members WHERE id = json_extract(change, '$.joined'))) WHERE json_type(change, '$.joined') = 'text'",
        "DELETE FROM outbox WHERE json_type(change, '$.joined') = 'null'",
    ],
    &[
        "ALTER TABLE messages ADD COLUMN about TEXT NOT NULL DEFAULT '{}'",
        // `nth` counts revisions, so that messages can be counted between any two places.
        "CREATE TABLE revisions (
            seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, author TEXT NOT NULL, id TEXT NOT NULL, person TEXT NOT NULL,
            target INTEGER, what TEXT NOT NULL, nth INTEGER NOT NULL, UNIQUE (author, id))",
        "CREATE INDEX revisions_by_target ON revisions (target)",
        "CREATE TABLE reads (person TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID",
        "INSERT INTO reads SELECT id, (SELECT coalesce(max(seq), 0) FROM messages) FROM members",
        "CREATE TABLE pages (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, text TEXT NOT NULL)",
    ],
    &["ALTER TABLE room ADD COLUMN doubt TEXT NOT NULL DEFAULT 'null'"],
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
    /// Who made it, or was handed it.
    pub owner: Person,
    /// When.
    pub created: Millis,
    /// Who finds and reads it.
    pub access: Access,
}

/// The newest Entry's place and time; zeros when nothing was said yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    /// The newest Seq.
    pub seq: Seq,
    /// Its time.
    pub at: Millis,
}

impl Head {
    /// The place and time of the Entry that comes after. Its time is `now`, but always later than the one before it, so
    /// that order by time is order by Seq when clocks stand still or step back.
    pub fn next(self, now: Millis) -> (Seq, Millis) {
        (self.seq.next(), now.max(self.at.saturating_add(1)))
    }
}

/// One room's log.
pub struct Log<S> {
    sql: S,
    born: Born,
    members: i64,
    closed: bool,
    archived: Seq,
    older: Option<Older>,
    doubt: Option<Doubt>,
    /// Whether there is an Archive, to be told of what changes in it.
    has_archive: bool,
    /// How many Entries are revisions.
    revisions: i64,
    packed: Packed,
}

impl<S: Sql> Log<S> {
    /// The log of a room that was made; the store itself when it was not. Writes nothing then, so that asking for
    /// rooms that don't exist leaves no trace.
    pub fn open(sql: S) -> Result<Result<Self, S>, SqlError> {
        if sql.first("SELECT 1 FROM sqlite_master WHERE name = 'room'", &[])?.is_none() {
            return Ok(Err(sql));
        }
        let Some(row) = sql.first("SELECT schema FROM room", &[])? else { return Ok(Err(sql)) };
        take_steps(&sql, row.integer(0)?)?;
        let columns = "SELECT epoch, name, description, owner, created, members, access, closed, archived, older,
            coalesce((SELECT nth FROM revisions ORDER BY seq DESC LIMIT 1), 0),
            coalesce((SELECT last FROM pages ORDER BY first DESC LIMIT 1), 0), doubt FROM room";
        let Some(row) = sql.first(columns, &[])? else { return Ok(Err(sql)) };
        let born = Born {
            epoch: row.parsed(0, "epoch")?,
            name: row.parsed(1, "room name")?,
            description: row.parsed(2, "description")?,
            owner: row.json(3, "owner")?,
            created: row.integer(4)?,
            access: row.json(6, "access")?,
        };
        let (members, closed) = (row.integer(5)?, row.integer(7)? != 0);
        let (archived, older) = (Seq(row.integer(8)?), row.json(9, "older")?);
        let (revisions, packed) = (row.integer(10)?, Packed::default());
        let doubt = row.json(12, "doubt")?;
        let mut log =
            Self { sql, born, members, closed, archived, older, doubt, has_archive: false, revisions, packed };
        log.packed_up_to(Seq(row.integer(11)?))?;
        Ok(Ok(log))
    }

    /// Makes the room, with its owner as the first member.
    pub fn create(sql: S, born: Born) -> Result<Self, SqlError> {
        sql.atomically(|| make(&sql, &born))?;
        let mut log = Self::of(sql, born);
        let (owner, created) = (log.born.owner.clone(), log.born.created);
        log.join(&owner, Seq(0), created)?;
        Ok(log)
    }

    fn of(sql: S, born: Born) -> Self {
        let (revisions, packed) = (0, Packed::default());
        Self {
            sql,
            members: 0,
            born,
            closed: false,
            archived: UNTOLD,
            older: None,
            doubt: None,
            has_archive: false,
            revisions,
            packed,
        }
    }

    /// What the room is.
    pub fn born(&self) -> &Born {
        &self.born
    }

    /// Changes what the room is: its description, its access, its owner.
    pub fn change(&mut self, born: Born) -> Result<(), SqlError> {
        let row = [born.description.as_str().into(), json(&born.access), json(&born.owner)];
        self.sql.atomically(|| {
            self.sql.write("UPDATE room SET description = ?, access = ?, owner = ?", &row)?;
            self.put(&Change::Described)
        })?;
        self.born = born;
        Ok(())
    }

    /// Whether the room was closed.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// The tombstone: from here on there is no such room, whatever fails after it.
    pub fn close(&mut self) -> Result<(), SqlError> {
        self.sql.write("UPDATE room SET closed = 1", &[])?;
        self.closed = true;
        Ok(())
    }

    /// Removes everything but the tombstone.
    pub fn wipe(&mut self) -> Result<(), SqlError> {
        self.sql.atomically(|| {
            for table in ["messages", "revisions", "pages", "reads", "members", "refused", "invites", "outbox"] {
                self.sql.write(&format!("DELETE FROM {table}"), &[])?;
            }
            self.sql.write("UPDATE room SET members = 0, description = ''", &[])
        })
    }

    /// The store below, for tests that look at its counts.
    pub fn sql(&self) -> &S {
        &self.sql
    }
}

/// The tables and the room's one row.
fn make(sql: &impl Sql, born: &Born) -> Result<(), SqlError> {
    for statement in STEPS.into_iter().flatten() {
        sql.write(statement, &[])?;
    }
    let row: [Value; 7] = [
        newest_schema().into(),
        born.epoch.as_str().into(),
        born.name.as_str().into(),
        born.description.as_str().into(),
        json(&born.owner),
        born.created.into(),
        json(&born.access),
    ];
    let statement = "INSERT INTO room (one, schema, epoch, name, description, owner, created, access, members)
        VALUES (1, ?, ?, ?, ?, ?, ?, ?, 0)";
    sql.write(statement, &row)
}

fn newest_schema() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// Brings an older log to the newest shape.
fn take_steps(sql: &impl Sql, from: i64) -> Result<(), SqlError> {
    if from > newest_schema() {
        return Err(SqlError::Shape("a log of a schema that this version does not know"));
    }
    let taken = usize::try_from(from).unwrap_or_default();
    for (step, statements) in STEPS.iter().enumerate().skip(taken) {
        sql.atomically(|| {
            for statement in *statements {
                sql.write(statement, &[])?;
            }
            let schema = i64::try_from(step + 1).unwrap_or(i64::MAX);
            sql.write("UPDATE room SET schema = ?", &[schema.into()])
        })?;
    }
    Ok(())
}
