//! What the runtime keeps with a socket while its room sleeps: all that the core must know of a connection.

use crate::domain::address::ClientAddress;
use crate::domain::id::{Seq, SessionId};
use crate::domain::person::{Person, Viewer};
use crate::domain::rights::Role;
use crate::domain::time::Millis;
use serde::{Deserialize, Serialize};

/// One socket, by a random number: unlike a counter it differs from those given before a sleep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectionId(pub u64);

/// A connection. About 200 bytes as JSON; the runtime takes 16 KiB, but each costs memory per socket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Its number.
    #[serde(rename = "c")]
    pub id: ConnectionId,
    /// Whom it speaks for.
    #[serde(rename = "p")]
    pub person: Person,
    /// The session it was opened with.
    #[serde(rename = "s")]
    pub session: SessionId,
    /// When that session ends.
    #[serde(rename = "x")]
    pub expires: Millis,
    /// What the person is in the room.
    #[serde(rename = "r")]
    pub role: Role,
    /// Whether they are a member; an admin need not be.
    #[serde(rename = "m")]
    pub joined: bool,
    /// Up to where a member has read.
    #[serde(rename = "k", default)]
    pub read: ReadMarker,
    /// Where it comes from, if that is known.
    #[serde(rename = "a", skip_serializing_if = "Option::is_none", default)]
    pub from: Option<ClientAddress>,
    /// Whether it takes several frames as one.
    #[serde(rename = "b", default)]
    pub batches: bool,
}

/// Up to where somebody has read. It lives with the sockets, for it changes every few seconds and a row written each time
/// would cost more than the messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMarker(
    /// The newest that was read.
    pub Seq,
    /// What the log has of it.
    pub Seq,
    /// When the log was told, or the connection came.
    pub Millis,
);

/// What somebody is to a room, and whether they have joined it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The role.
    pub role: Role,
    /// Whether they are a member.
    pub joined: bool,
}

impl Connection {
    /// A connection of this viewer.
    pub fn new(id: ConnectionId, viewer: &Viewer, standing: Standing, batches: bool) -> Self {
        Self {
            id,
            person: viewer.person.clone(),
            session: viewer.session.clone(),
            expires: viewer.expires,
            role: standing.role,
            joined: standing.joined,
            read: ReadMarker::default(),
            from: viewer.address,
            batches,
        }
    }
}
