//! What the Worker asks a room's object. The object believes it: nothing a client sent reaches the object but as a
//! value in here, so no header, path or body of a client's can pose as the Worker.

use super::core::Since;
use crate::domain::id::{ClientMessageId, InviteId, InviteToken, PersonId, Seq};
use crate::domain::membership::{Departed, Promoted};
use crate::domain::person::Viewer;
use crate::domain::rights::Access;
use crate::domain::text::{Description, MessageText, RoomName};
use crate::protocol::client::Send;
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
    Post(Viewer, ClientMessageId, MessageText),
    /// Open a WebSocket.
    Connect(Viewer, Option<Since>),
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
    /// There is an Archive now: tell it everything.
    Archive,
    /// What the tests look at and break.
    #[cfg(feature = "test-hooks")]
    Hook(String),
}

impl RoomCall {
    /// A message to post.
    pub fn post(viewer: Viewer, send: Send) -> Self {
        Self::Post(viewer, send.id, send.text)
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
        serde_json::from_str(&String::from_utf8(BASE64_STANDARD.decode(value).ok()?).ok()?).ok()
    }
}
