//! The room index and each person's rooms, as rooms report them.

use super::Store;
use crate::directory::{Directory, DirectoryError, ListPage, Publication, Reservation, RESERVATION};
use crate::domain::id::PersonId;
use crate::domain::listing::{ListPlace, Mark, RoomRow, LIST_PAGE};
use crate::domain::membership::{Change, Departed};
use crate::domain::rights::Access;
use crate::domain::text::RoomKey;
use crate::domain::time::Millis;
use crate::sql::{json, Row, Sql, SqlError, Value};

impl<S: Sql> Store<S> {
    fn change(&self, room: &RoomKey, change: &Change, now: Millis) -> Result<(), SqlError> {
        let Some(person) = change.person() else { return Ok(()) };
        let place: [Value; 2] = [person.as_str().into(), room.as_str().into()];
        let statement = match change {
            Change::Described | Change::Revised(_) | Change::Erased(_) => return Ok(()),
            Change::Read(person, messages) => return self.mark(room, person, |mark| mark.read(*messages)),
            Change::Mentioned(person, message) => return self.mark(room, person, |mark| mark.mentioned(*message)),
            Change::Joined { .. } => "INSERT OR REPLACE INTO person_rooms (person, room, member) VALUES (?, ?, 1)",
            Change::Visited(_) => "INSERT OR IGNORE INTO person_rooms (person, room, member) VALUES (?, ?, 0)",
            Change::Left(_) => {
                let left = "DELETE FROM person_rooms WHERE person = ? AND room = ? AND member = 1 RETURNING 1";
                return match self.sql.first(left, &place)? {
                    Some(_) => self.note_left(person, room, now),
                    None => Ok(()),
                };
            }
        };
        self.sql.write(statement, &place)?;
        match change {
            Change::Joined { read, .. } => self.mark(room, person, |mark| mark.read(*read)),
            _ => Ok(()),
        }
    }

    /// Puts a room into the index, or its row there in place of the one before: a new row would write all indexes anew.
    fn list(&self, publication: &Publication, [access, shown]: [Value; 2]) -> Result<(), SqlError> {
        let Publication { key, skeleton, row, .. } = publication;
        let [key, skeleton]: [Value; 2] = [key.as_str().into(), skeleton.as_str().into()];
        // A room that exists keeps its place whatever was reserved beside it meanwhile.
        self.sql.write(
            "DELETE FROM rooms WHERE skeleton = ? AND key <> ? AND row IS NULL",
            &[skeleton.clone(), key.clone()],
        )?;
        let replaced = self.sql.first(
            "UPDATE rooms SET row = ?, activity = ?, reserved_by = NULL, access = ? WHERE key = ? RETURNING 1",
            &[shown.clone(), row.activity.into(), access.clone(), key.clone()],
        )?;
        if replaced.is_none() {
            self.sql.write(
                "INSERT INTO rooms (key, skeleton, row, activity, access) VALUES (?, ?, ?, ?, ?)",
                &[key, skeleton, shown, row.activity.into(), access],
            )?;
        }
        Ok(())
    }

    fn mark(&self, room: &RoomKey, person: &PersonId, change: impl FnOnce(&mut Mark)) -> Result<(), SqlError> {
        let place: [Value; 2] = [person.as_str().into(), room.as_str().into()];
        let row = self.sql.first("SELECT mark FROM marks WHERE person = ? AND room = ?", &place)?;
        let mut mark: Mark = row.map(|row| row.json(0, "mark")).transpose()?.unwrap_or_default();
        change(&mut mark);
        let [person, room] = place;
        self.sql
            .run("INSERT OR REPLACE INTO marks (person, room, mark) VALUES (?, ?, ?)", &[person, room, json(&mark)])?;
        Ok(())
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
            self.sql.write("DELETE FROM rooms WHERE key = ? OR skeleton = ?", &names)?;
            let [key, skeleton] = names.clone();
            self.sql.write(
                "INSERT INTO rooms (key, skeleton, row, activity, reserved_by) VALUES (?, ?, NULL, ?, ?)",
                &[key, skeleton, now.into(), wanted.by.as_str().into()],
            )
        })?;
        Ok(())
    }

    async fn publish(&self, publication: &Publication, now: Millis) -> Result<Vec<Departed>, DirectoryError> {
        let Publication { key, row, changes, .. } = publication;
        let held = self.sql.first("SELECT access, row FROM rooms WHERE key = ?", &[key.as_str().into()])?;
        if held.as_ref().is_some_and(|held| held.text(0).is_ok_and(|access| access == "closing")) {
            return Ok(Vec::new());
        }
        let access = match row.access {
            Access::Open => "open",
            Access::Private => "private",
        };
        let reported = [access.into(), json(row)];
        self.sql.atomically(|| {
            // A room says the same again when its alarm comes, and every row written is billed.
            if held.is_none_or(|held| held.0 != reported) {
                self.list(publication, reported)?;
            }
            changes.iter().try_for_each(|change| self.change(key, change, now))?;
            self.sql.write("DELETE FROM left_rooms WHERE until < ?", &[now.into()])?;
            self.sql.write("DELETE FROM departed WHERE expires < ?", &[now.into()])
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
        const ORDER: &str = "ORDER BY activity DESC, key DESC LIMIT CAST(? AS INTEGER)";
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
            "SELECT row, mark FROM person_rooms JOIN rooms ON rooms.key = person_rooms.room
             LEFT JOIN marks ON marks.person = person_rooms.person AND marks.room = person_rooms.room
             WHERE person_rooms.person = ? AND member = 1 AND row IS NOT NULL AND access <> 'closing'
             ORDER BY activity DESC, key DESC LIMIT 500",
            &[person.as_str().into()],
        )?;
        let marked = |row: &Row| {
            let mark: Mark = row.text(1).map_or(Ok(Mark::default()), |_| row.json(1, "mark"))?;
            Ok(RoomRow { read: Some(mark.read), mentions: Some(mark.mentions), ..row.json(0, "room row")? })
        };
        Ok(rows.iter().map(marked).collect::<Result<_, SqlError>>()?)
    }

    async fn hide(&self, room: &RoomKey) -> Result<(), DirectoryError> {
        self.sql.write("UPDATE rooms SET access = 'closing' WHERE key = ?", &[room.as_str().into()])?;
        Ok(())
    }

    async fn free(&self, room: &RoomKey) -> Result<(), DirectoryError> {
        self.sql.atomically(|| {
            self.sql.write("DELETE FROM rooms WHERE key = ?", &[room.as_str().into()])?;
            self.sql.write("DELETE FROM marks WHERE room = ?", &[room.as_str().into()])?;
            self.sql.write("DELETE FROM left_rooms WHERE room = ?", &[room.as_str().into()])?;
            self.sql.write("DELETE FROM person_rooms WHERE room = ?", &[room.as_str().into()])
        })?;
        Ok(())
    }
}
