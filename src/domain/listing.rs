//! The room list: what a room reports of itself, and the place where a page ends.

use super::person::PersonView;
use super::rights::Access;
use super::text::{Description, RoomName};
use super::time::Millis;
use serde::{Deserialize, Serialize};

/// How many rooms a page of the list holds.
pub const LIST_PAGE: usize = 50;

/// A room in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoomRow {
    /// Its name.
    pub name: RoomName,
    /// What it is about.
    pub description: Description,
    /// Private ones are listed to nobody but their members.
    #[serde(default)] // rows of a Directory that knew open rooms only
    pub access: Access,
    /// When it was made.
    pub created: Millis,
    /// When something was last said, as last reported.
    pub activity: Millis,
    /// How many members there were at the last report.
    pub members: i64,
    /// How many of them were online.
    pub online: usize,
    /// A few of those online.
    pub people: Vec<PersonView>,
}

/// Who is online in a room, as last told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LiveRow {
    /// When something was last said.
    pub activity: Millis,
    /// How many members are online.
    pub online: usize,
    /// A few of them.
    pub people: Vec<PersonView>,
}

/// A place in the list, which is ordered by activity and then by room, both falling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPlace {
    /// The activity of the last room before it.
    pub activity: Millis,
    /// That room, as the Directory that made the place calls it.
    pub room: String,
}
