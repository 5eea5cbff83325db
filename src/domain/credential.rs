//! What proves that somebody is who they say: a key that their browser derives from a password, or the password itself.

use super::text::{nfkc, TextError};

/// What a browser derives with, and the Worker where it derives itself (OWASP, for PBKDF2-HMAC-SHA256).
pub const ROUNDS: u32 = 600_000;
/// The most rounds taken: more would keep a person waiting for half a minute.
pub const MOST_ROUNDS: u32 = 10_000_000;
/// Characters of a password, at least. Counted after NFKC, as the limit above.
pub const SHORTEST_PASSWORD: usize = 8;
/// Characters of a password, at most.
pub const LONGEST_PASSWORD: usize = 1_024;

/// A derived key.
pub type Key = [u8; 32];
/// The salt it is derived with.
pub type Salt = [u8; 16];

/// How a key is derived: what anybody may know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Params {
    /// Random, made at registration.
    pub salt: Salt,
    /// How often the hash is repeated.
    pub rounds: u32,
}

/// A password in NFKC: the same whatever keyboard it was typed on. Has no `Debug`, so that no log shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Checks the length only: every character is fine.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        if raw.len() > LONGEST_PASSWORD * 10 {
            return Err(TextError::TooLong { limit: LONGEST_PASSWORD });
        }
        let text = nfkc(raw);
        match text.chars().count() {
            ..SHORTEST_PASSWORD => Err(TextError::TooShort { limit: SHORTEST_PASSWORD }),
            SHORTEST_PASSWORD..=LONGEST_PASSWORD => Ok(Self(text)),
            _ => Err(TextError::TooLong { limit: LONGEST_PASSWORD }),
        }
    }

    /// What goes into the derivation.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// What somebody proves themselves by. Has no `Debug`, so that no log shows it.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// The key that their browser derived.
    Key(Key),
    /// The password, from a script that does not derive.
    Password(Password),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_8_to_1024_characters_of_any_kind() {
        for good in ["12345678", "пароль пароль", "密码密码密码密码", "\0\u{202e}\n\t    ", &"x".repeat(1_024)]
        {
            assert!(Password::parse(good).is_ok(), "{good:.20?}");
        }
        assert_eq!(Password::parse("1234567").err(), Some(TextError::TooShort { limit: 8 }));
        for long in ["x".repeat(1_025), "x".repeat(60_000)] {
            assert_eq!(Password::parse(&long).err(), Some(TextError::TooLong { limit: 1_024 }));
        }
    }

    #[test]
    fn a_password_is_the_same_on_every_keyboard() {
        let (composed, decomposed) =
            (Password::parse("caf\u{e9} caf\u{e9}"), Password::parse("cafe\u{301} cafe\u{301}"));
        assert!(composed == decomposed);
        assert!(Password::parse("ｐａｓｓｗｏｒｄ") == Password::parse("password"));
    }
}
