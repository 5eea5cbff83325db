//! Rooms: made once, found in the list, joined and left.

use crate::client::{
    eventually, fields, guest, guest_at, new_name, room, room_named, stranger, stranger_at, Client, Room,
};
use crate::server::{Build, Server};
use base64::prelude::{Engine, BASE64_URL_SAFE_NO_PAD};
use percent_encoding::{utf8_percent_encode, NON_ALPHANUMERIC};
use serde_json::{json, Value};
use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;

/// The room's row in the list, wherever it stands.
#[track_caller]
pub fn row(asker: &Client, room: &Room) -> Value {
    let mut path = "/api/rooms".to_owned();
    loop {
        let page = asker.get(&path).expect(200);
        let rows = page["rooms"].as_array().unwrap();
        if let Some(row) = rows.iter().find(|row| row["name"] == room.name) {
            return row.clone();
        }
        let next = page["next"].as_str().unwrap_or_else(|| panic!("{} is not in the list", room.name));
        path = format!("/api/rooms?cursor={next}");
    }
}

#[test]
fn a_room_is_made_with_name_description_and_owner() {
    let ann = guest("Ann");
    let name = new_name();
    let made = ann.post("/api/rooms", &json!({ "name": name, "description": "all about tea" })).expect(201);
    let shape = [
        "access",
        "activity",
        "created",
        "description",
        "epoch",
        "members",
        "messages",
        "name",
        "online",
        "owner",
        "people",
        "read",
        "role",
        "seq",
        "unread",
    ];
    assert_eq!(fields(&made), shape);
    assert_eq!((&made["name"], &made["description"]), (&json!(name), &json!("all about tea")));
    assert_eq!((&made["access"], &made["role"]), (&json!("open"), &json!("owner")));
    assert_eq!((&made["seq"], &made["members"], &made["online"]), (&json!(0), &json!(1), &json!(0)));
    assert_eq!(fields(&made["owner"]), ["avatar", "id", "kind", "name", "tag"]);
    assert_eq!(made["owner"]["id"], ann.id());
    assert_eq!(ann.view(&Room::named(&name)), made);
}

#[test]
fn of_eight_who_make_the_same_room_at_once_one_wins_and_the_others_can_join() {
    let people: Vec<_> = (0..8).map(|n| guest(&format!("Racer {n}"))).collect();
    let name = new_name();
    let (gate, room) = (Barrier::new(people.len()), Room::named(&name));
    let answers: Vec<_> = thread::scope(|scope| {
        let make = |person: &Client| {
            gate.wait();
            person.post("/api/rooms", &json!({ "name": name }))
        };
        let races: Vec<_> = people.iter().map(|person| scope.spawn(move || make(person))).collect();
        races.into_iter().map(|race| race.join().unwrap()).collect()
    });
    let (won, lost): (Vec<_>, Vec<_>) = people.iter().zip(&answers).partition(|(_, answer)| answer.status == 201);
    assert_eq!(won.len(), 1, "{answers:?}");
    for (person, answer) in &lost {
        answer.expect_refusal_of(409, "name_taken", "name");
        // The winner's room may be on its way yet.
        eventually("a loser joins", || (person.put(&room.at("membership")).status == 200).then_some(()));
    }
    let seen = lost[0].0.view(&room);
    assert_eq!(seen["owner"]["id"], won[0].0.id());
    assert_eq!(seen["members"], 8);
}

#[test]
fn a_name_that_is_or_looks_like_anothers_is_taken() {
    let ann = guest("Ann");
    room_named(&ann, "Paypal Lounge");
    for double in
        ["Paypal Lounge", "paypal lounge", "PAYPAL LOUNGE", "Ｐａｙｐａｌ Lounge", "Pаypal Lounge", " Paypal  Lounge "]
    {
        ann.post("/api/rooms", &json!({ "name": double })).expect_refusal_of(409, "name_taken", "name");
    }
    // One room whatever the case it is asked for in.
    assert_eq!(ann.view(&Room::named("PAYPAL lounge"))["name"], "Paypal Lounge");
}

#[test]
fn a_room_may_be_called_almost_anything() {
    let ann = guest("Ann");
    let hex = "0123456789abcdef".repeat(4);
    let names = [
        "你好 lobby",
        "🍵🫖",
        "👩‍👩‍👧",
        "a-b",
        "a/b",
        "..a/../b",
        "100%",
        "%2F",
        "%00",
        "a?b#c",
        "a:b*c",
        "a\"b'c`d\\e",
        "<img src=x>",
        "admin",
        "__proto__",
        "null",
        "a&b=c+d",
        "{room}",
        &hex,
    ];
    for name in names {
        let room = room_named(&ann, name);
        assert_eq!(ann.view(&room)["name"], name);
        let mut live = ann.connect(&room);
        assert_eq!(live.says("here")["seq"], 1);
        assert_eq!(row(&ann, &room)["name"], name);
    }
}

#[test]
fn an_address_with_dots_or_a_slash_too_many_reaches_no_room() {
    let ann = guest("Ann");
    for (path, status, code) in [
        ("/api/rooms/", 404, "unknown_room"),
        ("/api/rooms//live", 404, "unknown_room"),
        ("/api/rooms/%2e%2e/%2e%2e", 404, "not_found"),
        ("/api/rooms/a/../../session/x", 404, "not_found"),
        ("/api/rooms/%00", 404, "unknown_room"),
        ("/api/rooms/%ff", 400, "bad_path"),
        ("/api/rooms/%E2%80%AE", 404, "unknown_room"),
        ("/api/rooms/nobody%20made%20this", 404, "unknown_room"),
        ("/api/rooms/nobody%20made%20this/members", 404, "unknown_room"),
        ("/api/rooms/nobody%20made%20this/messages", 404, "unknown_room"),
        ("/api/rooms/a/b/c", 404, "not_found"),
        ("/api/rooms/a/unknown", 404, "not_found"),
    ] {
        ann.get(path).expect_refusal(status, code);
    }
    let hex = format!("/api/rooms/{}", "f".repeat(64));
    ann.get(&hex).expect_refusal(404, "unknown_room");
    ann.get(&format!("/api/rooms/{}", "x".repeat(10_000))).expect_refusal(404, "unknown_room");
    let nowhere = Room::named("nobody made this");
    ann.put(&nowhere.at("membership")).expect_refusal(404, "unknown_room");
    ann.delete(&nowhere.at("membership")).expect_refusal(404, "unknown_room");
    ann.say(&nowhere, "1", "hello").expect_refusal(404, "unknown_room");
    let upgrade = ann.request("GET", &nowhere.at("live")).header("upgrade", "websocket");
    upgrade.header("connection", "upgrade").send().expect_refusal(404, "unknown_room");
}

#[test]
fn joining_and_leaving_twice_is_once() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    assert_eq!(bob.view(&lobby)["role"], "visitor");
    for _ in 0..2 {
        let joined = bob.join(&lobby);
        assert_eq!((&joined["role"], &joined["members"]), (&json!("guest_member"), &json!(2)));
    }
    for _ in 0..2 {
        bob.delete(&lobby.at("membership")).expect(204);
        let left = bob.view(&lobby);
        assert_eq!((&left["role"], &left["members"]), (&json!("visitor"), &json!(1)));
    }
}

#[test]
fn an_owner_who_left_and_came_back_owns_the_room() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    ann.delete(&lobby.at("membership")).expect(204);
    assert_eq!(ann.view(&lobby)["role"], "visitor");
    assert_eq!(ann.join(&lobby)["role"], "owner");
}

#[test]
fn members_are_listed_in_the_order_of_joining_with_who_is_online() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    let _anns = ann.connect(&lobby);
    let page = bob.get(&lobby.at("members")).expect(200);
    assert_eq!(fields(&page), ["members", "next"]);
    assert_eq!(page["next"], Value::Null);
    let members = page["members"].as_array().unwrap();
    assert_eq!(fields(&members[0]), ["avatar", "id", "joined", "kind", "name", "online", "role", "tag"]);
    let seen: Vec<_> = members.iter().map(|one| (&one["id"], &one["role"], &one["online"])).collect();
    let expected =
        [(json!(ann.id()), json!("owner"), json!(true)), (json!(bob.id()), json!("guest_member"), json!(false))];
    assert_eq!(seen, expected.each_ref().map(|(id, role, online)| (id, role, online)));
}

#[test]
fn the_members_of_a_full_room_come_in_pages() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let mut expected = vec![ann.id().to_owned()];
    for n in 0..54 {
        let one = guest(&format!("Member {n}"));
        one.join(&lobby);
        expected.push(one.id().to_owned());
    }
    let first = ann.get(&lobby.at("members")).expect(200);
    let cursor = first["next"].as_str().expect("a second page");
    let second = ann.get(&lobby.at(&format!("members?cursor={cursor}"))).expect(200);
    assert_eq!(second["next"], Value::Null);
    let pages = [&first, &second].map(|page| page["members"].as_array().unwrap());
    assert_eq!(pages.map(Vec::len), [50, 5]);
    let ids: Vec<_> = pages.into_iter().flatten().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, expected);
}

#[test]
fn the_list_shows_a_room_with_who_is_there_also_to_those_who_have_not_entered() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    let mut anns = ann.connect(&lobby);
    let said = anns.says("hello");
    bob.join(&lobby);
    let row =
        eventually("the list has heard of Bob", || Some(row(&stranger(), &lobby)).filter(|row| row["members"] == 2));
    let shape = ["access", "activity", "created", "description", "members", "messages", "name", "online", "people"];
    assert_eq!(fields(&row), shape);
    assert_eq!((&row["online"], &row["activity"]), (&json!(1), &said["at"]));
    assert_eq!(row["people"], json!([anns.welcome["you"]]));
    anns.close();
    eventually("the list has heard that it is empty", || (self::row(&bob, &lobby)["online"] == 0).then_some(()));
}

#[test]
fn sixty_rooms_are_listed_by_last_activity_in_pages_without_loss() {
    let server = Server::start(Build::Deployed, &[]);
    let ann = guest_at(&server, "Ann");
    // One person makes thirty at once.
    let bob = guest_at(&server, "Bob");
    let mut made: Vec<_> =
        (0..60).map(|n| room_named(if n % 2 == 0 { &ann } else { &bob }, &format!("Room {n}")).name).collect();
    let stranger = stranger_at(&server);
    let first = stranger.get("/api/rooms").expect(200);
    let names = |page: &Value| -> Vec<String> {
        page["rooms"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    let next = first["next"].as_str().expect("a second page");
    // A room that comes between the pages neither hides one nor shows one twice.
    let late = room_named(&guest_at(&server, "Carl"), "Made meanwhile");
    let second = stranger.get(&format!("/api/rooms?cursor={next}")).expect(200);
    assert_eq!(second["next"], Value::Null);
    made.reverse();
    let seen = [names(&first), names(&second)].concat();
    assert_eq!(names(&first).len(), 50);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>(), made.iter().collect::<BTreeSet<_>>());
    let at = |page: &Value| -> Vec<i64> {
        page["rooms"].as_array().unwrap().iter().map(|row| row["activity"].as_i64().unwrap()).collect()
    };
    let order = [at(&first), at(&second)].concat();
    assert!(order.is_sorted_by(|one, next| one >= next), "{order:?}");
    assert_eq!(names(&stranger.get("/api/rooms").expect(200))[0], late.name);
}

#[test]
fn a_cursor_that_the_server_did_not_make_is_refused() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    for cursor in ["x", "-1", "bnVsbA", "e30", "%00", "eyJhY3Rpdml0eSI6MX0", "WzFd"] {
        ann.get(&format!("/api/rooms?cursor={cursor}")).expect_refusal(400, "bad_cursor");
        ann.get(&lobby.at(&format!("members?cursor={cursor}"))).expect_refusal(400, "bad_cursor");
    }
}

#[test]
fn a_cursor_made_by_hand_is_refused_or_names_a_place_and_breaks_nothing() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    ann.say(&lobby, "1", "hello there").expect(201);
    let most = i64::MAX.to_string();
    let places = [
        "0",
        "-1",
        "-9007199254740993",
        "9007199254740993",
        &most,
        "1e9",
        "1.5",
        "null",
        "{}",
        "[1,\"x\"]",
        "\"lobby\"",
        "[-1,\"\"]",
    ];
    let cursors = places.map(|place| BASE64_URL_SAFE_NO_PAD.encode(place));
    let paths = ["/api/rooms?x".to_owned(), lobby.at("members?x"), lobby.at("search?q=hello")];
    for cursor in cursors.iter().map(String::as_str).chain(["-1", "%00", "../..", "AAAA", "🍵"]) {
        for path in &paths {
            let answer = ann.get(&format!("{path}&cursor={}", utf8_percent_encode(cursor, NON_ALPHANUMERIC)));
            if answer.status != 200 {
                answer.expect_refusal(400, "bad_cursor");
            }
        }
    }
    ann.say(&lobby, "2", "still here").expect(201);
}
