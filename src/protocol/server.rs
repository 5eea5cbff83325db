//! What the room says: the frames of the live protocol.

use super::code::{Code, Refusal};
use crate::domain::id::{ClientMessageId, Epoch, PersonId, Seq};
use crate::domain::membership::Erasure;
use crate::domain::person::{Named, PersonView};
use crate::domain::reaction::Reaction;
use crate::domain::rights::{Access, Role};
use crate::domain::text::Description;
use crate::domain::time::Millis;
use serde::{Deserialize, Deserializer, Serialize};
use std::cell::OnceCell;
use std::rc::Rc;

/// One frame from the room, sent as [`ServerFrame::text`]. Clients skip types and fields that they do not know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The first frame of a connection.
    Welcome(Box<Welcome>),
    /// A message, live or again after a resume.
    Message(Box<Message>),
    /// A message says something else from now on.
    Edited(Box<Edited>),
    /// A message is a tombstone from now on.
    Deleted(Box<Deleted>),
    /// Somebody has reacted to a message, or takes it back.
    Reacted(Box<Reacted>),
    /// An account was deleted, and with it what it said, or its name on it.
    Erased(Box<Erased>),
    /// The sender's Entry is durable.
    Ack(Ack),
    /// Another connection of the same person has read up to here.
    Read {
        /// The newest that was read.
        seq: Seq,
    },
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

impl ServerFrame {
    /// The frame as it is sent.
    pub fn text(&self) -> serde_json::Result<String> {
        let mut text = serde_json::to_string(self)?;
        if let Self::Welcome(welcome) = self {
            text.pop();
            text.extend([r#","people":"#, welcome.people.written(), "}"]);
        }
        Ok(text)
    }
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
    /// At most [`PEOPLE_SHOWN`] of those online. [`ServerFrame::text`] puts them in.
    #[serde(skip_serializing)]
    pub people: People,
    /// What was said, and what of it this person has read.
    #[serde(flatten)]
    pub reading: Reading,
}

/// How much was said in a room, and how much of it one person has read. Counted in messages: revisions are none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// How many messages the room has had.
    pub messages: i64,
    /// The newest that this member has read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub read: Option<Seq>,
    /// How many came after it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unread: Option<i64>,
}

/// People whom many are told of in the same words, written once for all of them: when a whole room comes back after a deploy,
/// to write fifty people for each of a thousand takes a tenth of all time (measured).
#[derive(Debug, Clone)]
pub struct People(Rc<(Vec<PersonView>, OnceCell<String>)>);

impl People {
    /// These.
    pub fn new(people: Vec<PersonView>) -> Self {
        Self(Rc::new((people, OnceCell::new())))
    }

    /// Who.
    pub fn all(&self) -> &[PersonView] {
        &self.0 .0
    }

    /// As JSON.
    fn written(&self) -> &str {
        self.0 .1.get_or_init(|| serde_json::to_string(self.all()).unwrap_or_else(|_| "[]".to_owned()))
    }
}

impl PartialEq for People {
    fn eq(&self, other: &Self) -> bool {
        self.all() == other.all()
    }
}

impl<'de> Deserialize<'de> for People {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::new)
    }
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
    /// What it says, as typed; nothing if it was deleted.
    pub text: String,
    /// What there is to know of it beside.
    #[serde(flatten)]
    pub about: About,
}

/// What there may be to know of a message beside its text, as it is now. The log keeps it in this form, but of a quote only
/// the Seq: what it shows is what the target is when the message is read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// The message it answers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reply: Option<Quote>,
    /// Whom its text names.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub mentions: Vec<Named>,
    /// When it was last changed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub edited: Option<Millis>,
    /// When it was deleted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub deleted: Option<Millis>,
    /// Who has reacted, and how; by first use.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub reactions: Vec<Reactions>,
}

impl About {
    /// What is kept of it: of a quote only where it leads.
    pub fn stored(&self) -> Self {
        Self { reply: self.reply.as_ref().map(|quote| Quote::to(quote.seq)), ..self.clone() }
    }
}

/// Characters of a message that a quote shows.
pub const QUOTE_LIMIT: usize = 160;

/// The message that another answers, as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    /// Which.
    pub seq: Seq,
    /// Who wrote it; nobody if the room no longer keeps it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub author: Option<PersonView>,
    /// How it begins, on one line: at most [`QUOTE_LIMIT`] characters.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<String>,
    /// Whether it was deleted.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub deleted: bool,
}

impl Quote {
    /// Of this message, whatever it is.
    pub fn to(seq: Seq) -> Self {
        Self { seq, author: None, text: None, deleted: false }
    }
}

/// Who reacted to a message in one way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reactions {
    /// How.
    pub reaction: Reaction,
    /// Who, by first come.
    pub people: Vec<Named>,
}

/// What all revisions of a message tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// Its own place, as an Entry.
    pub seq: Seq,
    /// When the room's log took it.
    pub at: Millis,
    /// The sender's own name for it.
    pub id: ClientMessageId,
    /// Who made it.
    pub by: PersonView,
    /// The message.
    pub target: Seq,
}

/// A message says something else from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edited {
    /// Which, who and when.
    #[serde(flatten)]
    pub revision: Revision,
    /// What it says; nothing if it was deleted since.
    pub text: String,
    /// Whom it names.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub mentions: Vec<Named>,
}

/// A message is a tombstone from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deleted {
    /// Which, who and when.
    #[serde(flatten)]
    pub revision: Revision,
}

/// Somebody has reacted to a message, or takes it back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reacted {
    /// Which, who and when.
    #[serde(flatten)]
    pub revision: Revision,
    /// How.
    pub reaction: Reaction,
    /// Whether it is there from now on.
    pub on: bool,
}

/// An account was deleted: what it said before this Entry is gone, or stays under no name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Erased {
    /// Its own place, as an Entry.
    pub seq: Seq,
    /// When the room's log took it.
    pub at: Millis,
    /// A name for it that no client gave.
    pub id: ClientMessageId,
    /// Whose.
    pub person: PersonId,
    /// What became of the messages.
    pub messages: Erasure,
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
