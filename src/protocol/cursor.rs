//! Cursors: opaque to clients, made and read here only.

use super::code::{Code, Refusal};
use crate::json;
use base64::prelude::{Engine, BASE64_URL_SAFE_NO_PAD};
use serde::{de::DeserializeOwned, Serialize};

/// The place where the next page begins, as text for a query.
pub fn write(place: &impl Serialize) -> String {
    // The places are numbers and texts, which always serialise.
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_string(place).unwrap_or_default())
}

/// Reads a cursor back. Whatever this server did not write is `bad_cursor`.
pub fn read<T: DeserializeOwned>(cursor: &str) -> Result<T, Refusal> {
    BASE64_URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| json::read(&text).ok())
        .ok_or_else(|| Code::BadCursor.into())
}
