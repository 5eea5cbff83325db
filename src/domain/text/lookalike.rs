//! When two names are the same name (keys), when they only look the same
//! (skeletons), and which names nobody may take for that reason.

use std::fmt;
use std::sync::LazyLock;

use super::characters::is_default_ignorable;
use super::mapping::Mapping;
use super::platform::{nfd, nfkc};
use serde::{Deserialize, Serialize};

/// The house's own voices, in both languages of the page.
const RESERVED: [&str; 13] = [
    "admin",
    "administrator",
    "system",
    "moderator",
    "mod",
    "owner",
    "hihi",
    "hihichat",
    "hihi chat",
    "管理员",
    "管理員",
    "系统",
    "客服",
];

/// Full case folding.
static FOLDED: LazyLock<Mapping> =
    LazyLock::new(|| Mapping::unpack(include_bytes!(concat!(env!("OUT_DIR"), "/folded.bin"))));

/// Unicode's confusables (UTS 39), of characters in NFKC.
static LOOKALIKES: LazyLock<Mapping> =
    LazyLock::new(|| Mapping::unpack(include_bytes!(concat!(env!("OUT_DIR"), "/lookalikes.bin"))));

/// What may stand before the mark in `Ann · guest k3f9`, and what looks like it.
/// The middle dot itself is part of names: 约翰·史密斯, ジョン・スミス.
const MARK_DOTS: [char; 12] = ['·', '•', '‧', '∙', '⋅', '・', '◦', '●', '᛫', '⸱', '⸳', 'ꞏ'];
const GUEST_MARKS: [&str; 3] = ["guest", "访客", "訪客"];

macro_rules! key_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub(super) fn of(name: &str) -> Self {
                Self(fold(name))
            }

            /// The key itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        /// Takes back a key that was stored or is an object's name.
        impl TryFrom<String> for $name {
            type Error = NotAKey;

            fn try_from(key: String) -> Result<Self, NotAKey> {
                if key.is_empty() || fold(&key) != key {
                    return Err(NotAKey);
                }
                Ok(Self(key))
            }
        }

        impl From<$name> for String {
            fn from(key: $name) -> String {
                key.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

key_type! {
    /// What a room's object and uniqueness go by: NFKC, case-folded.
    RoomKey
}

key_type! {
    /// What a person's name is compared by: NFKC, case-folded.
    PersonKey
}

/// A text that no name has as its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the key of a name")]
pub struct NotAKey;

/// Folding can leave what NFKC would compose, hence the second pass.
pub(super) fn fold(text: &str) -> String {
    nfkc(&FOLDED.apply(nfkc(text).chars()))
}

/// The skeleton of UTS 39, of a text in NFKC.
pub(super) fn skeleton(text: &str) -> String {
    nfd(&LOOKALIKES.apply(nfd(text).chars().filter(|c| !is_default_ignorable(*c))))
}

/// Whether a name could be taken for the house's own, or holds a guest's mark.
pub(super) fn is_reserved(name: &str) -> bool {
    static LOOKS: LazyLock<Vec<String>> = LazyLock::new(|| RESERVED.iter().map(|word| look(word)).collect());

    let key = fold(name);
    // Folded first, ΗIHI with a Greek Η is no longer like HIHI, but look-alikes of
    // small letters show only then: so both ways.
    has_guest_mark(&key) || [look(&key), look(name)].iter().any(|look| LOOKS.contains(look) || has_guest_mark(look))
}

/// Coarser than a skeleton: capitals look like small letters, 0 like o, and I, l
/// and 1 like i. Twice, as a capital may fold to a letter that has a look-alike.
fn look(text: &str) -> String {
    skeleton(&fold(&skeleton(text))).replace('l', "i")
}

fn has_guest_mark(folded: &str) -> bool {
    folded.split(MARK_DOTS).skip(1).any(|after| {
        let after = after.trim_start();
        GUEST_MARKS.iter().any(|mark| after.starts_with(mark))
    })
}
