//! One question to a Directory as a value: what the Worker asks the Directory's object, and what scripts in Redis are
//! handed. It is never reachable from outside.

use super::accounts::{Login, Proof, Registration, Session, Which};
use super::deletions::Errand;
use super::{Publication, Reservation};
use crate::domain::id::{PersonId, SessionId};
use crate::domain::listing::ListPlace;
use crate::domain::membership::Erasure;
use crate::domain::text::{PersonKey, PersonName, RoomKey};
use serde::{Deserialize, Serialize};

/// One question.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)] // each is the method of the same name
pub enum Call {
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
    ReleaseImported(PersonKey),
    Delete(PersonId, String, Erasure),
    Errands(usize),
    Done(Vec<Errand>),
}
