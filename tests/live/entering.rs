//! The entrance: guests, sessions, cookies, and what is known before anybody enters.

use crate::client::{fields, guest, guest_at, stranger, stranger_at, Client};
use crate::server::{Build, Server};
use hihichat::auth::token::{Keys, SigningKey};
use hihichat::domain::id::{PersonId, SessionId};
use hihichat::domain::person::{Kind, Person, Viewer};
use hihichat::domain::text::PersonName;
use serde_json::json;
use std::sync::Arc;
use std::time::SystemTime;

const DAY: i64 = 24 * 60 * 60 * 1_000;

fn now() -> i64 {
    SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis().try_into().unwrap()
}

#[test]
fn a_guest_enters_with_a_name_and_is_told_who_they_are() {
    let answer = stranger().post("/api/guest", &json!({ "name": "  Ann   Lee " }));
    let ann = answer.expect(201);
    assert_eq!(fields(&ann), ["avatar", "expires", "id", "kind", "name", "tag"]);
    assert_eq!((&ann["name"], &ann["kind"]), (&json!("Ann Lee"), &json!("guest")));
    let id = ann["id"].as_str().unwrap();
    assert_eq!(id.len(), 20);
    assert_eq!(ann["tag"], id[..4]);
    assert_eq!(ann["avatar"].as_str().unwrap().len(), 32);
    let month = ann["expires"].as_i64().unwrap() - now();
    assert!((29 * DAY..=30 * DAY).contains(&month), "{month}");
}

#[test]
fn two_guests_of_one_name_are_two_people() {
    let (one, other) = (guest("Ann"), guest("Ann"));
    assert_ne!(one.id(), other.id());
    assert_eq!(one.person["avatar"], other.person["avatar"], "the avatar goes by the name");
}

#[test]
fn the_cookie_is_for_this_host_only_and_not_for_scripts() {
    let answer = stranger().post("/api/guest", &json!({ "name": "Ann" }));
    let cookie = answer.header("set-cookie").unwrap();
    let (token, attributes) = cookie.split_once("; ").unwrap();
    assert!(token.starts_with("hihi="), "plain http on loopback: {token}");
    assert_eq!(attributes, "Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict");
}

#[test]
fn away_from_loopback_the_cookie_needs_https() {
    let answer =
        stranger().request("POST", "/api/guest").header("host", "chat.example").json(&json!({ "name": "Ann" })).send();
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-hihi="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict; Secure"), "{cookie}");
}

#[test]
fn a_session_shows_its_viewer_and_none_is_not_signed_in() {
    let ann = guest("安娜 🌸");
    let answer = ann.get("/api/session");
    assert_eq!(answer.expect(200), ann.person);
    assert_eq!(answer.header("set-cookie"), None, "a fresh session is not issued anew");
    stranger().get("/api/session").expect_refusal(401, "not_signed_in");
}

#[test]
fn logging_out_forgets_the_cookie_also_without_a_session() {
    for somebody in [guest("Ann"), stranger()] {
        let answer = somebody.delete("/api/session");
        answer.expect(204);
        assert_eq!(answer.header("set-cookie"), Some("hihi=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"));
    }
}

#[test]
fn whoever_enters_gets_a_new_session_whatever_cookie_came_along() {
    let ann = guest("Ann");
    let answer = ann.post("/api/guest", &json!({ "name": "Ann" }));
    assert_ne!(answer.expect(201)["id"], ann.person["id"]);
    assert_ne!(Some(answer.cookie()), ann.cookie);

    let planted = Client { cookie: Some("hihi=planted-by-somebody-else".to_owned()), ..stranger() };
    let cookie = planted.post("/api/guest", &json!({ "name": "Bob" })).cookie();
    assert!(!cookie.contains("planted"), "{cookie}");
}

#[test]
fn the_configuration_is_there_before_anybody_enters() {
    let expected = json!({
        "site_name": "HiHi Chat",
        "languages": ["en", "zh-CN"],
        "limits": { "name": 32, "room": 64, "description": 280, "message": 4000, "body": 65536 },
        "protocol": 1,
        "site_welcome": null,
        "site_links": [],
        "guests": true,
        "registration": true,
        "room_creation": "everyone",
    });
    assert_eq!(stranger().get("/api/config").expect(200), expected);
}

#[test]
fn the_avatar_of_a_name_is_a_picture_that_caches_keep_for_a_week() {
    let answer = stranger().get("/avatar/%E5%AE%89%E5%A8%9C");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("image/svg+xml"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=604800"));
    assert!(answer.text.starts_with("<svg ") && answer.text.ends_with("</svg>"), "{}", answer.text);
    assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'"));
    for no_name in ["/avatar/", "/avatar/%00", "/avatar/%20", "/avatar/a/b"] {
        stranger().get(no_name).expect_refusal(404, "not_found");
    }
    // Markup in a name is nowhere in the picture.
    let answer = stranger().get("/avatar/%3Cscript%3E");
    assert!(!answer.text.contains("script"), "{}", answer.text);
}

#[test]
fn the_site_has_the_name_that_its_deployer_gave_it() {
    let server = Server::start(Build::Deployed, &[("SITE_NAME", "茶馆")]);
    assert_eq!(stranger_at(&server).get("/api/config").expect(200)["site_name"], "茶馆");
}

#[test]
fn wrong_settings_are_told_to_the_log_and_not_to_the_visitor() {
    let server = Server::start(Build::Deployed, &[("SESSION_KEY", "too short a key"), ("HISTORY_DAYS", "soon")]);
    let answer = stranger_at(&server).get("/api/config");
    let names: Vec<_> = fields(&answer.expect_refusal(500, "internal")).into_iter().map(str::to_owned).collect();
    assert_eq!(names, ["code"]);
    let log = server.log();
    assert!(log.contains("SESSION_KEY") && log.contains("HISTORY_DAYS"), "{log}");
    assert!(!log.contains("too short a key"), "{log}");
}

const KEY: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

/// Somebody with a token of our own making.
fn bearer(server: &Arc<Server>, key: &str, issued: i64, expires: i64) -> Client {
    let keys = Keys { current: SigningKey::new(key.as_bytes().to_vec()).unwrap(), previous: None };
    let person =
        Person { id: PersonId::from_random([7; 20]), name: PersonName::parse("Ann").unwrap(), kind: Kind::Guest };
    let viewer =
        Viewer { person, session: SessionId::from_random([8; 20]), issued, expires, admin: false, address: None };
    Client { cookie: Some(format!("hihi={}", keys.sign(&viewer).unwrap())), ..stranger_at(server) }
}

#[test]
fn an_expired_session_is_refused_and_one_used_after_a_day_lasts_thirty_more() {
    let server = Server::start(Build::Deployed, &[("SESSION_KEY", KEY)]);
    let session = |issued, expires| bearer(&server, KEY, issued, expires).get("/api/session");
    session(now() - 30 * DAY, now() - 1).expect_refusal(401, "not_signed_in");

    let renewed = session(now() - 2 * DAY, now() + DAY);
    assert!(renewed.expect(200)["expires"].as_i64().unwrap() > now() + 29 * DAY);
    let ann = Client { cookie: Some(renewed.cookie()), ..stranger_at(&server) };
    assert_eq!(ann.get("/api/session").expect(200), renewed.expect(200));
}

#[test]
fn a_change_of_key_signs_nobody_out_while_the_old_one_is_kept() {
    let other = "another key of at least thirty-two characters";
    let server = Server::start(Build::Deployed, &[("SESSION_KEY", other), ("SESSION_KEY_PREVIOUS", KEY)]);
    bearer(&server, KEY, now(), now() + DAY).get("/api/session").expect(200);
    guest_at(&server, "Bob").get("/api/session").expect(200);
    let unknown = "a third key of at least thirty-two characters";
    bearer(&server, unknown, now(), now() + DAY).get("/api/session").expect_refusal(401, "not_signed_in");
}

#[test]
fn a_session_that_ends_while_connected_ends_the_connection_though_nobody_says_anything() {
    let server = Server::start(Build::Deployed, &[("SESSION_KEY", KEY)]);
    let bob = guest_at(&server, "Bob");
    let lobby = crate::client::room(&bob);
    let ends = now() + 2_000;
    let ann = bearer(&server, KEY, now(), ends);
    ann.join(&lobby);
    let mut anns = ann.connect(&lobby);
    assert_eq!(anns.expect_close(), (1008, "session_expired".to_owned()));
    assert!((ends..ends + 5_000).contains(&now()));
    ann.get(&lobby.path).expect_refusal(401, "not_signed_in");
}

#[test]
fn scripts_see_that_there_is_a_session_and_nothing_of_it() {
    let answer = stranger().post("/api/guest", &json!({ "name": "Ann" }));
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2);
    assert!(cookies[0].contains("HttpOnly"), "{cookies:?}");
    assert_eq!(cookies[1], "hihi-entered=1; Path=/; Max-Age=2592000; SameSite=Strict");
}
