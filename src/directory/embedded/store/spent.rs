//! What this deployment has spent today.

use super::Store;
use crate::domain::text::{RoomKey, RoomName};
use crate::limits::budget::Sum;
use crate::sql::{Sql, SqlError};

impl<S: Sql> Store<S> {
    /// The database.
    pub fn sql(&self) -> &S {
        &self.sql
    }

    /// How many messages a room had by its last report to the Directory that is here.
    pub fn said_here(&self, room: &RoomKey) -> Result<Option<i64>, SqlError> {
        self.said("SELECT json_extract(row, '$.messages') FROM rooms WHERE key = ? AND row IS NOT NULL", room.as_str())
    }

    /// The same where the Directory is in Redis.
    pub fn said_live(&self, room: &RoomName) -> Result<Option<i64>, SqlError> {
        self.said("SELECT json_extract(row, '$.messages') FROM live WHERE room = ?", room.as_str())
    }

    fn said(&self, statement: &str, room: &str) -> Result<Option<i64>, SqlError> {
        self.sql.first(statement, &[room.into()])?.map(|row| row.integer(0)).transpose()
    }

    /// The sum of the last day that has one.
    pub fn spent(&self) -> Result<Sum, SqlError> {
        let row = self.sql.first("SELECT day, twentieths, written FROM spent", &[])?;
        row.map_or(Ok(Sum::default()), |row| {
            Ok(Sum { day: row.integer(0)?, twentieths: row.integer(1)?, written: row.integer(2)? })
        })
    }

    /// Keeps the sum instead of the one before.
    pub fn keep_spent(&self, sum: &Sum) -> Result<(), SqlError> {
        let values = [sum.day.into(), sum.twentieths.into(), sum.written.into()];
        self.sql.write("INSERT OR REPLACE INTO spent (one, day, twentieths, written) VALUES (1, ?, ?, ?)", &values)
    }
}
