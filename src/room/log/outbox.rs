//! The log's outbox: changes that the Directory has yet to hear of, written with the change itself.

use super::Log;
use crate::domain::membership::Change;
use crate::sql::{json, Sql, SqlError};

/// How many changes one publication carries.
const BATCH: i64 = 100;

impl<S: Sql> Log<S> {
    /// Adds a change. Call it inside the transaction of what it reports.
    pub fn put(&self, change: &Change) -> Result<(), SqlError> {
        self.sql.write("INSERT INTO outbox (change) VALUES (?)", &[json(change)])
    }

    /// The oldest changes, in order, and the place of the last of them.
    pub fn outbox(&self) -> Result<Option<(i64, Vec<Change>)>, SqlError> {
        let rows = self
            .sql
            .run("SELECT place, change FROM outbox ORDER BY place LIMIT CAST(? AS INTEGER)", &[BATCH.into()])?;
        let changes = rows.iter().map(|row| row.json(1, "change")).collect::<Result<Vec<_>, _>>()?;
        rows.last().map(|row| Ok((row.integer(0)?, changes))).transpose()
    }

    /// The Directory has everything up to this place.
    pub fn published(&self, place: i64) -> Result<(), SqlError> {
        self.sql.write("DELETE FROM outbox WHERE place <= ?", &[place.into()])
    }
}
