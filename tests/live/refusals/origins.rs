//! Pages of other sites, which bring the viewer's cookie along.

use crate::client::{guest, room, stranger, Client};
use crate::live::Live;
use serde_json::json;

/// Everything that is not exactly ours or a friend's.
fn foreign(own: &str) -> Vec<String> {
    let (host, port) = own.rsplit_once(':').unwrap();
    let authority = own.strip_prefix("http://").unwrap();
    vec![
        "null".to_owned(),
        "https://evil.example".to_owned(),
        format!("{own}.evil.example"),
        format!("{own}/"),
        format!("http://evil{authority}"),
        format!("http://evil.example:{port}"),
        format!("{host}:1"),
        format!("{host}:{port}0"),
        host.to_owned(),
        format!("https://{authority}"),
        format!("http://localhost:{port}"),
        own.replace("http", "HTTP"),
        format!("{own}, {own}"),
        "https://friend.example.evil".to_owned(),
        "http://friend.example".to_owned(),
        "https://friend.example:444".to_owned(),
        "https://a.friend.example".to_owned(),
    ]
}

#[test]
fn a_page_of_another_site_can_change_nothing() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let message = json!({ "id": "1", "text": "from elsewhere" });
    for origin in foreign(&ann.server.origin()) {
        for (method, path, body) in [
            ("POST", "/api/guest".to_owned(), Some(json!({ "name": "Eve" }))),
            ("POST", "/api/rooms".to_owned(), Some(json!({ "name": "Eve's" }))),
            ("POST", lobby.at("messages"), Some(message.clone())),
            ("PUT", lobby.at("membership"), None),
            ("DELETE", lobby.at("membership"), None),
            ("DELETE", "/api/session".to_owned(), None),
            ("OPTIONS", lobby.at("messages"), None),
        ] {
            let request = ann.request(method, &path).header("origin", &origin);
            let answer = body.iter().fold(request, |request, body| request.json(body)).send();
            answer.expect_refusal(403, "foreign_origin");
            assert!(answer.header("access-control-allow-origin").is_none() && answer.header("set-cookie").is_none());
        }
    }
    let seen = ann.view(&lobby);
    assert_eq!((&seen["seq"], &seen["members"]), (&json!(0), &json!(1)));
}

#[track_caller]
fn upgrade(who: &Client, path: &str, origin: &str) -> crate::client::Answer {
    let request = who.request("GET", path).header("connection", "upgrade").header("upgrade", "WebSocket");
    request.header("sec-websocket-version", "13").header("origin", origin).send()
}

#[test]
fn a_page_of_another_site_gets_no_socket() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    for origin in foreign(&ann.server.origin()) {
        upgrade(&ann, &lobby.at("live"), &origin).expect_refusal(403, "foreign_origin");
    }
    assert_eq!(ann.view(&lobby)["online"], 0);
}

#[test]
fn our_own_pages_and_those_of_friends_may_do_all() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    for origin in [ann.server.origin(), "https://friend.example".to_owned()] {
        let message = json!({ "id": origin.replace([':', '/', '.'], "-"), "text": "hello" });
        ann.request("POST", &lobby.at("messages")).header("origin", &origin).json(&message).send().expect(201);
        let mut live = Live::open(&ann, &lobby.at("live"), &[("origin", &origin)]);
        live.says("hello");
    }
}

#[test]
fn reading_is_for_any_origin_since_no_page_of_another_site_sees_the_answer() {
    let answer = stranger().request("GET", "/api/rooms").header("origin", "https://evil.example").send();
    answer.expect(200);
    assert!(answer.header("access-control-allow-origin").is_none());
}
