//! Identities. Random ones are made from bytes that come in, so that the caller owns the randomness.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Crockford's base 32 in lower case: no letter that is read as a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A text that is not an identity of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid id")]
pub struct BadId;

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident, $length:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// How many characters it has, each worth five random bits.
            pub const LENGTH: usize = $length;

            /// Made from random bytes, of which the low five bits count.
            pub fn from_random(bytes: [u8; $length]) -> Self {
                let letter = |byte: u8| ALPHABET.get(usize::from(byte & 31)).copied().unwrap_or(b'0');
                Self(bytes.into_iter().map(|byte| char::from(letter(byte))).collect())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                let fits = text.len() == $length && text.bytes().all(|byte| ALPHABET.contains(&byte));
                if fits { Ok(Self(text)) } else { Err(BadId) }
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

random_id!(
    /// A Person for as long as they exist: 100 random bits.
    PersonId, 20
);
random_id!(
    /// One session of a person: 100 random bits.
    SessionId, 20
);
random_id!(
    /// What an invite is named and revoked by: 60 random bits.
    InviteId, 12
);
random_id!(
    /// What an invite is used by: its id, and 100 random bits that only its holders know.
    InviteToken, 32
);
random_id!(
    /// What sets a new password when the old one is forgotten. Shown once, at registration: 120 random bits.
    RecoveryCode, 24
);
random_id!(
    /// What an admin hands to somebody who has lost both: 160 random bits, good once and for an hour.
    ResetToken, 32
);
random_id!(
    /// The history that a room's Seq counts in: 60 random bits.
    Epoch, 12
);

impl PersonId {
    /// Who owns what somebody left behind: nobody, and no bytes are likely to make it.
    pub fn nobody() -> Self {
        Self::from_random([0; Self::LENGTH])
    }

    /// Sixty of its random bits: enough to count by.
    pub fn number(&self) -> u64 {
        let letters = self.0.bytes().take(12);
        let place = |letter| ALPHABET.iter().position(|other| *other == letter).unwrap_or_default() as u64;
        letters.fold(0, |number, letter| number << 5 | place(letter))
    }

    /// The short tag that tells two guests of one name apart.
    pub fn tag(&self) -> &str {
        self.0.get(..4).unwrap_or_default()
    }
}

impl SessionId {
    /// A guest has one session, named like themselves: so an admin can end it who knows the person only. Nothing relies
    /// on it being unknown; tokens are signed.
    pub fn of_guest(person: &PersonId) -> Self {
        Self(person.0.clone())
    }
}

impl RecoveryCode {
    /// Reads what somebody typed from paper: in groups, in capitals, with letters that look like digits.
    pub fn parse(typed: &str) -> Result<Self, BadId> {
        let plain = typed.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        });
        Self::try_from(plain.take(Self::LENGTH + 1).collect::<String>())
    }

    /// The code as it is shown: in groups of four.
    pub fn grouped(&self) -> String {
        let mut shown = String::new();
        for (place, letter) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                shown.push('-');
            }
            shown.push(letter);
        }
        shown
    }
}

impl InviteToken {
    /// The id that the token begins with.
    pub fn id(&self) -> InviteId {
        InviteId(self.0.chars().take(InviteId::LENGTH).collect())
    }
}

/// The name a sender gives a message before it has a Seq: 1 to 64 of `A-Z a-z 0-9 _ -`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientMessageId(String);

impl ClientMessageId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of a message that was archived without one.
    pub fn of_imported(seq: Seq) -> Self {
        Self(format!("imported-{}", seq.0))
    }

    /// The id of the Entry by which a room forgets somebody.
    pub fn of_erased(person: &PersonId) -> Self {
        Self(format!("erased-{person}"))
    }
}

impl TryFrom<String> for ClientMessageId {
    type Error = BadId;
    fn try_from(text: String) -> Result<Self, BadId> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text))
        } else {
            Err(BadId)
        }
    }
}

impl From<ClientMessageId> for String {
    fn from(id: ClientMessageId) -> String {
        id.0
    }
}

/// An Entry's place in its room's Epoch: 1, 2, 3 … without holes; 0 is "before the first".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub i64);

impl Seq {
    /// The place after this one.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// How many places lie after `earlier`, up to and with this one.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_id_survives_its_own_text_form() {
        let id = PersonId::from_random([255; 20]);
        assert_eq!(id.as_str(), "zzzzzzzzzzzzzzzzzzzz");
        assert_eq!(PersonId::try_from(String::from(id.clone())), Ok(id));
    }

    #[test]
    fn a_text_of_another_length_or_alphabet_is_no_person() {
        for text in ["", "zzzz", "zzzzzzzzzzzzzzzzzzzi", "ZZZZZZZZZZZZZZZZZZZZ", "zzzzzzzzzzzzzzzzzzzzz"] {
            assert_eq!(PersonId::try_from(text.to_owned()), Err(BadId), "{text:?}");
        }
    }

    #[test]
    fn a_recovery_code_is_read_as_people_write_it() {
        let code = RecoveryCode::from_random([1; 24]);
        assert_eq!(code.grouped(), "1111-1111-1111-1111-1111-1111");
        for typed in [&code.grouped(), "IIII LLLL iiii llll 1111 1111", " 1111-1111—1111-1111-11111111\n"] {
            assert_eq!(RecoveryCode::parse(typed), Ok(code.clone()), "{typed:?}");
        }
        for bad in ["", "1111", "1111-1111-1111-1111-1111-1111-1", "uuuu-1111-1111-1111-1111-1111"] {
            assert_eq!(RecoveryCode::parse(bad), Err(BadId), "{bad:?}");
        }
    }

    #[test]
    fn a_client_message_id_is_short_and_plain() {
        for good in ["1", "m-1_A", "550e8400-e29b-41d4-a716-446655440000"] {
            assert!(ClientMessageId::try_from(good.to_owned()).is_ok(), "{good:?}");
        }
        for bad in ["", " ", "a b", "é", "a\n", &"x".repeat(65)] {
            assert_eq!(ClientMessageId::try_from(bad.to_owned()), Err(BadId), "{bad:?}");
        }
    }
}
