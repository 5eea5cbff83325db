//! From a request to its answer, with the fault that strikes it.

use crate::app::{locked, Gateway};
use crate::broken;
use crate::call::{Call, Command};
use crate::faults::Fault;
use crate::refusal::{self, Refusal, MOST};
use crate::reply::{self, Format};
use crate::server::Outcome;
use axum::body::{to_bytes, Bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use std::time::Duration;

/// Requests with this header are a test's own look at the data: no fault strikes them, and they are not counted.
const ASIDE: &str = "gateway-aside";

/// More than any test sends; what is larger than [`MOST`] is refused in Upstash's words, not by the connection's end.
const MOST_READ: usize = 8 * MOST;

/// Does what a request asks.
pub async fn answer(gateway: &Gateway, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MOST_READ).await.map_err(|_| Refusal::bad(refusal::too_large(MOST_READ)))?;
    let format = Format::of(&parts.headers)?;
    let call = Call::parse(&parts.method, &parts.uri, &body)?;
    let mut fault = Fault::default();
    if !parts.headers.contains_key(ASIDE) {
        locked(&gateway.counts).add(&call);
        fault = locked(&gateway.fault).strike(&call, &parts.uri.to_string(), &body);
    }
    if fault.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
    }
    if fault.down {
        return Ok(broken::nothing());
    }
    if let Some(status) = fault.status {
        return Err(Refusal::of(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)));
    }
    if fault.rubbish {
        return Ok(Html("<!doctype html><title>Bad gateway</title>").into_response());
    }
    let (status, kind, body) = done(gateway, &call, format, &fault).await?;
    let response = (status, [(CONTENT_TYPE, kind)], body.clone()).into_response();
    Ok(match fault {
        Fault { lost: true, .. } => broken::nothing(),
        Fault { cut: true, .. } => broken::half(response, body),
        _ => response,
    })
}

async fn done(
    gateway: &Gateway,
    call: &Call,
    format: Format,
    fault: &Fault,
) -> Result<(StatusCode, &'static str, Bytes), Refusal> {
    let mut refused = Vec::new();
    for command in call.commands() {
        refused.push(refusal_of(gateway, command, fault).await?);
    }
    let outcomes = if let Call::Transaction(commands) = call {
        if let Some(why) = refused.into_iter().flatten().next() {
            return Err(Refusal::bad(why));
        }
        let commands: Vec<_> = commands.iter().collect();
        gateway.server.transact(&commands).await.map_err(|error| Refusal::unreachable(&error))?.map_err(Refusal::bad)?
    } else {
        let allowed: Vec<_> =
            call.commands().iter().zip(&refused).filter(|(_, why)| why.is_none()).map(|(it, _)| it).collect();
        let mut done = gateway.server.run(&allowed).await.map_err(|error| Refusal::unreachable(&error))?.into_iter();
        refused.into_iter().filter_map(|why| why.map(Err).or_else(|| done.next())).collect()
    };
    let outcomes: Vec<_> = outcomes.into_iter().map(reply::limited).collect();
    Ok(written(call, format, &outcomes))
}

/// Why a command is not even tried.
async fn refusal_of(gateway: &Gateway, command: &Command, fault: &Fault) -> Result<Option<String>, Refusal> {
    if let Some(why) = refusal::not_in_rest(&command.name()) {
        return Ok(Some(why));
    }
    if command.size() > MOST {
        return Ok(Some(refusal::too_large(command.size())));
    }
    if fault.quota {
        return Ok(Some(refusal::quota_used_up()));
    }
    let full = fault.full && gateway.server.may_grow(command).await.map_err(|error| Refusal::unreachable(&error))?;
    Ok(full.then(refusal::database_full))
}

/// One command that failed is a request that failed; of several, each has its own outcome and the request succeeded.
fn written(call: &Call, format: Format, outcomes: &[Outcome]) -> (StatusCode, &'static str, Bytes) {
    let failed = matches!((call, outcomes), (Call::One(_), [Err(_)]));
    let status = if failed { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    // "This option is not applicable to /multi-exec, as it only returns response in JSON format."
    if format == Format::Resp2 && !matches!(call, Call::Transaction(_)) {
        let mut body = Vec::new();
        outcomes.iter().for_each(|outcome| reply::resp2(outcome, &mut body));
        return (status, "application/octet-stream", body.into());
    }
    let mut each = outcomes.iter().map(|outcome| reply::json(outcome, format == Format::Base64));
    let body = match call {
        Call::One(_) => each.next().unwrap_or_default(),
        _ => each.collect(),
    };
    (status, "application/json", body.to_string().into())
}

/// A value of our own addresses.
pub fn json(value: &impl Serialize) -> Response {
    match serde_json::to_string(value) {
        Ok(text) => ([(CONTENT_TYPE, "application/json")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
