//! What a client says: frames of the live protocol, and bodies of the HTTP API.

use super::code::{Code, Refusal};
use super::fields::Fields;
use crate::domain::id::{ClientMessageId, InviteToken, PersonId, Seq};
use crate::domain::rights::Access;
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

/// The body of `POST /api/rooms`: `{"name","description","access"}`, all but the first optional.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateRoom {
    /// The name wanted.
    pub name: RoomName,
    /// What the room is about; may be empty.
    pub description: Description,
    /// Who finds and reads it.
    pub access: Access,
}

impl CreateRoom {
    /// Reads the body.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let mut fields = Fields::parse(body)?;
        let name = fields.text("name")?;
        let description = fields.optional_text("description")?.unwrap_or_default();
        let access = take_access(&mut fields)?.unwrap_or_default();
        fields.end()?;
        let name = RoomName::parse(&name).map_err(|error| Refusal::from(error).of("name"))?;
        Ok(Self { name, description: parse_description(&description)?, access })
    }
}

/// The body of `PATCH /api/rooms/{room}`: `{"description","access","owner"}`, each optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EditRoom {
    /// What the room is about from now on.
    pub description: Option<Description>,
    /// Who finds and reads it from now on.
    pub access: Option<Access>,
    /// The member to hand it over to.
    pub owner: Option<PersonId>,
}

impl EditRoom {
    /// Reads the body.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let mut fields = Fields::parse(body)?;
        let description = fields.optional_text("description")?;
        let access = take_access(&mut fields)?;
        let owner = fields.optional_text("owner")?;
        fields.end()?;
        let owner = owner.map(PersonId::try_from).transpose().map_err(|_| Code::UnknownPerson)?;
        Ok(Self { description: description.as_deref().map(parse_description).transpose()?, access, owner })
    }
}

/// The body of `POST /api/rooms/{room}/invites`: `{"hours"}`, optional.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MakeInvite {
    /// How long it lasts: 1 to 720, a week if not said.
    pub hours: i64,
}

impl MakeInvite {
    /// Reads the body.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let mut fields = Fields::parse(body)?;
        let hours = fields.optional_number("hours")?.unwrap_or(168);
        fields.end()?;
        match hours {
            1..=720 => Ok(Self { hours }),
            _ => Err(Refusal::from(Code::BadValue).of("hours")),
        }
    }
}

/// The body of `PUT /api/rooms/{room}/membership`: `{"invite"}`, optional.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// The token of an invite.
    pub invite: Option<InviteToken>,
}

impl Join {
    /// Reads the body.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let mut fields = Fields::parse(body)?;
        let invite = fields.optional_text("invite")?;
        fields.end()?;
        Ok(Self { invite: invite.map(InviteToken::try_from).transpose().map_err(|_| Code::UnknownInvite)? })
    }
}

fn parse_description(text: &str) -> Result<Description, Refusal> {
    Description::parse(text).map_err(|error| Refusal::from(error).of("description"))
}

fn take_access(fields: &mut Fields) -> Result<Option<Access>, Refusal> {
    match fields.optional_text("access")?.as_deref() {
        None => Ok(None),
        Some("open") => Ok(Some(Access::Open)),
        Some("private") => Ok(Some(Access::Private)),
        Some(_) => Err(Refusal::from(Code::BadValue).of("access")),
    }
}
