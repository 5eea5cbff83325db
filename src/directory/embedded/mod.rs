//! The embedded Directory: one Durable Object with SQLite, so that a newcomer needs nothing else.

pub mod client;
pub mod object;
pub mod store;

use super::accounts::{Login, Proof, Registration, Session, Which};
use super::{Publication, Reservation};
use crate::domain::id::{PersonId, SessionId};
use crate::domain::listing::ListPlace;
use crate::domain::text::{PersonKey, PersonName, RoomKey};
use serde::{Deserialize, Serialize};

/// What the Worker asks the Directory's object. It is never reachable from outside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Call {
    Reserve(Reservation),
    Publish(Box<Publication>),
    Rooms(Option<ListPlace>),
    RoomsOf(PersonId),
    Hide(RoomKey),
    Free(RoomKey),
    FreeForGuests(PersonName),
    Register(Box<Registration>),
    Account(PersonKey),
    Open(PersonId, String, Session),
    Touch(PersonId, SessionId),
    Sessions(PersonId),
    End(PersonId, Which),
    SetLogin(Proof, Login),
    OfferReset(PersonId, String),
    Block(PersonId),
    Unblock(PersonId),
    /// The key that signs session tokens, made once, for deployments without a secret of their own.
    SigningKey,
}
