//! Sessions that ended before their tokens did: kept as long as those could be shown, for rooms that hear late.

use super::Store;
use crate::directory::accounts::{Farewell, Which};
use crate::domain::id::{PersonId, SessionId};
use crate::domain::membership::{Departed, Ended};
use crate::domain::person::SESSION;
use crate::domain::text::RoomKey;
use crate::domain::time::Millis;
use crate::sql::{Sql, SqlError, Value};

impl<S: Sql> Store<S> {
    /// Ends sessions: their rows go, and it is kept that they have ended.
    pub(super) fn end_sessions(&self, person: &PersonId, which: &Which, now: Millis) -> Result<Farewell, SqlError> {
        self.sql.atomically(|| self.note_all_ended(person, which, now))?;
        // With those that had ended before: rooms may not have heard of them.
        let mut departed = self.departed(person, now)?;
        if let Which::One(named) = which {
            departed.sessions.retain(|one| one.session == *named);
        }
        Ok(Farewell { departed, rooms: self.keys_of_rooms(person)? })
    }

    /// The same, within a step of the caller's.
    pub(super) fn note_all_ended(&self, person: &PersonId, which: &Which, now: Millis) -> Result<(), SqlError> {
        self.remove(person, which)?.iter().try_for_each(|session| self.note_ended(person, session, now))
    }

    fn remove(&self, person: &PersonId, which: &Which) -> Result<Vec<SessionId>, SqlError> {
        let id: Value = person.as_str().into();
        if self.sql.first("SELECT 1 FROM accounts WHERE person = ?", std::slice::from_ref(&id))?.is_none() {
            return Ok(vec![match which {
                Which::One(session) => session.clone(),
                Which::AllBut(_) | Which::All => SessionId::of_guest(person),
            }]);
        }
        let (condition, session) = match which {
            Which::One(session) => ("= ?", session.as_str()),
            Which::AllBut(session) => ("<> ?", session.as_str()),
            Which::All => ("<> ?", ""),
        };
        let statement = format!("DELETE FROM sessions WHERE person = ? AND id {condition} RETURNING id");
        let rows = self.sql.run(&statement, &[id, session.into()])?;
        rows.iter().map(|row| row.parsed(0, "session")).collect()
    }

    /// Keeps that a session has ended, for as long as a token of it can be valid.
    pub(super) fn note_ended(&self, person: &PersonId, session: &SessionId, now: Millis) -> Result<(), SqlError> {
        self.sql
            .run("DELETE FROM departed WHERE person = ? AND expires <= ?", &[person.as_str().into(), now.into()])?;
        let row: [Value; 3] = [person.as_str().into(), session.as_str().into(), now.saturating_add(SESSION).into()];
        self.sql.write("INSERT OR REPLACE INTO departed (person, session, expires) VALUES (?, ?, ?)", &row)
    }

    /// The sessions of a person that have ended.
    pub(super) fn departed(&self, person: &PersonId, now: Millis) -> Result<Departed, SqlError> {
        let values: [Value; 2] = [person.as_str().into(), now.into()];
        let ended = self.sql.run("SELECT session, expires FROM departed WHERE person = ? AND expires > ?", &values)?;
        let sessions =
            ended.iter().map(|row| Ok(Ended { session: row.parsed(0, "session")?, expires: row.integer(1)? }));
        let open = self.sql.first("SELECT 1 FROM sessions WHERE person = ? AND expires > ? LIMIT 1", &values)?;
        Ok(Departed {
            person: person.clone(),
            sessions: sessions.collect::<Result<_, _>>()?,
            last: open.is_none(),
            erased: self.erasure_of(person)?,
        })
    }

    /// The rooms that a person is in, or reads along in.
    pub(super) fn keys_of_rooms(&self, person: &PersonId) -> Result<Vec<RoomKey>, SqlError> {
        let rooms = self.sql.run("SELECT room FROM person_rooms WHERE person = ?", &[person.as_str().into()])?;
        rooms.iter().map(|row| row.parsed(0, "room key")).collect()
    }
}
