//! The embedded Directory on its way to Redis.
//!
//! What is still to be copied stands in a table, at first everything. Triggers add what changes meanwhile, so the copy is
//! whole at the moment when the table is empty, wherever it was cut before. From then on the Directory is in Redis for
//! good: what stands here is no longer read.

use super::Store;
use crate::domain::text::RoomKey;
use crate::sql::{Row, Sql, SqlError, Value};

/// How many persons or rooms go in one request.
const BATCH: i64 = 40;

const WATCHED: [(&str, &str, &str); 11] = [
    ("accounts", "person", "person"),
    ("sessions", "person", "person"),
    ("resets", "person", "person"),
    ("departed", "person", "person"),
    ("blocked", "person", "person"),
    ("person_rooms", "person", "person"),
    ("marks", "person", "person"),
    ("left_rooms", "person", "person"),
    ("deleted", "person", "person"),
    ("errands", "person", "person"),
    ("rooms", "room", "key"),
];

/// All there is, each as what it is copied as. In two steps: the runtime takes no more than five parts of a `UNION`.
const EVERYTHING: [&str; 2] = [
    "INSERT INTO moving (kind, id)
        SELECT 'person', person FROM (SELECT person FROM accounts UNION SELECT person FROM person_rooms
            UNION SELECT person FROM departed UNION SELECT person FROM blocked UNION SELECT person FROM left_rooms)",
    "INSERT INTO moving (kind, id)
        SELECT 'person', person FROM (SELECT person FROM deleted UNION SELECT person FROM errands)
        UNION ALL SELECT 'room', key FROM rooms WHERE row IS NOT NULL",
];

/// A person with all that is theirs, as JSON. Each part goes through `json` once more: what a subquery gives is plain text
/// to some versions of SQLite.
const PERSON: &str = "SELECT json_object('person', ?1,
    'account', json((SELECT json_object('name', json(name), 'key', key, 'skeleton', skeleton, 'salt', salt,
        'rounds', rounds, 'record', record, 'recovery', recovery, 'setup', setup, 'created', created)
        FROM accounts WHERE person = ?1)),
    'sessions', json((SELECT json_group_array(json_object('id', id, 'device', device, 'created', created, 'used', used,
        'expires', expires)) FROM sessions WHERE person = ?1)),
    'departed', json((SELECT json_group_array(json_array(session, expires)) FROM departed WHERE person = ?1)),
    'blocked', (SELECT count(*) FROM blocked WHERE person = ?1),
    'reset', json((SELECT json_object('token', token, 'expires', expires) FROM resets WHERE person = ?1)),
    'marks', json((SELECT json_group_array(json_array(room, json(mark))) FROM marks WHERE person = ?1)),
    'rooms', json((SELECT json_group_array(json_array(room, json_extract(rooms.row, '$.name'), member))
        FROM person_rooms JOIN rooms ON rooms.key = room WHERE person = ?1 AND rooms.row IS NOT NULL)),
    'left', json((SELECT json_group_array(json_array(room, json_extract(rooms.row, '$.name'), until))
        FROM left_rooms JOIN rooms ON rooms.key = room WHERE person = ?1 AND rooms.row IS NOT NULL)),
    'deleted', json((SELECT json_array(json(messages), expires) FROM deleted WHERE person = ?1)),
    'errands', json((SELECT json_group_array(json_array(room, json(messages), due, tries))
        FROM errands WHERE person = ?1)))";

/// A room's row, as JSON; only its key if it is no more.
const ROOM: &str = "SELECT json_object('key', ?1,
    'skeleton', (SELECT skeleton FROM rooms WHERE key = ?1 AND row IS NOT NULL),
    'row', (SELECT json_set(row, '$.online', 0, '$.people', json('[]')) || '' FROM rooms WHERE key = ?1))";

/// A piece of what is to be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The places it stands for in the table, up to the last.
    pub up_to: i64,
    /// What to copy, as JSON: persons and rooms.
    pub json: String,
    /// The keys of the rooms in it.
    pub rooms: Vec<RoomKey>,
}

impl<S: Sql> Store<S> {
    /// Whether the Directory is in Redis.
    pub fn has_moved(&self) -> Result<bool, SqlError> {
        Ok(self.sql.first("SELECT 1 FROM secrets WHERE name = 'moved'", &[])?.is_some())
    }

    /// Whether nobody and no room is here.
    pub fn is_empty(&self) -> Result<bool, SqlError> {
        let any = "SELECT 1 WHERE EXISTS (SELECT 1 FROM accounts) OR EXISTS (SELECT 1 FROM rooms)
            OR EXISTS (SELECT 1 FROM departed)";
        Ok(self.sql.first(any, &[])?.is_none())
    }

    /// Who this deployment is to the Redis it moves to: the name kept, or `fresh`, kept from now on.
    pub fn site(&self, fresh: impl FnOnce() -> String) -> Result<String, SqlError> {
        self.kept("site", fresh)
    }

    /// Whether a piece was ever copied, so that there is something of this site in Redis.
    pub fn has_copied(&self) -> Result<bool, SqlError> {
        Ok(self.sql.first("SELECT 1 FROM secrets WHERE name = 'copied'", &[])?.is_some())
    }

    /// The Directory has moved, to the Redis of this site, unless something has changed that must be copied first. Says
    /// whether it has.
    pub fn finish_move(&self, site: &str) -> Result<bool, SqlError> {
        if self.next_piece()?.is_some() {
            return Ok(false);
        }
        self.sql.atomically(|| {
            self.sql.write("INSERT OR REPLACE INTO secrets (name, value) VALUES ('site', ?)", &[site.into()])?;
            self.sql.write("INSERT OR IGNORE INTO secrets (name, value) VALUES ('moved', 'redis')", &[])
        })?;
        Ok(true)
    }

    /// The next piece to copy, if there is one.
    pub fn next_piece(&self) -> Result<Option<Piece>, SqlError> {
        if self.sql.first("SELECT 1 FROM sqlite_master WHERE name = 'moving'", &[])?.is_none() {
            self.sql.atomically(|| self.begin_to_move())?;
        }
        let rows = self
            .sql
            .run("SELECT place, kind, id FROM moving ORDER BY place LIMIT CAST(? AS INTEGER)", &[BATCH.into()])?;
        let Some(last) = rows.last() else { return Ok(None) };
        let (mut persons, mut rooms, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        for row in &rows {
            let id: Value = row.text(2)?.into();
            match row.text(1)? {
                "room" => {
                    keys.push(row.parsed(2, "room key")?);
                    rooms.push(self.copied(ROOM, id)?);
                }
                _ => persons.push(self.copied(PERSON, id)?),
            }
        }
        let json = format!("{{\"persons\":[{}],\"rooms\":[{}]}}", persons.join(","), rooms.join(","));
        Ok(Some(Piece { up_to: last.integer(0)?, json, rooms: keys }))
    }

    /// A piece has been copied. What has changed since it was read stands further back in the table.
    pub fn copied_up_to(&self, place: i64) -> Result<(), SqlError> {
        self.sql.atomically(|| {
            self.sql.write("INSERT OR IGNORE INTO secrets (name, value) VALUES ('copied', '')", &[])?;
            self.sql.write("DELETE FROM moving WHERE place <= ?", &[place.into()])
        })
    }

    fn copied(&self, statement: &str, id: Value) -> Result<String, SqlError> {
        let row: Row = self.sql.first(statement, &[id])?.ok_or(SqlError::Shape("nothing to copy"))?;
        Ok(row.text(0)?.to_owned())
    }

    fn begin_to_move(&self) -> Result<(), SqlError> {
        self.sql.write("CREATE TABLE moving (place INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, id TEXT)", &[])?;
        for (table, kind, column) in WATCHED {
            for (event, row) in [("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")] {
                let trigger = format!(
                    "CREATE TRIGGER moving_{table}_{event} AFTER {event} ON {table}
                     BEGIN INSERT INTO moving (kind, id) VALUES ('{kind}', {row}.{column}); END"
                );
                self.sql.write(&trigger, &[])?;
            }
        }
        EVERYTHING.iter().try_for_each(|part| self.sql.write(part, &[]))
    }
}
