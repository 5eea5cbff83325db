//! The Directory's tables.

mod accounts;
mod departures;
mod rooms;

use crate::directory::DirectoryError;
use crate::sql::{Sql, SqlError};

/// The tables' shape. A change of it comes with the step from the one before, in [`Store::open`].
const SCHEMA: i64 = 2;

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

/// The embedded Directory over its database.
pub struct Store<S> {
    sql: S,
}

impl<S: Sql> Store<S> {
    /// Opens the tables, making them the first time.
    pub fn open(sql: S) -> Result<Self, SqlError> {
        // The first shape, of rooms only, had no number.
        if sql.first("SELECT 1 FROM sqlite_master WHERE name = 'schema'", &[])?.is_none() {
            sql.atomically(|| TABLES.iter().try_for_each(|table| sql.run(table, &[]).map(drop)))?;
        }
        match sql.first("SELECT version FROM schema", &[])?.map(|row| row.integer(0)).transpose()? {
            Some(SCHEMA) => Ok(Self { sql }),
            _ => Err(SqlError::Shape("a directory of a schema that this version does not know")),
        }
    }

    /// The key that signs session tokens: the one kept, or `fresh`, kept from now on.
    pub fn signing_key(&self, fresh: impl FnOnce() -> String) -> Result<String, SqlError> {
        let kept = "SELECT value FROM secrets WHERE name = 'signing_key'";
        if let Some(row) = self.sql.first(kept, &[])? {
            return Ok(row.text(0)?.to_owned());
        }
        let key = fresh();
        self.sql.run("INSERT INTO secrets (name, value) VALUES ('signing_key', ?)", &[key.as_str().into()])?;
        Ok(key)
    }
}

impl From<SqlError> for DirectoryError {
    fn from(error: SqlError) -> Self {
        Self::Unavailable(error.to_string())
    }
}
