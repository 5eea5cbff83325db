//! Device cookies: that somebody has logged in to an account here before (OWASP, "Slow Down Online Guessing Attacks with
//! Device Cookies"). Whoever brings one is let in by none, but has tries of their own while others guess.

use super::token::{Keys, SigningKey};
use crate::domain::text::PersonKey;
use base64::prelude::{Engine, BASE64_URL_SAFE_NO_PAD as BASE64};
use hmac::Mac;

/// The cookie's value, `id . signature`, for a device of this id. The signature is of the account's name as well, which the
/// cookie doesn't show; so checking one asks no store, and tells nobody which accounts there are.
pub fn issue(keys: &Keys, id: &str, account: &PersonKey) -> Option<String> {
    Some(format!("{id}.{}", BASE64.encode(mac(&keys.current, id, account)?.finalize().into_bytes())))
}

/// The id of the device, if we issued this value for this account.
pub fn check<'a>(keys: &Keys, value: &'a str, account: &PersonKey) -> Option<&'a str> {
    let (id, signature) = value.split_once('.')?;
    let signature = BASE64.decode(signature).ok()?;
    let mut keys = [Some(&keys.current), keys.previous.as_ref()].into_iter().flatten();
    // Compares in constant time.
    keys.any(|key| mac(key, id, account).is_some_and(|mac| mac.verify_slice(&signature).is_ok())).then_some(id)
}

/// The id of a device, of these random bytes.
pub fn id(random: [u8; 16]) -> String {
    BASE64.encode(random)
}

/// The number that stands for a name or an address where attempts are counted: who reads that table learns neither.
pub fn alias(key: &SigningKey, what: &str) -> Option<u64> {
    let code = key.mac(&format!("limit:{what}"))?.finalize().into_bytes();
    Some(u64::from_be_bytes(*code.first_chunk()?))
}

fn mac(key: &SigningKey, id: &str, account: &PersonKey) -> Option<impl Mac> {
    // No token's payload has a colon, so no token is signed by this, nor by an alias.
    key.mac(&format!("device:{id}:{account}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::text::PersonName;

    fn keys(byte: u8) -> Keys {
        Keys { current: SigningKey::new(vec![byte; 32]).unwrap(), previous: None }
    }

    fn key(name: &str) -> PersonKey {
        PersonName::parse(name).unwrap().key()
    }

    #[test]
    fn a_device_is_known_to_the_account_it_was_issued_for_and_to_no_other() {
        let value = issue(&keys(1), &id([7; 16]), &key("Ann")).unwrap();
        assert_eq!(check(&keys(1), &value, &key("ANN")), Some(id([7; 16]).as_str()));
        assert_eq!(check(&keys(1), &value, &key("Bob")), None);
        assert_eq!(check(&keys(2), &value, &key("Ann")), None, "another deployment");
        let rotated = Keys { previous: Some(keys(1).current), ..keys(2) };
        assert!(check(&rotated, &value, &key("Ann")).is_some());
    }

    #[test]
    fn no_altered_cookie_is_known() {
        let value = issue(&keys(1), &id([7; 16]), &key("Ann")).unwrap();
        for place in 0..value.len() {
            let mut altered = value.clone().into_bytes();
            // The last character of base64 may hold unused bits, so take one that differs in the used ones.
            *altered.get_mut(place).unwrap() ^= 0x10;
            let altered = String::from_utf8_lossy(&altered).into_owned();
            assert_eq!(check(&keys(1), &altered, &key("Ann")), None, "altered at {place}");
        }
        for rubbish in ["", ".", "..", "a.b", value.trim_end_matches(|c| c != '.')] {
            assert_eq!(check(&keys(1), rubbish, &key("Ann")), None, "{rubbish:?}");
        }
    }

    #[test]
    fn an_alias_is_stable_and_shows_nothing() {
        let key = &keys(1).current;
        assert_eq!(alias(key, "192.0.2.1"), alias(key, "192.0.2.1"));
        assert_ne!(alias(key, "192.0.2.1"), alias(key, "192.0.2.2"));
        assert_ne!(alias(key, "192.0.2.1"), alias(&keys(2).current, "192.0.2.1"));
    }
}
