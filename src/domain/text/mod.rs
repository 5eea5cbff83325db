//! What people type, parsed once at the edge: names of persons and rooms, a
//! room's description, a message. A value of one of these types is the proof
//! that the rules hold; nothing behind the edge checks them again.
//!
//! The browser applies the same rules before it sends (`public/js/text.js`), and
//! `tests/golden/text.json` holds both to the same table. Characters are Unicode
//! code points after NFKC, in both.
//!
//! Where the two can differ: a browser's Unicode tables are those of its own
//! version, ours those of the crates. That matters only for characters that one
//! of them has not heard of yet, which are let through by the one and may be
//! normalised, folded or refused by the other. The server's answer is the one
//! that counts, and look-alikes are only the server's business.

mod characters;
mod lookalike;
mod mapping;
mod message;
mod name;
mod platform;
mod search;
#[cfg(test)]
mod tests;

pub use lookalike::{PersonKey, RoomKey};
pub use message::{shown, Description, MessageText, DESCRIPTION_LIMIT, MESSAGE_LIMIT};
pub use name::{PersonName, RoomName, NAME_LIMIT, ROOM_LIMIT};
pub(super) use platform::nfkc;
pub use search::{folded, Wanted, SEARCH_LIMIT};

/// Why a text was refused. A text that is wrong in several ways is told the
/// first of: far too long to look at, blank, forbidden characters, too long,
/// reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing in it can be seen.
    #[error("nothing in it can be seen")]
    Blank,
    /// More characters than fit.
    #[error("longer than {limit} characters")]
    TooLong {
        /// How many characters fit.
        limit: usize,
    },
    /// Fewer characters than are safe.
    #[error("shorter than {limit} characters")]
    TooShort {
        /// How many there must be.
        limit: usize,
    },
    /// Characters that hide, reorder or break a line.
    #[error("has characters that are not allowed here")]
    ForbiddenCharacters,
    /// A name that could be taken for the house's own, or for a guest's mark.
    #[error("a reserved name")]
    Reserved,
}

/// Refuses, before any work is done on it, what can't come under `limit`
/// characters: NFKC turns some characters into eighteen, and none of the texts
/// that fit needs more than ten bytes for a character.
fn within_bytes(raw: &str, bytes: usize, limit: usize) -> Result<(), TextError> {
    if raw.len() > bytes {
        return Err(TextError::TooLong { limit });
    }
    Ok(())
}

fn within_characters(text: &str, limit: usize) -> Result<(), TextError> {
    // Most of what is typed: NFKC leaves it as it is, and a byte is a character.
    if text.is_ascii() && text.len() <= limit {
        return Ok(());
    }
    if platform::nfkc(text).chars().nth(limit).is_some() {
        return Err(TextError::TooLong { limit });
    }
    Ok(())
}

/// A text that is made by its `parse` only. As JSON it is taken back unchecked: nothing but our own log, attachments,
/// signed tokens and internal calls is read that way (`protocol::fields` takes clients' JSON apart), parsing a name again
/// on each of them would cost more than the rest of a wake, and a rule that is tightened one day must not lock up a room
/// that has older names in it.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::domain::text::TextError;

            fn try_from(raw: String) -> Result<Self, Self::Error> {
                Self::parse(&raw)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
use text_type;
