//! Accounts that are deleted, and the rooms that have yet to hear of it.

use super::Store;
use crate::directory::accounts::Which;
use crate::directory::deletions::{Errand, Errands, GUEST_LEFT, RETRY_FIRST, RETRY_LONGEST};
use crate::directory::{Deletions, DirectoryError};
use crate::domain::id::PersonId;
use crate::domain::membership::{Erased, Erasure};
use crate::domain::person::SESSION;
use crate::domain::text::RoomKey;
use crate::domain::time::Millis;
use crate::sql::{json, Row, Sql, SqlError, Value};

impl<S: Sql> Store<S> {
    /// Keeps that somebody has left a room that they were a member of: what they said is there. Of whoever was deleted
    /// nothing is kept but the errands.
    pub(super) fn note_left(&self, person: &PersonId, room: &RoomKey, now: Millis) -> Result<(), SqlError> {
        let id: Value = person.as_str().into();
        if self.erasure_of(person)?.is_some() {
            let mark = "DELETE FROM marks WHERE person = ? AND room = ?";
            return self.sql.write(mark, &[id, room.as_str().into()]);
        }
        let until: Value = now.saturating_add(GUEST_LEFT).into();
        self.sql.write(
            "INSERT OR REPLACE INTO left_rooms (person, room, until)
                 SELECT ?1, ?2, CASE WHEN EXISTS (SELECT 1 FROM accounts WHERE person = ?1) THEN NULL ELSE ?3 END",
            &[id, room.as_str().into(), until],
        )
    }

    /// What becomes of somebody's messages, if their account was deleted.
    pub(super) fn erasure_of(&self, person: &PersonId) -> Result<Option<Erasure>, SqlError> {
        let row = self.sql.first("SELECT messages FROM deleted WHERE person = ?", &[person.as_str().into()])?;
        row.map(|row| row.json(0, "erasure")).transpose()
    }

    fn erase(&self, person: &PersonId, messages: Erasure, now: Millis) -> Result<(), SqlError> {
        let (id, messages) = (Value::from(person.as_str()), json(&messages));
        self.sql.write(
            "INSERT INTO errands (person, room, messages, due, tries)
             SELECT ?1, json_extract(rooms.row, '$.name'), ?2, ?3, 0 FROM rooms WHERE row IS NOT NULL AND key IN
                (SELECT room FROM person_rooms WHERE person = ?1 UNION SELECT room FROM left_rooms WHERE person = ?1)",
            &[id.clone(), messages.clone(), now.into()],
        )?;
        for table in ["accounts", "resets", "person_rooms", "left_rooms", "marks"] {
            self.sql.write(&format!("DELETE FROM {table} WHERE person = ?"), std::slice::from_ref(&id))?;
        }
        self.sql.write("DELETE FROM deleted WHERE expires <= ?", &[now.into()])?;
        let row = [id, messages, now.saturating_add(SESSION).into()];
        self.sql.write("INSERT INTO deleted (person, messages, expires) VALUES (?, ?, ?)", &row)
    }
}

impl<S: Sql> Deletions for Store<S> {
    async fn delete(
        &self,
        person: &PersonId,
        record: &str,
        messages: Erasure,
        now: Millis,
    ) -> Result<(), DirectoryError> {
        let id = [person.as_str().into()];
        let Some(account) = self.sql.first("SELECT record FROM accounts WHERE person = ?", &id)? else {
            // The same once more: its answer was lost.
            return self.erasure_of(person)?.map(drop).ok_or(DirectoryError::Ended);
        };
        if account.text(0)? != record {
            return Err(DirectoryError::Ended);
        }
        if self.is_blocked(person)? {
            return Err(DirectoryError::Blocked);
        }
        Ok(self.sql.atomically(|| {
            self.note_all_ended(person, &Which::All, now)?;
            self.erase(person, messages, now)
        })?)
    }

    async fn errands(&self, most: usize, now: Millis) -> Result<Errands, DirectoryError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let due = self.sql.run(
            "SELECT person, room, messages, tries FROM errands WHERE due <= ? ORDER BY due LIMIT CAST(? AS INTEGER)",
            &[now.into(), most.into()],
        )?;
        self.sql.atomically(|| {
            due.iter().try_for_each(|row| {
                let wait = RETRY_FIRST.saturating_mul(1 << row.integer(3)?.clamp(0, 20)).min(RETRY_LONGEST);
                let again = [now.saturating_add(wait).into(), row.text(0)?.into(), row.text(1)?.into()];
                let again_by = "UPDATE errands SET due = ?, tries = tries + 1 WHERE person = ? AND room = ?";
                self.sql.write(again_by, &again)
            })
        })?;
        let next = self.sql.first("SELECT due FROM errands ORDER BY due LIMIT 1", &[])?;
        Ok(Errands {
            due: due.iter().map(errand).collect::<Result<_, _>>()?,
            next: next.map(|row| row.integer(0)).transpose()?,
        })
    }

    async fn done(&self, errands: &[Errand]) -> Result<(), DirectoryError> {
        for Errand { room, erased } in errands {
            let which = [erased.person.as_str().into(), room.as_str().into()];
            self.sql.write("DELETE FROM errands WHERE person = ? AND room = ?", &which)?;
        }
        Ok(())
    }
}

fn errand(row: &Row) -> Result<Errand, SqlError> {
    let erased = Erased { person: row.parsed(0, "person")?, messages: row.json(2, "erasure")? };
    Ok(Errand { room: row.parsed(1, "room name")?, erased })
}
