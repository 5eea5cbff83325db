//! Answers: JSON, refusals, pictures. The one place that turns an error into a response.

use crate::directory::DirectoryError;
use crate::domain::avatar::{identicon_svg, AvatarHash};
use crate::domain::text::PersonName;
use crate::protocol::code::{Code, Refusal};
use crate::room::core::Failure;
use serde::Serialize;
use worker::{console_error, Headers, Response, ResponseBuilder, Result};

/// When to try again, in seconds.
pub const RETRY_AFTER: &str = "retry-after";

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
            // Said on the socket instead, where a page hears it.
            Failure::Full(_) => Code::Busy.into(),
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

/// What every answer says to a browser that takes it for more than an answer. `public/_headers` is the pages' own;
/// `src/answered.js` has these too, for when there is nothing left to ask.
const GUARD: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    (
        "permissions-policy",
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), \
         payment=(), usb=()",
    ),
    // Passed over on plain http (RFC 6797, 8.1), so it binds no machine that tries this out. Nor other hosts of a domain.
    ("strict-transport-security", "max-age=31536000"),
];

fn headers(content_type: &str, cache: &str) -> Result<Headers> {
    let headers = Headers::new();
    headers.set("content-type", content_type)?;
    headers.set("cache-control", cache)?;
    for (name, value) in GUARD {
        headers.set(name, value)?;
    }
    Ok(headers)
}

fn json_text(status: u16, text: String) -> Result<Response> {
    let headers = headers("application/json; charset=utf-8", "no-store")?;
    Ok(ResponseBuilder::new().with_status(status).with_headers(headers).fixed(text.into_bytes()))
}

/// A JSON answer.
pub fn json(status: u16, value: &impl Serialize) -> Answer {
    written(status, serde_json::to_string(value))
}

/// Not as often as there are types: what each of them shares.
fn written(status: u16, text: serde_json::Result<String>) -> Answer {
    json_text(status, text.map_err(internal)?).map_err(internal)
}

/// An answer of an object's that has JSON text already, and says perhaps when to try again.
pub fn passed_on(status: u16, retry_after: Option<String>, text: String) -> Answer {
    if status == 204 {
        return no_content();
    }
    let response = json_text(status, text).map_err(internal)?;
    if let Some(seconds) = retry_after {
        response.headers().set(RETRY_AFTER, &seconds).map_err(internal)?;
    }
    Ok(response)
}

/// 204.
pub fn no_content() -> Answer {
    let headers = headers("application/json; charset=utf-8", "no-store").map_err(internal)?;
    headers.delete("content-type").map_err(internal)?;
    Ok(ResponseBuilder::new().with_status(204).with_headers(headers).empty())
}

/// `{"error": {"code", …}}` with the code's status; when to try again also as HTTP has it (RFC 9110, 10.2.3).
pub fn refuse(refusal: &Refusal) -> Result<Response> {
    #[derive(Serialize)]
    struct Body<'a> {
        error: &'a Refusal,
    }
    let response = json_text(refusal.code.status(), serde_json::to_string(&Body { error: refusal })?)?;
    if let Some(seconds) = refusal.retry_after {
        response.headers().set(RETRY_AFTER, &seconds.to_string())?;
    }
    Ok(response)
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
