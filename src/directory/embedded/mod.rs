//! The embedded Directory: one Durable Object with SQLite, so that a newcomer needs nothing else. With Redis the object
//! keeps what is not for Redis: the signing key, who is online where, and that the rest has moved.

pub mod client;
pub mod door;
pub mod object;
pub mod store;

use super::call::Call;
use crate::domain::listing::LiveRow;
use crate::domain::text::RoomName;
use crate::domain::time::Millis;
use crate::limits::budget::Spent;
use crate::limits::door::Token;
use serde::{Deserialize, Serialize};

/// Where the Directory of a deployment with Redis is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// In Redis.
    Redis,
    /// Still in the object, on its way.
    Object,
    /// Not in Redis yet, and nothing is in the object: a new deployment that has not reached Redis.
    Nowhere,
}

/// What the Worker and the rooms ask the Directory's object. It is never reachable from outside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum ToObject {
    /// A question to the Directory, where the object is it.
    Directory(Call),
    /// The key that signs session tokens, made once, for deployments without a secret of their own.
    SigningKey,
    /// Where the Directory is, for deployments with Redis: see [`Place`].
    Place,
    /// Copies the next piece of it there. Answers the keys of the rooms in it, or nothing when all is copied.
    MoveOn,
    /// An account is about to be deleted: in a while it is seen to that every room has heard of it.
    Deleting,
    /// Takes all these tokens, for something that adds to what the deployment carries or not; answers nothing, or why it
    /// is [`Denied`](crate::limits::door::Denied).
    Take(Vec<Token>, bool),
    /// Puts them back.
    GiveBack(Vec<Token>),
    /// Who is online in a room. Nobody: it is forgotten. With it comes what the room has spent.
    Live(RoomName, Option<LiveRow>, Option<Spent>),
    /// Who is online in these rooms, in their order.
    LiveOf(Vec<RoomName>),
    /// Since when a room could not archive, or that it can again.
    Behind(RoomName, Option<Millis>),
    /// Since when the room that waits longest could not.
    LongestBehind,
}
