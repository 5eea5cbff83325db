//! Who is refused before their token says so: sessions that ended, and persons who were removed. Tokens are checked
//! without a store, so the room does this itself, in one look with what else it knows of whoever comes.

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
pub struct Known {
    /// The session has ended.
    pub session_ended: bool,
    /// The person was removed, at this time.
    pub removed: Option<Millis>,
    /// They are a member.
    pub joined: bool,
    /// They are a guest among the members, and were seen at this time.
    pub guest_seen: Option<Millis>,
    /// Up to where they have read.
    pub read: Option<Seq>,
}

impl<S: Sql> Log<S> {
    /// Refuses a session from now on, until its token expires by itself.
    pub fn refuse_session(&self, ended: &Ended, now: Millis) -> Result<(), SqlError> {
        self.sql.write("DELETE FROM refused WHERE until <= ?", &[now.into()])?;
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
        self.sql.write("INSERT OR REPLACE INTO refused (subject, since, until) VALUES (?, ?, ?)", &row)
    }

    /// Lets a removed person in again.
    pub fn forgive(&self, person: &PersonId) -> Result<(), SqlError> {
        self.sql.write("DELETE FROM refused WHERE subject = ?", &[person_subject(person).into()])
    }

    /// What is known of this person in this session.
    pub fn known(&self, person: &PersonId, session: &SessionId) -> Result<Known, SqlError> {
        // `guests_by_seen` has a condition, hence the cast: see `Sql::run`.
        let statement = "SELECT
            (SELECT since FROM refused WHERE subject = ?1), (SELECT since FROM refused WHERE subject = ?2),
            guest, seen, (SELECT seq FROM reads WHERE person = ?3)
            FROM (SELECT 1) LEFT JOIN members ON id = CAST(?3 AS TEXT)";
        let who = [session_subject(session).into(), person_subject(person).into(), person.as_str().into()];
        let row = self.sql.first(statement, &who)?.ok_or(SqlError::Shape("nothing known of somebody"))?;
        let [session, refused, guest, seen, read] = [0, 1, 2, 3, 4].map(|column| row.integer(column).ok());
        Ok(Known {
            session_ended: session.is_some() || refused == Some(ALWAYS),
            removed: refused.filter(|since| *since != ALWAYS),
            joined: guest.is_some(),
            guest_seen: seen.filter(|_| guest == Some(1)),
            read: read.map(Seq),
        })
    }
}

fn session_subject(session: &SessionId) -> String {
    format!("session {session}")
}

fn person_subject(person: &PersonId) -> String {
    format!("person {person}")
}
