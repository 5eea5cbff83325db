//! Bodies that are not what they should be.

use crate::client::{guest, room, stranger};
use serde_json::json;

const LIMIT: usize = 64 * 1024;

/// Whatever takes a body, by path.
fn takers() -> (crate::client::Client, Vec<String>) {
    let ann = guest("Ann");
    let messages = room(&ann).at("messages");
    (ann, vec!["/api/guest".to_owned(), "/api/rooms".to_owned(), messages])
}

#[test]
fn a_body_that_is_not_one_json_object_is_bad_json() {
    let (ann, paths) = takers();
    let deep = [vec![b'['; 60_000], vec![b']'; 5_000]].concat();
    let deep_object = [br#"{"name":"#.repeat(5_000), b"1".to_vec()].concat();
    let bodies: [&[u8]; 18] = [
        b"",
        b" ",
        b"{",
        b"null",
        b"[]",
        b"\"name\"",
        b"1e400",
        b"{\"name\":1e400}",
        b"{\"name\":\"a\"} x",
        b"{'name':'a'}",
        b"{\"name\":\"\\ud800\",\"id\":\"1\"}",
        b"{\"name\":\"\xff\xfe\"}",
        b"{\"name\":\"\xc0\xaf\"}",
        b"{\"name\":\"\xed\xa0\x80\"}",
        b"\xef\xbb\xbf{}",
        b"{\"name\":\"a\nb\"}",
        &deep,
        &deep_object,
    ];
    for path in &paths {
        for body in bodies {
            let answer = ann.request("POST", path).header("content-type", "application/json").body(body).send();
            answer.expect_refusal(400, "bad_json");
        }
    }
}

#[test]
fn what_is_missing_wrong_or_unknown_is_named() {
    let ann = guest("Ann");
    let messages = room(&ann).at("messages");
    for (path, body, code, field) in [
        ("/api/guest", json!({}), "missing_field", "name"),
        ("/api/guest", json!({ "name": null }), "wrong_type", "name"),
        ("/api/guest", json!({ "name": 7 }), "wrong_type", "name"),
        ("/api/guest", json!({ "name": ["Ann"] }), "wrong_type", "name"),
        ("/api/guest", json!({ "name": "Ann", "kind": "account" }), "unknown_field", "kind"),
        ("/api/guest", json!({ "name": "Ann", "__proto__": {} }), "unknown_field", "__proto__"),
        ("/api/guest", json!({ "name": "Ann", "x".repeat(5000): 1 }), "unknown_field", &"x".repeat(32)),
        ("/api/rooms", json!({ "description": "x" }), "missing_field", "name"),
        ("/api/rooms", json!({ "name": true }), "wrong_type", "name"),
        ("/api/rooms", json!({ "name": "x", "description": 1 }), "wrong_type", "description"),
        ("/api/rooms", json!({ "name": "x", "owner": "me" }), "unknown_field", "owner"),
        (&messages, json!({ "text": "hello" }), "missing_field", "id"),
        (&messages, json!({ "id": "1" }), "missing_field", "text"),
        (&messages, json!({ "id": 1, "text": "hello" }), "wrong_type", "id"),
        (&messages, json!({ "id": "1", "text": {} }), "wrong_type", "text"),
        (&messages, json!({ "id": "1", "text": "hello", "author": "Bob" }), "unknown_field", "author"),
        (&messages, json!({ "id": "1", "text": "hello", "seq": 9 }), "unknown_field", "seq"),
    ] {
        ann.post(path, &body).expect_refusal_of(400, code, field);
    }
    for id in ["", " ", "a b", "é", "a/b", "a.b", &"x".repeat(65)] {
        ann.post(&messages, &json!({ "id": id, "text": "hello" })).expect_refusal_of(422, "bad_id", "id");
    }
}

#[test]
fn a_body_of_another_type_is_not_json() {
    let (ann, paths) = takers();
    for path in &paths {
        for kind in
            ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx", "", "json"]
        {
            let request = ann.request("POST", path).header("content-type", kind).body("{\"name\":\"a\"}");
            request.send().expect_refusal(415, "not_json");
        }
        ann.request("POST", path).body("{}").send().expect_refusal(415, "not_json");
    }
    let nobody = stranger();
    let spelled = nobody.request("POST", "/api/guest").header("content-type", "Application/JSON; charset=UTF-8");
    spelled.body("{\"name\":\"Ann\"}").send().expect(201);
}

#[test]
fn a_body_of_64_kib_is_read_and_one_byte_more_is_not_announced_or_chunked() {
    let (ann, paths) = takers();
    for path in paths {
        let post = |length: usize| {
            let json = "{\"nobody\":\"knows\"}";
            let body = format!("{json}{}", " ".repeat(length - json.len()));
            ann.request("POST", &path).header("content-type", "application/json").body(body)
        };
        post(LIMIT).send().expect_refusal(400, "missing_field");
        post(LIMIT).chunked().send().expect_refusal(400, "missing_field");
        post(LIMIT + 1).send().expect_refusal(413, "body_too_large");
        post(LIMIT + 1).chunked().send().expect_refusal(413, "body_too_large");
    }
}

#[test]
fn who_has_not_entered_is_told_so_whatever_the_body_is() {
    let lobby = room(&guest("Ann"));
    let nobody = stranger();
    for (method, path) in [
        ("POST", "/api/rooms".to_owned()),
        ("GET", lobby.path.clone()),
        ("GET", lobby.at("members")),
        ("PUT", lobby.at("membership")),
        ("DELETE", lobby.at("membership")),
        ("GET", lobby.at("messages")),
        ("POST", lobby.at("messages")),
    ] {
        nobody.request(method, &path).send().expect_refusal(401, "not_signed_in");
    }
    // Nor is it told which rooms there are.
    nobody.get("/api/rooms/nobody%20made%20this").expect_refusal(401, "not_signed_in");
}

#[test]
fn what_needs_no_body_may_name_a_type_and_send_none() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    let join = || bob.request("PUT", &lobby.at("membership")).header("content-type", "application/json");
    join().send().expect(200);
    join().body("").send().expect(200);
    join().body("{").send().expect_refusal(400, "bad_json");
}
