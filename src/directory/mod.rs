//! The Directory: what is not a room's. Accounts and sessions; the room index and each person's rooms, as projections
//! that rooms write to.
//!
//! One trait in three parts, two implementations (`embedded`, `redis`), one conformance suite
//! (`tests/native/directory.rs`). A busy or absent Directory stops entering, room creation and the list; rooms go on
//! without it.

pub mod accounts;
pub mod call;
pub mod client;
pub mod deletions;
pub mod embedded;
pub mod home;
pub mod redis;

pub use accounts::Accounts;
pub use deletions::Deletions;

use crate::domain::id::PersonId;
use crate::domain::listing::{ListPlace, RoomRow};
use crate::domain::membership::{Change, Departed};
use crate::domain::person::Person;
use crate::domain::text::{RoomKey, RoomName};
use crate::domain::time::{Millis, SECOND};
use crate::limits::budget::Spent;
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
    /// The Directory is on its way to Redis, and takes no new names meanwhile.
    #[error("the directory is moving to Redis")]
    Moving,
    /// The Directory has moved to Redis, and this deployment has no Redis set (any more).
    #[error("this site's data is in Redis: set UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN")]
    Elsewhere,
    /// Another object writes for this room, or another site for this Redis.
    #[error("superseded")]
    Superseded,
    /// The Redis database holds no more.
    #[error("the Redis database is full")]
    Full,
    /// Out of reach, or broken. The text is for the log.
    #[error("the directory is unavailable: {0}")]
    Unavailable(String),
}

impl DirectoryError {
    /// [`Self::Unavailable`], for this reason.
    pub fn unavailable(reason: impl ToString) -> Self {
        Self::Unavailable(reason.to_string())
    }
}

/// A name that somebody wants to make a room of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// The name as it was typed.
    pub name: RoomName,
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
    /// What goes to the Archive in the same step.
    pub batch: Option<Batch>,
    /// What the room has spent since it last said so, where there is a budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spent: Option<Spent>,
}

/// A piece of a room's log for its Archive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Which history this is; only the one that the Archive has may write.
    pub epoch: String,
    /// Of two batches the one with the lower version is out of date, and refused when it comes later.
    pub version: i64,
    /// Whose room it is.
    pub owner: Person,
    /// Messages in order and without a hole: score in seconds, and member. They replace what is in their range.
    pub entries: Vec<(String, String)>,
    /// Single messages that are not as they were: score and member, or nothing if it is gone.
    pub revised: Vec<(String, String)>,
    /// The score of the oldest message that is kept, when older ones have gone.
    pub oldest: Option<String>,
    /// The score up to which history came from elsewhere, and stays.
    pub kept_until: Option<String>,
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
pub trait Directory: Accounts + Deletions {
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
