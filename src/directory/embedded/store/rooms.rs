//! The room index and each person's rooms, as rooms report them.

use super::Store;
use crate::directory::{Directory, DirectoryError, ListPage, Publication, Reservation, RESERVATION};
use crate::domain::id::PersonId;
use crate::domain::listing::{ListPlace, RoomRow, LIST_PAGE};
use crate::domain::membership::{Change, Departed};
use crate::domain::rights::Access;
use crate::domain::text::RoomKey;
use crate::domain::time::Millis;
use crate::sql::{json, Row, Sql, SqlError, Value};

impl<S: Sql> Store<S> {
    fn change(&self, room: &RoomKey, change: &Change) -> Result<(), SqlError> {
        let Some(person) = change.person() else { return Ok(()) };
        let place: [Value; 2] = [person.as_str().into(), room.as_str().into()];
        let statement = match change {
            Change::Described | Change::Revised(_) => return Ok(()),
            Change::Joined { .. } => "INSERT OR REPLACE INTO person_rooms (person, room, member) VALUES (?, ?, 1)",
            Change::Visited(_) => "INSERT OR IGNORE INTO person_rooms (person, room, member) VALUES (?, ?, 0)",
            Change::Left(_) => "DELETE FROM person_rooms WHERE person = ? AND room = ?",
        };
        self.sql.run(statement, &place).map(drop)
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
        let Publication { key, skeleton, row, changes, .. } = publication;
        let closing = "SELECT 1 FROM rooms WHERE key = ? AND access = 'closing'";
        if self.sql.first(closing, &[key.as_str().into()])?.is_some() {
            return Ok(Vec::new());
        }
        self.sql.atomically(|| {
            // A room that exists keeps its place whatever was reserved beside it meanwhile.
            self.sql.run(
                "DELETE FROM rooms WHERE skeleton = ? AND key <> ? AND row IS NULL",
                &[skeleton.as_str().into(), key.as_str().into()],
            )?;
            let access = match row.access {
                Access::Open => "open",
                Access::Private => "private",
            };
            self.sql.run(
                "INSERT OR REPLACE INTO rooms (key, skeleton, row, activity, reserved_by, access)
                 VALUES (?, ?, ?, ?, NULL, ?)",
                &[key.as_str().into(), skeleton.as_str().into(), json(row), row.activity.into(), access.into()],
            )?;
            changes.iter().try_for_each(|change| self.change(key, change))?;
            self.sql.run("DELETE FROM departed WHERE expires < ?", &[now.into()])
        })?;
        let mut departed = Vec::new();
        for change in changes.iter().filter(|change| !matches!(change, Change::Left(_))) {
            if let Some(person) = change.person() {
                departed.push(self.departed(person, now)?);
            }
        }
        departed.retain(|one| !one.sessions.is_empty());
        Ok(departed)
    }

    async fn rooms(&self, after: Option<&ListPlace>) -> Result<ListPage, DirectoryError> {
        let page = i64::try_from(LIST_PAGE).unwrap_or(i64::MAX);
        const COLUMNS: &str = "SELECT key, row, activity FROM rooms WHERE row IS NOT NULL AND access = 'open'";
        const ORDER: &str = "ORDER BY activity DESC, key DESC LIMIT ?";
        let mut rows = match after {
            None => self.sql.run(&format!("{COLUMNS} {ORDER}"), &[(page + 1).into()])?,
            Some(ListPlace { activity, room }) => self.sql.run(
                &format!("{COLUMNS} AND (activity, key) < (?, ?) {ORDER}"),
                &[(*activity).into(), room.as_str().into(), (page + 1).into()],
            )?,
        };
        let more = rows.len() > LIST_PAGE;
        rows.truncate(LIST_PAGE);
        let place =
            |row: &Row| Ok::<_, SqlError>(ListPlace { room: row.text(0)?.to_owned(), activity: row.integer(2)? });
        let next = rows.last().filter(|_| more).map(place).transpose()?;
        let rooms = rows.iter().map(|row| row.json::<RoomRow>(1, "room row")).collect::<Result<_, _>>()?;
        Ok(ListPage { rooms, next })
    }

    async fn rooms_of(&self, person: &PersonId) -> Result<Vec<RoomRow>, DirectoryError> {
        let rows = self.sql.run(
            "SELECT row FROM person_rooms JOIN rooms ON rooms.key = person_rooms.room
             WHERE person = ? AND member = 1 AND row IS NOT NULL AND access <> 'closing'
             ORDER BY activity DESC, key DESC LIMIT 500",
            &[person.as_str().into()],
        )?;
        Ok(rows.iter().map(|row| row.json(0, "room row")).collect::<Result<_, _>>()?)
    }

    async fn hide(&self, room: &RoomKey) -> Result<(), DirectoryError> {
        self.sql.run("UPDATE rooms SET access = 'closing' WHERE key = ?", &[room.as_str().into()])?;
        Ok(())
    }

    async fn free(&self, room: &RoomKey) -> Result<(), DirectoryError> {
        self.sql.atomically(|| {
            self.sql.run("DELETE FROM rooms WHERE key = ?", &[room.as_str().into()])?;
            self.sql.run("DELETE FROM person_rooms WHERE room = ?", &[room.as_str().into()])
        })?;
        Ok(())
    }
}
