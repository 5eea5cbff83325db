//! What the Worker asks a room's object. The object believes it: nothing a client sent reaches the object but as a
//! value in here, so no header, path or body of a client's can pose as the Worker.

use super::core::Since;
use crate::domain::id::{InviteId, InviteToken, PersonId, Seq};
use crate::domain::membership::{Departed, Erased, Promoted};
use crate::domain::person::Viewer;
use crate::domain::rights::Access;
use crate::domain::text::{Description, RoomName, Wanted};
use crate::json;
use crate::limits::rates::SEARCH_WEIGHS;
use crate::protocol::entry::{Revise, Send};
use base64::prelude::{Engine, BASE64_STANDARD};
use serde::{Deserialize, Serialize};

/// The header that carries the call of a WebSocket request, which can't have a body.
pub const HEADER: &str = "x-hihi-call";

/// One call.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum RoomCall {
    /// Make the room. Answers 201 and the room, or `name_taken`.
    Create(Viewer, RoomName, Description, Access),
    /// The room as the viewer sees it.
    View(Viewer),
    /// A page of members after a cursor.
    Members(Viewer, Option<String>),
    /// Become a member.
    Join(Viewer, Option<InviteToken>),
    /// Stop being one.
    Leave(Viewer),
    /// A page of history before a place.
    Before(Viewer, Option<Seq>, i64),
    /// What came after a place.
    Since(Viewer, Since, usize),
    /// Post a message without a connection.
    Post(Viewer, Send),
    /// Revise a message without a connection.
    Revise(Viewer, Revise),
    /// The viewer has read up to here.
    Read(Viewer, Seq),
    /// A page of messages that have these words, after a cursor.
    Search(Viewer, Wanted, Option<String>, usize),
    /// Open a WebSocket, for whoever takes batches or doesn't.
    Connect(Viewer, Option<Since>, bool),
    /// Change what the room is.
    Edit(Viewer, Option<Description>, Option<Access>, Option<PersonId>),
    /// Remove somebody.
    Remove(Viewer, PersonId),
    /// Close the room for good.
    Close(Viewer),
    /// Make an invite that lasts this many hours.
    Invite(Viewer, i64),
    /// The invites that have not ended.
    Invites(Viewer),
    /// End an invite.
    RevokeInvite(Viewer, InviteId),
    /// What an invite leads to.
    InvitedTo(InviteToken),
    /// Sessions have ended.
    Depart(Departed),
    /// A guest has become an account.
    Promote(Promoted),
    /// An account was deleted.
    Erase(Erased),
    /// There is an Archive now: tell it everything.
    Archive,
    /// What the tests look at and break.
    #[cfg(feature = "test-hooks")]
    Hook(String),
}

impl RoomCall {
    /// Who asks for themselves, and how much of what they may ask that takes.
    pub fn asker(&self) -> Option<(&Viewer, u32)> {
        match self {
            Self::Search(viewer, ..) => Some((viewer, SEARCH_WEIGHS)),
            Self::View(viewer)
            | Self::Members(viewer, _)
            | Self::Join(viewer, _)
            | Self::Leave(viewer)
            | Self::Before(viewer, ..)
            | Self::Since(viewer, ..)
            | Self::Post(viewer, _)
            | Self::Revise(viewer, _)
            | Self::Read(viewer, _)
            | Self::Connect(viewer, ..)
            | Self::Edit(viewer, ..)
            | Self::Remove(viewer, _)
            | Self::Close(viewer)
            | Self::Invite(viewer, _)
            | Self::Invites(viewer)
            | Self::RevokeInvite(viewer, _) => Some((viewer, 1)),
            Self::Create(..)
            | Self::InvitedTo(_)
            | Self::Depart(_)
            | Self::Promote(_)
            | Self::Erase(_)
            | Self::Archive => None,
            #[cfg(feature = "test-hooks")]
            Self::Hook(_) => None,
        }
    }

    /// Whether somebody comes with it.
    pub fn is_arrival(&self) -> bool {
        matches!(self, Self::Connect(..) | Self::Join(..))
    }
}

/// A call, and the name that the room was asked for by, as it was typed: old data is found by it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Asked(pub Option<RoomName>, pub RoomCall);

impl Asked {
    /// The call as the value of [`HEADER`]. Header values are bytes, names are not: hence base64.
    pub fn to_header(&self) -> String {
        BASE64_STANDARD.encode(serde_json::to_string(self).unwrap_or_default())
    }

    /// Reads the value of [`HEADER`].
    pub fn from_header(value: &str) -> Option<Self> {
        json::read(&String::from_utf8(BASE64_STANDARD.decode(value).ok()?).ok()?).ok()
    }
}
