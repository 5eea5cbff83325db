//! What a room tells the Directory of its people, and what it is told of them.

use super::id::{PersonId, Seq, SessionId};
use super::person::Person;
use super::time::Millis;
use serde::{Deserialize, Serialize};

/// A change in a room that others keep a projection of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The person is a member now, or is shown under another name.
    Joined {
        /// Who.
        person: Person,
        /// Since when they are a member.
        at: Millis,
        /// How many of the room's messages they have read, or are taken to have.
        #[serde(default)] // what waited in an outbox before there were read markers
        read: i64,
    },
    /// The person has read so many of the room's messages.
    Read(PersonId, i64),
    /// The message of this number mentions the person.
    Mentioned(PersonId, i64),
    /// The person reads along without being one. Kept so that a log-out finds their connections.
    Visited(PersonId),
    /// The person is no member any more.
    Left(PersonId),
    /// The room's description, access or owner is another.
    Described,
    /// The message of this Seq is no longer as it was archived.
    Revised(Seq),
    /// An account was deleted, and there is history that the room doesn't have.
    Erased(Erased),
}

impl Change {
    /// Whom it is about, if it is about somebody.
    pub fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Joined { person, .. } => Some(&person.id),
            Self::Visited(person) | Self::Left(person) | Self::Read(person, _) | Self::Mentioned(person, _) => {
                Some(person)
            }
            Self::Described | Self::Revised(_) | Self::Erased(_) => None,
        }
    }
}

/// A session that ended before its token did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The session.
    pub session: SessionId,
    /// When its token would have expired by itself.
    pub expires: Millis,
}

/// Sessions of one person that ended, by log-out, a new password, or an admin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departed {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub sessions: Vec<Ended>,
    /// Whether it was their last: a guest then leaves every room, an account the open ones.
    pub last: bool,
    /// What becomes of their messages, if their account was deleted.
    #[serde(default)]
    pub erased: Option<Erasure>,
}

/// A guest who has become an account: the same person under the account's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promoted {
    /// The person as they are now.
    pub person: Person,
    /// The guest's session.
    pub ended: Ended,
}

/// What becomes of the messages of an account that is deleted, as its person chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Erasure {
    /// They go with it.
    Deleted,
    /// They stay, and nobody is told whose they were.
    Kept,
}

/// An account that was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// Whose it was. Nobody is this person any more.
    pub person: PersonId,
    /// What becomes of their messages.
    pub messages: Erasure,
}
