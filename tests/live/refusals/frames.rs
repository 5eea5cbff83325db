//! Frames that make no sense. The connection stays, unless the frame is too large; others notice nothing.

use crate::client::{guest, guest_at, room, Client, Room};
use crate::live::Live;
use crate::server::{Build, Server};
use serde_json::{json, Value};
use tungstenite::Message;

const LIMIT: usize = 64 * 1024;

fn connected() -> (Client, Room, Live) {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let live = ann.connect(&lobby);
    (ann, lobby, live)
}

#[test]
fn a_frame_that_is_not_one_json_object_is_bad_json_and_the_socket_stays() {
    let (_, _, mut live) = connected();
    let deep = "[".repeat(60_000);
    for text in [
        "",
        " ",
        "null",
        "[]",
        "1e400",
        "{",
        "hello",
        "PING",
        "\"ping\"",
        "{\"type\":\"\\ud800\"}",
        "\u{feff}{}",
        &deep,
    ] {
        live.say(Message::text(text));
        assert_eq!(live.expect_error("bad_json"), json!({ "type": "error", "code": "bad_json" }), "{text:.50}");
    }
    live.says("still here");
}

#[test]
fn a_frame_with_a_field_wrong_missing_or_unknown_names_it_and_its_message() {
    let (_, _, mut live) = connected();
    let error = |code: &str, field: &str| json!({ "type": "error", "code": code, "field": field });
    let of_message = |code: &str, field: &str| json!({ "type": "error", "code": code, "field": field, "id": "m" });
    for (frame, expected) in [
        (json!({}), error("missing_field", "type")),
        (json!({ "type": 1 }), error("wrong_type", "type")),
        (json!({ "type": "shout" }), json!({ "type": "error", "code": "unknown_type" })),
        (json!({ "type": "Send", "id": "m", "text": "x" }), json!({ "type": "error", "code": "unknown_type" })),
        (json!({ "type": "welcome" }), json!({ "type": "error", "code": "unknown_type" })),
        (json!({ "type": "send", "text": "x" }), error("missing_field", "id")),
        (json!({ "type": "send", "id": 1, "text": "x" }), error("wrong_type", "id")),
        (json!({ "type": "send", "id": "a b", "text": "x" }), error("bad_id", "id")),
        (json!({ "type": "send", "id": "m" }), of_message("missing_field", "text")),
        (json!({ "type": "send", "id": "m", "text": ["x"] }), of_message("wrong_type", "text")),
        (json!({ "type": "send", "id": "m", "text": "x", "author": "Bob" }), of_message("unknown_field", "author")),
        (json!({ "type": "send", "id": "m", "text": "x", "__proto__": 1 }), of_message("unknown_field", "__proto__")),
        (json!({ "type": "since" }), error("missing_field", "seq")),
        (json!({ "type": "since", "seq": -1 }), error("wrong_type", "seq")),
        (json!({ "type": "since", "seq": 1.5 }), error("wrong_type", "seq")),
        (json!({ "type": "since", "seq": "1" }), error("wrong_type", "seq")),
        (json!({ "type": "since", "seq": 9_007_199_254_740_992_u64 }), error("wrong_type", "seq")),
        (json!({ "type": "since", "seq": 0, "epoch": "x" }), error("unknown_field", "epoch")),
        (json!({ "type": "typing", "person": {} }), error("unknown_field", "person")),
    ] {
        live.frame(&frame);
        assert_eq!(live.next_but_presence(), expected, "{frame}");
    }
    assert_eq!(live.says("still here")["seq"], 1);
}

#[test]
fn a_binary_frame_is_refused_and_the_socket_stays() {
    let (_, _, mut live) = connected();
    for bytes in [&b""[..], b"ping", b"{\"type\":\"typing\"}", &[0xff; 1000]] {
        live.say(Message::binary(bytes.to_vec()));
        live.expect_error("binary_frame");
    }
    live.says("still here");
}

#[test]
fn a_frame_of_64_kib_is_read_and_one_byte_more_closes_with_1009() {
    let (ann, lobby, mut live) = connected();
    let json = "{\"type\":\"nothing\"}";
    let frame = |length: usize| Message::text(format!("{json}{}", " ".repeat(length - json.len())));
    live.say(frame(LIMIT));
    live.expect_error("unknown_type");
    live.say(frame(LIMIT + 1));
    assert_eq!(live.expect_close().0, 1009);
    ann.connect(&lobby).says("back");
}

#[test]
fn a_binary_frame_over_64_kib_closes_with_1009_too() {
    let (_, _, mut live) = connected();
    live.say(Message::binary(vec![0; LIMIT + 1]));
    assert_eq!(live.expect_close().0, 1009);
}

/// A frame as it stands on the wire, its key all zeros.
fn wire(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap().to_be_bytes();
    [&[first, 0x80 | 126][..], &length, &[0; 4], payload].concat()
}

#[test]
fn whatever_one_client_does_to_the_framing_the_others_go_on() {
    let bob = guest("Bob");
    let lobby = room(&bob);
    let mut bobs = bob.connect(&lobby);
    let send = br#"{"type":"send","id":"x","text":"x"}"#;
    let unmasked = [&[0x81, send.len() as u8][..], send].concat();
    let fragments = [wire(0x01, b"{"), wire(0x00, b" ").repeat(3_000), wire(0x80, b"}")].concat();
    let announced = [&[0x81, 0x80 | 127][..], &(1_u64 << 30).to_be_bytes(), &[0; 4]].concat();
    // The runtime reads frames before we do. What it lets through is judged as any other; RFC 6455 would have it end unmasked
    // ones (5.1), long pings (5.5) and invalid UTF-8 (8.1), which comes to us as U+FFFD.
    type Fate = fn(&mut Live);
    let protocol_error: Fate = |live| assert_eq!(live.expect_close().0, 1002);
    let too_large: Fate = |live| assert_eq!(live.expect_close().0, 1009);
    let gone: Fate = |live| while live.next_or_gone().is_some() {};
    let bad_json: Fate = |live| drop(live.expect_error("bad_json"));
    let not_a_member: Fate = |live| drop(live.expect_error("not_a_member"));
    let not_whole: Fate = |live| drop(live.expect_error("missing_field"));
    let waits_for_the_rest: Fate = |_| {};
    for (what, bytes, fate) in [
        ("unmasked", unmasked, not_a_member),
        ("a reserved bit", wire(0x81 | 0x40, send), gone),
        ("a reserved opcode", wire(0x83, send), protocol_error),
        ("a reserved control opcode", wire(0x8b, b""), protocol_error),
        ("a continuation of nothing", wire(0x80, b"{}"), protocol_error),
        ("a long ping", wire(0x89, &[b'x'; 200]), gone),
        ("a close with half a code", wire(0x88, &[3]), gone),
        ("invalid UTF-8", wire(0x81, b"\xff\xfe\xc0\xaf"), bad_json),
        ("a surrogate", wire(0x81, b"\xed\xa0\x80"), bad_json),
        ("half a frame", wire(0x81, send)[..12].to_vec(), waits_for_the_rest),
        ("a gigabyte announced", announced, too_large),
        ("three thousand fragments", fragments, not_whole),
    ] {
        let mut troublesome = guest("Trouble").connect(&lobby);
        troublesome.wire(&bytes);
        bobs.says(what);
        fate(&mut troublesome);
        bobs.says(&format!("after {what}"));
    }
    let page = bob.get(&lobby.at("messages")).expect(200);
    let authors: Vec<&Value> =
        page["messages"].as_array().unwrap().iter().map(|message| &message["author"]["id"]).collect();
    assert!(authors.iter().all(|author| **author == bob.id()), "no visitor's frame became a message");
}

#[test]
fn a_frame_of_31_mib_or_the_announcement_of_33_closes_with_1009_and_harms_nobody_else() {
    let bob = guest("Bob");
    let lobby = room(&bob);
    let mut bobs = bob.connect(&lobby);
    for (announced, sent) in [(31_usize << 20, 31 << 20), (33 << 20, 100)] {
        let mut live = guest("Trouble").connect(&lobby);
        let head = [&[0x81, 0x80 | 127][..], &(announced as u64).to_be_bytes(), &[0; 4]].concat();
        live.wire(&[head, vec![b' '; sent]].concat());
        assert_eq!(live.expect_close().0, 1009);
        bobs.says("still here");
    }
}

#[test]
fn invalid_utf_8_in_a_message_shows_as_what_it_is_and_harms_nobody() {
    let (ann, lobby, mut live) = connected();
    live.wire(&wire(0x81, b"{\"type\":\"send\",\"id\":\"u\",\"text\":\"a\xff\xc0\xafb\"}"));
    live.expect_ack("u");
    live.expect_message("a\u{fffd}\u{fffd}\u{fffd}b");
    assert_eq!(ann.history(&lobby).len(), 1);
}

#[test]
fn what_strangers_send_and_never_finish_does_not_stay_in_memory() {
    let server = Server::start(Build::Deployed, &[]);
    let bob = guest_at(&server, "Bob");
    let lobby = room(&bob);
    let mut bobs = bob.connect(&lobby);
    bobs.says("before");
    let head = |length: u64| [&[0x81, 0x80 | 127][..], &length.to_be_bytes(), &[0; 4]].concat();
    let before = server.kibibytes();
    for _ in 0..10 {
        let mut live = guest_at(&server, "Trouble").connect(&lobby);
        // Three bytes a character: what WASM reserves before it knows how long a text will be.
        live.wire(&[head(30 << 20), "字".repeat(10 << 20).into_bytes()].concat());
        assert_eq!(live.expect_close().0, 1009);
    }
    // Half of what fits, then silence; and what would not fit is not waited for.
    let mut halves = Vec::new();
    for _ in 0..10 {
        let trouble = guest_at(&server, "Trouble");
        let (mut half, mut giant) = (trouble.connect(&lobby), trouble.connect(&lobby));
        half.wire(&[head(64 << 10), vec![b' '; 32 << 10]].concat());
        halves.push(half);
        giant.wire(&head(1 << 30));
        assert_eq!(giant.expect_close().0, 1009);
    }
    bobs.says("after");
    let grown = server.kibibytes().saturating_sub(before) / 1024;
    println!("after 300 MiB in ten frames the server holds {grown} MiB more");
    assert!(grown < 160, "{grown} MiB");
}

#[test]
fn two_thousand_pings_in_one_write_are_answered() {
    let (_, _, mut live) = connected();
    live.wire(&wire(0x89, b"still there?").repeat(2_000));
    let id = live.send("after all of them");
    let mut pongs = 0;
    let ack = loop {
        match live.next_or_pong() {
            None => pongs += 1,
            Some(frame) if frame["id"] == id => break frame,
            Some(_) => {}
        }
    };
    assert_eq!(ack["type"], "ack");
    // Of several that wait, the newest alone has to be answered (RFC 6455, 5.5.3).
    assert!((1..=2_000).contains(&pongs), "{pongs}");
}

#[test]
fn two_thousand_heartbeats_in_one_write_are_no_trouble() {
    let (_, _, mut live) = connected();
    live.wire(&wire(0x81, b"ping").repeat(2_000));
    (0..2_000).for_each(|_| live.expect_pong());
    live.says("after all of them");
}

#[test]
fn five_hundred_messages_in_one_write_are_all_taken_in_order() {
    let (ann, lobby, mut live) = connected();
    let sends = (1..=500)
        .map(|n| wire(0x81, json!({ "type": "send", "id": n.to_string(), "text": "x" }).to_string().as_bytes()));
    live.wire(&sends.flatten().collect::<Vec<_>>());
    for n in 1..=500 {
        assert_eq!(live.expect_ack(&n.to_string())["seq"], n);
        live.expect_message("x");
    }
    assert_eq!(ann.view(&lobby)["seq"], 500);
}
