//! Admins: who becomes one, and what they do to people.

use super::{account_at, guest_beside, key, register_as, registration, with_admin, KEY, SETUP_TOKEN};
use crate::client::{guest_at, room, stranger_at, Client};
use crate::server::{Build, Server};
use serde_json::json;

#[test]
fn an_admin_s_name_needs_the_deployer_s_token_and_is_kept_from_all_others() {
    let server = Server::start(Build::Deployed, &[("ADMINS", "Root, 站长"), ("ADMIN_SETUP_TOKEN", SETUP_TOKEN)]);
    let stranger = stranger_at(&server);
    let register = |name: &str, token: Option<&str>| {
        let mut body = registration(name, "first");
        if let Some(token) = token {
            body["setup_token"] = json!(token);
        }
        stranger.post("/api/accounts", &body)
    };
    // The last has a Cyrillic o.
    for name in ["Root", "root", "Rооt"] {
        register(name, None).expect_refusal_of(422, "reserved_name", "username");
        register(name, Some("guessed words of the deployer")).expect_refusal_of(422, "bad_value", "setup_token");
        stranger.post("/api/guest", &json!({ "name": name })).expect_refusal_of(422, "reserved_name", "name");
    }
    register("Root", Some(SETUP_TOKEN)).expect(201);
    register("Root", Some(SETUP_TOKEN)).expect_refusal_of(409, "name_taken", "username");
    register("站长", Some(SETUP_TOKEN)).expect(201);
}

#[test]
fn without_a_token_of_the_deployer_s_no_admin_is_made() {
    let server = Server::start(Build::Deployed, &[("ADMINS", "Root")]);
    for token in ["", "anything at all, really"] {
        let mut body = registration("Root", "first");
        body["setup_token"] = json!(token);
        stranger_at(&server).post("/api/accounts", &body).expect_refusal_of(422, "bad_value", "setup_token");
    }
}

#[test]
fn an_admin_may_in_every_room_what_its_owner_may() {
    let (server, admin) = with_admin(&[]);
    let ann = account_at(&server, "Ann");
    let lobby = room(&ann.client);
    assert_eq!(admin.view(&lobby)["role"], "admin");
    let edited = admin.request("PATCH", &lobby.path).json(&json!({ "description": "tidied" })).send().expect(200);
    assert_eq!(edited["description"], "tidied");
    let answer = stranger_at(&server).post("/api/session", &json!({ "username": "root", "key": key("first") }));
    let again = Client { cookie: Some(answer.cookie()), ..admin.clone() };
    assert_eq!(again.view(&lobby)["role"], "admin", "after another log-in too");
    admin.delete(&lobby.path).expect(204);
    ann.client.get(&lobby.path).expect_refusal(404, "unknown_room");
}

#[test]
fn only_admins_block_and_reset() {
    let (server, admin) = with_admin(&[]);
    let (ann, bob) = (account_at(&server, "Ann"), guest_at(&server, "Bob"));
    let (reset, block) =
        (format!("/api/people/{}/reset", ann.client.id()), format!("/api/people/{}/block", ann.client.id()));
    for (who, status, code) in
        [(&ann.client, 403, "forbidden"), (&bob, 403, "forbidden"), (&stranger_at(&server), 401, "not_signed_in")]
    {
        who.post(&reset, &json!({})).expect_refusal(status, code);
        who.put(&block).expect_refusal(status, code);
        who.delete(&block).expect_refusal(status, code);
    }
    let nobody = "00000000000000000000";
    admin.post(&format!("/api/people/{nobody}/reset"), &json!({})).expect_refusal(404, "unknown_person");
    admin.put(&format!("/api/people/{nobody}/block")).expect_refusal(404, "unknown_person");
    admin.put("/api/people/nonsense/block").expect_refusal(404, "unknown_person");
    admin.put(&format!("/api/people/{}/block", admin.id())).expect_refusal(403, "forbidden");
    // An admin who is logged out is none, whatever a copied cookie says.
    let copied = admin.clone();
    admin.delete("/api/session").expect(204);
    copied.post(&reset, &json!({})).expect_refusal(401, "session_ended");
}

#[test]
fn whoever_is_blocked_is_out_at_once_and_stays_out_until_unblocked() {
    let (server, admin) = with_admin(&[]);
    let ann = account_at(&server, "Ann");
    let bob = guest_at(&server, "Bob");
    let lobby = room(&bob);
    ann.client.join(&lobby);
    let mut tab = ann.client.connect(&lobby);
    let block = format!("/api/people/{}/block", ann.client.id());
    admin.put(&block).expect(204);
    assert_eq!(tab.expect_close(), (1008, "signed_out".to_owned()));
    ann.client.get(&lobby.path).expect_refusal(401, "session_ended");
    let stranger = stranger_at(&server);
    let log_in = || stranger.post("/api/session", &json!({ "username": ann.name, "key": key("first") }));
    log_in().expect_refusal(403, "blocked");
    ann.cannot_log_in("wrong");
    // A new password changes nothing of it.
    let mut body = registration(&ann.name, "first");
    body["code"] = json!(ann.recovery_code);
    stranger.post("/api/account/recovery", &body).expect(204);
    log_in().expect_refusal(403, "blocked");
    admin.delete(&block).expect(204);
    log_in().expect(200);
}

#[test]
fn a_guest_can_be_blocked_too() {
    let (server, admin) = with_admin(&[]);
    let ann = account_at(&server, "Ann");
    let lobby = room(&ann.client);
    let bob = guest_beside(&ann.client, "Bob");
    bob.join(&lobby);
    let mut tab = bob.connect(&lobby);
    // The Directory hears of guests from rooms.
    crate::client::eventually("Bob is known", || {
        (admin.put(&format!("/api/people/{}/block", bob.id())).status == 204).then_some(())
    });
    assert_eq!(tab.expect_close(), (1008, "signed_out".to_owned()));
    bob.get(&lobby.path).expect_refusal(401, "session_ended");
    let answer = bob.post("/api/accounts", &registration("Bob", "first"));
    answer.expect_refusal(403, "blocked");
}

#[test]
fn an_admin_s_link_sets_a_new_password_once() {
    let (server, admin) = with_admin(&[]);
    let ann = account_at(&server, "Ann");
    let lobby = room(&ann.client);
    let mut tab = ann.client.connect(&lobby);
    let offer = || admin.post(&format!("/api/people/{}/reset", ann.client.id()), &json!({})).expect(201);
    let (older, offered) = (offer(), offer());
    let stranger = stranger_at(&server);
    let reset = |token: &serde_json::Value| {
        let body = json!({ "token": token, "salt": super::salt(), "rounds": 600_000, "key": key("second") });
        stranger.post("/api/account/reset", &body)
    };
    reset(&json!("nonsense")).expect_refusal(401, "wrong_login");
    reset(&json!("0".repeat(32))).expect_refusal(401, "wrong_login");
    reset(&older["token"]).expect_refusal(401, "wrong_login");
    reset(&offered["token"]).expect(204);
    reset(&offered["token"]).expect_refusal(401, "wrong_login");
    assert_eq!(tab.expect_close(), (1008, "signed_out".to_owned()));
    ann.cannot_log_in("first");
    ann.log_in("second");
}

#[test]
fn who_had_the_name_before_the_deployer_named_it_is_no_admin() {
    let before = Server::start(Build::Deployed, &[("SESSION_KEY", KEY)]);
    let root = register_as(&stranger_at(&before), "Root").client;
    // The same key and the name among the admins: as if the setting had come later.
    let (server, _) = with_admin(&[]);
    let lobby = room(&guest_at(&server, "Bob"));
    let root = Client { server, ..root };
    assert_eq!(root.view(&lobby)["role"], "visitor");
    root.put(&format!("/api/people/{}/block", root.id())).expect_refusal(403, "forbidden");
}
