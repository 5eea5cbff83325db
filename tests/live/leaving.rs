//! Logging out: gone everywhere at once, and the old cookie is worth nothing.

use crate::client::{eventually, guest, room, Client, Room};
use crate::rooms::row;
use std::time::Instant;

#[track_caller]
fn expect_gone(asker: &Client, room: &Room, gone: &Client) {
    let members = asker.get(&room.at("members")).expect(200);
    assert!(!members["members"].as_array().unwrap().iter().any(|one| one["id"] == gone.id()), "{members}");
}

#[test]
fn logging_out_closes_all_tabs_in_all_rooms_within_seconds() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let (first, second, read_only) = (room(&ann), room(&ann), room(&ann));
    bob.join(&first);
    bob.join(&second);
    let mut anns = ann.connect(&first);
    let mut tabs = [bob.connect(&first), bob.connect(&first), bob.connect(&second), bob.connect(&read_only)];
    let started = Instant::now();
    bob.delete("/api/session").expect(204);
    for tab in &mut tabs {
        assert_eq!(tab.expect_close(), (1008, "signed_out".to_owned()));
    }
    println!("all sockets closed {:?} after the log-out began", started.elapsed());
    anns.expect_presence(|frame| frame["left"][0] == bob.id());
    for place in [&first, &second, &read_only] {
        expect_gone(&ann, place, &bob);
        assert_eq!(ann.view(place)["members"], 1);
        eventually("the list has heard", || (row(&ann, place)["members"] == 1).then_some(()));
    }
}

#[test]
fn the_old_cookie_is_refused_wherever_it_was_used() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    bob.delete("/api/session").expect(204);
    for answer in [
        bob.get(&lobby.path),
        bob.get(&lobby.at("members")),
        bob.get(&lobby.at("messages")),
        bob.put(&lobby.at("membership")),
        bob.delete(&lobby.at("membership")),
        bob.say(&lobby, "1", "still here"),
        bob.request("GET", &lobby.at("live")).header("upgrade", "websocket").header("connection", "upgrade").send(),
    ] {
        answer.expect_refusal(401, "session_ended");
    }
    expect_gone(&ann, &lobby, &bob);
}

#[test]
fn an_old_cookie_that_joins_another_room_is_thrown_out_again() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.delete("/api/session").expect(204);
    bob.join(&lobby);
    eventually("thrown out", || (ann.view(&lobby)["members"] == 1).then_some(()));
    bob.put(&lobby.at("membership")).expect_refusal(401, "session_ended");
    expect_gone(&ann, &lobby, &bob);
}

#[test]
fn an_old_cookie_that_opens_a_socket_elsewhere_is_thrown_out_again() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.delete("/api/session").expect(204);
    let mut bobs = bob.connect(&lobby);
    assert_eq!(bobs.expect_close(), (1008, "signed_out".to_owned()));
    bob.get(&lobby.path).expect_refusal(401, "session_ended");
}

#[test]
fn logging_out_ends_one_session_and_nobody_elses() {
    let (ann, other_ann) = (guest("Ann"), guest("Ann"));
    let lobby = room(&ann);
    other_ann.join(&lobby);
    let mut others = other_ann.connect(&lobby);
    ann.delete("/api/session").expect(204);
    ann.delete("/api/session").expect(204);
    others.says("I am still here");
    other_ann.get("/api/session").expect(200);
}

#[test]
fn what_a_guest_said_stays_when_they_are_gone() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    bob.say(&lobby, "1", "remember me").expect(201);
    bob.delete("/api/session").expect(204);
    let page = ann.get(&lobby.at("messages")).expect(200);
    assert_eq!(page["messages"][0]["author"]["id"], bob.id());
}
