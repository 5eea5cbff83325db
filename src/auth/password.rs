//! What is kept of a password, and how a log-in is checked against it.
//!
//! A Worker on the free plan has 10 ms of CPU a request, so the browser stretches the password to a key; what reaches
//! us is as good as random. It is kept as PBKDF2 again, of few rounds and under a salt of our own, so that a stolen
//! table is no list of keys that log in.

use super::token::SigningKey;
use crate::domain::credential::{Key, Params, Password, Salt, ROUNDS};
use crate::domain::text::PersonKey;
use base64::prelude::{Engine, BASE64_STANDARD_NO_PAD as BASE64};
use hmac::Mac;
use pbkdf2::pbkdf2_hmac_array;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Rounds of a record. The key under it has been through [`ROUNDS`] already.
const RECORD_ROUNDS: u32 = 1_000;

/// What unknown names are checked against, so that a refusal takes the same time. No key has it.
const NOBODY: &str = "$pbkdf2-sha256$i=1000,l=32$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The key of a password, as browsers derive it. Takes a third of a second in WASM.
pub fn derive(password: &Password, params: &Params) -> Key {
    pbkdf2_hmac_array::<Sha256, 32>(password.as_bytes(), &params.salt, params.rounds)
}

/// What is kept of a key: a PHC string, under a salt that is random and only here.
pub fn record(key: &Key, salt: &Salt) -> String {
    let hash = pbkdf2_hmac_array::<Sha256, 32>(key, salt, RECORD_ROUNDS);
    format!("$pbkdf2-sha256$i={RECORD_ROUNDS},l=32${}${}", BASE64.encode(salt), BASE64.encode(hash))
}

/// Whether the record was made of this key. Without a record the answer is no, and takes as long.
pub fn verify(key: &Key, record: Option<&str>) -> bool {
    let Some((rounds, salt, hash)) = read(record.unwrap_or(NOBODY)) else {
        return false;
    };
    let right: bool = pbkdf2_hmac_array::<Sha256, 32>(key, &salt, rounds).ct_eq(hash.as_slice()).into();
    right && record.is_some()
}

fn read(record: &str) -> Option<(u32, Vec<u8>, Vec<u8>)> {
    let mut parts = record.strip_prefix("$pbkdf2-sha256$i=")?.split('$');
    let rounds = parts.next()?.strip_suffix(",l=32")?.parse().ok()?;
    let (salt, hash) = (parts.next()?, parts.next()?);
    Some((rounds, BASE64.decode(salt).ok()?, BASE64.decode(hash).ok()?))
}

/// What a name without an account is said to derive with: always the same, and nobody can tell it from a random one.
pub fn made_up_params(key: &SigningKey, name: &PersonKey) -> Option<Params> {
    // No token's payload has a colon, so no token is signed by this.
    let code = key.mac(&format!("salt:{name}"))?.finalize().into_bytes();
    Some(Params { salt: *code.first_chunk()?, rounds: ROUNDS })
}

/// What is kept of a recovery code or a reset token: those are random, so one hash is enough.
pub fn fingerprint(code: &str) -> String {
    BASE64.encode(Sha256::digest(code))
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub fn same(one: &str, other: &str) -> bool {
    // Hashed first, as the time would tell the length.
    Sha256::digest(one).ct_eq(&Sha256::digest(other)).into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::text::PersonName;
    use base64::prelude::BASE64_STANDARD;

    const PARAMS: Params = Params { salt: *b"0123456789abcdef", rounds: 2_000 };

    // The values below were made by Python: base64.b64encode(hashlib.pbkdf2_hmac("sha256", password, salt, rounds)).

    const GOLDEN_ASCII: (&str, &str) = ("correct horse battery", "vN0sQNSMoXbuNK3a9ZeDAb7Wcn+2oqgXsnLvBChPpuQ=");
    const GOLDEN_WIDE: (&str, &str) = ("ｐａｓｓ 密码 e\u{301}", "hSv3FIq21qWWGzGPcIlUFys52CJ3dFpKUq3VE8ht8Lc=");
    const GOLDEN_RECORD: &str =
        concat!("$pbkdf2-sha256$i=1000,l=32$", "ZmVkY2JhOTg3NjU0MzIxMA$tKY/dHF4jItFQlBImAVeN8kuiHQPmGN188xTlpE3V/0");

    #[test]
    fn a_password_gives_the_key_that_python_derives() {
        for (password, key) in [GOLDEN_ASCII, GOLDEN_WIDE] {
            let derived = derive(&Password::parse(password).ok().unwrap(), &PARAMS);
            assert_eq!(BASE64_STANDARD.encode(derived), key, "{password}");
        }
    }

    #[test]
    fn a_record_is_the_phc_string_that_python_makes() {
        assert_eq!(record(&[7; 32], b"fedcba9876543210"), GOLDEN_RECORD);
    }

    #[test]
    fn a_record_verifies_its_own_key_and_no_other() {
        let kept = record(&[7; 32], &[1; 16]);
        assert!(verify(&[7; 32], Some(&kept)));
        let mut other = [7; 32];
        other[31] ^= 1;
        assert!(!verify(&other, Some(&kept)));
    }

    #[test]
    fn nobody_and_what_is_no_record_verify_nothing() {
        assert!(read(NOBODY)
            .is_some_and(|(rounds, salt, hash)| (rounds, salt.len(), hash.len()) == (RECORD_ROUNDS, 16, 32)));
        for record in [
            None,
            Some(""),
            Some("$argon2id$x"),
            Some("$pbkdf2-sha256$i=0,l=32$$"),
            Some("$pbkdf2-sha256$i=x,l=32$a$b"),
        ] {
            assert!(!verify(&[0; 32], record), "{record:?}");
        }
    }

    #[test]
    fn made_up_params_are_stable_and_differ_by_name_and_key() {
        let made_up = |byte, name: &str| {
            let key = SigningKey::new(vec![byte; 32]).unwrap();
            made_up_params(&key, &PersonName::parse(name).unwrap().key()).unwrap()
        };
        assert_eq!(made_up(1, "Ann"), made_up(1, "ANN"), "as for an account, the case of the name is the same");
        assert_eq!(made_up(1, "Ann").rounds, ROUNDS);
        assert_ne!(made_up(1, "Ann").salt, made_up(1, "Bob").salt);
        assert_ne!(made_up(1, "Ann").salt, made_up(2, "Ann").salt);
    }

    #[test]
    fn secrets_are_the_same_or_not() {
        assert!(same("abc", "abc"));
        assert!(!same("abc", "abd") && !same("abc", "ab") && !same("", "a"));
    }
}
