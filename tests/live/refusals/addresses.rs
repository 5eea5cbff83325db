//! Addresses and methods that do not exist, and what every answer carries.

use crate::client::{guest, room, stranger};
use serde_json::json;

#[test]
fn an_unknown_address_is_a_404_in_json() {
    let ann = guest("Ann");
    for path in ["/", "/api", "/api/", "/api/guests", "/api/guest/x", "/api/session/", "/avatar", "/API/config", "/x"] {
        for who in [&ann, &stranger()] {
            who.get(path).expect_refusal(404, "not_found");
            who.post(path, &json!({})).expect_refusal(404, "not_found");
        }
    }
}

#[test]
fn a_method_that_an_address_does_not_know_is_a_405_that_names_those_it_knows() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let at = |rest: &str| lobby.at(rest);
    for (path, wrong, allowed) in [
        ("/api/config".to_owned(), "POST", "GET, HEAD"),
        ("/api/guest".to_owned(), "GET", "POST"),
        ("/api/session".to_owned(), "PUT", "GET, HEAD, POST, DELETE"),
        ("/api/rooms".to_owned(), "DELETE", "GET, HEAD, POST"),
        (lobby.path.clone(), "PUT", "GET, HEAD, PATCH, DELETE"),
        (at("members"), "POST", "GET, HEAD"),
        (at("membership"), "GET", "PUT, DELETE"),
        (at("messages"), "PUT", "GET, HEAD, POST"),
        (at("live"), "POST", "GET, HEAD"),
        ("/avatar/Ann".to_owned(), "DELETE", "GET, HEAD"),
    ] {
        for method in [wrong, "OPTIONS"] {
            let answer = ann.request(method, &path).send();
            answer.expect_refusal(405, "method_not_allowed");
            assert_eq!(answer.header("allow"), Some(allowed), "{path}");
        }
    }
}

#[test]
fn head_answers_as_get_without_a_body() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let at = |rest: &str| lobby.at(rest);
    let paths =
        ["/api/config".into(), "/api/session".into(), "/api/rooms".into(), "/avatar/Ann".into(), lobby.path.clone()];
    for path in paths.into_iter().chain([at("members"), at("messages"), at("unknown"), at("live")]) {
        let (got, head) = (ann.get(&path), ann.request("HEAD", &path).send());
        assert_eq!(head.status, got.status, "{path}");
        assert_eq!(head.header("content-type"), got.header("content-type"), "{path}");
        assert_eq!(head.text, "", "{path}");
    }
}

#[test]
fn the_room_speaks_websocket_only_where_it_is_live() {
    let ann = guest("Ann");
    ann.get(&room(&ann).at("live")).expect_refusal(426, "upgrade_required");
}

#[test]
fn every_answer_of_the_api_is_kept_by_no_cache() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let answers = [
        ann.get("/api/config"),
        ann.get("/api/session"),
        ann.get("/api/rooms"),
        stranger().post("/api/guest", &json!({ "name": "Ann" })),
        ann.get(&lobby.path),
        ann.get(&lobby.at("members")),
        ann.get(&lobby.at("messages")),
        ann.put(&lobby.at("membership")),
        ann.say(&lobby, "1", "hello"),
        ann.say(&lobby, "1", "other"),
        ann.get("/api/unknown"),
        ann.delete("/api/rooms"),
        ann.delete(&lobby.at("membership")),
        ann.delete("/api/session"),
        ann.get(&lobby.path),
    ];
    for answer in answers {
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer:?}");
    }
}
