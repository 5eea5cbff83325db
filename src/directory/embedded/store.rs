//! The Directory's tables.

use crate::directory::{Directory, DirectoryError, ListPage, Publication, Reservation, RESERVATION};
use crate::domain::id::{PersonId, SessionId};
use crate::domain::listing::{ListPlace, RoomRow, LIST_PAGE};
use crate::domain::membership::{Change, Departed};
use crate::domain::text::RoomKey;
use crate::domain::time::Millis;
use crate::sql::{json, Row, Sql, SqlError, Value};

/// A room without a `row` is a reserved name.
const TABLES: [&str; 6] = [
    "CREATE TABLE IF NOT EXISTS rooms (
        key TEXT PRIMARY KEY, skeleton TEXT NOT NULL, row TEXT, activity INTEGER NOT NULL, reserved_by TEXT)",
    "CREATE INDEX IF NOT EXISTS rooms_by_skeleton ON rooms (skeleton)",
    "CREATE INDEX IF NOT EXISTS rooms_by_activity ON rooms (activity, key)",
    "CREATE TABLE IF NOT EXISTS person_rooms (
        person TEXT NOT NULL, room TEXT NOT NULL, member INTEGER NOT NULL, PRIMARY KEY (person, room)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS departed (
        person TEXT NOT NULL, session TEXT NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (person, session)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
];

/// The embedded Directory over its database.
pub struct Store<S> {
    sql: S,
}

impl<S: Sql> Store<S> {
    /// Opens the tables, making them the first time.
    pub fn open(sql: S) -> Result<Self, SqlError> {
        for table in TABLES {
            sql.run(table, &[])?;
        }
        Ok(Self { sql })
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

    fn change(&self, room: &RoomKey, change: &Change) -> Result<(), SqlError> {
        let place: [Value; 2] = [change.person().as_str().into(), room.as_str().into()];
        let statement = match change {
            Change::Joined(_) => "INSERT OR REPLACE INTO person_rooms (person, room, member) VALUES (?, ?, 1)",
            Change::Visited(_) => "INSERT OR IGNORE INTO person_rooms (person, room, member) VALUES (?, ?, 0)",
            Change::Left(_) => "DELETE FROM person_rooms WHERE person = ? AND room = ?",
        };
        self.sql.run(statement, &place).map(drop)
    }

    fn departed(&self, person: &PersonId) -> Result<Vec<Departed>, SqlError> {
        let rows = self.sql.run("SELECT session, expires FROM departed WHERE person = ?", &[person.as_str().into()])?;
        let departed = |row: &Row| {
            let session: SessionId = row.parsed(0, "session")?;
            Ok(Departed { person: person.clone(), session, expires: row.integer(1)? })
        };
        rows.iter().map(departed).collect()
    }
}

impl From<SqlError> for DirectoryError {
    fn from(error: SqlError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl<S: Sql> Directory for Store<S> {
    async fn reserve(&self, wanted: &Reservation, now: Millis) -> Result<(), DirectoryError> {
        let names: [Value; 2] = [wanted.key.as_str().into(), wanted.skeleton.as_str().into()];
        let held =
            self.sql.run("SELECT row, activity, reserved_by FROM rooms WHERE key = ? OR skeleton = ?", &names)?;
        for row in &held {
            let is_room = row.text(0).is_ok();
            let is_waiting = row.integer(1)?.saturating_add(RESERVATION) > now;
            let is_theirs = row.text(2).is_ok_and(|by| by == wanted.by.as_str());
            if is_room || (is_waiting && !is_theirs) {
                return Err(DirectoryError::Taken);
            }
        }
        self.sql.atomically(|| {
            self.sql.run("DELETE FROM rooms WHERE key = ? OR skeleton = ?", &names)?;
            let [key, skeleton] = names.clone();
            self.sql.run(
                "INSERT INTO rooms (key, skeleton, row, activity, reserved_by) VALUES (?, ?, NULL, ?, ?)",
                &[key, skeleton, now.into(), wanted.by.as_str().into()],
            )
        })?;
        Ok(())
    }

    async fn publish(&self, publication: &Publication, now: Millis) -> Result<Vec<Departed>, DirectoryError> {
        let Publication { key, skeleton, row, changes } = publication;
        self.sql.atomically(|| {
            // A room that exists keeps its place whatever was reserved beside it meanwhile.
            self.sql.run(
                "DELETE FROM rooms WHERE skeleton = ? AND key <> ? AND row IS NULL",
                &[skeleton.as_str().into(), key.as_str().into()],
            )?;
            self.sql.run(
                "INSERT OR REPLACE INTO rooms (key, skeleton, row, activity, reserved_by) VALUES (?, ?, ?, ?, NULL)",
                &[key.as_str().into(), skeleton.as_str().into(), json(row), row.activity.into()],
            )?;
            changes.iter().try_for_each(|change| self.change(key, change))?;
            self.sql.run("DELETE FROM departed WHERE expires < ?", &[now.into()])
        })?;
        let mut departed = Vec::new();
        for change in changes.iter().filter(|change| !matches!(change, Change::Left(_))) {
            departed.extend(self.departed(change.person())?);
        }
        Ok(departed)
    }

    async fn rooms(&self, after: Option<&ListPlace>) -> Result<ListPage, DirectoryError> {
        let page = i64::try_from(LIST_PAGE).unwrap_or(i64::MAX);
        const COLUMNS: &str = "SELECT key, row, activity FROM rooms WHERE row IS NOT NULL";
        const ORDER: &str = "ORDER BY activity DESC, key DESC LIMIT ?";
        let mut rows = match after {
            None => self.sql.run(&format!("{COLUMNS} {ORDER}"), &[(page + 1).into()])?,
            Some(ListPlace { activity, key }) => self.sql.run(
                &format!("{COLUMNS} AND (activity, key) < (?, ?) {ORDER}"),
                &[(*activity).into(), key.as_str().into(), (page + 1).into()],
            )?,
        };
        let more = rows.len() > LIST_PAGE;
        rows.truncate(LIST_PAGE);
        let place = |row: &Row| {
            let key: RoomKey = row.parsed(0, "room key")?;
            Ok::<_, SqlError>(ListPlace { key, activity: row.integer(2)? })
        };
        let next = rows.last().filter(|_| more).map(place).transpose()?;
        let rooms = rows.iter().map(|row| row.json::<RoomRow>(1, "room row")).collect::<Result<_, _>>()?;
        Ok(ListPage { rooms, next })
    }

    async fn depart(&self, departed: &Departed, _now: Millis) -> Result<Vec<RoomKey>, DirectoryError> {
        self.sql.run(
            "INSERT OR REPLACE INTO departed (person, session, expires) VALUES (?, ?, ?)",
            &[departed.person.as_str().into(), departed.session.as_str().into(), departed.expires.into()],
        )?;
        let rooms =
            self.sql.run("SELECT room FROM person_rooms WHERE person = ?", &[departed.person.as_str().into()])?;
        Ok(rooms.iter().map(|row| row.parsed(0, "room key")).collect::<Result<_, _>>()?)
    }
}
