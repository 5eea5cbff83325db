//! Calls of a room's object, each with a time limit.

use super::busy;
use super::reply::{self, Answer};
use crate::config::Settings;
use crate::deadline::within_limit;
use crate::domain::text::{RoomKey, RoomName};
use crate::protocol::code::Code;
use crate::request;
use crate::room::call::{Asked, RoomCall, HEADER};
use futures_util::future::join_all;
use worker::web_sys::{Headers, RequestInit};
use worker::{Env, Error, Request, Response, Stub};

/// Objects are found by name; the address says nothing.
const ADDRESS: &str = "https://room/";

/// Asks a room, by its name as it was typed, and passes its answer on.
pub async fn call(env: &Env, room: &RoomName, call: RoomCall) -> Answer {
    ask(env, &room.key(), &Asked(Some(room.clone()), call)).await
}

/// Tells several rooms, each by its key, at once. Whoever has several to tell does it here: another kind of future would
/// bring all that joins them once more.
pub async fn tell_all(env: &Env, told: &[(RoomKey, Asked)]) -> Vec<Answer> {
    join_all(told.iter().map(|(room, call)| ask(env, room, call))).await
}

async fn ask(env: &Env, room: &RoomKey, call: &Asked) -> Answer {
    let request = match call.1 {
        RoomCall::Connect(..) => upgrade(call),
        _ => serde_json::to_string(call).map_err(Error::from).and_then(|body| request::post(ADDRESS, &body)),
    };
    let request = request.map_err(reply::internal)?;
    let stub = stub(env, room).map_err(busy)?;
    let answer = async {
        let mut response = stub.fetch_with_request(request).await?;
        let status = response.status_code();
        Ok::<_, worker::Error>(match status {
            101 => Reply::Upgraded(response),
            _ => Reply::Said(status, response.headers().get(reply::RETRY_AFTER)?, response.text().await?),
        })
    };
    match within_limit(answer).await {
        None => Err(busy("a room did not answer in time")),
        Some(Err(error)) => Err(busy(error)),
        Some(Ok(Reply::Upgraded(response))) => Ok(response),
        Some(Ok(Reply::Said(500, ..))) => Err(Code::Internal.into()),
        Some(Ok(Reply::Said(404, _, text))) => {
            let absent = [Code::UnknownRoom, Code::UnknownInvite].into_iter().find(|code| text.contains(code.as_str()));
            absent.map_or_else(|| reply::passed_on(404, None, text), |code| Err(code.into()))
        }
        Some(Ok(Reply::Said(status, retry_after, text))) => reply::passed_on(status, retry_after, text),
    }
}

fn upgrade(call: &Asked) -> worker::Result<Request> {
    let headers = Headers::new()?;
    headers.set("upgrade", "websocket")?;
    headers.set(HEADER, &call.to_header())?;
    let init = RequestInit::new();
    init.set_headers(headers.as_ref());
    request::new(ADDRESS, &init)
}

/// The first call of a room decides where it is kept.
fn stub(env: &Env, room: &RoomKey) -> worker::Result<Stub> {
    let rooms = env.durable_object("ROOM")?;
    match Settings::of(env).ok().and_then(|settings| settings.location_hint.clone()) {
        Some(hint) => rooms.get_by_name_with_location_hint(room.as_str(), &hint),
        None => rooms.get_by_name(room.as_str()),
    }
}

/// What a room's object answers.
enum Reply {
    Upgraded(Response),
    Said(u16, Option<String>, String),
}
