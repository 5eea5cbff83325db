//! The Directory: what is not a room's. Accounts and sessions; the room index and each person's rooms, as projections
//! that rooms write to.
//!
//! One trait in two halves, one conformance suite (`tests/native/directory.rs`). A busy or absent Directory stops
//! entering, room creation and the list; rooms go on without it.

pub mod accounts;
pub mod embedded;

pub use accounts::Accounts;

use crate::domain::id::PersonId;
use crate::domain::listing::{ListPlace, RoomRow};
use crate::domain::membership::{Change, Departed};
use crate::domain::text::RoomKey;
use crate::domain::time::{Millis, SECOND};
use serde::{Deserialize, Serialize};

/// How long a reserved name waits for its room. A creation that broke off halfway frees the name by itself.
pub const RESERVATION: Millis = 60 * SECOND;

/// Why the Directory did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum DirectoryError {
    /// The name, or one that looks like it, is somebody's or some room's.
    #[error("the name is taken")]
    Taken,
    /// What the question relied on holds no more: a session, a record, a token.
    #[error("ended")]
    Ended,
    /// An admin has blocked this person.
    #[error("blocked")]
    Blocked,
    /// There is no such person.
    #[error("unknown person")]
    Unknown,
    /// Out of reach, or broken. The text is for the log.
    #[error("the directory is unavailable: {0}")]
    Unavailable(String),
}

/// A name that somebody wants to make a room of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// What the room's object and uniqueness go by.
    pub key: RoomKey,
    /// What names that look alike have in common.
    pub skeleton: String,
    /// Who wants it. The same person may try again at once.
    pub by: PersonId,
}

/// What a room says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Publication {
    /// Which room.
    pub key: RoomKey,
    /// What names that look like its name have in common.
    pub skeleton: String,
    /// Its row in the list.
    pub row: RoomRow,
    /// Changes of its people, in order. Said again after a failure, so each must be fine twice.
    pub changes: Vec<Change>,
}

/// One page of the room list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListPage {
    /// By activity, newest first.
    pub rooms: Vec<RoomRow>,
    /// Where the next page begins.
    pub next: Option<ListPlace>,
}

/// The questions about rooms.
#[allow(async_fn_in_trait)] // Worker futures are never Send; there is one thread.
pub trait Directory: Accounts {
    /// Keeps a name for its room, for [`RESERVATION`].
    async fn reserve(&self, wanted: &Reservation, now: Millis) -> Result<(), DirectoryError>;

    /// Takes what a room says of itself. Answers whom of the people in `changes` have ended a session: a log-out may
    /// have passed the change on its way. What a closing room says is not taken.
    async fn publish(&self, publication: &Publication, now: Millis) -> Result<Vec<Departed>, DirectoryError>;

    /// A page of the list of open rooms, after a place.
    async fn rooms(&self, after: Option<&ListPlace>) -> Result<ListPage, DirectoryError>;

    /// The rooms that somebody is a member of, private ones too, by activity.
    async fn rooms_of(&self, person: &PersonId) -> Result<Vec<RoomRow>, DirectoryError>;

    /// A room is closing: it is in no list from now on, and keeps its name.
    async fn hide(&self, room: &RoomKey) -> Result<(), DirectoryError>;

    /// A room is closed: its name is free, and nobody has it among their rooms.
    async fn free(&self, room: &RoomKey) -> Result<(), DirectoryError>;
}
