//! Logging in and out, the list of sessions, and cookies that were copied.

use super::{account, account_at, key, new_person, registration, Account, KEY};
use crate::client::{fields, guest, room, stranger, stranger_at, Client};
use crate::server::{Build, Server};
use hihichat::auth::token::{Keys, SigningKey};
use hihichat::domain::id::{PersonId, SessionId};
use hihichat::domain::person::{Kind, Person, Viewer};
use hihichat::domain::text::PersonName;
use serde_json::{json, Value};
use std::time::SystemTime;

pub const MINUTE: i64 = 60_000;

fn now() -> i64 {
    SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis().try_into().unwrap()
}

fn keys() -> Keys {
    Keys { current: SigningKey::new(KEY.as_bytes().to_vec()).unwrap(), previous: None }
}

/// The same client, with their token as it would look had it been checked so long ago.
pub fn aged(client: &Client, by: i64) -> Client {
    let token = client.cookie.as_ref().unwrap().strip_prefix("hihi=").unwrap();
    let viewer = keys().check(token, now()).unwrap();
    let viewer = Viewer { issued: viewer.issued - by, ..viewer };
    Client { cookie: Some(format!("hihi={}", keys().sign(&viewer).unwrap())), ..client.clone() }
}

fn sessions(client: &Client) -> Vec<Value> {
    client.get("/api/sessions").expect(200)["sessions"].as_array().unwrap().clone()
}

fn id_of(client: &Client) -> String {
    let mine = sessions(client).into_iter().find(|session| session["current"] == true).unwrap();
    mine["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_same_key_logs_in_and_another_does_not() {
    let ann = account("Ann");
    let params = stranger().post("/api/session/params", &json!({ "username": ann.name.to_uppercase() })).expect(200);
    assert_eq!((&params["salt"], &params["rounds"]), (&json!("BwcHBwcHBwcHBwcHBwcHBw=="), &json!(600_000)));
    let again = ann.log_in("first");
    assert_eq!((again.id(), &again.person["name"]), (ann.client.id(), &json!(ann.name)));
    ann.cannot_log_in("second");
}

#[test]
fn a_wrong_key_and_an_unknown_name_are_refused_in_the_same_words() {
    let ann = account("Ann");
    let unknown = new_person("Nobody");
    let log_in = |name: &str| stranger().post("/api/session", &json!({ "username": name, "key": key("wrong") }));
    let (wrong, nobody) = (log_in(&ann.name), log_in(&unknown));
    assert_eq!((wrong.status, &wrong.text), (nobody.status, &nobody.text));
    wrong.expect_refusal(401, "wrong_login");
    let params = |name: &str| stranger().post("/api/session/params", &json!({ "username": name })).expect(200);
    assert_eq!(fields(&params(&unknown)), fields(&params(&ann.name)));
    assert_eq!(params(&unknown), params(&unknown.to_uppercase()), "made up once and for all");
    assert_ne!(params(&unknown), params(&new_person("Nobody")));
    let recover = |name: &str| {
        let mut body = registration(name, "second");
        body["code"] = json!("1111-2222-3333-4444-5555-6666");
        stranger().post("/api/account/recovery", &body)
    };
    let (wrong, nobody) = (recover(&ann.name), recover(&unknown));
    assert_eq!((wrong.status, &wrong.text), (nobody.status, &nobody.text));
}

#[test]
fn a_session_is_never_one_that_somebody_planted() {
    let (ann, mallory) = (account("Ann"), account("Mallory"));
    let body = json!({ "username": ann.name, "key": key("first") });
    for planted in
        [mallory.client.clone(), guest("Mallory"), Client { cookie: Some("hihi=planted".to_owned()), ..stranger() }]
    {
        let answer = planted.post("/api/session", &body);
        assert_eq!(answer.expect(200)["id"], ann.client.id());
        assert_ne!(Some(answer.cookie()), planted.cookie);
        let me = Client { cookie: Some(answer.cookie()), ..planted.clone() };
        assert_eq!(me.get("/api/session").expect(200)["id"], ann.client.id());
    }
    // Whoever the cookie spoke for is logged out.
    mallory.client.get("/api/sessions").expect_refusal(401, "session_ended");
}

#[test]
fn a_guest_who_logs_in_is_logged_out_as_a_guest() {
    let ann = account("Ann");
    let bob = guest("Bob");
    let lobby = room(&bob);
    let mut tab = bob.connect(&lobby);
    bob.post("/api/session", &json!({ "username": ann.name, "key": key("first") })).expect(200);
    assert_eq!(tab.expect_close(), (1008, "signed_out".to_owned()));
    bob.get(&lobby.path).expect_refusal(401, "session_ended");
}

#[test]
fn sessions_are_listed_with_their_device_and_each_can_be_ended() {
    let ann = account("Ann");
    let stranger = stranger();
    let body = json!({ "username": ann.name, "key": key("first") });
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let answer = stranger.request("POST", "/api/session").header("user-agent", firefox).json(&body).send();
    let other = Client { cookie: Some(answer.cookie()), ..stranger };
    let listed = sessions(&ann.client);
    assert_eq!(listed.len(), 2);
    assert_eq!(fields(&listed[0]), ["created", "current", "device", "id", "used"]);
    let theirs = listed.iter().find(|session| session["device"] == "Firefox, Linux").unwrap();
    assert_eq!(theirs["current"], false);

    let lobby = room(&ann.client);
    let mut tabs = [other.connect(&lobby), ann.client.connect(&lobby)];
    let path = format!("/api/sessions/{}", theirs["id"].as_str().unwrap());
    account("Bob").client.delete(&path).expect_refusal(404, "not_found");
    ann.client.delete(&path).expect(204);
    assert_eq!(tabs[0].expect_close(), (1008, "signed_out".to_owned()));
    tabs[1].says("still here");
    other.get(&lobby.path).expect_refusal(401, "session_ended");
    assert_eq!(sessions(&ann.client).len(), 1);
    ann.client.delete("/api/sessions/00000000000000000000").expect_refusal(404, "not_found");
    ann.client.delete("/api/sessions/nonsense").expect_refusal(404, "not_found");
}

#[test]
fn a_guest_has_one_session_and_may_end_it() {
    let bob = guest("Bob");
    let listed = sessions(&bob);
    assert_eq!((listed.len(), &listed[0]["current"]), (1, &json!(true)));
    bob.delete("/api/sessions/00000000000000000000").expect_refusal(404, "not_found");
    let lobby = room(&bob);
    let answer = bob.delete(&format!("/api/sessions/{}", id_of(&bob)));
    answer.expect(204);
    assert_eq!(answer.cookie(), "hihi=");
    bob.get(&lobby.path).expect_refusal(401, "session_ended");
}

#[test]
fn logging_out_everywhere_closes_everything_and_leaves_open_rooms() {
    let ann = account("Ann");
    let bob = guest("Bob");
    let lobby = room(&bob);
    let tablet = ann.log_in("first");
    ann.client.join(&lobby);
    let mut tabs = [ann.client.connect(&lobby), tablet.connect(&lobby)];
    let answer = tablet.delete("/api/sessions");
    answer.expect(204);
    assert_eq!(answer.cookie(), "hihi=");
    for tab in &mut tabs {
        assert_eq!(tab.expect_close(), (1008, "signed_out".to_owned()));
    }
    for old in [&ann.client, &tablet] {
        old.get(&lobby.path).expect_refusal(401, "session_ended");
        old.get("/api/sessions").expect_refusal(401, "session_ended");
    }
    assert_eq!(bob.view(&lobby)["members"], 1);
}

#[test]
fn an_account_that_logs_out_here_stays_a_member_while_it_is_logged_in_elsewhere() {
    let ann = account("Ann");
    let bob = guest("Bob");
    let lobby = room(&bob);
    let tablet = ann.log_in("first");
    ann.client.join(&lobby);
    tablet.delete("/api/session").expect(204);
    tablet.get(&lobby.path).expect_refusal(401, "session_ended");
    assert_eq!((&ann.client.view(&lobby)["role"], &bob.view(&lobby)["members"]), (&json!("member"), &json!(2)));
    let own = room(&ann.client);
    ann.client.delete("/api/session").expect(204);
    assert_eq!(bob.view(&lobby)["members"], 1);
    // What was theirs stays theirs.
    let again = ann.log_in("first");
    assert_eq!(again.join(&own)["role"], "owner");
}

#[test]
fn a_copied_cookie_is_refused_in_rooms_at_once_and_everywhere_after_ten_minutes() {
    let server = Server::start(Build::Deployed, &[("SESSION_KEY", KEY)]);
    let ann = account_at(&server, "Ann");
    let (visited, other) = (room(&ann.client), room(&account_at(&server, "Bob").client));
    let copied = ann.client.clone();
    ann.client.delete("/api/session").expect(204);
    copied.get(&visited.path).expect_refusal(401, "session_ended");
    copied.get("/api/sessions").expect_refusal(401, "session_ended");
    // A room that never saw the person lets the copy in, and throws it out as soon as the Directory has heard.
    let mut live = copied.connect(&other);
    assert_eq!(live.expect_close(), (1008, "signed_out".to_owned()));
    for path in ["/api/session", &other.path, &other.at("members"), "/api/sessions"] {
        let answer = aged(&copied, 11 * MINUTE).get(path);
        answer.expect_refusal(401, "session_ended");
        assert_eq!(answer.cookie(), "hihi=", "the browser forgets it");
    }
    // It keeps nobody from what needs no session.
    aged(&copied, 11 * MINUTE).get("/api/rooms").expect(200);
    let body = json!({ "username": ann.name, "key": key("first") });
    aged(&copied, 11 * MINUTE).post("/api/session", &body).expect(200);
}

#[test]
fn a_token_checked_ten_minutes_ago_is_issued_anew_with_any_answer() {
    let server = Server::start(Build::Deployed, &[("SESSION_KEY", KEY)]);
    let Account { client: ann, .. } = account_at(&server, "Ann");
    let lobby = room(&ann);
    for path in ["/api/session", "/api/rooms", &lobby.path, &lobby.at("messages")] {
        assert_eq!(aged(&ann, 9 * MINUTE).get(path).header("set-cookie"), None, "{path}");
        let answer = aged(&ann, 11 * MINUTE).get(path);
        answer.expect(200);
        let renewed = Client { cookie: Some(answer.cookie()), ..ann.clone() };
        assert_eq!(renewed.get("/api/session").header("set-cookie"), None, "{path}");
    }
    // Also with a refusal; a WebSocket asks the room only.
    assert!(aged(&ann, 11 * MINUTE).get("/api/rooms/nobody%20made%20it").header("set-cookie").is_some());
    aged(&ann, 11 * MINUTE).connect(&lobby).says("back");
}

#[test]
fn a_token_of_another_key_kind_or_person_is_nobody_s() {
    let server = Server::start(Build::Deployed, &[("SESSION_KEY", KEY)]);
    let ann = account_at(&server, "Ann");
    let lobby = room(&ann.client);
    let token = ann.client.cookie.as_ref().unwrap().strip_prefix("hihi=").unwrap();
    let viewer = keys().check(token, now()).unwrap();
    let with = |keys: Keys, viewer: &Viewer| Client {
        cookie: Some(format!("hihi={}", keys.sign(viewer).unwrap())),
        ..stranger_at(&server)
    };
    let other_key = Keys { current: SigningKey::new(vec![9; 32]).unwrap(), previous: None };
    with(other_key, &viewer).get("/api/session").expect_refusal(401, "not_signed_in");
    // Signed with the right key, as only we can: a session of another person or kind has no row.
    let strange = |person: Person, session: SessionId| {
        with(keys(), &Viewer { person, session, issued: now() - 11 * MINUTE, ..viewer.clone() })
    };
    let other = Person { id: PersonId::from_random([9; 20]), ..viewer.person.clone() };
    strange(other, viewer.session.clone()).get(&lobby.path).expect_refusal(401, "session_ended");
    let unknown = strange(viewer.person.clone(), SessionId::from_random([9; 20]));
    unknown.get(&lobby.path).expect_refusal(401, "session_ended");
    let as_guest = Person { kind: Kind::Guest, name: PersonName::parse("Root").unwrap(), ..viewer.person.clone() };
    let guest = strange(as_guest, viewer.session.clone());
    guest
        .post(
            "/api/account/password",
            &json!({ "key": key("first"), "new_key": key("x"), "salt": super::salt(), "rounds": 600_000 }),
        )
        .expect_refusal(403, "forbidden");
    // One altered character.
    let mut altered = token.to_owned().into_bytes();
    let place = altered.len() / 2;
    altered[place] = if altered[place] == b'A' { b'B' } else { b'A' };
    let cookie = format!("hihi={}", String::from_utf8(altered).unwrap());
    Client { cookie: Some(cookie), ..stranger_at(&server) }.get("/api/session").expect_refusal(401, "not_signed_in");
}
