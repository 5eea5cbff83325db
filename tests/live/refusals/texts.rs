//! Names, descriptions and messages that are refused, over HTTP and over the socket alike.

use crate::client::{guest, new_name, room, stranger};
use crate::live::new_id;
use serde_json::{json, Value};

const BLANK: [&str; 8] = ["", " ", "\u{3000}", "\u{200b}", "\n\t", "\u{feff}\u{2060}", "\u{3164}", "\u{2800}"];

#[test]
fn a_name_that_shows_nothing_hides_something_or_runs_on_is_refused() {
    let enter = |name: &str| stranger().post("/api/guest", &json!({ "name": name }));
    let create = |name: &str| guest("Ann").post("/api/rooms", &json!({ "name": name }));
    for blank in BLANK {
        enter(blank).expect_refusal_of(422, "blank", "name");
        create(blank).expect_refusal_of(422, "blank", "name");
    }
    let tower = format!("a{}", "\u{301}".repeat(20));
    for hidden in [
        "a\u{202e}b",
        "a\u{200b}b",
        "a\0b",
        "a\x1b[31mb",
        "a\nb",
        "a\r\nSet-Cookie: b",
        "a\u{2066}b",
        ".",
        "..",
        "a\u{fffd}",
        "a\u{e000}b",
        "a\u{2028}b",
        &tower,
    ] {
        enter(hidden).expect_refusal_of(422, "forbidden_characters", "name");
        create(hidden).expect_refusal_of(422, "forbidden_characters", "name");
    }
    for posing in ["admin", "Ａｄｍｉｎ", "SYSTEM", "аdmin", "管理员", "Ann · guest k3f9", "hihi chat"] {
        enter(posing).expect_refusal_of(422, "reserved_name", "name");
    }
}

#[track_caller]
fn expect_too_long(error: Value, field: &str, limit: usize) {
    assert_eq!((&error["field"], &error["limit"]), (&json!(field), &json!(limit)), "{error}");
}

#[test]
fn limits_count_characters_after_normal_form_whatever_their_bytes() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    // One letter, one emoji of two UTF-16 units, and one character that becomes eighteen.
    for (one, worth) in [("字", 1), ("🍵", 1), ("ﷺ", 18)] {
        let text = |limit: usize| one.repeat(limit / worth);
        let over = |limit: usize| one.repeat(limit / worth + 1);
        stranger().post("/api/guest", &json!({ "name": text(32) })).expect(201);
        let refused = stranger().post("/api/guest", &json!({ "name": over(32) }));
        expect_too_long(refused.expect_refusal(422, "too_long"), "name", 32);
        ann.post("/api/rooms", &json!({ "name": text(64) })).expect(201);
        let refused = ann.post("/api/rooms", &json!({ "name": over(64) }));
        expect_too_long(refused.expect_refusal(422, "too_long"), "name", 64);
        ann.post("/api/rooms", &json!({ "name": new_name(), "description": text(280) })).expect(201);
        let refused = ann.post("/api/rooms", &json!({ "name": new_name(), "description": over(280) }));
        expect_too_long(refused.expect_refusal(422, "too_long"), "description", 280);
        ann.say(&lobby, &new_id(), &text(4000)).expect(201);
        expect_too_long(ann.say(&lobby, &new_id(), &over(4000)).expect_refusal(422, "too_long"), "text", 4000);
    }
}

#[test]
fn a_refused_name_makes_no_room() {
    let ann = guest("Ann");
    let name = new_name();
    ann.post("/api/rooms", &json!({ "name": name, "description": "x".repeat(281) })).expect_refusal(422, "too_long");
    ann.post("/api/rooms", &json!({ "name": name, "description": "a\u{202e}b" })).expect_refusal_of(
        422,
        "forbidden_characters",
        "description",
    );
    ann.post("/api/rooms", &json!({ "name": name, "description": "" })).expect(201);
}

#[test]
fn a_message_that_shows_nothing_or_commands_terminals_is_refused_over_http_and_socket() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let mut live = ann.connect(&lobby);
    let forbidden = ["a\0b", "\x1b[2J", "a\u{202e}b", "a\u{2067}b", "a\u{85}b", "\u{ffff}a"];
    let cases =
        BLANK.map(|text| (text, "blank")).into_iter().chain(forbidden.map(|text| (text, "forbidden_characters")));
    for (text, code) in cases {
        let id = new_id();
        ann.say(&lobby, &id, text).expect_refusal_of(422, code, "text");
        live.send_as(&id, text);
        assert_eq!(live.expect_error(code), json!({ "type": "error", "code": code, "field": "text", "id": id }));
    }
    let id = live.send(&"x".repeat(4001));
    let expected = json!({ "type": "error", "code": "too_long", "field": "text", "limit": 4000, "id": id });
    assert_eq!(live.expect_error("too_long"), expected);
    assert_eq!(live.says("and none of them took a place")["seq"], 1);
}
