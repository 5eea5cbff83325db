//! Answers that break off. A body that fails makes hyper close the connection; what it had not yet written stays unsent.

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_LENGTH;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, StreamExt};
use std::io::{Error, ErrorKind};

/// Not a byte.
pub fn nothing() -> Response {
    Body::from_stream(stream::iter([Err::<Bytes, _>(broken())])).into_response()
}

/// The head with the whole length, and half of the body.
pub fn half(response: Response, body: Bytes) -> Response {
    let (mut parts, _) = response.into_parts();
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    let first = stream::iter([Ok(body.slice(..body.len() / 2))]);
    let second = stream::once(async {
        // What is there so far is written while this waits.
        tokio::task::yield_now().await;
        Err(broken())
    });
    Response::from_parts(parts, Body::from_stream(first.chain(second)))
}

fn broken() -> Error {
    Error::new(ErrorKind::ConnectionAborted, "a fault that was asked for")
}
