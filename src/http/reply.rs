//! Answers: JSON, refusals, pictures. The one place that turns an error into a response.

use crate::directory::DirectoryError;
use crate::domain::avatar::{identicon_svg, AvatarHash};
use crate::domain::text::PersonName;
use crate::protocol::code::{Code, Refusal};
use crate::room::core::Failure;
use serde::Serialize;
use worker::{console_error, Headers, Response, ResponseBuilder, Result};

/// What a handler gives.
pub type Answer = std::result::Result<Response, Refusal>;

/// A failure of ours: the log gets the detail, the client a code.
pub fn internal(detail: impl std::fmt::Display) -> Refusal {
    console_error!("internal: {detail}");
    Code::Internal.into()
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal,
            Failure::Log(error) => internal(error),
        }
    }
}

impl From<DirectoryError> for Refusal {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Taken => Refusal::from(Code::NameTaken).of("name"),
            DirectoryError::Ended => Code::SessionEnded.into(),
            DirectoryError::Blocked => Code::Blocked.into(),
            DirectoryError::Unknown => Code::UnknownPerson.into(),
            DirectoryError::Moving => Code::Moving.into(),
            DirectoryError::Elsewhere => Code::RedisMissing.into(),
            DirectoryError::Full => Code::StorageFull.into(),
            error @ (DirectoryError::Superseded | DirectoryError::Unavailable(_)) => super::busy(error),
        }
    }
}

fn headers(content_type: &str, cache: &str) -> Result<Headers> {
    let headers = Headers::new();
    headers.set("content-type", content_type)?;
    headers.set("cache-control", cache)?;
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("referrer-policy", "no-referrer")?;
    headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'")?;
    Ok(headers)
}

fn json_text(status: u16, text: String) -> Result<Response> {
    let headers = headers("application/json; charset=utf-8", "no-store")?;
    Ok(ResponseBuilder::new().with_status(status).with_headers(headers).fixed(text.into_bytes()))
}

/// A JSON answer.
pub fn json(status: u16, value: &impl Serialize) -> Answer {
    let text = serde_json::to_string(value).map_err(internal)?;
    json_text(status, text).map_err(internal)
}

/// An answer that has JSON text already.
pub fn passed_on(status: u16, text: String) -> Answer {
    match status {
        204 => no_content(),
        _ => json_text(status, text).map_err(internal),
    }
}

/// 204.
pub fn no_content() -> Answer {
    let headers = headers("application/json; charset=utf-8", "no-store").map_err(internal)?;
    headers.delete("content-type").map_err(internal)?;
    Ok(ResponseBuilder::new().with_status(204).with_headers(headers).empty())
}

/// `{"error": {"code", …}}` with the code's status.
pub fn refuse(refusal: &Refusal) -> Result<Response> {
    #[derive(Serialize)]
    struct Body<'a> {
        error: &'a Refusal,
    }
    json_text(refusal.code.status(), serde_json::to_string(&Body { error: refusal })?)
}

/// 405 with the methods that would do.
pub fn method_not_allowed(methods: &[&str]) -> Answer {
    let response = refuse(&Code::MethodNotAllowed.into()).map_err(internal)?;
    response.headers().set("allow", &methods.join(", ")).map_err(internal)?;
    Ok(response)
}

/// The drawn avatar of a name.
pub fn svg(name: &PersonName) -> Answer {
    picture("image/svg+xml", identicon_svg(AvatarHash::of(name)).into_bytes())
}

/// A picture that never changes, so caches may keep it for a week.
pub fn picture(kind: &str, bytes: Vec<u8>) -> Answer {
    let headers = headers(kind, "public, max-age=604800").map_err(internal)?;
    Ok(ResponseBuilder::new().with_status(200).with_headers(headers).fixed(bytes))
}
