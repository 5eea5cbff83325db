//! What the server prints: that something failed, and nothing that somebody said, or that opens anything.

use crate::accounts::{key, registration};
use crate::client::{eventually, guest_at, room, stranger_at, Client};
use crate::live::{new_id, Live};
use crate::redis::Redis;
use crate::server::{Build, Server};
use serde_json::{json, Value};
use std::sync::Arc;
use tungstenite::Message;

const SESSION_KEY: &str = "canary-session-key-0123456789abcdef";
const SETUP_TOKEN: &str = "canary setup token of the deployer";
const SAID: &str = "canary said goose midnight";
const PASSWORD: &str = "canary password of Ann";

const SETTINGS: [(&str, &str); 4] =
    [("SESSION_KEY", SESSION_KEY), ("ADMINS", "Root"), ("ADMIN_SETUP_TOKEN", SETUP_TOKEN), ("PLAIN_PASSWORDS", "on")];

/// Secrets that were handed out or typed, as they come up.
struct Canaries(Vec<String>);

impl Canaries {
    fn keep(&mut self, secret: &Value) -> String {
        self.0.push(secret.as_str().unwrap().to_owned());
        self.0.last().unwrap().clone()
    }

    fn keep_cookie(&mut self, client: &Client) {
        // The content of a token is as bad as the whole of it: a part is looked for.
        let token = client.cookie.as_deref().unwrap().strip_prefix("hihi=").unwrap();
        self.0.extend(token.split('.').skip(1).map(str::to_owned));
    }

    #[track_caller]
    fn expect_none_in(&self, log: &str) {
        for canary in &self.0 {
            assert!(canary.len() >= 16, "{canary} may stand there by chance");
            assert!(!log.contains(canary.as_str()), "{canary} is in the log:\n{log}");
        }
    }
}

/// Says every secret there is to everything that takes one, rightly and wrongly, whatever is answered.
fn say_everything(server: &Arc<Server>, canaries: &mut Canaries, ann: &Client, lobby: &crate::client::Room) {
    let stranger = stranger_at(server);
    let id = new_id();
    let say = |client: &Client, path: &str, body: Value| drop(client.post(path, &body));
    say(ann, &lobby.at("messages"), json!({ "id": id, "text": SAID }));
    say(ann, &lobby.at("messages"), json!({ "id": id, "text": format!("{SAID} again") }));
    say(ann, &lobby.at("messages"), json!({ "id": id, "text": format!("{SAID}\0") }));
    say(ann, &lobby.at("messages"), json!({ "id": id, "text": SAID, SAID: SAID }));
    say(ann, &lobby.at("entries"), json!({ "type": "edit", "id": new_id(), "seq": 1, "text": SAID }));
    say(ann, "/api/rooms", json!({ "name": "canary of a private room", "description": SAID, "access": "private" }));
    let of_text = |body: String| {
        ann.request("POST", &lobby.at("messages")).header("content-type", "application/json").body(body).send()
    };
    drop((of_text(format!("{{\"text\":\"{SAID}")), of_text(format!("[{SAID:?}]"))));
    let words = SAID.replace(' ', "%20");
    drop(ann.get(&lobby.at(&format!("search?q={words}"))));
    drop(ann.get(&lobby.at(&format!("messages?before={words}"))));
    drop(ann.get(&format!("/api/rooms/{words}%FF")));
    if let Ok(mut live) = Live::try_open(ann, &lobby.at("live"), &[]) {
        live.frame(&json!({ "type": "send", "id": new_id(), "text": SAID }));
        live.frame(&json!({ "type": SAID }));
        live.say(Message::text(SAID));
        live.say(Message::binary(SAID.as_bytes()));
        live.frame(&json!({ "type": "send", "id": new_id(), "text": format!("\u{202e}{SAID}") }));
        live.say(Message::text(format!("{SAID}{}", " ".repeat(64 * 1024))));
        while live.next_or_gone().is_some() {}
    }
    for secret in [
        json!({ "username": "Ann", "password": PASSWORD }),
        json!({ "username": "Ann", "password": format!("{PASSWORD}!") }),
    ] {
        say(&stranger, "/api/session", secret);
    }
    say(&stranger, "/api/session", json!({ "username": "Ann", "key": canaries.keep(&json!(key("a guess"))) }));
    let mut root = registration("Root", "a guess");
    root["setup_token"] = json!(format!("{SETUP_TOKEN}?"));
    say(&stranger, "/api/accounts", root.clone());
    root["code"] = json!(canaries.keep(&json!("CANARY-GUESSED-CODE-0000")));
    say(&stranger, "/api/account/recovery", root.clone());
    root["token"] = json!(canaries.keep(&json!("canaryguessedresettoken00000000")));
    say(&stranger, "/api/account/reset", root);
    for cookie in ["hihi=canary-broken-token.x.y".to_owned(), format!("{}x", ann.cookie.as_deref().unwrap())] {
        drop(Client { cookie: Some(cookie), ..stranger.clone() }.get("/api/session"));
    }
    let invite = ann.post(&lobby.at("invites"), &json!({ "hours": 1 }));
    if invite.status == 201 {
        let token = canaries.keep(&invite.expect(201)["token"]);
        drop(stranger.get(&lobby.at(&format!("invites/{token}"))));
        drop(
            guest_or_nobody(server)
                .map(|bob| bob.request("PUT", &lobby.at("membership")).json(&json!({ "invite": token })).send()),
        );
    }
}

/// While the Directory is away nobody enters.
fn guest_or_nobody(server: &Arc<Server>) -> Option<Client> {
    let stranger = stranger_at(server);
    let answer = stranger.post("/api/guest", &json!({ "name": "Bob" }));
    (answer.status == 201).then(|| Client { cookie: Some(answer.cookie()), ..stranger })
}

/// Ann with an account, Root with one, a room; and every secret of theirs.
fn cast(server: &Arc<Server>) -> (Canaries, Client, crate::client::Room) {
    let mut canaries =
        Canaries([SESSION_KEY, SETUP_TOKEN, SAID, PASSWORD, "canary-broken-token"].map(str::to_owned).into());
    let mut registered = |body: Value| {
        let stranger = stranger_at(server);
        let answer = stranger.post("/api/accounts", &body);
        let person = answer.expect(201);
        canaries.keep(&person["recovery_code"]);
        let client = Client { cookie: Some(answer.cookie()), person, ..stranger };
        canaries.keep_cookie(&client);
        client
    };
    let ann = registered(json!({ "username": "Ann", "password": PASSWORD }));
    let mut body = registration("Root", "the key of Root");
    body["setup_token"] = json!(SETUP_TOKEN);
    let root = registered(body);
    canaries.keep(&json!(key("the key of Root")));
    let reset = root.post(&format!("/api/people/{}/reset", ann.id()), &json!({})).expect(201);
    canaries.keep(&reset["token"]);
    let lobby = room(&ann);
    (canaries, ann, lobby)
}

#[test]
fn no_log_holds_what_was_said_or_what_opens_anything_whatever_fails() {
    let redis = Arc::new(Redis::start());
    let server = Server::start_on(&redis, Build::WithHooks, &SETTINGS);
    let (mut canaries, ann, lobby) = cast(&server);
    canaries.0.push(redis.token().to_owned());
    say_everything(&server, &mut canaries, &ann, &lobby);
    // A command that is refused, an answer that is none, half of one, none at all, and no Redis.
    for fault in [
        json!({ "status": 400 }),
        json!({ "quota": true }),
        json!({ "rubbish": true }),
        json!({ "cut": true }),
        json!({ "down": true }),
    ] {
        redis.faults(fault);
        say_everything(&server, &mut canaries, &ann, &lobby);
    }
    eventually("the log tells of it", || server.log().contains("Redis").then_some(()));
    redis.faults(json!({}));
    drop(ann.post(&lobby.at("hook/panic"), &json!({})));
    say_everything(&server, &mut canaries, &ann, &lobby);
    redis.kill();
    say_everything(&server, &mut canaries, &ann, &lobby);
    let log = server.log();
    for told in ["busy: ", "hihi-test-hook-panic"] {
        assert!(log.contains(told), "{told} is not told, or this test breaks nothing:\n{log}");
    }
    canaries.expect_none_in(&log);
}

#[test]
fn no_log_holds_what_was_said_or_what_opens_anything_when_a_database_is_broken() {
    let server = Server::start_embedded(Build::Deployed, &SETTINGS);
    let (mut canaries, ann, lobby) = cast(&server);
    say_everything(&server, &mut canaries, &ann, &lobby);
    for (break_it, mend_it) in [
        ("ALTER TABLE messages RENAME TO lost", "ALTER TABLE lost RENAME TO messages"),
        ("ALTER TABLE refused RENAME TO lost", "ALTER TABLE lost RENAME TO refused"),
    ] {
        server.kill();
        server.in_rooms(break_it);
        server.start_again();
        say_everything(&server, &mut canaries, &ann, &lobby);
        server.kill();
        server.in_rooms(mend_it);
    }
    let log = server.log();
    assert!(log.contains("internal: "), "nothing was told, or this test breaks nothing:\n{log}");
    canaries.expect_none_in(&log);
}

#[test]
fn settings_that_are_wrong_are_named_in_the_log_without_their_values() {
    let server = Server::start_embedded(
        Build::Deployed,
        &[
            ("SESSION_KEY", "canary key too short"),
            ("ADMIN_SETUP_TOKEN", "canary token"),
            ("UPSTASH_REDIS_REST_URL", "http://canary-of-a-url.example"),
            ("UPSTASH_REDIS_REST_TOKEN", "canary redis token"),
        ],
    );
    stranger_at(&server).get("/api/config").expect_refusal(500, "internal");
    let log = server.log();
    assert!(log.contains("SESSION_KEY") && log.contains("UPSTASH_REDIS_REST_URL"), "{log}");
    assert!(!log.contains("canary"), "{log}");
    assert!(guest_or_nobody(&server).is_none(), "nobody enters such a site");
}

#[test]
fn a_guest_s_token_stays_out_of_the_log_too() {
    let server = Server::start(Build::Deployed, &[]);
    let ann = guest_at(&server, "Ann");
    let mut canaries = Canaries(Vec::new());
    canaries.keep_cookie(&ann);
    drop(Client { cookie: ann.cookie.as_ref().map(|cookie| format!("{cookie}x")), ..ann.clone() }.get("/api/session"));
    drop(ann.connect(&room(&ann)));
    canaries.expect_none_in(&server.log());
}
