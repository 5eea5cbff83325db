//! Deleting an account: gone everywhere, at once.

use super::{account, account_at, key, new_person, registration, with_admin, Account, SETUP_TOKEN};
use crate::client::{eventually, eventually_within, guest, guest_at, room, stranger, stranger_at, Answer, Client};
use crate::rooms::row;
use crate::server::{Build, Server};
use serde_json::{json, Value};
use std::time::Duration;

/// How long it may take until a room is told again.
const RETRIED: Duration = Duration::from_secs(60);

/// Asks for a deletion with this password.
fn delete(who: &Client, password: &str) -> Answer {
    delete_with(who, json!({ "key": key(password), "messages": "delete" }))
}

fn delete_with(who: &Client, body: Value) -> Answer {
    who.request("DELETE", "/api/account").json(&body).send()
}

fn is_account(name: &str) -> bool {
    stranger().post("/api/accounts", &registration(name, "second")).status == 409
}

#[test]
fn a_deleted_account_is_out_of_every_room_and_every_session_of_it_is_over() {
    let (ann, bob) = (account("Ann"), guest("Bob"));
    let (own, other, read_only) = (room(&ann.client), room(&bob), room(&bob));
    let tablet = ann.log_in("first");
    ann.client.join(&other);
    let mut tabs = [ann.client.connect(&own), tablet.connect(&other), ann.client.connect(&read_only)];
    let mut bobs = bob.connect(&other);
    let answer = delete(&ann.client, "first");
    answer.expect(204);
    assert_eq!(answer.cookie(), "hihi=", "the browser forgets it");
    for tab in &mut tabs {
        assert_eq!(tab.expect_close(), (1008, "signed_out".to_owned()));
    }
    bobs.expect_presence(|frame| frame["left"][0] == ann.client.id());
    for copied in [&ann.client, &tablet] {
        for place in [&own, &other, &read_only] {
            copied.get(&place.path).expect_refusal(401, "session_ended");
            copied.put(&place.at("membership")).expect_refusal(401, "session_ended");
        }
        copied.get("/api/sessions").expect_refusal(401, "session_ended");
        delete(copied, "first").expect_refusal(401, "session_ended");
    }
    assert_eq!(bob.view(&other)["members"], 1);
    eventually("the list has heard", || (row(&bob, &own)["members"] == 0).then_some(()));
}

#[test]
fn a_room_whose_owner_is_deleted_stays_and_nobody_owns_it() {
    let (ann, bob) = (account("Ann"), guest("Bob"));
    let lobby = room(&ann.client);
    bob.join(&lobby);
    let mut bobs = bob.connect(&lobby);
    delete(&ann.client, "first").expect(204);
    assert_eq!(bobs.next_of("room")["owner"]["kind"], "deleted");
    let owner = bob.view(&lobby)["owner"].take();
    assert_eq!((&owner["kind"], &owner["name"]), (&json!("deleted"), &json!("deleted")));
    assert_ne!(owner["id"], ann.client.id());
    bobs.says("still here");
}

#[test]
fn nothing_of_a_deleted_account_logs_in_and_its_name_is_free() {
    let ann = account("Ann");
    let params = || stranger().post("/api/session/params", &json!({ "username": ann.name })).expect(200);
    let real = params();
    delete(&ann.client, "first").expect(204);
    ann.cannot_log_in("first");
    let made_up = params();
    assert_ne!(made_up["salt"], real["salt"]);
    assert_eq!(made_up, params(), "as of a name that nobody has");
    let mut recovery = registration(&ann.name, "second");
    recovery["code"] = json!(ann.recovery_code);
    stranger().post("/api/account/recovery", &recovery).expect_refusal(401, "wrong_login");
    // Somebody else takes it, and is somebody else.
    let answer = stranger().post("/api/accounts", &registration(&ann.name, "second"));
    assert_ne!(answer.expect(201)["id"], ann.client.id());
    ann.cannot_log_in("first");
    ann.log_in("second");
}

#[test]
fn a_deletion_needs_the_password_an_account_and_what_becomes_of_the_messages() {
    let ann = account("Ann");
    delete(&ann.client, "wrong").expect_refusal(401, "wrong_login");
    delete_with(&ann.client, json!({ "messages": "keep" })).expect_refusal_of(400, "missing_field", "key");
    let without = json!({ "key": key("first") });
    delete_with(&ann.client, without).expect_refusal_of(400, "missing_field", "messages");
    let other = json!({ "key": key("first"), "messages": "archive" });
    delete_with(&ann.client, other).expect_refusal_of(422, "bad_value", "messages");
    let plain = json!({ "password": "first of all", "messages": "keep" });
    delete_with(&ann.client, plain).expect_refusal(422, "key_required");
    delete(&guest("Bob"), "first").expect_refusal(403, "forbidden");
    delete(&stranger(), "first").expect_refusal(401, "not_signed_in");
    assert!(is_account(&ann.name));
    ann.client.get("/api/sessions").expect(200);
}

#[test]
fn a_guest_who_registered_is_deleted_from_the_rooms_they_left_as_a_guest_too() {
    let (host, bob) = (guest("Host"), guest("Bob"));
    let lobby = room(&host);
    bob.join(&lobby);
    bob.delete(&lobby.at("membership")).expect(204);
    eventually("the list has heard", || (row(&host, &lobby)["members"] == 1).then_some(()));
    let bob = super::register_as(&bob, &new_person("Bob"));
    delete(&bob.client, "first").expect(204);
    // It has heard: it refuses the token, which it did not know before.
    bob.client.get(&lobby.path).expect_refusal(401, "session_ended");
}

#[test]
fn a_copied_cookie_of_a_deleted_account_that_gets_into_a_room_is_thrown_out() {
    let (ann, bob) = (account("Ann"), guest("Bob"));
    let lobby = room(&bob);
    delete(&ann.client, "first").expect(204);
    ann.client.join(&lobby);
    eventually("thrown out", || (bob.view(&lobby)["members"] == 1).then_some(()));
    ann.client.put(&lobby.at("membership")).expect_refusal(401, "session_ended");
}

#[test]
fn whoever_is_blocked_does_not_escape_and_an_admin_s_name_stays_the_deployer_s() {
    let (server, admin) = with_admin(&[]);
    let ann: Account = account_at(&server, "Ann");
    admin.put(&format!("/api/people/{}/block", ann.client.id())).expect(204);
    delete(&ann.client, "first").expect_refusal(401, "session_ended");
    let again = stranger_at(&server).post("/api/accounts", &registration(&ann.name, "second"));
    again.expect_refusal_of(409, "name_taken", "username");
    delete(&admin, "first").expect(204);
    let mut body = registration("Root", "second");
    stranger_at(&server).post("/api/accounts", &body).expect_refusal_of(422, "reserved_name", "username");
    body["setup_token"] = json!(SETUP_TOKEN);
    stranger_at(&server).post("/api/accounts", &body).expect(201);
}

#[test]
fn a_room_that_is_out_of_order_hears_of_it_when_it_works_again() {
    let server = Server::start_embedded(Build::Deployed, &[]);
    let (ann, bob) = (account_at(&server, "Ann"), guest_at(&server, "Bob"));
    let lobby = room(&bob);
    ann.client.join(&lobby);
    server.kill();
    server.in_rooms("ALTER TABLE refused RENAME TO lost");
    server.start_again();
    delete(&ann.client, "first").expect(204);
    ann.cannot_log_in("first");
    bob.get(&lobby.path).expect_refusal(500, "internal");
    server.kill();
    server.in_rooms("ALTER TABLE lost RENAME TO refused");
    server.start_again();
    eventually_within(RETRIED, "it has heard", || (bob.view(&lobby)["members"] == 1).then_some(()));
    ann.client.get(&lobby.path).expect_refusal(401, "session_ended");
}
