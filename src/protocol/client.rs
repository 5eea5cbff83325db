//! What a client says: frames of the live protocol, and bodies of the HTTP API.

use super::code::{Code, Refusal};
use super::fields::Fields;
use crate::domain::id::{ClientMessageId, Seq};
use crate::domain::text::{Description, MessageText, PersonName, RoomName};

/// A message that somebody wants to post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Send {
    /// The sender's own name for it; the same again is the same message.
    pub id: ClientMessageId,
    /// What it says.
    pub text: MessageText,
}

/// One frame from a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientFrame {
    /// `{"type":"send","id","text"}`: post this.
    Send(Send),
    /// `{"type":"since","seq"}`: say again what came after this Seq.
    Since {
        /// The newest Seq without a hole before it.
        seq: Seq,
    },
    /// `{"type":"typing"}`: the sender is writing. Never stored.
    Typing,
}

impl ClientFrame {
    /// Reads one text frame. A refusal names the message, if the frame did.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut fields = Fields::parse(text)?;
        match fields.text("type")?.as_str() {
            "send" => Ok(Self::Send(Send::take(fields)?)),
            "since" => {
                let seq = fields.seq("seq")?;
                fields.end()?;
                Ok(Self::Since { seq })
            }
            "typing" => {
                fields.end()?;
                Ok(Self::Typing)
            }
            _ => Err(Code::UnknownType.into()),
        }
    }
}

impl Send {
    /// The body of `POST /api/rooms/{room}/messages`: `{"id","text"}`.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        Self::take(Fields::parse(body)?)
    }

    fn take(mut fields: Fields) -> Result<Self, Refusal> {
        let id = fields.message_id("id")?;
        let rest = |mut fields: Fields| {
            let text = fields.text("text")?;
            fields.end()?;
            MessageText::parse(&text).map_err(|error| Refusal::from(error).of("text"))
        };
        match rest(fields) {
            Ok(text) => Ok(Self { id, text }),
            Err(refusal) => Err(refusal.of_message(id)),
        }
    }
}

/// The body of `POST /api/guest`: `{"name"}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnterAsGuest {
    /// The name to be shown.
    pub name: PersonName,
}

impl EnterAsGuest {
    /// Reads the body.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let mut fields = Fields::parse(body)?;
        let name = fields.text("name")?;
        fields.end()?;
        let name = PersonName::parse(&name).map_err(|error| Refusal::from(error).of("name"))?;
        Ok(Self { name })
    }
}

/// The body of `POST /api/rooms`: `{"name","description"}`, the second optional.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateRoom {
    /// The name wanted.
    pub name: RoomName,
    /// What the room is about; may be empty.
    pub description: Description,
}

impl CreateRoom {
    /// Reads the body.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let mut fields = Fields::parse(body)?;
        let name = fields.text("name")?;
        let description = fields.optional_text("description")?.unwrap_or_default();
        fields.end()?;
        Ok(Self {
            name: RoomName::parse(&name).map_err(|error| Refusal::from(error).of("name"))?,
            description: Description::parse(&description).map_err(|error| Refusal::from(error).of("description"))?,
        })
    }
}
