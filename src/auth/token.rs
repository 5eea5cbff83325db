//! Session tokens: `key id . payload . signature`, signed with HMAC-SHA256 (RFC 2104). No store is needed to check one.

use crate::domain::id::{PersonId, SessionId};
use crate::domain::person::{Kind, Person, Viewer};
use crate::domain::text::PersonName;
use crate::domain::time::Millis;
use crate::json;
use base64::prelude::{Engine, BASE64_URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A key shorter than this many bytes is refused: a guessed key makes anybody anyone.
pub const SHORTEST_KEY: usize = 32;

/// A secret that signs tokens. Has no `Debug`, so that no log shows it.
#[derive(Clone)]
pub struct SigningKey {
    id: String,
    secret: Vec<u8>,
}

/// The key that signs, and the one before it, which still checks.
#[derive(Clone)]
pub struct Keys {
    /// Signs and checks.
    pub current: SigningKey,
    /// Checks only, so that a change of key signs nobody out.
    pub previous: Option<SigningKey>,
}

/// The token's content, under short names: it travels with every request.
#[derive(Serialize, Deserialize)]
struct Payload {
    p: PersonId,
    n: PersonName,
    k: Kind,
    s: SessionId,
    i: Millis,
    e: Millis,
    #[serde(default)]
    a: bool,
}

impl SigningKey {
    /// A key of these bytes; nothing if they are fewer than [`SHORTEST_KEY`].
    pub fn new(secret: Vec<u8>) -> Option<Self> {
        if secret.len() < SHORTEST_KEY {
            return None;
        }
        // A piece of the hash of a key of 256 random bits tells nothing of the key.
        let hash = Sha256::digest(&secret);
        let id = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        Some(Self { id, secret })
    }

    pub(super) fn mac(&self, payload: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).ok()?;
        mac.update(self.id.as_bytes());
        mac.update(b".");
        mac.update(payload.as_bytes());
        Some(mac)
    }
}

impl Keys {
    /// A token that says who the viewer is.
    pub fn sign(&self, viewer: &Viewer) -> Option<String> {
        let payload = Payload {
            p: viewer.person.id.clone(),
            n: viewer.person.name.clone(),
            k: viewer.person.kind,
            s: viewer.session.clone(),
            i: viewer.issued,
            e: viewer.expires,
            a: viewer.admin,
        };
        let payload = BASE64.encode(serde_json::to_string(&payload).ok()?);
        let signature = BASE64.encode(self.current.mac(&payload)?.finalize().into_bytes());
        Some(format!("{}.{payload}.{signature}", self.current.id))
    }

    /// The viewer that a token speaks for, if we signed it and it has not expired.
    pub fn check(&self, token: &str, now: Millis) -> Option<Viewer> {
        let mut parts = token.split('.');
        let (id, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let key = [Some(&self.current), self.previous.as_ref()].into_iter().flatten().find(|key| key.id == id)?;
        // Compares in constant time.
        key.mac(payload)?.verify_slice(&BASE64.decode(signature).ok()?).ok()?;
        let payload: Payload = json::read(&String::from_utf8(BASE64.decode(payload).ok()?).ok()?).ok()?;
        let person = Person { id: payload.p, name: payload.n, kind: payload.k };
        let (session, issued, expires, admin) = (payload.s, payload.i, payload.e, payload.a);
        (expires > now).then_some(Viewer { person, session, issued, expires, admin, address: None })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn keys(byte: u8) -> Keys {
        Keys { current: SigningKey::new(vec![byte; 32]).unwrap(), previous: None }
    }

    fn ann() -> Viewer {
        Viewer {
            person: Person {
                id: PersonId::from_random([1; 20]),
                name: PersonName::parse("Ann").unwrap(),
                kind: Kind::Guest,
            },
            session: SessionId::from_random([2; 20]),
            issued: 1_000,
            expires: 2_000,
            admin: false,
            address: None,
        }
    }

    #[test]
    fn a_signed_token_gives_the_viewer_back_until_it_expires() {
        let token = keys(1).sign(&ann()).unwrap();
        assert_eq!(keys(1).check(&token, 1_999), Some(ann()));
        assert_eq!(keys(1).check(&token, 2_000), None);
    }

    #[test]
    fn another_key_does_not_check_it_unless_it_is_the_one_after() {
        let token = keys(1).sign(&ann()).unwrap();
        assert_eq!(keys(2).check(&token, 1_500), None);
        let rotated = Keys { previous: Some(keys(1).current), ..keys(2) };
        assert_eq!(rotated.check(&token, 1_500), Some(ann()));
    }

    #[test]
    fn no_altered_token_passes() {
        let token = keys(1).sign(&ann()).unwrap();
        for place in 0..token.len() {
            let mut altered = token.clone().into_bytes();
            // The last character of base64 may hold unused bits, so take one that differs in the used ones.
            *altered.get_mut(place).unwrap() ^= 0x10;
            let altered = String::from_utf8_lossy(&altered).into_owned();
            assert_eq!(keys(1).check(&altered, 1_500), None, "altered at {place}");
        }
        for rubbish in ["", ".", "..", "...", "a.b.c", &format!("{token}.x"), token.trim_end_matches(|c| c != '.')] {
            assert_eq!(keys(1).check(rubbish, 1_500), None, "{rubbish:?}");
        }
    }

    #[test]
    fn a_short_key_is_refused() {
        assert!(SigningKey::new(vec![7; 31]).is_none());
    }
}
