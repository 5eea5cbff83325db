//! The second part of the Directory: accounts, their sessions, and who is blocked.

use super::DirectoryError;
use crate::domain::id::{PersonId, SessionId};
use crate::domain::membership::Departed;
use crate::domain::person::Person;
use crate::domain::text::{PersonKey, PersonName, RoomKey};
use crate::domain::time::{Millis, HOUR};
use serde::{Deserialize, Serialize};

/// How long an admin's reset token is good.
pub const RESET: Millis = HOUR;

/// How an account logs in: nothing in here is a password, or lets anybody in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// The salt that browsers derive with, in base64.
    pub salt: String,
    /// The rounds that browsers derive with.
    pub rounds: u32,
    /// What is kept of the key.
    pub record: String,
}

/// An account, for whoever wants to log in to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Whose.
    pub person: Person,
    /// How they log in.
    pub login: Login,
    /// The fingerprint of their recovery code.
    pub recovery: String,
    /// Whether they registered with the deployer's setup token.
    pub setup: bool,
    /// Whether an admin has blocked them.
    pub blocked: bool,
}

/// A session of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id, also in the token.
    pub id: SessionId,
    /// What it was opened on.
    pub device: String,
    /// When.
    pub created: Millis,
    /// When it was last used, as far as is noted.
    pub used: Millis,
    /// When it ends without use.
    pub expires: Millis,
}

/// Somebody who wants an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// The person under the name they want.
    pub person: Person,
    /// How they will log in.
    pub login: Login,
    /// The fingerprint of their recovery code.
    pub recovery: String,
    /// Whether they brought the deployer's setup token.
    pub setup: bool,
    /// Their first session.
    pub session: Session,
    /// The session they have as a guest, which ends.
    pub guest: Option<SessionId>,
}

/// What allows a new password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proof {
    /// The old secret, checked against this record. The session goes on under a renewed id.
    Record {
        /// Whose.
        person: PersonId,
        /// The record that it was checked against.
        record: String,
        /// The session that asks.
        session: SessionId,
        /// Its id from now on.
        renewed: SessionId,
    },
    /// The recovery code, checked while the account had this record.
    Recovery(PersonId, String),
    /// The fingerprint of an admin's reset token.
    Reset(String),
}

/// Which sessions of a person end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Which {
    /// This one.
    One(SessionId),
    /// All others.
    AllBut(SessionId),
    /// All.
    All,
}

/// Sessions that have ended, and the rooms that must hear of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Farewell {
    /// Whose sessions, and which. None if none ended.
    pub departed: Departed,
    /// The person's rooms, and those they read along in.
    pub rooms: Vec<RoomKey>,
}

/// The questions about accounts. What is asked again after a failure is fine twice.
#[allow(async_fn_in_trait)] // Worker futures are never Send; there is one thread.
pub trait Accounts {
    /// Whether a guest may have this name: [`DirectoryError::Taken`] if an account has it, or one that looks like it.
    async fn free_for_guests(&self, name: &PersonName) -> Result<(), DirectoryError>;

    /// Makes an account. Answers the rooms of the guest that it was.
    /// `Taken`, `Ended` if the guest's session has ended, `Blocked` if an admin has blocked the guest.
    async fn register(&self, wanted: &Registration, now: Millis) -> Result<Vec<RoomKey>, DirectoryError>;

    /// The account of a name.
    async fn account(&self, name: &PersonKey) -> Result<Option<Account>, DirectoryError>;

    /// Begins a session, if the account's record is still the one that the log-in was checked against and nobody has
    /// blocked it meanwhile; else `Ended`.
    async fn open(&self, person: &PersonId, record: &str, session: &Session) -> Result<(), DirectoryError>;

    /// Notes that a session is used. Answers when it ends now, or `Ended`.
    async fn touch(&self, person: &PersonId, session: &SessionId, now: Millis) -> Result<Millis, DirectoryError>;

    /// The sessions of an account, newest first.
    async fn sessions(&self, person: &PersonId, now: Millis) -> Result<Vec<Session>, DirectoryError>;

    /// Ends sessions. A guest has one, whichever is named.
    async fn end(&self, person: &PersonId, which: &Which, now: Millis) -> Result<Farewell, DirectoryError>;

    /// Sets how an account logs in and ends its sessions, or `Ended` if the proof does not hold (any more).
    async fn set_login(&self, proof: &Proof, login: &Login, now: Millis) -> Result<Farewell, DirectoryError>;

    /// Keeps the fingerprint of a reset token instead of any before it. Answers when it ends, or `Unknown`.
    async fn offer_reset(&self, person: &PersonId, token: &str, now: Millis) -> Result<Millis, DirectoryError>;

    /// Blocks a person and ends their sessions, or `Unknown`.
    async fn block(&self, person: &PersonId, now: Millis) -> Result<Farewell, DirectoryError>;

    /// Takes a block back.
    async fn unblock(&self, person: &PersonId) -> Result<(), DirectoryError>;

    /// Lets anybody have a name that was kept because old messages carry it, or `Unknown`.
    async fn release_imported(&self, name: &PersonKey) -> Result<(), DirectoryError>;
}
