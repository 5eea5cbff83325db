//! What a client says to make an Entry: a message, or a revision of one.

use super::code::{Code, Refusal};
use super::fields::Fields;
use crate::domain::id::{ClientMessageId, PersonId, Seq};
use crate::domain::reaction::Reaction;
use crate::domain::text::MessageText;
use serde::{Deserialize, Serialize};

/// How many people one message mentions at most.
pub const MENTIONS_MOST: usize = 20;

/// A message that somebody wants to post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Send {
    /// The sender's own name for it; the same again is the same message.
    pub id: ClientMessageId,
    /// What it says.
    pub text: MessageText,
    /// The message it answers.
    pub reply_to: Option<Seq>,
    /// Whom its text names. Those who are no members are left out.
    pub mentions: Vec<PersonId>,
}

/// A change that somebody wants of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revise {
    /// The sender's own name for it; the same again is the same Entry.
    pub id: ClientMessageId,
    /// The message.
    pub target: Seq,
    /// What is to become of it.
    pub change: Wanted,
}

/// What is to become of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wanted {
    /// It says this from now on, and names these people.
    Edit(MessageText, Vec<PersonId>),
    /// A tombstone.
    Delete,
    /// The sender's reaction is there, or is not.
    React(Reaction, bool),
}

/// What makes an Entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewEntry {
    /// A message.
    Send(Send),
    /// A revision of one.
    Revise(Revise),
}

impl NewEntry {
    /// The body of `POST /api/rooms/{room}/entries`: a frame that makes an Entry.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let mut fields = Fields::parse(body)?;
        let kind = fields.text("type")?;
        Self::take(&kind, fields).unwrap_or(Err(Code::UnknownType.into()))
    }

    /// Reads the rest of a frame of this type; nothing if the type makes no Entry. A refusal names the Entry, if it can.
    pub(super) fn take(kind: &str, mut fields: Fields) -> Option<Result<Self, Refusal>> {
        let read: fn(ClientMessageId, &mut Fields) -> Result<Self, Refusal> = match kind {
            "send" => |id, fields| Ok(Self::Send(Send::rest(id, fields)?)),
            "edit" => |id, fields| {
                revise(id, fields, |fields| Ok(Wanted::Edit(text(fields)?, fields.people("mentions", MENTIONS_MOST)?)))
            },
            "delete" => |id, fields| revise(id, fields, |_| Ok(Wanted::Delete)),
            "react" => |id, fields| {
                revise(id, fields, |fields| {
                    let reaction = Reaction::parse(&fields.text("reaction")?);
                    let reaction = reaction.ok_or_else(|| Refusal::from(Code::BadValue).of("reaction"))?;
                    Ok(Wanted::React(reaction, fields.flag("on")?))
                })
            },
            _ => return None,
        };
        Some(fields.message_id("id").and_then(|id| {
            let entry = read(id.clone(), &mut fields).and_then(|entry| fields.end().map(|()| entry));
            entry.map_err(|refusal| refusal.of_message(id))
        }))
    }
}

impl Send {
    /// A message that answers nothing and names nobody.
    pub fn plain(id: ClientMessageId, text: MessageText) -> Self {
        Self { id, text, reply_to: None, mentions: Vec::new() }
    }

    /// The body of `POST /api/rooms/{room}/messages`: `{"id","text","reply_to","mentions"}`, the latter two optional.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        match NewEntry::take("send", Fields::parse(body)?) {
            Some(Ok(NewEntry::Send(send))) => Ok(send),
            Some(Err(refusal)) => Err(refusal),
            _ => Err(Code::Internal.into()),
        }
    }

    fn rest(id: ClientMessageId, fields: &mut Fields) -> Result<Self, Refusal> {
        let text = text(fields)?;
        let reply_to = fields.optional_number("reply_to")?.map(Seq);
        Ok(Self { id, text, reply_to, mentions: fields.people("mentions", MENTIONS_MOST)? })
    }
}

fn revise(
    id: ClientMessageId,
    fields: &mut Fields,
    change: impl FnOnce(&mut Fields) -> Result<Wanted, Refusal>,
) -> Result<NewEntry, Refusal> {
    let target = fields.seq("seq")?;
    Ok(NewEntry::Revise(Revise { id, target, change: change(fields)? }))
}

fn text(fields: &mut Fields) -> Result<MessageText, Refusal> {
    MessageText::parse(&fields.text("text")?).map_err(|error| Refusal::from(error).of("text"))
}
