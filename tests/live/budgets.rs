//! What a message costs, as the runtime counts rows.

mod meter;
mod table;

use crate::accounts::{account_at, key};
use crate::client::{eventually, guest_at, room, stranger_from, Client, Room};
use crate::live::new_id;
use crate::server::{Build, Server};
use serde_json::json;

const ROWS_WRITTEN: i64 = 2;
const ROWS_READ: i64 = 20;

/// Rows read and written since the room woke.
#[track_caller]
fn rows(who: &Client, room: &Room) -> [i64; 2] {
    let counts = who.post(&room.at("hook/counts"), &json!({})).expect(200);
    ["rows_read", "rows_written"].map(|name| counts[name].as_i64().unwrap())
}

#[test]
fn a_message_writes_two_rows_and_reads_at_most_twenty() {
    // With Redis, what goes there waits until this is over.
    let server = Server::start(Build::WithHooks, &[("ARCHIVE_SECONDS", "3600")]);
    let (ann, bob) = (guest_at(&server, "Ann"), guest_at(&server, "Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    let (mut anns, _bobs) = (ann.connect(&lobby), bob.connect(&lobby));
    // A history and a few people, so that no scan of a table goes unseen.
    // One less than goes to Redis at once.
    for n in 0..90 {
        anns.says(&format!("history {n}"));
    }
    let cost = |what: &str, act: &mut dyn FnMut()| {
        let before = rows(&ann, &lobby);
        act();
        let after = rows(&ann, &lobby);
        let [read, written] = [after[0] - before[0], after[1] - before[1]];
        println!("{what}: {read} rows read, {written} written");
        [read, written]
    };
    // That people came is still being told to the Directory.
    eventually("looking costs nothing", || (cost("looking", &mut || ()) == [0, 0]).then_some(()));
    for (what, cost) in [
        ("a message over the socket", cost("a message over the socket", &mut || drop(anns.says("hello")))),
        (
            "a message over HTTP",
            cost("a message over HTTP", &mut || drop(ann.say(&lobby, &new_id(), "hello").expect(201))),
        ),
    ] {
        assert_eq!(cost[1], ROWS_WRITTEN, "{what}");
        assert!(cost[0] <= ROWS_READ, "{what}: {cost:?}");
    }
    ann.say(&lobby, "twice", "hello").expect(201);
    let [read, written] = cost("the same message again", &mut || drop(ann.say(&lobby, "twice", "hello").expect(200)));
    assert!(written == 0 && read <= ROWS_READ, "{read} {written}");
    let [read, written] = cost("a page of history", &mut || drop(ann.get(&lobby.at("messages")).expect(200)));
    assert!(written == 0 && read <= 60, "{read}");
    let [read, _] = cost("a resume of three", &mut || drop(ann.connect_with(&lobby, "?since=90")));
    assert!(read <= 20, "{read}");
    // Changes are no messages: they must not make the room look for a page to pack.
    for n in 0..120 {
        let react = json!({ "type": "react", "id": format!("r{n}"), "seq": 1, "reaction": "👍", "on": n % 2 == 0 });
        ann.post(&lobby.at("entries"), &react).expect(201);
    }
    eventually("looking costs nothing again", || (cost("looking", &mut || ()) == [0, 0]).then_some(()));
    // A report, at most one in half a minute, may fall into one of them, and not into all.
    eventually("a message among changes costs what any does", || {
        let cost =
            cost("a message among changes", &mut || drop(ann.say(&lobby, &new_id(), "among changes").expect(201)));
        (cost[1] == ROWS_WRITTEN && cost[0] <= ROWS_READ).then_some(())
    });
}

#[test]
fn what_is_counted_at_the_door_costs_a_guest_no_row_and_a_log_in_four() {
    let server = Server::start(Build::WithHooks, &[("ARCHIVE_SECONDS", "3600")]);
    let ann = account_at(&server, "Ann");
    let lobby = room(&ann.client);
    let here = stranger_from(&server, "192.0.2.1");
    // Of all objects: the room's and the Directory's.
    let written =
        || ann.client.post(&lobby.at("hook/counts"), &json!({})).expect(200)["ever_written"].as_i64().unwrap();
    eventually("the room has told of itself", || {
        let before = written();
        (written() == before).then_some(())
    });
    let cost = |what: &str, ask: &mut dyn FnMut()| {
        let before = written();
        ask();
        let rows = written() - before;
        println!("{what}: {rows} rows written");
        rows
    };
    let log_in =
        |who: &Client, password: &str| who.post("/api/session", &json!({ "username": ann.name, "key": key(password) }));
    // Beside what it writes anyway: a session, in Redis or here.
    let session = i64::from(std::env::var("HIHICHAT_BACKEND").as_deref() != Ok("redis"));
    assert_eq!(cost("a guest", &mut || drop(here.post("/api/guest", &json!({ "name": "Bob" })).expect(201))), 0);
    let mut device = String::new();
    let new = cost("a log-in on a new device", &mut || {
        let answer = log_in(&here, "first");
        answer.expect(200);
        let mut cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        device = cookies.next_back().unwrap().split(';').next().unwrap().to_owned();
    });
    let known = Client { cookie: Some(device), ..here.clone() };
    let again = cost("a log-in on a known one", &mut || drop(log_in(&known, "first").expect(200)));
    assert_eq!((new - session, again - session), (4, 2));
    let wrong = cost("a wrong one", &mut || drop(log_in(&here, "wrong").expect_refusal(401, "wrong_login")));
    assert_eq!(wrong, 2);
    while log_in(&here, "wrong").status != 429 {}
    assert_eq!(cost("a refused one", &mut || drop(log_in(&here, "wrong").expect_refusal(429, "slow_down"))), 0);
}
