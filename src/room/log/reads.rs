//! Read markers: up to where each person has read. They outlive a membership that ends with a log-out.

use super::Log;
use crate::domain::id::{PersonId, Seq};
use crate::domain::membership::Change;
use crate::sql::{Sql, SqlError};

impl<S: Sql> Log<S> {
    /// Up to where this person has read.
    pub fn read(&self, person: &PersonId) -> Result<Option<Seq>, SqlError> {
        let row = self.sql.first("SELECT seq FROM reads WHERE person = ?", &[person.as_str().into()])?;
        row.map(|row| Ok(Seq(row.integer(0)?))).transpose()
    }

    /// Keeps up to where somebody has read, and tells the Directory.
    pub fn keep_read(&self, person: &PersonId, seq: Seq) -> Result<(), SqlError> {
        let messages = self.messages_up_to(seq)?;
        self.sql.atomically(|| {
            self.set_read(person, seq)?;
            self.put(&Change::Read(person.clone(), messages))
        })
    }

    pub(super) fn set_read(&self, person: &PersonId, seq: Seq) -> Result<(), SqlError> {
        let row = [person.as_str().into(), seq.0.into()];
        self.sql.write("INSERT OR REPLACE INTO reads (person, seq) VALUES (?, ?)", &row)
    }

    /// Forgets how far somebody has read.
    pub fn forget_read(&self, person: &PersonId) -> Result<(), SqlError> {
        self.sql.write("DELETE FROM reads WHERE person = ?", &[person.as_str().into()])
    }
}
