//! Who may ask: whoever shows the token, on every path.

use crate::app::Gateway;
use crate::refusal::Refusal;
use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Lets a request pass that shows the token, as `Authorization: Bearer …` or as the parameter `_token`
/// (<https://upstash.com/docs/redis/features/restapi#security-and-authentication>).
pub async fn required(State(gateway): State<Arc<Gateway>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if shown(&parts).is_some_and(|token| token == gateway.token) {
        next.run(Request::from_parts(parts, body)).await
    } else {
        Refusal::unauthorized().into_response()
    }
}

fn shown(parts: &Parts) -> Option<String> {
    if let Some(header) = parts.headers.get(AUTHORIZATION) {
        return header.to_str().ok()?.strip_prefix("Bearer ").map(str::to_owned);
    }
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    form_urlencoded::parse(query).find(|(name, _)| name == "_token").map(|(_, token)| token.into_owned())
}
