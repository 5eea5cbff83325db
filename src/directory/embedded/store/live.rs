//! What rooms tell the Directory's object where the Directory itself is in Redis: who is online right now, and which
//! rooms can't archive.

use super::Store;
use crate::domain::listing::LiveRow;
use crate::domain::text::RoomName;
use crate::domain::time::Millis;
use crate::sql::{json, Sql, SqlError};

impl<S: Sql> Store<S> {
    /// Keeps who is online in a room, and when something was last said; nobody, and it is forgotten.
    pub fn live(&self, room: &RoomName, row: Option<&LiveRow>) -> Result<(), SqlError> {
        if self.live_row(room)?.as_ref() == row {
            return Ok(());
        }
        let name = room.as_str().into();
        match row {
            Some(row) => self.sql.run("INSERT OR REPLACE INTO live (room, row) VALUES (?, ?)", &[name, json(row)]),
            None => self.sql.run("DELETE FROM live WHERE room = ?", &[name]),
        }
        .map(drop)
    }

    fn live_row(&self, room: &RoomName) -> Result<Option<LiveRow>, SqlError> {
        let row = self.sql.first("SELECT row FROM live WHERE room = ?", &[room.as_str().into()])?;
        row.map(|row| row.json(0, "live row")).transpose()
    }

    /// Who is online in each of these rooms.
    pub fn live_of(&self, rooms: &[RoomName]) -> Result<Vec<Option<LiveRow>>, SqlError> {
        rooms.iter().map(|room| self.live_row(room)).collect()
    }

    /// Keeps since when a room can't archive, or that it can again.
    pub fn behind(&self, room: &RoomName, since: Option<Millis>) -> Result<(), SqlError> {
        let name = room.as_str().into();
        match since {
            Some(since) => {
                self.sql.write("INSERT OR IGNORE INTO behind (room, since) VALUES (?, ?)", &[name, since.into()])
            }
            None => self.sql.write("DELETE FROM behind WHERE room = ?", &[name]),
        }
    }

    /// Since when the room that waits longest could not archive.
    pub fn longest_behind(&self) -> Result<Option<Millis>, SqlError> {
        let row = self.sql.first("SELECT since FROM behind ORDER BY since LIMIT 1", &[])?;
        row.map(|row| row.integer(0)).transpose()
    }
}
