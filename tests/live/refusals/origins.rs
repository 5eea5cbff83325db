//! Pages of other sites, which bring the viewer's cookie along.

use crate::client::{eventually, guest, guest_at, room, stranger, Client};
use crate::live::Live;
use crate::server::{Build, Server};
use hihichat::http::route::TABLE;
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
fn whatever_a_page_of_another_site_asks_for_wakes_no_object_and_asks_no_redis() {
    let server = Server::start(Build::WithHooks, &[("ALLOWED_ORIGINS", "https://friend.example")]);
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    let changing = TABLE.iter().flat_map(|(template, methods)| {
        let path = template.replace("/api/rooms/{room}", &lobby.path).replace("{person}", ann.id());
        let path = path.replace("{name}", "Ann").replace("{id}", "0").replace("{invite}", &"0".repeat(32));
        let methods = methods.iter().copied().filter(|method| !matches!(*method, "GET" | "HEAD"));
        methods.chain(["OPTIONS"]).map(move |method| (method, path.clone()))
    });
    let changing: Vec<_> = changing.collect();
    assert!(changing.len() > 40, "{}", changing.len());
    let requests = || ann.post(&lobby.at("hook/counts"), &json!({})).expect(200)["requests"].as_i64().unwrap();
    // A room may be telling the Directory something meanwhile; what a refusal asked it would ask each time.
    eventually("all are refused and none has asked anybody", || {
        let before = requests();
        for origin in foreign(&server.origin()) {
            for (method, path) in &changing {
                let request = ann.request(method, path).header("origin", &origin).json(&json!({}));
                request.send().expect_refusal(403, "foreign_origin");
            }
            upgrade(&ann, &lobby.at("live"), &origin).expect_refusal(403, "foreign_origin");
        }
        (requests() == before + 1).then_some(())
    });
    let before = requests();
    Live::open(&ann, &lobby.at("live"), &[("origin", &server.origin())]);
    assert!(requests() > before + 1, "or the above proves nothing");
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
