//! Bodies and answers of the addresses about accounts and sessions. Keys and salts are base64.

use super::code::{Code, Refusal};
use super::fields::Fields;
use super::views::ViewerView;
use crate::domain::credential::{Params, Password, Salt, Secret, MOST_ROUNDS, ROUNDS};
use crate::domain::id::{RecoveryCode, ResetToken, SessionId};
use crate::domain::membership::Erasure;
use crate::domain::text::PersonName;
use crate::domain::time::Millis;
use base64::prelude::{Engine, BASE64_STANDARD, BASE64_STANDARD_NO_PAD};
use serde::Serialize;

/// A secret that is to be set, with what the browser derived it with, if it did.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSecret {
    /// The secret.
    pub secret: Secret,
    /// For a key. A plain password is given a salt here.
    pub params: Option<Params>,
}

/// The body of `POST /api/accounts`: `{"username","salt","rounds","key"|"password","setup_token"?}`.
pub struct Register {
    /// The name wanted.
    pub username: PersonName,
    /// What will log in.
    pub new: NewSecret,
    /// What an admin registers with.
    pub setup_token: Option<String>,
}

impl Register {
    /// Reads the body.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let mut fields = Fields::parse(body)?;
        let username = username(&mut fields)?;
        let setup_token = fields.optional_text("setup_token")?;
        let new = NewSecret::take(&mut fields, "key", "password")?;
        fields.end()?;
        Ok(Self { username, new, setup_token })
    }
}

/// The body of `POST /api/session/params`: `{"username"}`.
pub fn parse_username(body: &str) -> Result<PersonName, Refusal> {
    let mut fields = Fields::parse(body)?;
    let username = username(&mut fields)?;
    fields.end()?;
    Ok(username)
}

/// The body of `POST /api/session`: `{"username","key"|"password"}`.
pub struct LogIn {
    /// Who it is said to be.
    pub username: PersonName,
    /// What proves it.
    pub secret: Secret,
}

impl LogIn {
    /// Reads the body.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let mut fields = Fields::parse(body)?;
        let username = username(&mut fields)?;
        let secret = secret(&mut fields, "key", "password")?;
        fields.end()?;
        Ok(Self { username, secret })
    }
}

/// The body of `POST /api/account/password`: `{"key"|"password","salt","rounds","new_key"|"new_password"}`.
pub struct ChangePassword {
    /// What logs in now.
    pub old: Secret,
    /// What will.
    pub new: NewSecret,
}

impl ChangePassword {
    /// Reads the body.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let mut fields = Fields::parse(body)?;
        let old = secret(&mut fields, "key", "password")?;
        let new = NewSecret::take(&mut fields, "new_key", "new_password")?;
        fields.end()?;
        Ok(Self { old, new })
    }
}

/// The body of `DELETE /api/account`: `{"key"|"password","messages":"delete"|"keep"}`.
pub struct DeleteAccount {
    /// What logs in.
    pub secret: Secret,
    /// What becomes of the messages.
    pub messages: Erasure,
}

impl DeleteAccount {
    /// Reads the body.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let mut fields = Fields::parse(body)?;
        let secret = secret(&mut fields, "key", "password")?;
        let messages = match fields.text("messages")?.as_str() {
            "delete" => Erasure::Deleted,
            "keep" => Erasure::Kept,
            _ => return Err(Refusal::from(Code::BadValue).of("messages")),
        };
        fields.end()?;
        Ok(Self { secret, messages })
    }
}

/// The body of `POST /api/account/recovery`: `{"username","code","salt","rounds","key"|"password"}`.
pub struct Recover {
    /// Whose account.
    pub username: PersonName,
    /// The code that registration showed; none if it can't be one.
    pub code: Option<RecoveryCode>,
    /// What will log in.
    pub new: NewSecret,
}

impl Recover {
    /// Reads the body.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let mut fields = Fields::parse(body)?;
        let username = username(&mut fields)?;
        let code = RecoveryCode::parse(&fields.text("code")?).ok();
        let new = NewSecret::take(&mut fields, "key", "password")?;
        fields.end()?;
        Ok(Self { username, code, new })
    }
}

/// The body of `POST /api/account/reset`: `{"token","salt","rounds","key"|"password"}`.
pub struct Reset {
    /// The token that an admin handed over; none if it can't be one.
    pub token: Option<ResetToken>,
    /// What will log in.
    pub new: NewSecret,
}

impl Reset {
    /// Reads the body.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let mut fields = Fields::parse(body)?;
        let token = ResetToken::try_from(fields.text("token")?).ok();
        let new = NewSecret::take(&mut fields, "key", "password")?;
        fields.end()?;
        Ok(Self { token, new })
    }
}

impl NewSecret {
    fn take(fields: &mut Fields, key: &'static str, password: &'static str) -> Result<Self, Refusal> {
        let secret = secret(fields, key, password)?;
        let (salt, rounds) = (fields.optional_text("salt")?, fields.optional_number("rounds")?);
        if matches!(secret, Secret::Password(_)) {
            return Ok(Self { secret, params: None });
        }
        let missing = |field: &'static str| Refusal::from(Code::MissingField).of(field);
        let salt: Salt = bytes(&salt.ok_or_else(|| missing("salt"))?, "salt")?;
        let rounds = u32::try_from(rounds.ok_or_else(|| missing("rounds"))?).unwrap_or(u32::MAX);
        if !(ROUNDS..=MOST_ROUNDS).contains(&rounds) {
            return Err(Refusal::from(Code::BadValue).of("rounds"));
        }
        Ok(Self { secret, params: Some(Params { salt, rounds }) })
    }
}

fn username(fields: &mut Fields) -> Result<PersonName, Refusal> {
    PersonName::parse(&fields.text("username")?).map_err(|error| Refusal::from(error).of("username"))
}

fn secret(fields: &mut Fields, key: &'static str, password: &'static str) -> Result<Secret, Refusal> {
    if let Some(text) = fields.optional_text(key)? {
        return bytes(&text, key).map(Secret::Key);
    }
    match fields.optional_text(password)? {
        Some(text) => Password::parse(&text).map(Secret::Password).map_err(|error| Refusal::from(error).of(password)),
        None => Err(Refusal::from(Code::MissingField).of(key)),
    }
}

/// Base64, with or without its padding, of so many bytes.
fn bytes<const N: usize>(text: &str, field: &'static str) -> Result<[u8; N], Refusal> {
    let bytes = BASE64_STANDARD_NO_PAD.decode(text.trim_end_matches('=')).ok();
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| Refusal::from(Code::BadValue).of(field))
}

/// The answer to a registration.
#[derive(Debug, Serialize)]
pub struct Registered {
    /// Who they are now.
    #[serde(flatten)]
    pub viewer: ViewerView,
    /// Shown now and never again.
    pub recovery_code: String,
}

/// The answer to `POST /api/session/params`.
#[derive(Debug, Serialize)]
pub struct ParamsView {
    /// The salt to derive with.
    pub salt: String,
    /// The rounds.
    pub rounds: u32,
}

impl From<&Params> for ParamsView {
    fn from(params: &Params) -> Self {
        Self { salt: BASE64_STANDARD.encode(params.salt), rounds: params.rounds }
    }
}

/// The answer to `GET /api/sessions`.
#[derive(Debug, Serialize)]
pub struct SessionList {
    /// Newest first.
    pub sessions: Vec<SessionView>,
}

/// One of my sessions.
#[derive(Debug, Serialize)]
pub struct SessionView {
    /// What it is ended by.
    pub id: SessionId,
    /// A browser and a system, the name of a program, or nothing.
    pub device: String,
    /// When it was opened.
    pub created: Millis,
    /// When it was last used, to ten minutes.
    pub used: Millis,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// The answer to `POST /api/people/{person}/reset`.
#[derive(Debug, Serialize)]
pub struct ResetView {
    /// Shown now and never again.
    pub token: ResetToken,
    /// Until when it is good.
    pub expires: Millis,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn body(extra: &str) -> String {
        format!(r#"{{"username":"Ann","salt":"AAECAwQFBgcICQoLDA0ODw==","rounds":600000{extra}}}"#)
    }

    fn refusal(body: &str) -> (Code, Option<String>) {
        let refusal = Register::parse(body).err().unwrap();
        (refusal.code, refusal.field.map(String::from))
    }

    #[test]
    fn a_registration_brings_a_key_and_how_it_was_derived() {
        for key in [KEY, KEY.trim_end_matches('=')] {
            let register = Register::parse(&body(&format!(r#","key":"{key}""#))).ok().unwrap();
            let expected: [u8; 32] = std::array::from_fn(|place| u8::try_from(place).unwrap());
            assert!(register.new.secret == Secret::Key(expected));
            assert_eq!(register.new.params.unwrap().salt[15], 15);
        }
    }

    #[test]
    fn a_plain_password_needs_neither_salt_nor_rounds() {
        let register = Register::parse(r#"{"username":"Ann","password":"long enough"}"#).ok().unwrap();
        assert!(matches!(register.new, NewSecret { secret: Secret::Password(_), params: None }));
    }

    #[test]
    fn each_thing_wrong_with_a_registration_has_its_code_and_field() {
        let at = |code: Code, field: &str| (code, Some(field.to_owned()));
        for (extra, expected) in [
            ("", at(Code::MissingField, "key")),
            (r#","key":7"#, at(Code::WrongType, "key")),
            (r#","key":"AAAA""#, at(Code::BadValue, "key")),
            (r#","key":"not base64!""#, at(Code::BadValue, "key")),
            (r#","password":"short""#, at(Code::TooShort, "password")),
            (&format!(r#","key":"{KEY}","password":"both of them""#), at(Code::UnknownField, "password")),
            (&format!(r#","key":"{KEY}","admin":true"#), at(Code::UnknownField, "admin")),
        ] {
            assert_eq!(refusal(&body(extra)), expected, "{extra}");
        }
        for (rounds, code) in [
            ("599999", Code::BadValue),
            ("10000001", Code::BadValue),
            ("99999999999", Code::BadValue),
            ("-1", Code::WrongType),
        ] {
            let body = body(&format!(r#","key":"{KEY}""#)).replace("600000", rounds);
            assert_eq!(refusal(&body), at(code, "rounds"), "{rounds}");
        }
        let bare = format!(r#"{{"username":"Ann","key":"{KEY}"}}"#);
        assert_eq!(refusal(&bare), at(Code::MissingField, "salt"));
        assert_eq!(refusal(&body("").replace("Ann", "admin")), at(Code::ReservedName, "username"));
    }

    #[test]
    fn a_new_password_is_told_from_the_old_one() {
        let body = r#"{"password":"the old one","new_password":"the new one"}"#;
        let change = ChangePassword::parse(body).ok().unwrap();
        assert!(change.old != change.new.secret);
        let refusal = ChangePassword::parse(r#"{"password":"the old one"}"#).err().unwrap();
        assert_eq!((refusal.code, refusal.field.as_deref()), (Code::MissingField, Some("new_key")));
    }

    #[test]
    fn a_deletion_says_what_becomes_of_the_messages() {
        let messages = |text: &str| DeleteAccount::parse(&format!(r#"{{"key":"{KEY}"{text}}}"#));
        assert_eq!(messages(r#","messages":"delete""#).ok().unwrap().messages, Erasure::Deleted);
        assert_eq!(messages(r#","messages":"keep""#).ok().unwrap().messages, Erasure::Kept);
        for (text, code) in [("", Code::MissingField), (r#","messages":"maybe""#, Code::BadValue)] {
            let refusal = messages(text).err().unwrap();
            assert_eq!((refusal.code, refusal.field.as_deref()), (code, Some("messages")));
        }
        let neither = DeleteAccount::parse(r#"{"messages":"keep"}"#).err().unwrap();
        assert_eq!(neither.field.as_deref(), Some("key"));
    }

    #[test]
    fn a_code_that_cannot_be_one_is_a_wrong_one() {
        let recover = Recover::parse(r#"{"username":"Ann","code":"7","password":"long enough"}"#).ok().unwrap();
        assert!(recover.code.is_none());
    }
}
