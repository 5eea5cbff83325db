//! What a client says: frames of the live protocol, and bodies of the HTTP API.

use super::code::{Code, Refusal};
use super::entry::NewEntry;
use super::fields::Fields;
use crate::domain::id::{ClientMessageId, InviteToken, PersonId, Seq};
use crate::domain::rights::Access;
use crate::domain::text::{Description, PersonName, RoomName};

/// One frame from a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientFrame {
    /// Make an Entry: `send`, `edit`, `delete` or `react`.
    Entry(NewEntry),
    /// `{"type":"read","seq"}`: the sender has read everything up to here.
    Read {
        /// The newest that was read.
        seq: Seq,
    },
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
        let kind = fields.text("type")?;
        match kind.as_str() {
            "read" => Ok(Self::Read { seq: only_seq(fields)? }),
            "since" => Ok(Self::Since { seq: only_seq(fields)? }),
            "typing" => {
                fields.end()?;
                Ok(Self::Typing)
            }
            kind => match NewEntry::take(kind, fields) {
                Some(entry) => Ok(Self::Entry(entry?)),
                None => Err(Code::UnknownType.into()),
            },
        }
    }
}

impl ClientFrame {
    /// The id of the Entry that it makes.
    pub fn into_id(self) -> Option<ClientMessageId> {
        match self {
            Self::Entry(NewEntry::Send(send)) => Some(send.id),
            Self::Entry(NewEntry::Revise(revise)) => Some(revise.id),
            _ => None,
        }
    }
}

/// The body of `PUT /api/rooms/{room}/read`: `{"seq"}`.
pub fn parse_read(body: &str) -> Result<Seq, Refusal> {
    only_seq(Fields::parse(body)?)
}

fn only_seq(mut fields: Fields) -> Result<Seq, Refusal> {
    let seq = fields.seq("seq")?;
    fields.end()?;
    Ok(seq)
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
