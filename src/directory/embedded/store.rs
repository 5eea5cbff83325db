//! The Directory's tables.

mod accounts;
mod buckets;
mod deletions;
mod departures;
mod live;
mod moving;
mod rooms;
mod spent;

use crate::directory::DirectoryError;
use crate::sql::{Sql, SqlError};

/// A room without a `row` is a reserved name. Its `access` is `open`, `private`, or `closing`.
const TABLES: [&str; 14] = [
    "CREATE TABLE IF NOT EXISTS rooms (
        key TEXT PRIMARY KEY, skeleton TEXT NOT NULL, row TEXT, activity INTEGER NOT NULL, reserved_by TEXT)",
    "ALTER TABLE rooms ADD COLUMN access TEXT NOT NULL DEFAULT 'open'",
    "CREATE INDEX IF NOT EXISTS rooms_by_skeleton ON rooms (skeleton)",
    "CREATE INDEX IF NOT EXISTS rooms_by_activity ON rooms (activity, key)",
    "CREATE TABLE IF NOT EXISTS person_rooms (
        person TEXT NOT NULL, room TEXT NOT NULL, member INTEGER NOT NULL, PRIMARY KEY (person, room)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS departed (
        person TEXT NOT NULL, session TEXT NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (person, session)) WITHOUT ROWID",
    "CREATE INDEX departed_by_expires ON departed (expires)",
    "CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE accounts (
        person TEXT PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL UNIQUE, skeleton TEXT NOT NULL UNIQUE,
        salt TEXT NOT NULL, rounds INTEGER NOT NULL, record TEXT NOT NULL, recovery TEXT NOT NULL,
        setup INTEGER NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE sessions (
        person TEXT NOT NULL, id TEXT NOT NULL, device TEXT NOT NULL, created INTEGER NOT NULL, used INTEGER NOT NULL,
        expires INTEGER NOT NULL, PRIMARY KEY (person, id)) WITHOUT ROWID",
    "CREATE TABLE resets (token TEXT PRIMARY KEY, person TEXT NOT NULL UNIQUE, expires INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE blocked (person TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE schema (version INTEGER NOT NULL)",
    "INSERT INTO schema (version) VALUES (2)",
];

/// What the shape after that lacks: who is online where and which rooms can't archive, for deployments with Redis.
const STEP_3: [&str; 3] = [
    "CREATE TABLE live (room TEXT PRIMARY KEY, row TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE behind (room TEXT PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID",
    "UPDATE schema SET version = 3",
];

/// And after that: how much each person has read of their rooms.
const STEP_4: [&str; 2] = [
    "CREATE TABLE marks (
        person TEXT NOT NULL, room TEXT NOT NULL, mark TEXT NOT NULL, PRIMARY KEY (person, room)) WITHOUT ROWID",
    "UPDATE schema SET version = 4",
];

/// And after that: which rooms somebody has left, until when if they are a guest; and accounts that were deleted, by when
/// no token of theirs is valid any more, with the rooms, by name, that have yet to hear.
const STEP_5: [&str; 5] = [
    "CREATE TABLE left_rooms (person TEXT NOT NULL, room TEXT NOT NULL, until INTEGER, PRIMARY KEY (person, room))
        WITHOUT ROWID",
    "CREATE INDEX left_rooms_by_until ON left_rooms (until) WHERE until IS NOT NULL",
    "CREATE TABLE deleted (person TEXT PRIMARY KEY, messages TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE errands (
        person TEXT NOT NULL, room TEXT NOT NULL, messages TEXT NOT NULL, due INTEGER NOT NULL, tries INTEGER NOT NULL,
        PRIMARY KEY (person, room)) WITHOUT ROWID",
    "UPDATE schema SET version = 5",
];

/// And after that: how full the buckets of those are who come to the door, and what the deployment has spent today.
const STEP_6: [&str; 3] = [
    "CREATE TABLE buckets (number TEXT PRIMARY KEY, full_at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE spent (
        one INTEGER PRIMARY KEY, day INTEGER NOT NULL, twentieths INTEGER NOT NULL, written INTEGER NOT NULL)",
    "UPDATE schema SET version = 6",
];

/// What a Directory of each older version lacks; [`TABLES`] make the second.
const STEPS: [&[&str]; 4] = [&STEP_3, &STEP_4, &STEP_5, &STEP_6];

/// The embedded Directory over its database.
pub struct Store<S> {
    sql: S,
}

impl<S: Sql> Store<S> {
    /// Opens the tables, making them the first time.
    pub fn open(sql: S) -> Result<Self, SqlError> {
        // The first shape, of rooms only, had no number.
        if sql.first("SELECT 1 FROM sqlite_master WHERE name = 'schema'", &[])?.is_none() {
            sql.atomically(|| TABLES.iter().try_for_each(|table| sql.write(table, &[])))?;
        }
        let version = sql.first("SELECT version FROM schema", &[])?.map(|row| row.integer(0)).transpose()?;
        let taken = version.and_then(|version| usize::try_from(version.checked_sub(2)?).ok());
        let lacks = taken.and_then(|taken| STEPS.get(taken..));
        let lacks = lacks.ok_or(SqlError::Shape("a directory of a schema that this version does not know"))?;
        if !lacks.is_empty() {
            sql.atomically(|| lacks.iter().copied().flatten().try_for_each(|step| sql.write(step, &[])))?;
        }
        Ok(Self { sql })
    }

    /// The key that signs session tokens: the one kept, or `fresh`, kept from now on.
    pub fn signing_key(&self, fresh: impl FnOnce() -> String) -> Result<String, SqlError> {
        self.kept("signing_key", fresh)
    }

    fn kept(&self, name: &str, fresh: impl FnOnce() -> String) -> Result<String, SqlError> {
        if let Some(row) = self.sql.first("SELECT value FROM secrets WHERE name = ?", &[name.into()])? {
            return Ok(row.text(0)?.to_owned());
        }
        let value = fresh();
        self.sql.write("INSERT INTO secrets (name, value) VALUES (?, ?)", &[name.into(), value.as_str().into()])?;
        Ok(value)
    }
}

impl From<SqlError> for DirectoryError {
    fn from(error: SqlError) -> Self {
        Self::Unavailable(error.to_string())
    }
}
