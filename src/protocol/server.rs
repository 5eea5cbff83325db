//! What the room says: the frames of the live protocol.

use super::code::{Code, Refusal};
use crate::domain::id::{ClientMessageId, Epoch, PersonId, Seq};
use crate::domain::person::PersonView;
use crate::domain::rights::{Access, Role};
use crate::domain::text::Description;
use crate::domain::time::Millis;
use serde::{Deserialize, Serialize};

/// One frame from the room. Clients skip types and fields that they do not know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The first frame of a connection.
    Welcome(Box<Welcome>),
    /// A message, live or again after a resume.
    Message(Box<Message>),
    /// The sender's message is durable.
    Ack(Ack),
    /// Who came and went since the last one, merged.
    Presence(Box<Presence>),
    /// Entries that will not be said again.
    Gap(Gap),
    /// What the room is has changed.
    Room(Box<RoomChange>),
    /// Somebody is writing.
    Typing {
        /// Who.
        person: PersonView,
    },
    /// Something that the room's owner and admins should know.
    Notice(Notice),
    /// A frame was refused; the connection stays.
    Error(Refusal),
}

/// Who you are here, and how the room stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Welcome {
    /// [`super::VERSION`].
    pub protocol: u32,
    /// The person that this connection speaks for.
    pub you: PersonView,
    /// What they may do.
    pub role: Role,
    /// The history that Seq counts in.
    pub epoch: Epoch,
    /// The newest Seq.
    pub seq: Seq,
    /// How many members there are.
    pub members: i64,
    /// How many of them are online.
    pub online: usize,
    /// At most [`PEOPLE_SHOWN`] of those online.
    pub people: Vec<PersonView>,
}

/// How many people one frame or answer names.
pub const PEOPLE_SHOWN: usize = 50;

/// A message as everybody sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its place, and its identity in the room.
    pub seq: Seq,
    /// When the room's log took it. Strictly increasing.
    pub at: Millis,
    /// The author's own name for it.
    pub id: ClientMessageId,
    /// Who wrote it, under the name shown then.
    pub author: PersonView,
    /// What it says, as typed.
    pub text: String,
}

/// The log has the message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// The sender's name for it.
    pub id: ClientMessageId,
    /// The place it got.
    pub seq: Seq,
    /// When.
    pub at: Millis,
}

/// Changes of who is here. Lists hold at most [`PEOPLE_SHOWN`]; the counts are exact.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Presence {
    /// How many members are online now.
    pub online: usize,
    /// How many members there are now.
    pub members: i64,
    /// Came online.
    pub came: Vec<PersonView>,
    /// Went offline.
    pub went: Vec<PersonId>,
    /// Became a member.
    pub joined: Vec<PersonView>,
    /// Is no member any more.
    pub left: Vec<PersonId>,
}

/// What the room is from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoomChange {
    /// What it is about.
    pub description: Description,
    /// Who finds and reads it.
    pub access: Access,
    /// Whose it is.
    pub owner: PersonView,
}

/// What those who can do something about it are told, once a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What is the matter: `storage_full`, the Archive takes no more. The room goes on.
    pub code: Code,
}

/// A piece of history that is not said again: from `from` up to and with `to`. Empty when `to < from`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The history that counts from here on.
    pub epoch: Epoch,
    /// The first Seq left out.
    pub from: Seq,
    /// The last Seq left out.
    pub to: Seq,
    /// Why.
    pub reason: GapReason,
}

/// Why Entries are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapReason {
    /// More than one resume carries; the pages of the history have them.
    TooMany,
    /// Another history: what the client holds is not of this one.
    Epoch,
    /// Older than the room keeps.
    Trimmed,
}
