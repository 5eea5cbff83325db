//! Looking for rooms that are not there: by address, and nobody who is in a room is kept out of it.

use super::{expect_slow_down, until_refused};
use crate::client::{eventually, guest_at, room, stranger_from, Answer, Client, Room};
use crate::server::{shared, Server};
use hihichat::limits::rates;
use serde_json::json;
use std::sync::Arc;

fn guest_from(server: &Arc<Server>, name: &str, address: &str) -> Client {
    Client { address: Some(address.to_owned()), ..guest_at(server, name) }
}

/// Goes through names until it is told to slow down.
#[track_caller]
pub fn look_around(who: &Client) {
    expect_slow_down(&until_refused(rates::LOOKS, |n| who.get(&format!("/api/rooms/nobody%20made%20{n}"))));
}

#[test]
fn whoever_goes_through_names_is_slowed_and_whoever_talks_beside_them_is_not() {
    let server = shared();
    let ann = guest_from(&server, "Ann", "192.0.2.200");
    let lobby = room(&ann);
    ann.view(&lobby);
    look_around(&guest_from(&server, "Mallory", "192.0.2.200"));
    for _ in 0..50 {
        ann.view(&lobby);
    }
    ann.connect(&lobby).says("I see no difference");
    // Somewhere else nobody is slowed.
    guest_from(&server, "Mallory", "192.0.2.201")
        .get("/api/rooms/nobody%20made%200")
        .expect_refusal(404, "unknown_room");
}

#[test]
fn a_private_room_is_as_absent_to_whoever_is_slowed_as_to_whoever_is_not() {
    let server = shared();
    let ann = guest_from(&server, "Ann", "192.0.2.202");
    let (secret, nothing) = (Room::named("a private matter"), Room::named("no such matter"));
    ann.post("/api/rooms", &json!({ "name": secret.name, "access": "private" })).expect(201);
    ann.view(&secret);
    let mallory = guest_from(&server, "Mallory", "192.0.2.202");
    let said = |answer: Answer| (answer.status, answer.text);
    let ways = |who: &Client, room: &Room| {
        [
            said(who.get(&room.path)),
            said(who.get(&room.at("messages"))),
            said(who.put(&room.at("membership"))),
            said(who.get(&room.at("invites/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"))),
        ]
    };
    assert_eq!(ways(&mallory, &secret), ways(&mallory, &nothing));
    // The bucket may still have some of its sixty.
    eventually("both are slowed", || {
        let (one, other) = (ways(&mallory, &secret), ways(&mallory, &nothing));
        // One comes back each second, and whoever asks then is answered.
        assert!(one.iter().chain(&other).all(|(status, _)| [404, 429].contains(status)), "{one:?}, {other:?}");
        one.iter().chain(&other).all(|(status, _)| *status == 429).then_some(())
    });
    // Counted for who looks, not for who is in it.
    ann.view(&secret);
    // Links that nobody made are looked for in the same way.
    let stranger = stranger_from(&server, "192.0.2.202");
    let mut links = (0..20).map(|_| stranger.get(&nothing.at("invites/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")).status);
    assert!(links.any(|status| status == 429));
}
