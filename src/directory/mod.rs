//! The Directory: what is not a room's. The room index and each person's rooms, as projections that rooms write to.
//!
//! One trait, one conformance suite (`tests/native/directory.rs`). A busy or absent Directory stops entering by log-in,
//! room creation and the list; rooms go on without it.

pub mod embedded;

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
    /// A room of this name, or one that looks like it, exists or is being made.
    #[error("the name is taken")]
    Taken,
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

/// The questions that are asked of a Directory.
#[allow(async_fn_in_trait)] // Worker futures are never Send; there is one thread.
pub trait Directory {
    /// Keeps a name for its room, for [`RESERVATION`].
    async fn reserve(&self, wanted: &Reservation, now: Millis) -> Result<(), DirectoryError>;

    /// Takes what a room says of itself. Answers whom of the people in `changes` have ended their session since:
    /// a log-out may have passed the change on its way.
    async fn publish(&self, publication: &Publication, now: Millis) -> Result<Vec<Departed>, DirectoryError>;

    /// A page of the list of open rooms, after a place.
    async fn rooms(&self, after: Option<&ListPlace>) -> Result<ListPage, DirectoryError>;

    /// Notes that a session has ended. Answers the rooms that must hear of it.
    async fn depart(&self, departed: &Departed, now: Millis) -> Result<Vec<RoomKey>, DirectoryError>;
}
