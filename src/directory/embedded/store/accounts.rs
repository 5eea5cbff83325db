//! Accounts, their sessions, reset tokens, and who is blocked.

use super::Store;
use crate::directory::accounts::{Account, Accounts, Farewell, Login, Proof, Registration, Session, Which, RESET};
use crate::directory::DirectoryError;
use crate::domain::id::{PersonId, SessionId};
use crate::domain::person::{Kind, Person, SESSION};
use crate::domain::text::{PersonKey, PersonName, RoomKey};
use crate::domain::time::Millis;
use crate::sql::{json, Row, Sql, SqlError, Value};

impl<S: Sql> Store<S> {
    fn exists(&self, statement: &str, values: &[Value]) -> Result<bool, SqlError> {
        Ok(self.sql.first(statement, values)?.is_some())
    }

    pub(super) fn is_blocked(&self, person: &PersonId) -> Result<bool, SqlError> {
        self.exists("SELECT 1 FROM blocked WHERE person = ?", &[person.as_str().into()])
    }

    fn begin(&self, person: &PersonId, session: &Session) -> Result<(), SqlError> {
        // Those that ended by themselves: here, because who logs in is who has them.
        let old: [Value; 2] = [person.as_str().into(), session.created.into()];
        self.sql.write("DELETE FROM sessions WHERE person = ? AND expires <= ?", &old)?;
        let row: [Value; 6] = [
            person.as_str().into(),
            session.id.as_str().into(),
            session.device.as_str().into(),
            session.created.into(),
            session.used.into(),
            session.expires.into(),
        ];
        self.sql
            .write("INSERT INTO sessions (person, id, device, created, used, expires) VALUES (?, ?, ?, ?, ?, ?)", &row)
    }
}

impl<S: Sql> Accounts for Store<S> {
    async fn free_for_guests(&self, name: &PersonName) -> Result<(), DirectoryError> {
        let names = [name.key().as_str().into(), name.skeleton().into()];
        match self.exists("SELECT 1 FROM accounts WHERE key = ? OR skeleton = ?", &names)? {
            true => Err(DirectoryError::Taken),
            false => Ok(()),
        }
    }

    async fn register(&self, wanted: &Registration, now: Millis) -> Result<Vec<RoomKey>, DirectoryError> {
        let Registration { person, login, recovery, setup, session, guest } = wanted;
        let id: Value = person.id.as_str().into();
        self.free_for_guests(&person.name).await?;
        if let Some(guest) = guest {
            if self.is_blocked(&person.id)? {
                return Err(DirectoryError::Blocked);
            }
            let theirs = [id.clone(), guest.as_str().into()];
            if self.exists("SELECT 1 FROM departed WHERE person = ? AND session = ?", &theirs)? {
                return Err(DirectoryError::Ended);
            }
        }
        let row: [Value; 10] = [
            id,
            json(&person.name),
            person.name.key().as_str().into(),
            person.name.skeleton().into(),
            login.salt.as_str().into(),
            i64::from(login.rounds).into(),
            login.record.as_str().into(),
            recovery.as_str().into(),
            i64::from(*setup).into(),
            now.into(),
        ];
        self.sql.atomically(|| {
            self.sql.write(
                "INSERT INTO accounts (person, name, key, skeleton, salt, rounds, record, recovery, setup, created)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                &row,
            )?;
            self.sql.write("UPDATE left_rooms SET until = NULL WHERE person = ?", &[person.id.as_str().into()])?;
            self.begin(&person.id, session)?;
            guest.iter().try_for_each(|guest| self.note_ended(&person.id, guest, now))
        })?;
        Ok(self.keys_of_rooms(&person.id)?)
    }

    async fn account(&self, name: &PersonKey) -> Result<Option<Account>, DirectoryError> {
        let found = self.sql.first(
            "SELECT person, name, salt, rounds, record, recovery, setup,
                EXISTS (SELECT 1 FROM blocked WHERE blocked.person = accounts.person)
             FROM accounts WHERE key = ?",
            &[name.as_str().into()],
        )?;
        Ok(found.as_ref().map(account).transpose()?)
    }

    async fn open(&self, person: &PersonId, record: &str, session: &Session) -> Result<(), DirectoryError> {
        let proof = [person.as_str().into(), record.into()];
        let holds = self.exists("SELECT 1 FROM accounts WHERE person = ? AND record = ?", &proof)?;
        if !holds || self.is_blocked(person)? {
            return Err(DirectoryError::Ended);
        }
        Ok(self.sql.atomically(|| self.begin(person, session))?)
    }

    async fn touch(&self, person: &PersonId, session: &SessionId, now: Millis) -> Result<Millis, DirectoryError> {
        let expires = now.saturating_add(SESSION);
        let row = [now.into(), expires.into(), person.as_str().into(), session.as_str().into(), now.into()];
        let touch = "UPDATE sessions SET used = ?, expires = ? WHERE person = ? AND id = ? AND expires > ? RETURNING 1";
        match self.exists(touch, &row)? {
            true => Ok(expires),
            false => Err(DirectoryError::Ended),
        }
    }

    async fn sessions(&self, person: &PersonId, now: Millis) -> Result<Vec<Session>, DirectoryError> {
        let rows = self.sql.run(
            "SELECT id, device, created, used, expires FROM sessions WHERE person = ? AND expires > ?
             ORDER BY used DESC, created DESC LIMIT 200",
            &[person.as_str().into(), now.into()],
        )?;
        Ok(rows.iter().map(session).collect::<Result<_, _>>()?)
    }

    async fn end(&self, person: &PersonId, which: &Which, now: Millis) -> Result<Farewell, DirectoryError> {
        Ok(self.end_sessions(person, which, now)?)
    }

    async fn set_login(&self, proof: &Proof, login: &Login, now: Millis) -> Result<Farewell, DirectoryError> {
        let found = match proof {
            Proof::Record { person, record, session, .. } => self.sql.first(
                "SELECT accounts.person FROM accounts JOIN sessions ON sessions.person = accounts.person
                 WHERE accounts.person = ? AND record = ? AND id = ? AND expires > ?",
                &[person.as_str().into(), record.as_str().into(), session.as_str().into(), now.into()],
            )?,
            Proof::Recovery(person, record) => self.sql.first(
                "SELECT person FROM accounts WHERE person = ? AND record = ?",
                &[person.as_str().into(), record.as_str().into()],
            )?,
            Proof::Reset(token) => self.sql.first(
                "SELECT person FROM resets WHERE token = ? AND expires > ?",
                &[token.as_str().into(), now.into()],
            )?,
        };
        let person: PersonId = found.ok_or(DirectoryError::Ended)?.parsed(0, "person")?;
        let id: Value = person.as_str().into();
        let row =
            [login.salt.as_str().into(), i64::from(login.rounds).into(), login.record.as_str().into(), id.clone()];
        let which = match proof {
            Proof::Record { renewed, .. } => Which::AllBut(renewed.clone()),
            Proof::Recovery(..) | Proof::Reset(_) => Which::All,
        };
        self.sql.atomically(|| {
            self.sql.write("UPDATE accounts SET salt = ?, rounds = ?, record = ? WHERE person = ?", &row)?;
            // Whoever sets the password may do it against the one who has the link.
            self.sql.write("DELETE FROM resets WHERE person = ?", std::slice::from_ref(&id))?;
            if let Proof::Record { session, renewed, .. } = proof {
                let ids = [renewed.as_str().into(), id, session.as_str().into()];
                self.sql.write("UPDATE sessions SET id = ? WHERE person = ? AND id = ?", &ids)?;
                self.note_ended(&person, session, now)?;
            }
            Ok(())
        })?;
        Ok(self.end_sessions(&person, &which, now)?)
    }

    async fn offer_reset(&self, person: &PersonId, token: &str, now: Millis) -> Result<Millis, DirectoryError> {
        if !self.exists("SELECT 1 FROM accounts WHERE person = ?", &[person.as_str().into()])? {
            return Err(DirectoryError::Unknown);
        }
        let expires = now.saturating_add(RESET);
        let row = [token.into(), person.as_str().into(), expires.into()];
        self.sql.write("INSERT OR REPLACE INTO resets (token, person, expires) VALUES (?, ?, ?)", &row)?;
        Ok(expires)
    }

    async fn block(&self, person: &PersonId, now: Millis) -> Result<Farewell, DirectoryError> {
        let id: Value = person.as_str().into();
        let known = "SELECT 1 FROM accounts WHERE person = ? UNION SELECT 1 FROM person_rooms WHERE person = ?";
        if !self.exists(known, &[id.clone(), id.clone()])? {
            return Err(DirectoryError::Unknown);
        }
        self.sql.write("INSERT OR IGNORE INTO blocked (person) VALUES (?)", &[id])?;
        Ok(self.end_sessions(person, &Which::All, now)?)
    }

    async fn unblock(&self, person: &PersonId) -> Result<(), DirectoryError> {
        self.sql.write("DELETE FROM blocked WHERE person = ?", &[person.as_str().into()])?;
        Ok(())
    }

    async fn release_imported(&self, _name: &PersonKey) -> Result<(), DirectoryError> {
        Err(DirectoryError::Unknown) // old messages come by Redis only
    }
}

fn account(row: &Row) -> Result<Account, SqlError> {
    let rounds = u32::try_from(row.integer(3)?).map_err(|_| SqlError::Shape("rounds"))?;
    Ok(Account {
        person: Person { id: row.parsed(0, "person")?, name: row.json(1, "name")?, kind: Kind::Account },
        login: Login { salt: row.text(2)?.to_owned(), rounds, record: row.text(4)?.to_owned() },
        recovery: row.text(5)?.to_owned(),
        setup: row.integer(6)? != 0,
        blocked: row.integer(7)? != 0,
    })
}

fn session(row: &Row) -> Result<Session, SqlError> {
    Ok(Session {
        id: row.parsed(0, "session")?,
        device: row.text(1)?.to_owned(),
        created: row.integer(2)?,
        used: row.integer(3)?,
        expires: row.integer(4)?,
    })
}
