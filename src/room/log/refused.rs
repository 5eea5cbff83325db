//! Who is refused before their token says so: sessions that ended, and persons who were removed. Tokens are checked
//! without a store, so the room does this itself.

use super::Log;
use crate::domain::id::{PersonId, Seq, SessionId};
use crate::domain::membership::Ended;
use crate::domain::person::SESSION;
use crate::domain::time::Millis;
use crate::sql::{Sql, SqlError};

/// For good, and still a number that JavaScript holds.
const ALWAYS: Millis = (1 << 53) - 1;

/// What the room knows of somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Refused {
    /// The session has ended.
    pub session: bool,
    /// The person was removed, at this time.
    pub removed: Option<Millis>,
}

impl<S: Sql> Log<S> {
    /// Refuses a session from now on, until its token expires by itself.
    pub fn refuse_session(&self, ended: &Ended, now: Millis) -> Result<(), SqlError> {
        self.sql.run("DELETE FROM refused WHERE until <= ?", &[now.into()])?;
        self.refuse(session_subject(&ended.session), now, ended.expires)
    }

    /// Refuses a person, until an invite that was made later lets them in again.
    pub fn refuse_person(&self, person: &PersonId, now: Millis) -> Result<(), SqlError> {
        self.refuse(person_subject(person), now, ALWAYS)
    }

    /// Refuses every session of somebody whose account was deleted, for as long as a token of one can be valid. No invite
    /// was made later than this.
    pub fn refuse_erased(&self, person: &PersonId, now: Millis) -> Result<(), SqlError> {
        self.refuse(person_subject(person), ALWAYS, now.saturating_add(SESSION))
    }

    fn refuse(&self, subject: String, since: Millis, until: Millis) -> Result<(), SqlError> {
        let row = [subject.into(), since.into(), until.into()];
        self.sql.run("INSERT OR REPLACE INTO refused (subject, since, until) VALUES (?, ?, ?)", &row).map(drop)
    }

    /// Lets a removed person in again.
    pub fn forgive(&self, person: &PersonId) -> Result<(), SqlError> {
        self.sql.run("DELETE FROM refused WHERE subject = ?", &[person_subject(person).into()]).map(drop)
    }

    /// What is refused of this person in this session.
    pub fn refused(&self, person: &PersonId, session: &SessionId) -> Result<Refused, SqlError> {
        let subjects = [person_subject(person).into(), session_subject(session).into()];
        let rows = self.sql.run("SELECT subject, since FROM refused WHERE subject IN (?, ?)", &subjects)?;
        let mut refused = Refused::default();
        for row in rows {
            match row.integer(1)? {
                _ if row.text(0)?.starts_with("session ") => refused.session = true,
                ALWAYS => refused.session = true,
                since => refused.removed = Some(since),
            }
        }
        Ok(refused)
    }
}

fn session_subject(session: &SessionId) -> String {
    format!("session {session}")
}

fn person_subject(person: &PersonId) -> String {
    format!("person {person}")
}
