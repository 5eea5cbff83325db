//! What a room tells the Directory of its people, and what it is told of them.

use super::id::{PersonId, SessionId};
use super::time::Millis;
use serde::{Deserialize, Serialize};

/// A change in a room that the Directory keeps a projection of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The person is a member now.
    Joined(PersonId),
    /// The person reads along without being one. Kept so that a log-out finds their connections.
    Visited(PersonId),
    /// The person is no member any more.
    Left(PersonId),
}

impl Change {
    /// Whom it is about.
    pub fn person(&self) -> &PersonId {
        match self {
            Self::Joined(person) | Self::Visited(person) | Self::Left(person) => person,
        }
    }
}

/// A session that its person has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departed {
    /// Who left.
    pub person: PersonId,
    /// The session that is over.
    pub session: SessionId,
    /// When its token would have expired.
    pub expires: Millis,
}
