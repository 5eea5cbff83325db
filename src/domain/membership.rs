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
    },
    /// The person reads along without being one. Kept so that a log-out finds their connections.
    Visited(PersonId),
    /// The person is no member any more.
    Left(PersonId),
    /// The room's description, access or owner is another.
    Described,
    /// The message of this Seq is no longer as it was archived.
    Revised(Seq),
}

impl Change {
    /// Whom it is about, if it is about somebody.
    pub fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Joined { person, .. } => Some(&person.id),
            Self::Visited(person) | Self::Left(person) => Some(person),
            Self::Described | Self::Revised(_) => None,
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
}

/// A guest who has become an account: the same person under the account's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promoted {
    /// The person as they are now.
    pub person: Person,
    /// The guest's session.
    pub ended: Ended,
}
