//! Hosted Redis, for real: a redis-server, the gateway that speaks Upstash's protocol, and the Worker that keeps its
//! Directory and its Archive there.

mod archive;
mod deleting;
mod door;
mod moving;
mod outages;
mod tutorial;
mod watching;

use crate::client::{eventually_within, Client, Room};
use crate::redis::Redis;
use crate::server::{Build, Server};
use serde_json::{json, Value};
use std::sync::Arc;
use std::time::Duration;

/// How long archiving may take after Redis is back: a room asks again after a minute at the latest.
const BACK: Duration = Duration::from_secs(75);

/// A server on a Redis of its own.
#[track_caller]
pub(crate) fn server(settings: &[(&str, &str)]) -> Arc<Server> {
    Server::start_on(&Arc::new(Redis::start()), Build::Deployed, settings)
}

/// The messages that Redis has of a room, by their scores.
#[track_caller]
pub(crate) fn archived(redis: &Redis, room: &str) -> Vec<Value> {
    let members = redis.command(json!(["ZRANGE", format!("msg-{room}"), 0, -1]));
    members.as_array().unwrap().iter().map(|one| serde_json::from_str(one.as_str().unwrap()).unwrap()).collect()
}

/// Waits until Redis has as many messages as the room, and compares each.
#[track_caller]
pub(crate) fn expect_archived(redis: &Redis, who: &Client, room: &Room) {
    let said = who.history(room);
    eventually_within(BACK, "everything is archived", || {
        (archived(redis, &room.name).len() >= said.len()).then_some(())
    });
    let shape = |seq: &Value, id: &Value, text: &Value, person: &Value| json!([seq, id, text, person]);
    let archived: Vec<_> = archived(redis, &room.name)
        .iter()
        .map(|one| shape(&one["seq"], &one["id"], &one["msg"], &one["person"]))
        .collect();
    let said: Vec<_> =
        said.iter().map(|one| shape(&one["seq"], &one["id"], &one["text"], &one["author"]["id"])).collect();
    assert_eq!(archived, said, "all of it, once, in order");
}

/// Texts of messages, in order.
fn texts(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|one| one["text"].as_str().unwrap()).collect()
}

/// The names of the rooms in the list.
#[track_caller]
fn listed(who: &Client) -> Vec<String> {
    let page = who.get("/api/rooms").expect(200);
    page["rooms"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}
