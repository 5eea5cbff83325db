//! How seldom the Directory is asked: rooms go on without it.

use super::sessions::{aged, MINUTE};
use super::{account_at, KEY};
use crate::client::{room, Client, Room};
use crate::server::{Build, Server};
use serde_json::json;

/// How often requests have asked the Directory so far. The Worker and its objects share an isolate here.
fn questions(asker: &Client, room: &Room) -> u64 {
    asker.post(&room.at("hook/counts"), &json!({})).expect(200)["questions"].as_u64().unwrap()
}

#[test]
fn entering_a_room_asks_the_directory_once_in_ten_minutes_and_talk_and_coming_back_never() {
    let server = Server::start(Build::WithHooks, &[("SESSION_KEY", KEY)]);
    let (ann, bob) = (account_at(&server, "Ann").client, account_at(&server, "Bob").client);
    let lobby = room(&ann);
    let during = |what: &dyn Fn()| {
        let before = questions(&ann, &lobby);
        what();
        questions(&ann, &lobby) - before
    };
    // As the page does it, and then every answer's new cookie is kept.
    let enter = |bob: &Client| {
        bob.join(&lobby);
        bob.get(&lobby.at("messages")).expect(200);
        bob.connect(&lobby).says("hello");
    };
    let fresh = during(&|| enter(&bob));
    let late = during(&|| {
        let answer = aged(&bob, 11 * MINUTE).put(&lobby.at("membership"));
        enter(&Client { cookie: Some(answer.cookie()), ..bob.clone() });
    });
    let back = during(&|| drop(aged(&bob, 11 * MINUTE).connect_with(&lobby, "?since=0")));
    let talk = during(&|| {
        let mut live = aged(&bob, 11 * MINUTE).connect(&lobby);
        for _ in 0..100 {
            live.says("on and on");
        }
    });
    println!(
        "the Directory is asked: entering a room {fresh}, after ten minutes {late}, coming back {back}, talk {talk}"
    );
    assert_eq!((fresh, late, back, talk), (0, 1, 0, 0));
}
