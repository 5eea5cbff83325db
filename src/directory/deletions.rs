//! The third part of the Directory: accounts that are deleted, and the rooms that have yet to hear of it.

use super::DirectoryError;
use crate::domain::id::PersonId;
use crate::domain::membership::{Erased, Erasure};
use crate::domain::text::RoomName;
use crate::domain::time::{Millis, DAY, SECOND};
use serde::{Deserialize, Serialize};

/// How long it is kept which rooms a guest has left. An account's are kept as long as the account.
pub const GUEST_LEFT: Millis = 365 * DAY;

/// The first wait until an errand is given out again; each further one is twice as long, up to the longest. Longer than
/// a room may take to answer.
pub const RETRY_FIRST: Millis = 15 * SECOND;
/// The longest wait.
pub const RETRY_LONGEST: Millis = 600 * SECOND;

/// A room that has yet to hear of a deleted account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    /// Which room.
    pub room: RoomName,
    /// What it has to hear.
    pub erased: Erased,
}

/// What is to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errands {
    /// Now. Given out again after a while, unless [`Deletions::done`] is said of it.
    pub due: Vec<Errand>,
    /// When to ask again, if anything is left then.
    pub next: Option<Millis>,
}

/// The questions about deletions. What is asked again after a failure is fine twice.
#[allow(async_fn_in_trait)] // Worker futures are never Send; there is one thread.
pub trait Deletions {
    /// Deletes an account that still has this record: its sessions have ended, its name is free, and every room that its
    /// person is in, or was in, becomes an [`Errand`]. `Ended` if the record is another, `Blocked` if an admin has
    /// blocked them: they would come back under the same name.
    async fn delete(
        &self,
        person: &PersonId,
        record: &str,
        messages: Erasure,
        now: Millis,
    ) -> Result<(), DirectoryError>;

    /// Gives out what is due, at most so many.
    async fn errands(&self, most: usize, now: Millis) -> Result<Errands, DirectoryError>;

    /// These rooms have heard.
    async fn done(&self, errands: &[Errand]) -> Result<(), DirectoryError>;
}
