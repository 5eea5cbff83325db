//! Buckets that outlive the object: a row each, for as long as it is not full.

use super::Store;
use crate::domain::time::Millis;
use crate::limits::bucket::Bucket;
use crate::sql::{Sql, SqlError, Value};

impl<S: Sql> Store<S> {
    /// A bucket as it stands.
    pub fn bucket(&self, number: u64) -> Result<Bucket, SqlError> {
        let row = self.sql.first("SELECT full_at FROM buckets WHERE number = ?", &[key(number)])?;
        Ok(row.map(|row| row.integer(0)).transpose()?.map(Bucket).unwrap_or_default())
    }

    /// Keeps a bucket; a full one is the same as none.
    pub fn keep_bucket(&self, number: u64, bucket: Bucket, now: Millis) -> Result<(), SqlError> {
        match bucket.is_full(now) {
            true => self.sql.run("DELETE FROM buckets WHERE number = ?", &[key(number)]),
            false => self
                .sql
                .run("INSERT OR REPLACE INTO buckets (number, full_at) VALUES (?, ?)", &[key(number), bucket.0.into()]),
        }
        .map(drop)
    }

    /// Forgets those that have filled meanwhile.
    pub fn sweep_buckets(&self, now: Millis) -> Result<(), SqlError> {
        self.sql.write("DELETE FROM buckets WHERE full_at <= ?", &[now.into()])
    }
}

/// Text: SQLite's numbers end before these, and the runtime's earlier still.
fn key(number: u64) -> Value {
    number.to_string().into()
}
