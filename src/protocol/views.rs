//! What the HTTP API answers.

use super::server::{Gap, Reading, ServerFrame};
use super::{BODY_LIMIT, VERSION};
use crate::domain::id::{Epoch, InviteId, InviteToken, Seq};
use crate::domain::listing::RoomRow;
use crate::domain::person::{PersonView, Viewer};
use crate::domain::rights::{Access, Role};
use crate::domain::text::{Description, RoomName, DESCRIPTION_LIMIT, MESSAGE_LIMIT, NAME_LIMIT, ROOM_LIMIT};
use crate::domain::time::Millis;
use serde::{Deserialize, Serialize};

/// Who the request is from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewerView {
    /// The person.
    #[serde(flatten)]
    pub person: PersonView,
    /// When the session ends without use.
    pub expires: Millis,
}

impl From<&Viewer> for ViewerView {
    fn from(viewer: &Viewer) -> Self {
        Self { person: PersonView::from(&viewer.person), expires: viewer.expires }
    }
}

/// How a deployment is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HealthView {
    /// Of the Worker.
    pub version: String,
    /// `ok`, or `degraded`: rooms go on, but Redis can't be reached or the Archive falls behind.
    pub status: String,
    /// Where accounts and the index are: `redis` or `embedded`.
    pub backend: String,
    /// Whether Redis answers; nothing without Redis.
    pub redis_reachable: Option<bool>,
    /// Whether the embedded Directory is still on its way to Redis.
    pub moving: bool,
    /// Seconds for which the room that waits longest could not archive; nothing without Redis, or if it can't be told.
    pub archive_lag: Option<i64>,
}

/// A room as somebody in it sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoomView {
    /// Its name.
    pub name: RoomName,
    /// What it is about.
    pub description: Description,
    /// Who finds and reads it.
    pub access: Access,
    /// Who made it.
    pub owner: PersonView,
    /// When.
    pub created: Millis,
    /// The history that Seq counts in.
    pub epoch: Epoch,
    /// The newest Seq.
    pub seq: Seq,
    /// When something was last said, or the room was made.
    pub activity: Millis,
    /// How many members there are.
    pub members: i64,
    /// How many of them are online.
    pub online: usize,
    /// Some of those online.
    pub people: Vec<PersonView>,
    /// What the viewer is here.
    pub role: Role,
    /// What was said, and what of it the viewer has read.
    #[serde(flatten)]
    pub reading: Reading,
}

/// One page of the room list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoomPage {
    /// By last activity, newest first.
    pub rooms: Vec<RoomRow>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// A member of a room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberView {
    /// The person.
    #[serde(flatten)]
    pub person: PersonView,
    /// What they are in the room.
    pub role: Role,
    /// When they joined.
    pub joined: Millis,
    /// Whether they have a connection now.
    pub online: bool,
}

/// One page of members, longest standing first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberPage {
    /// The members.
    pub members: Vec<MemberView>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// A page of what was searched for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchPage {
    /// The history that Seq counts in.
    pub epoch: Epoch,
    /// Message frames, newest first.
    pub messages: Vec<ServerFrame>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// A page of history, or the answer to `since`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessagePage {
    /// The history that Seq counts in.
    pub epoch: Epoch,
    /// The room's newest Seq.
    pub seq: Seq,
    /// What is left out, in answers to `since`.
    pub gap: Option<Gap>,
    /// Message frames by rising Seq.
    pub messages: Vec<ServerFrame>,
    /// Whether there are older ones.
    pub more: bool,
}

/// What a page must know before anybody enters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// What the site calls itself.
    pub site_name: String,
    /// What it says to those who have not entered.
    pub site_welcome: Option<String>,
    /// Where else it leads them.
    pub site_links: Vec<Link>,
    /// Whether one may enter without an account.
    pub guests: bool,
    /// Whether one may make an account.
    pub registration: bool,
    /// Who may make rooms: `everyone`, `accounts` or `admins`.
    pub room_creation: String,
    /// The languages of its pages.
    pub languages: Vec<String>,
    /// What fits where.
    pub limits: Limits,
    /// The version of the live protocol.
    pub protocol: u32,
}

/// Limits: characters after NFKC, and bytes of a body or frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// A person's name.
    pub name: usize,
    /// A room's name.
    pub room: usize,
    /// A room's description.
    pub description: usize,
    /// A message.
    pub message: usize,
    /// A body or frame, in bytes.
    pub body: usize,
}

/// A link of the deployer's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

impl Default for Config {
    fn default() -> Self {
        let limits = Limits {
            name: NAME_LIMIT,
            room: ROOM_LIMIT,
            description: DESCRIPTION_LIMIT,
            message: MESSAGE_LIMIT,
            body: BODY_LIMIT,
        };
        Self {
            site_name: String::new(),
            site_welcome: None,
            site_links: Vec::new(),
            guests: true,
            registration: true,
            room_creation: String::new(),
            languages: vec!["en".to_owned(), "zh-CN".to_owned()],
            limits,
            protocol: VERSION,
        }
    }
}

/// An invite as those who manage the room see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InviteView {
    /// What it is revoked by.
    pub id: InviteId,
    /// Who made it.
    pub inviter: PersonView,
    /// When.
    pub created: Millis,
    /// When it ends.
    pub expires: Millis,
}

/// A new invite, with the token that is shown only now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewInvite {
    /// What the link carries.
    pub token: InviteToken,
    /// The invite.
    #[serde(flatten)]
    pub invite: InviteView,
}

/// All invites of a room that have not ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InvitePage {
    /// Oldest first.
    pub invites: Vec<InviteView>,
}

/// What an invite leads to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InvitedTo {
    /// The room, as far as it is told before joining.
    pub room: RoomTitle,
    /// Who invites.
    pub inviter: PersonView,
    /// Until when.
    pub expires: Millis,
}

/// A room by name and description.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoomTitle {
    /// Its name.
    pub name: RoomName,
    /// What it is about.
    pub description: Description,
}
