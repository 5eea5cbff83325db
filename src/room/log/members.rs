//! Members in the log. Joining and leaving are not Entries: they travel as presence, and to the Directory.

use super::Log;
use crate::domain::id::{PersonId, Seq};
use crate::domain::membership::Change;
use crate::domain::person::{Kind, Person};
use crate::domain::time::Millis;
use crate::sql::{json, Row, Sql, SqlError};

/// How many members a page holds.
pub const MEMBER_PAGE: i64 = 50;

/// A member as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberRow {
    /// The place in the list, by when they joined.
    pub place: i64,
    /// Who.
    pub person: Person,
    /// When they joined.
    pub joined: Millis,
}

impl<S: Sql> Log<S> {
    /// How many members there are.
    pub fn members(&self) -> i64 {
        self.members
    }

    /// Whether this person is a member.
    pub fn is_member(&self, person: &PersonId) -> Result<bool, SqlError> {
        Ok(self.sql.first("SELECT 1 FROM members WHERE id = CAST(? AS TEXT)", &[person.as_str().into()])?.is_some())
    }

    /// Makes somebody a member, at a time when `head` is the newest Seq. Says whether that is new.
    pub fn join(&mut self, person: &Person, head: Seq, now: Millis) -> Result<bool, SqlError> {
        if self.is_member(&person.id)? {
            return Ok(false);
        }
        self.sql.atomically(|| {
            let guest = i64::from(person.kind == Kind::Guest);
            let row = [person.id.as_str().into(), json(person), guest.into(), now.into(), now.into()];
            self.sql.write("INSERT INTO members (id, person, guest, joined, seen) VALUES (?, ?, ?, ?, ?)", &row)?;
            self.sql.write("UPDATE room SET members = members + 1", &[])?;
            let read = match self.read(&person.id)? {
                Some(read) => read,
                // What was said before they came is not news to them.
                None => {
                    self.set_read(&person.id, head)?;
                    head
                }
            };
            let read = self.messages_up_to(read)?;
            self.put(&Change::Joined { person: person.clone(), at: now, read })
        })?;
        self.members += 1;
        Ok(true)
    }

    /// Ends a membership. Says whether there was one.
    pub fn leave(&mut self, person: &PersonId) -> Result<bool, SqlError> {
        if !self.is_member(person)? {
            return Ok(false);
        }
        self.sql.atomically(|| {
            let left = "DELETE FROM members WHERE id = ? RETURNING guest";
            if self.sql.first(left, &[person.as_str().into()])?.is_some_and(|row| row.integer(0) == Ok(1)) {
                self.forget_read(person)?;
            }
            self.sql.write("UPDATE room SET members = members - 1", &[])?;
            self.put(&Change::Left(person.clone()))
        })?;
        self.members -= 1;
        Ok(true)
    }

    /// The member of this id.
    pub fn member(&self, person: &PersonId) -> Result<Option<Person>, SqlError> {
        let row = self.sql.first("SELECT person FROM members WHERE id = CAST(? AS TEXT)", &[person.as_str().into()])?;
        row.map(|row| row.json(0, "member")).transpose()
    }

    /// A member is shown under another name and kind from now on.
    pub fn rename(&self, person: &Person) -> Result<(), SqlError> {
        let row = [json(person), i64::from(person.kind == Kind::Guest).into(), person.id.as_str().into()];
        self.sql.atomically(|| {
            let renamed = "UPDATE members SET person = ?, guest = ? WHERE id = ? RETURNING joined";
            match self.sql.first(renamed, &row)? {
                Some(row) => {
                    let read = self.messages_up_to(self.read(&person.id)?.unwrap_or_default())?;
                    self.put(&Change::Joined { person: person.clone(), at: row.integer(0)?, read })
                }
                None => Ok(()),
            }
        })
    }

    /// One page of members, longest standing first, after the place where the page before ended.
    pub fn member_page(&self, after: i64) -> Result<Vec<MemberRow>, SqlError> {
        let wanted = [after.into(), (MEMBER_PAGE + 1).into()];
        let rows = self.sql.run(
            "SELECT place, person, joined FROM members WHERE place > ? ORDER BY place LIMIT CAST(? AS INTEGER)",
            &wanted,
        )?;
        rows.into_iter().map(member).collect()
    }

    /// Notes that a guest is, or was until now, connected.
    pub fn guest_seen(&self, person: &PersonId, now: Millis) -> Result<(), SqlError> {
        let seen = [now.into(), person.as_str().into()];
        self.sql.write("UPDATE members SET seen = ? WHERE id = ? AND guest = 1", &seen)
    }

    /// Guests among the members who were not seen since `before`.
    pub fn guests_unseen_since(&self, before: Millis) -> Result<Vec<PersonId>, SqlError> {
        let rows = self.sql.run("SELECT id FROM members WHERE guest = 1 AND seen < ?", &[before.into()])?;
        rows.iter().map(|row| row.parsed(0, "member id")).collect()
    }

    /// When the guest who was away longest was last seen.
    pub fn longest_unseen_guest(&self) -> Result<Option<Millis>, SqlError> {
        let row = self.sql.first("SELECT seen FROM members WHERE guest = 1 ORDER BY seen LIMIT 1", &[])?;
        row.map(|row| row.integer(0)).transpose()
    }
}

fn member(row: Row) -> Result<MemberRow, SqlError> {
    Ok(MemberRow { place: row.integer(0)?, person: row.json(1, "member")?, joined: row.integer(2)? })
}
