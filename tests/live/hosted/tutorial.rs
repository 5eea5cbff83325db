//! Data of the tutorial chat: no ids, no index, scores of its own.

use super::{archived, listed, server, texts};
use crate::accounts::{registration, with_admin_on};
use crate::client::{eventually, guest_at, stranger_at, Room};
use crate::live::new_id;
use crate::redis::Redis;
use serde_json::{json, Value};
use std::sync::Arc;

/// A room as the tutorial's code leaves it: a creator with score 1, messages with float seconds.
fn write_room(redis: &Redis, name: &str, count: usize) {
    redis.command(json!(["ZADD", format!("chat-{name}"), 1, "carol", "1500000000.25", "dave"]));
    for n in 0..count {
        let member = json!({ "username": if n % 2 == 0 { "carol" } else { "dave" }, "msg": format!("old {n}") });
        redis.command(json!(["ZADD", format!("msg-{name}"), format!("{}.5", 1_500_000_000 + n), member.to_string()]));
    }
}

#[test]
fn a_tutorial_room_opens_by_its_name_with_its_whole_history() {
    let server = server(&[]);
    write_room(server.redis(), "General", 250);
    let ann = guest_at(&server, "Ann");
    let general = Room::named("General");
    let view = ann.view(&general);
    assert_eq!(
        (&view["name"], &view["owner"]["name"], &view["seq"]),
        (&json!("General"), &json!("carol"), &json!(250))
    );
    let said = ann.history(&general);
    assert_eq!(texts(&said), (0..250).map(|n| format!("old {n}")).collect::<Vec<_>>());
    let seqs: Vec<_> = said.iter().map(|one| one["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, (1..=250).collect::<Vec<_>>());
    assert!(said.iter().all(|one| one["author"]["kind"] == "imported" && one["author"].get("tag").is_none()));
    assert_eq!(said[3]["at"], 1_500_000_003_500_i64);
    ann.join(&general);
    ann.say(&general, &new_id(), "new").expect(201);
    assert_eq!(ann.view(&general)["seq"], 251);
    let entries = || archived(server.redis(), "General");
    eventually("it is archived", || (entries().len() == 251).then_some(()));
    assert_eq!(entries()[250]["msg"], "new");
    assert_eq!(entries()[0], json!({ "username": "carol", "msg": "old 0" }), "what was there stays as it was");
    // It is in the list from now on.
    eventually("it is listed", || (listed(&ann) == ["General"]).then_some(()));
}

#[test]
fn a_member_that_is_not_json_is_skipped_and_the_room_opens() {
    let server = server(&[]);
    write_room(server.redis(), "odd", 3);
    server.redis().command(json!(["ZADD", "msg-odd", "1500000001.7", "not json at all"]));
    let ann = guest_at(&server, "Ann");
    assert_eq!(texts(&ann.history(&Room::named("odd"))), ["old 0", "old 1", "old 2"]);
    assert!(server.log().contains("1 messages in Redis can't be read"), "{}", server.log());
}

#[test]
fn a_room_s_name_that_old_data_has_is_taken() {
    let server = server(&[]);
    write_room(server.redis(), "Taken here", 1);
    let ann = guest_at(&server, "Ann");
    ann.post("/api/rooms", &json!({ "name": "Taken here" })).expect_refusal(409, "name_taken");
}

#[test]
fn imported_names_are_kept_until_an_admin_releases_them() {
    let redis = Arc::new(Redis::start());
    let (server, admin) = with_admin_on(&redis);
    write_room(&redis, "General", 4);
    admin.view(&Room::named("General"));
    let register = |name: &str| stranger_at(&server).post("/api/accounts", &registration(name, "first"));
    for name in ["carol", "CAROL", "dave"] {
        register(name).expect_refusal_of(409, "name_taken", "username");
    }
    stranger_at(&server).post("/api/guest", &json!({ "name": "carol" })).expect_refusal(409, "name_taken");
    let ann = guest_at(&server, "Ann");
    ann.delete("/api/imported/carol").expect_refusal(403, "forbidden");
    admin.delete("/api/imported/nobody").expect_refusal(404, "unknown_person");
    admin.delete("/api/imported/Carol").expect(204);
    let carol = register("carol").expect(201);
    register("dave").expect_refusal(409, "name_taken");
    // Having the name does not make one the author of what was said under it.
    let said = admin.history(&Room::named("General"));
    let authors: Vec<&Value> = said.iter().map(|one| &one["author"]["id"]).collect();
    assert!(!authors.contains(&&carol["id"]));
}
