//! Who somebody is: a Person, and the Viewer that a request speaks for.

use super::address::ClientAddress;
use super::avatar::AvatarHash;
use super::id::{PersonId, SessionId};
use super::text::PersonName;
use super::time::{Millis, DAY};
use serde::{Deserialize, Serialize};

/// How long a session lasts without use.
pub const SESSION: Millis = 30 * DAY;

/// Whether somebody has an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Entered with a name only.
    Guest,
    /// Registered.
    Account,
    /// Only a name on old messages that were said elsewhere. Nobody can be logged in as one.
    Imported,
    /// Had an account that was deleted. Nobody can be logged in as one.
    Deleted,
}

/// Somebody, under the name they show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who they are, whatever they are called.
    pub id: PersonId,
    /// What they are called.
    pub name: PersonName,
    /// Guest or account, or a name only.
    pub kind: Kind,
}

impl Person {
    /// Whoever deleted their account, in place of them and under another id.
    pub fn deleted(id: PersonId) -> Self {
        Self { id, name: PersonName::shown("deleted"), kind: Kind::Deleted }
    }
}

/// Who a request is from, and from where. Only a checked session token makes one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The person.
    pub person: Person,
    /// The session that speaks for them.
    pub session: SessionId,
    /// When the session was last issued.
    pub issued: Millis,
    /// When it ends.
    pub expires: Millis,
    /// Whether they are an admin: registered with the deployer's token, and named in the settings at this very request.
    #[serde(default)]
    pub admin: bool,
    /// Where this very request comes from, if that is known. In no token.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address: Option<ClientAddress>,
}

/// A person as they are named in a message: mentioned, or under a reaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Who.
    pub id: PersonId,
    /// The name shown then.
    pub name: PersonName,
}

impl From<&Person> for Named {
    fn from(person: &Person) -> Self {
        Self { id: person.id.clone(), name: person.name.clone() }
    }
}

/// A person as clients see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// Who.
    pub id: PersonId,
    /// The name shown.
    pub name: PersonName,
    /// Guest or account.
    pub kind: Kind,
    /// A guest's tag, shown behind the name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tag: Option<String>,
    /// What the avatar is drawn from.
    pub avatar: AvatarHash,
}

impl From<&Person> for PersonView {
    fn from(person: &Person) -> Self {
        Self {
            tag: (person.kind == Kind::Guest).then(|| person.id.tag().to_owned()),
            avatar: AvatarHash::of(&person.name),
            id: person.id.clone(),
            name: person.name.clone(),
            kind: person.kind,
        }
    }
}
