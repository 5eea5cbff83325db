//! Making an account, and what a guest keeps who makes one.

use super::{account, key, new_person, register_as, registration};
use crate::client::{eventually, fields, guest, room, stranger, Client};
use serde_json::{json, Value};

#[test]
fn who_registers_is_somebody_without_a_tag_and_is_shown_a_recovery_code() {
    let ann = account("Ann");
    let shown = &ann.client.person;
    assert_eq!(fields(shown), ["avatar", "expires", "id", "kind", "name", "recovery_code"]);
    assert_eq!((&shown["kind"], &shown["name"]), (&json!("account"), &json!(ann.name)));
    let mut viewer = shown.clone();
    viewer.as_object_mut().unwrap().remove("recovery_code");
    assert_eq!(ann.client.get("/api/session").expect(200), viewer, "and never shown again");
}

#[test]
fn a_name_is_one_account_s_whatever_its_case_width_or_letters() {
    let name = new_person("Paypal");
    register_as(&stranger(), &name);
    // The third has a Cyrillic a.
    let doubles = [
        name.clone(),
        name.to_uppercase(),
        name.replace("aypal", "аypal"),
        name.replace('P', "Ｐ"),
        format!(" {name} "),
    ];
    for double in doubles {
        let answer = stranger().post("/api/accounts", &registration(&double, "other"));
        answer.expect_refusal_of(409, "name_taken", "username");
        stranger().post("/api/guest", &json!({ "name": double })).expect_refusal_of(409, "name_taken", "name");
    }
    for (bad, code) in [("admin", "reserved_name"), ("Аdmin", "reserved_name"), ("系统", "reserved_name")] {
        stranger().post("/api/accounts", &registration(bad, "x")).expect_refusal_of(422, code, "username");
    }
    let hidden = name.replace("Pay", "Pay\u{200b}");
    let answer = stranger().post("/api/accounts", &registration(&hidden, "other"));
    answer.expect_refusal_of(422, "forbidden_characters", "username");
}

#[test]
fn each_thing_wrong_with_a_registration_is_named() {
    let name = new_person("Ann");
    let with = |field: &str, value: Value| {
        let mut body = registration(&name, "first");
        body[field] = value;
        stranger().post("/api/accounts", &body)
    };
    with("rounds", json!(599_999)).expect_refusal_of(422, "bad_value", "rounds");
    with("salt", json!("AAAA")).expect_refusal_of(422, "bad_value", "salt");
    with("key", json!("AAAA")).expect_refusal_of(422, "bad_value", "key");
    with("key", json!(7)).expect_refusal_of(400, "wrong_type", "key");
    with("role", json!("owner")).expect_refusal_of(400, "unknown_field", "role");
    let bare = json!({ "username": name, "key": key("first"), "rounds": 600_000 });
    stranger().post("/api/accounts", &bare).expect_refusal_of(400, "missing_field", "salt");
    let plain = json!({ "username": name, "password": "correct horse" });
    stranger().post("/api/accounts", &plain).expect_refusal(422, "key_required");
    // Nothing of this took the name.
    register_as(&stranger(), &name);
}

#[test]
fn a_guest_who_registers_keeps_authorship_membership_and_rooms() {
    let (bob, ann) = (guest("Bob"), guest("Ann"));
    let (own, joined) = (room(&ann), room(&bob));
    ann.join(&joined);
    ann.say(&joined, "m1", "before").expect(201);
    let mut tab = ann.connect(&joined);
    let mut bobs = bob.connect(&joined);
    bobs.expect_presence(|frame| frame["online"] == 2);

    let account = register_as(&ann, &new_person("Ann"));
    let new = &account.client;
    assert_eq!(new.id(), ann.id());
    assert_eq!(tab.expect_close(), (4000, "renewed".to_owned()));
    assert_eq!((&new.view(&own)["role"], &new.view(&joined)["role"]), (&json!("owner"), &json!("member")));
    assert_eq!(new.view(&own)["owner"]["name"], json!(account.name));
    let members = bob.get(&joined.at("members")).expect(200);
    let me = members["members"].as_array().unwrap().iter().find(|one| one["id"] == new.id()).unwrap().clone();
    assert_eq!((&me["kind"], &me["name"]), (&json!("account"), &json!(account.name)));

    // What was said stays the same person's, under the name shown then.
    let page = new.get(&joined.at("messages")).expect(200);
    assert_eq!(
        (&page["messages"][0]["author"]["id"], &page["messages"][0]["author"]["name"]),
        (&json!(new.id()), &json!("Ann"))
    );
    let mut tab = new.connect(&joined);
    assert_eq!(tab.welcome["role"], "member");
    assert_eq!(tab.says("after")["author"]["kind"], "account");

    // The guest is no more.
    for path in [&own.path, &joined.path] {
        ann.get(path).expect_refusal(401, "session_ended");
    }
    let again = ann.post("/api/accounts", &registration(&new_person("Ann"), "first"));
    again.expect_refusal(401, "session_ended");
}

#[test]
fn a_guest_s_copied_cookie_makes_no_account_after_the_log_out() {
    let ann = guest("Ann");
    room(&ann);
    ann.delete("/api/session").expect(204);
    let answer = ann.post("/api/accounts", &registration(&new_person("Ann"), "first"));
    answer.expect_refusal(401, "session_ended");
}

#[test]
fn an_account_that_registers_another_is_somebody_else_and_logged_out() {
    let ann = account("Ann");
    let lobby = room(&ann.client);
    let other = register_as(&ann.client, &new_person("Other"));
    assert_ne!(other.client.id(), ann.client.id());
    ann.client.get(&lobby.path).expect_refusal(401, "session_ended");
    other.client.get("/api/sessions").expect(200);
}

#[test]
fn of_many_who_want_one_name_at_once_one_gets_it() {
    let name = new_person("Racer");
    let body = registration(&name, "first");
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let races: Vec<_> = (0..8).map(|_| scope.spawn(|| stranger().post("/api/accounts", &body).status)).collect();
        races.into_iter().map(|race| race.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 409).count(), 7, "{answers:?}");
}

#[test]
fn the_rooms_of_an_account_are_listed_for_it_alone() {
    let ann = account("Ann").client;
    let own = room(&ann);
    let listed = |who: &Client| who.get("/api/rooms?of=me").expect(200);
    eventually("the room is listed", || (listed(&ann)["rooms"][0]["name"] == json!(own.name)).then_some(()));
    assert_eq!(listed(&guest("Bob"))["rooms"], json!([]));
    stranger().get("/api/rooms?of=me").expect_refusal(401, "not_signed_in");
}
