//! An account was deleted: what it said goes, or stays as nobody's; its reactions go.

use super::revisions::{StoredRevision, What};
use super::{Entry, Head, Log};
use crate::domain::id::{ClientMessageId, PersonId, Seq};
use crate::domain::membership::{Change, Erased, Erasure};
use crate::domain::person::Person;
use crate::domain::time::Millis;
use crate::sql::{json, Sql, SqlError, Value};
use std::slice;

impl<S: Sql> Log<S> {
    /// Forgets a person, as an Entry after `head`; nothing if it was done, or if they never said anything here. With an
    /// Archive, it is told.
    pub fn erase(&mut self, head: Head, now: Millis, erased: &Erased) -> Result<Option<Entry>, SqlError> {
        let person: Value = erased.person.as_str().into();
        let nobody = Person::deleted(PersonId::nobody());
        let id = ClientMessageId::of_erased(&erased.person);
        let known = [person.clone(), person.clone(), nobody.id.as_str().into(), id.as_str().into()];
        let is_news = "SELECT 1 WHERE (EXISTS (SELECT 1 FROM messages WHERE author = ?)
            OR EXISTS (SELECT 1 FROM revisions WHERE author = ?))
            AND NOT EXISTS (SELECT 1 FROM revisions WHERE author = ? AND id = ?)";
        if self.sql.first(is_news, &known)?.is_none() {
            return Ok(None);
        }
        let (seq, at) = head.next(now);
        let revision =
            StoredRevision { seq, at, id, by: nobody.clone(), target: None, what: What::Erase(erased.clone()) };
        let gone = match erased.messages {
            Erasure::Deleted => self.seqs_of(&person)?,
            Erasure::Kept => Vec::new(),
        };
        let reacted = self.reactions_of(&erased.person)?;
        self.sql.atomically(|| {
            self.insert_revision(&revision)?;
            if self.has_archive {
                let all = "INSERT INTO outbox (change)
                    SELECT json_object('revised', seq) FROM messages WHERE author = ? ORDER BY seq";
                self.sql.write(all, slice::from_ref(&person))?;
            }
            // Before the tombstones: one's own message may have one's own reaction.
            for (seq, about) in &reacted {
                self.sql.write("UPDATE messages SET about = ? WHERE seq = ?", &[about.clone(), seq.0.into()])?;
                if self.has_archive {
                    self.put(&Change::Revised(*seq))?;
                }
            }
            let by: [Value; 2] = [json(&nobody), person.clone()];
            self.sql.write("UPDATE messages SET person = ? WHERE author = ?", &by)?;
            self.sql.write("UPDATE revisions SET person = ? WHERE author = ?", &by)?;
            // Said again, a reaction of theirs would be nobody's.
            let off = "UPDATE revisions SET what = replace(what, 'true', 'false')
                WHERE author = ? AND what LIKE '{\"react\"%'";
            self.sql.write(off, slice::from_ref(&person))?;
            if erased.messages == Erasure::Deleted {
                let tombstone = "UPDATE messages SET text = '', about = json_object('deleted', CAST(? AS INTEGER))
                    WHERE author = ? AND json_extract(about, '$.deleted') IS NULL";
                self.sql.write(tombstone, &[at.into(), person.clone()])?;
                let said = [json(&What::Edit(String::new(), Vec::new())), person.clone()];
                self.sql.write("UPDATE revisions SET what = ? WHERE author = ? AND what LIKE '{\"edit\"%'", &said)?;
                self.unpack(&gone)?;
            }
            Ok(())
        })?;
        self.count_revision();
        Ok(Some(Entry::from(revision)))
    }

    fn seqs_of(&self, author: &Value) -> Result<Vec<Seq>, SqlError> {
        let rows = self.sql.run("SELECT seq FROM messages WHERE author = ? ORDER BY seq", slice::from_ref(author))?;
        rows.iter().map(|row| Ok(Seq(row.integer(0)?))).collect()
    }

    /// Messages with a reaction of this person, and what there is to know of them without it.
    fn reactions_of(&self, person: &PersonId) -> Result<Vec<(Seq, Value)>, SqlError> {
        let targets = "SELECT DISTINCT target FROM revisions WHERE author = ? AND what LIKE '{\"react\"%'";
        let mut without = Vec::new();
        for row in self.sql.run(targets, &[person.as_str().into()])? {
            let Some(mut message) = self.message(Seq(row.integer(0)?))? else { continue };
            for one in &mut message.about.reactions {
                one.people.retain(|one| one.id != *person);
            }
            message.about.reactions.retain(|one| !one.people.is_empty());
            without.push((message.seq, json(&message.about.stored())));
        }
        Ok(without)
    }
}
