//! The limits that the Directory's object keeps: buckets of those who come to the door, and what the deployment has spent
//! today. What would be forgotten too soon when the object sleeps is in its tables.

use super::store::Store;
use crate::domain::time::{Millis, HOUR};
use crate::limits::bucket::{Bucket, Shelf};
use crate::limits::budget::{Budget, Spent, Sum};
use crate::limits::door::{Denied, Token};
use crate::limits::TooOften;
use crate::sql::{Sql, SqlError};

/// How often rows of full buckets are looked for, which reads all of them.
const SWEEP_EVERY: Millis = HOUR;

/// So many requests that wrote nothing are kept in memory, and lost if the object goes: noting each would cost a row.
const UNSAVED_MOST: i64 = 20;

/// What the object keeps in memory.
#[derive(Default)]
pub struct Door {
    shelf: Shelf,
    swept: Millis,
    sum: Option<Sum>,
    unsaved: i64,
}

impl Door {
    /// Takes all the tokens, or says why none. Near the budget nothing is let through that `adds`.
    pub fn take<S: Sql>(
        &mut self,
        store: &Store<S>,
        tokens: &[Token],
        adds: bool,
        budget: Budget,
        now: Millis,
    ) -> Result<Option<Denied>, SqlError> {
        if adds {
            if let Some(wait) = self.sum(store)?.near(budget, now) {
                return Ok(Some(Denied { token: None, wait }));
            }
        }
        self.sweep(store, now)?;
        let mut taken = Vec::with_capacity(tokens.len());
        for (place, token) in tokens.iter().enumerate() {
            let mut bucket = self.bucket(store, *token)?;
            if let Err(TooOften(wait)) = bucket.take(token.rate(), 1, now) {
                return Ok(Some(Denied { token: Some(place), wait }));
            }
            taken.push((*token, bucket));
        }
        for (token, bucket) in taken {
            self.keep(store, token, bucket, now)?;
        }
        Ok(None)
    }

    /// Puts tokens back.
    pub fn give_back<S: Sql>(&mut self, store: &Store<S>, tokens: &[Token], now: Millis) -> Result<(), SqlError> {
        for token in tokens {
            let mut bucket = self.bucket(store, *token)?;
            bucket.give_back(token.rate(), 1);
            self.keep(store, *token, bucket, now)?;
        }
        Ok(())
    }

    /// Counts what was spent, by this object or another.
    pub fn spend<S: Sql>(&mut self, store: &Store<S>, spent: Spent, now: Millis) -> Result<(), SqlError> {
        let mut sum = self.sum(store)?;
        sum.add(spent, now);
        self.unsaved += spent.calls;
        if spent.rows > 0 || self.unsaved >= UNSAVED_MOST {
            // This is a row as well.
            sum.add(Spent { rows: 1, ..Spent::default() }, now);
            store.keep_spent(&sum)?;
            self.unsaved = 0;
        }
        self.sum = Some(sum);
        Ok(())
    }

    fn sum<S: Sql>(&mut self, store: &Store<S>) -> Result<Sum, SqlError> {
        if let Some(sum) = self.sum {
            return Ok(sum);
        }
        let sum = store.spent()?;
        self.sum = Some(sum);
        Ok(sum)
    }

    fn bucket<S: Sql>(&self, store: &Store<S>, token: Token) -> Result<Bucket, SqlError> {
        match token.is_kept() {
            true => store.bucket(token.0),
            false => Ok(self.shelf.of(token.0)),
        }
    }

    fn keep<S: Sql>(&mut self, store: &Store<S>, token: Token, bucket: Bucket, now: Millis) -> Result<(), SqlError> {
        match token.is_kept() {
            true => store.keep_bucket(token.0, bucket, now),
            false => {
                self.shelf.keep(token.0, bucket, now);
                Ok(())
            }
        }
    }

    fn sweep<S: Sql>(&mut self, store: &Store<S>, now: Millis) -> Result<(), SqlError> {
        if now < self.swept.saturating_add(SWEEP_EVERY) {
            return Ok(());
        }
        self.swept = now;
        store.sweep_buckets(now)
    }
}
