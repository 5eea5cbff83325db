//! Calls of a room's object, each with a time limit.

use super::busy;
use super::reply::{self, Answer};
use crate::deadline::within_limit;
use crate::domain::text::RoomKey;
use crate::protocol::code::Code;
use crate::room::call::{RoomCall, HEADER};
use worker::{Env, Headers, Method, Request, RequestInit, Response, Stub};

/// Asks a room and passes its answer on. The request is made from nothing: no header or path of the client is in it.
pub async fn call(env: &Env, room: &RoomKey, call: RoomCall) -> Answer {
    let mut init = RequestInit::new();
    if matches!(call, RoomCall::Connect(..)) {
        let headers = Headers::new();
        headers.set("upgrade", "websocket").map_err(reply::internal)?;
        headers.set(HEADER, &call.to_header()).map_err(reply::internal)?;
        init.with_headers(headers);
    } else {
        let body = serde_json::to_string(&call).map_err(reply::internal)?;
        init.with_method(Method::Post).with_body(Some(body.into()));
    }
    let request = Request::new_with_init("https://room/", &init).map_err(reply::internal)?;
    let stub = stub(env, room).map_err(busy)?;
    let answer = async {
        let mut response = stub.fetch_with_request(request).await?;
        let status = response.status_code();
        Ok::<_, worker::Error>(match status {
            101 => Reply::Upgraded(response),
            _ => Reply::Said(status, response.text().await?),
        })
    };
    match within_limit(answer).await {
        None => Err(busy("a room did not answer in time")),
        Some(Err(error)) => Err(busy(error)),
        Some(Ok(Reply::Upgraded(response))) => Ok(response),
        Some(Ok(Reply::Said(500.., _))) => Err(Code::Internal.into()),
        Some(Ok(Reply::Said(status, text))) => reply::passed_on(status, text),
    }
}

/// The first call of a room decides where it is kept.
fn stub(env: &Env, room: &RoomKey) -> worker::Result<Stub> {
    let rooms = env.durable_object("ROOM")?;
    match super::settings(env).ok().and_then(|settings| settings.location_hint.clone()) {
        Some(hint) => rooms.get_by_name_with_location_hint(room.as_str(), &hint),
        None => rooms.get_by_name(room.as_str()),
    }
}

/// What a room's object answers.
enum Reply {
    Upgraded(Response),
    Said(u16, String),
}
