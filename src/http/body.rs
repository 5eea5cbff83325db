//! Bodies: JSON by their header, at most 64 KiB, read no further than that.

use super::reply;
use crate::protocol::code::{Code, Refusal};
use crate::protocol::BODY_LIMIT;
use futures_util::StreamExt;
use worker::{ByteStream, Request};

/// The body as text.
pub async fn read(request: &mut Request) -> Result<String, Refusal> {
    text(request).await?.ok_or(Code::BadJson.into())
}

/// The body as text, if there is one.
async fn text(request: &mut Request) -> Result<Option<String>, Refusal> {
    let content_type = request.headers().get("content-type").ok().flatten().unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    // Also a guard: a form of another site can't send this type without asking first.
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Code::NotJson.into());
    }
    let announced = request.headers().get("content-length").ok().flatten();
    if announced.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > BODY_LIMIT) {
        return Err(Code::BodyTooLarge.into());
    }
    let Ok(stream) = request.stream() else { return Ok(None) };
    let bytes = read_at_most(stream, BODY_LIMIT).await.map_err(reply::internal)?.ok_or(Code::BodyTooLarge)?;
    String::from_utf8(bytes).map(Some).map_err(|_| Code::BadJson.into())
}

/// All bytes of a stream, or nothing if there are more than `most`: it is read no further.
pub async fn read_at_most(mut stream: ByteStream, most: usize) -> worker::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        bytes.extend(chunk?);
        if bytes.len() > most {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}

/// The body as text, or an empty object when there is none.
pub async fn read_optional(request: &mut Request) -> Result<String, Refusal> {
    // Many clients name a type whether they send anything or not.
    if request.headers().get("content-type").ok().flatten().is_some() {
        let text = text(request).await?.unwrap_or_default();
        return Ok(if text.is_empty() { "{}".to_owned() } else { text });
    }
    // By its bytes: clients announce an empty body in more than one way.
    let is_empty = match request.stream() {
        Ok(stream) => read_at_most(stream, 0).await.map_err(reply::internal)?.is_some(),
        Err(_) => true,
    };
    match is_empty {
        true => Ok("{}".to_owned()),
        false => Err(Code::NotJson.into()),
    }
}
