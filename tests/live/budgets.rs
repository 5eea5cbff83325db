//! What a message costs, as the runtime counts rows.

use crate::client::{eventually, guest_at, room, Client, Room};
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
}
