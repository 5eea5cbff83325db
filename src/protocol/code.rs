//! Every code that a client can be refused with, its HTTP status, and the refusal that carries it.
//! The sentences belong to the page (`public/js/i18n/`).

use crate::domain::id::{BadId, ClientMessageId};
use crate::domain::text::TextError;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident $text:literal $status:literal,)*) => {
        /// Why something was refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $variant,)*
        }

        impl Code {
            /// All codes, in the order of the documentation.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// The code as clients see it.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $text),* }
            }

            /// The HTTP status it goes with.
            pub fn status(self) -> u16 {
                match self { $(Code::$variant => $status),* }
            }
        }
    };
}

codes! {
    /// The body or frame is not one JSON object.
    BadJson "bad_json" 400,
    /// A field has another type than it should.
    WrongType "wrong_type" 400,
    /// A field that must be there is not.
    MissingField "missing_field" 400,
    /// A field that nobody knows here.
    UnknownField "unknown_field" 400,
    /// A frame whose `type` nobody knows.
    UnknownType "unknown_type" 400,
    /// A binary frame, where only text is spoken.
    BinaryFrame "binary_frame" 400,
    /// A query parameter that is no number, or out of range.
    BadQuery "bad_query" 400,
    /// A cursor that this server did not make.
    BadCursor "bad_cursor" 400,
    /// A path that does not decode to text.
    BadPath "bad_path" 400,
    /// The body is not `application/json`.
    NotJson "not_json" 415,
    /// The body is larger than 64 KiB.
    BodyTooLarge "body_too_large" 413,
    /// Nothing visible is in it.
    Blank "blank" 422,
    /// More characters than `limit`, counted after NFKC.
    TooLong "too_long" 422,
    /// Control, bidi or invisible characters.
    ForbiddenCharacters "forbidden_characters" 422,
    /// A name that would pose as the house.
    ReservedName "reserved_name" 422,
    /// Fewer characters than `limit`.
    TooShort "too_short" 422,
    /// A value that its field does not take.
    BadValue "bad_value" 422,
    /// A plain password, where only derived keys are taken.
    KeyRequired "key_required" 422,
    /// A ClientMessageId that is not 1 to 64 of `A-Z a-z 0-9 _ -`.
    BadId "bad_id" 422,
    /// No session, or not a valid one.
    NotSignedIn "not_signed_in" 401,
    /// The session was valid once and has ended.
    SessionEnded "session_ended" 401,
    /// No account of this name has this password, code or token.
    WrongLogin "wrong_login" 401,
    /// An admin has blocked this person.
    Blocked "blocked" 403,
    /// This site takes no new accounts.
    RegistrationClosed "registration_closed" 403,
    /// This site takes no guests.
    GuestsOff "guests_off" 403,
    /// The viewer was removed from this room; an invite made since then lets them in again.
    Removed "removed" 403,
    /// Only members may do this.
    NotAMember "not_a_member" 403,
    /// This role may not do this.
    Forbidden "forbidden" 403,
    /// The request comes from a page of another site.
    ForeignOrigin "foreign_origin" 403,
    /// There is no such room, or none that this viewer may know of.
    UnknownRoom "unknown_room" 404,
    /// The invite does not exist, has expired or was revoked.
    UnknownInvite "unknown_invite" 404,
    /// There is no such person.
    UnknownPerson "unknown_person" 404,
    /// There is no such message in the room, or it is kept no more.
    UnknownMessage "unknown_message" 404,
    /// There is no such address.
    NotFound "not_found" 404,
    /// The address exists, but not for this method.
    MethodNotAllowed "method_not_allowed" 405,
    /// The name, or one that looks like it, is a room's or an account's already.
    NameTaken "name_taken" 409,
    /// The ClientMessageId was used for another text.
    IdReused "id_reused" 409,
    /// So many have reacted to this message that it takes no more.
    ReactionsFull "reactions_full" 409,
    /// The message was deleted.
    MessageDeleted "message_deleted" 410,
    /// Too often. In `retry_after` seconds the same request will do.
    SlowDown "slow_down" 429,
    /// The address speaks WebSocket only.
    UpgradeRequired "upgrade_required" 426,
    /// Not now; the same request may work in a moment.
    Busy "busy" 503,
    /// The room's history is in Redis and can't be asked for just now; the same request may work in a moment.
    Starting "starting" 503,
    /// This site's data is on its way to Redis; new accounts and rooms can be made in a moment.
    Moving "moving" 503,
    /// This site's data is in Redis, and this deployment has none set.
    RedisMissing "redis_missing" 503,
    /// This site has nearly used up what its operator gives it for a day: no new guests, accounts and rooms until then.
    BudgetSpent "budget_spent" 503,
    /// The Redis database holds no more.
    StorageFull "storage_full" 507,
    /// Our fault. The log knows more.
    Internal "internal" 500,
}

/// A refusal as clients see it: a code and what the sentence needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub code: Code,
    /// Which field of the request.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub field: Option<Cow<'static, str>>,
    /// The limit that was passed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub limit: Option<usize>,
    /// The message that was refused, in frames.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<ClientMessageId>,
    /// After how many seconds the same will do.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retry_after: Option<u32>,
}

impl Refusal {
    /// The same refusal, said of one field.
    pub fn of(self, field: impl Into<Cow<'static, str>>) -> Self {
        Self { field: Some(field.into()), ..self }
    }

    /// The same refusal, said of one message.
    pub fn of_message(self, id: ClientMessageId) -> Self {
        Self { id: Some(id), ..self }
    }
}

impl From<Code> for Refusal {
    // Once, instead of at each of the many places that refuse: 1 KB of WASM.
    #[inline(never)]
    fn from(code: Code) -> Self {
        Self { code, field: None, limit: None, id: None, retry_after: None }
    }
}

impl From<TextError> for Refusal {
    fn from(error: TextError) -> Self {
        let code = match error {
            TextError::Blank => Code::Blank,
            TextError::TooLong { .. } => Code::TooLong,
            TextError::TooShort { .. } => Code::TooShort,
            TextError::ForbiddenCharacters => Code::ForbiddenCharacters,
            TextError::Reserved => Code::ReservedName,
        };
        let limit = match error {
            TextError::TooLong { limit } | TextError::TooShort { limit } => Some(limit),
            _ => None,
        };
        Self { limit, ..Self::from(code) }
    }
}

impl From<BadId> for Refusal {
    fn from(_: BadId) -> Self {
        Code::BadId.into()
    }
}
