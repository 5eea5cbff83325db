//! Whoever comes too often costs Redis nothing.

use super::server;
use crate::accounts::{account_at, key};
use crate::client::{guest_at, stranger_from, Client};
use crate::door::looks::look_around;
use serde_json::json;
use std::time::Instant;

#[test]
fn what_is_refused_for_its_rate_costs_no_command() {
    let server = server(&[("ARCHIVE_SECONDS", "3600")]);
    let ann = account_at(&server, "Ann");
    let here = stranger_from(&server, "192.0.2.1");
    let guess = |at: &Client| at.post("/api/session", &json!({ "username": ann.name, "key": key("wrong") })).status;
    let params = |at: &Client| at.post("/api/session/params", &json!({ "username": ann.name })).status;
    let enter = |at: &Client| at.post("/api/guest", &json!({ "name": "Bob" })).status;
    let make = |name: String| ann.client.post("/api/rooms", &json!({ "name": name })).status;
    // Refused once by the Directory's object, and from then on by the isolate that has heard it.
    while guess(&here) != 429 {}
    while params(&here) != 429 {}
    while enter(&here) != 429 {}
    let emptied = Instant::now();
    let made = (0..60).take_while(|n| make(format!("Room {n}")) == 201).count();
    assert!(made >= 30, "{made}");
    // What is still being told of the rooms.
    crate::client::eventually("Redis is not asked any more", || {
        (server.redis().reset_counts()["commands"] == 0).then_some(())
    });
    for _ in 0..20 {
        assert_eq!((guess(&here), make("Another room".to_owned())), (429, 429));
    }
    assert_eq!(server.redis().counts()["commands"], 0);
    // The buckets for these fill faster, one in two seconds, however long all this takes here; the others ask nothing.
    let through: Vec<_> = (0..40).map(|_| enter(&here)).filter(|status| *status != 429).collect();
    assert!(through.len() as u64 <= 2 + emptied.elapsed().as_secs() / 2, "{through:?}");
    let commands = server.redis().counts()["commands"].as_u64().unwrap();
    assert!(commands <= 20 * through.len() as u64, "{commands} for {} guests", through.len());
    assert_eq!(enter(&stranger_from(&server, "192.0.2.2")), 201);
}

#[test]
fn looks_for_rooms_that_are_not_there_end_before_redis() {
    let server = server(&[]);
    let here = Client { address: Some("192.0.2.3".to_owned()), ..guest_at(&server, "Ann") };
    let look = |n: usize| here.get(&format!("/api/rooms/nobody%20made%20{n}")).status;
    look_around(&here);
    server.redis().reset_counts();
    let through = (200..300).filter(|n| look(*n) != 429).count() as u64;
    let commands = server.redis().counts()["commands"].as_u64().unwrap();
    assert!(commands <= 10 * through, "{commands} for {through} of a hundred looks");
}
