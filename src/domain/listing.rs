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
    /// How many messages there were by then; of all that the room has had.
    #[serde(default)] // rows of a Directory that did not count them
    pub messages: i64,
    /// How many members there were at the last report.
    pub members: i64,
    /// How many of them were online.
    pub online: usize,
    /// A few of those online.
    pub people: Vec<PersonView>,
    /// How many of the messages the asking person has read; of their own rooms only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub read: Option<i64>,
    /// The number of each unread message that mentions the asking person; of their own rooms only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mentions: Option<Vec<i64>>,
}

/// How much of a room one person has read, counted in messages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// How many messages they have read.
    pub read: i64,
    /// The number of each unread message that mentions them.
    pub mentions: Vec<i64>,
}

/// How many unread mentions of one person in one room are told apart.
pub const MENTIONS_KEPT: usize = 100;

impl Mark {
    /// They have read so many. The room says so, which knows: it may be fewer than before, of a new room of the same name.
    pub fn read(&mut self, messages: i64) {
        self.read = messages;
        self.mentions.retain(|message| *message > messages);
    }

    /// They are mentioned in the message of this number.
    pub fn mentioned(&mut self, message: i64) {
        if message > self.read && self.mentions.len() < MENTIONS_KEPT && !self.mentions.contains(&message) {
            self.mentions.push(message);
        }
    }
}

/// Who is online in a room, as last told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LiveRow {
    /// When something was last said.
    pub activity: Millis,
    /// How many messages there are.
    #[serde(default)] // rows from before they were counted
    pub messages: i64,
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
