//! The embedded Directory: one Durable Object with SQLite, so that a newcomer needs nothing else.

pub mod client;
pub mod object;
pub mod store;

use super::{Publication, Reservation};
use crate::domain::listing::ListPlace;
use crate::domain::membership::Departed;
use serde::{Deserialize, Serialize};

/// What the Worker asks the Directory's object. It is never reachable from outside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Call {
    Reserve(Reservation),
    Publish(Box<Publication>),
    Rooms(Option<ListPlace>),
    Depart(Departed),
    /// The key that signs session tokens, made once, for deployments without a secret of their own.
    SigningKey,
}
