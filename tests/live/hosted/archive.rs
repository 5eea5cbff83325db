//! What is in Redis, in the layout of the tutorial chat, and that it is all there whatever strikes.

use super::{archived, expect_archived, server};
use crate::accounts::account_at;
use crate::client::{eventually, guest_at, room, room_named, Client, Room};
use crate::live::new_id;
use serde_json::{json, Value};
use std::time::{SystemTime, UNIX_EPOCH};

#[test]
fn a_message_is_archived_as_the_tutorial_s_readers_know_it_and_more() {
    let server = server(&[]);
    let (ann, bob) = (account_at(&server, "Ann"), guest_at(&server, "Bob"));
    let lobby = room_named(&ann.client, "Tea & 编程");
    bob.join(&lobby);
    let mut live = bob.connect(&lobby);
    let text = "你好 <b>world</b>\n🎈";
    live.send_as("id-1", text);
    let ack = live.expect_ack("id-1");
    let redis = server.redis();
    let entry = eventually("it is archived", || archived(redis, "Tea & 编程").pop());
    assert_eq!(entry["username"], "Bob");
    assert_eq!(entry["msg"], text);
    assert_eq!((&entry["seq"], &entry["id"], &entry["person"]), (&json!(1), &json!("id-1"), &json!(bob.id())));
    let scores = redis.command(json!(["ZRANGE", "msg-Tea & 编程", 0, -1, "WITHSCORES"]));
    let score: f64 = scores[1].as_str().unwrap().parse().unwrap();
    assert_eq!((score * 1000.0).round() as i64, ack["at"].as_i64().unwrap(), "seconds, with milliseconds");

    let members = redis.command(json!(["ZRANGE", "chat-Tea & 编程", 0, -1, "WITHSCORES"]));
    let tag = &bob.id()[..4];
    assert_eq!((&members[0], &members[2]), (&json!(ann.name), &json!(format!("Bob · guest {tag}"))));
    let joined: f64 = members[1].as_str().unwrap().parse().unwrap();
    assert!((now_seconds() - joined).abs() < 600.0, "{joined}");
    let field = |name: &str| redis.command(json!(["HGET", "room-Tea & 编程", name]));
    assert_eq!(field("owner"), json!(ann.name));
    assert_eq!(field("epoch"), ann.client.view(&lobby)["epoch"]);
    assert_eq!((field("description"), field("access")), (json!(""), json!("open")));
    assert!(redis.command(json!(["ZSCORE", "hihi:rooms", "Tea & 编程"])).is_string());
    let user = format!("user-{}", ann.name);
    assert_eq!(redis.command(json!(["HGET", user, "person"])), json!(ann.client.id()));
    let everything = redis.command(json!(["HGETALL", user])).to_string();
    assert!(!everything.contains(&crate::accounts::key("first")), "no key, only its record");
}

fn now_seconds() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

#[test]
fn whoever_leaves_is_no_longer_among_the_tutorial_s_members() {
    let server = server(&[]);
    let (ann, bob) = (guest_at(&server, "Ann"), guest_at(&server, "Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    let count = || server.redis().command(json!(["ZCARD", format!("chat-{}", lobby.name)]));
    eventually("both are there", || (count() == 2).then_some(()));
    bob.delete(&lobby.at("membership")).expect(204);
    eventually("one is there", || (count() == 1).then_some(()));
}

#[test]
fn a_closed_room_leaves_nothing_in_redis_and_a_new_one_of_its_name_has_nothing_of_it() {
    let server = server(&[]);
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    ann.say(&lobby, "a", "before").expect(201);
    eventually("it is archived", || archived(server.redis(), &lobby.name).pop());
    ann.delete(&lobby.path).expect(204);
    let left = || {
        let keys = server.redis().command(json!(["KEYS", format!("*{}*", lobby.name)]));
        keys.as_array().unwrap().clone()
    };
    assert_eq!(left(), Vec::<Value>::new());
    let lobby = room_named(&ann, &lobby.name);
    ann.say(&lobby, "a", "after").expect(201);
    expect_archived(server.redis(), &ann, &lobby);
    assert_eq!(super::texts(&ann.history(&lobby)), ["after"]);
}

/// Thirty messages, while something strikes the first few requests to Redis.
#[track_caller]
fn survives(fault: Value) {
    let server = server(&[]);
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    let mut live = ann.connect(&lobby);
    live.says("before");
    server.redis().faults(fault);
    for n in 0..30 {
        live.says(&format!("message {n}"));
    }
    let struck = || server.redis().fault()["times"] == 0 || server.redis().fault() == json!({});
    eventually("it has struck", || struck().then_some(()));
    server.redis().faults(json!({}));
    live.says("after");
    expect_archived(server.redis(), &ann, &lobby);
    assert!(!server.log().contains(server.redis().token()), "the token is in no log");
}

#[test]
fn nothing_is_lost_or_doubled_when_redis_is_slow() {
    survives(json!({ "delay_ms": 5000, "times": 1 }));
}

#[test]
fn nothing_is_lost_or_doubled_when_redis_refuses_the_token() {
    survives(json!({ "status": 401, "times": 1 }));
}

#[test]
fn nothing_is_lost_or_doubled_when_redis_is_asked_too_often() {
    survives(json!({ "status": 429, "times": 4 }));
}

#[test]
fn nothing_is_lost_or_doubled_when_redis_has_trouble() {
    survives(json!({ "status": 500, "times": 4 }));
}

#[test]
fn nothing_is_lost_or_doubled_when_the_quota_is_used_up() {
    survives(json!({ "quota": true, "times": 1 }));
}

#[test]
fn nothing_is_lost_or_doubled_when_answers_are_cut() {
    survives(json!({ "cut": true, "times": 4 }));
}

#[test]
fn nothing_is_lost_or_doubled_when_it_is_done_and_the_answer_lost() {
    survives(json!({ "lost": true, "times": 4 }));
}

#[test]
fn nothing_is_lost_or_doubled_when_answers_are_rubbish() {
    survives(json!({ "rubbish": true, "times": 4 }));
}

#[test]
fn nothing_is_lost_or_doubled_when_connections_are_refused() {
    survives(json!({ "down": true, "times": 4 }));
}

#[test]
fn kill_minus_nine_between_redis_has_it_and_the_log_knows_doubles_nothing() {
    let server = server(&[]);
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    ann.say(&lobby, &new_id(), "first").expect(201);
    expect_archived(server.redis(), &ann, &lobby);
    server.redis().faults(json!({ "lost": true }));
    ann.say(&lobby, &new_id(), "second").expect(201);
    eventually("Redis has it", || (archived(server.redis(), &lobby.name).len() == 2).then_some(()));
    server.kill();
    server.redis().faults(json!({}));
    server.start_again();
    ann.say(&lobby, &new_id(), "third").expect(201);
    expect_archived(server.redis(), &ann, &lobby);
}

#[test]
fn an_instance_whose_room_has_moved_on_writes_nothing_more() {
    let server = server(&[]);
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    ann.say(&lobby, &new_id(), "ours").expect(201);
    expect_archived(server.redis(), &ann, &lobby);
    server.kill();
    server.redis().command(json!(["HSET", format!("room-{}", lobby.name), "epoch", "another"]));
    server.start_again();
    ann.say(&lobby, &new_id(), "late").expect(201);
    eventually("the log says so", || server.log().contains("superseded").then_some(()));
    assert_eq!(archived(server.redis(), &lobby.name).len(), 1);
    // The room itself goes on.
    ann.say(&lobby, &new_id(), "still").expect(201);
}

#[test]
fn the_longest_text_in_the_widest_characters_is_archived_whole() {
    let server = server(&[]);
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    ann.say(&lobby, "wide", &"🎈".repeat(4000)).expect(201);
    expect_archived(server.redis(), &ann, &lobby);
}

#[test]
fn no_name_becomes_another_command_or_another_key() {
    let server = server(&[]);
    let ann = guest_at(&server, "Ann");
    for name in ["a b", "*", "[a-z]?", "a/b", "..a", "x'] .. redis.call('FLUSHALL')", "\"quoted\"", "{braces}", "50%25"]
    {
        let lobby = room_named(&ann, name);
        ann.say(&lobby, &new_id(), "hello").expect(201);
        expect_archived(server.redis(), &ann, &lobby);
    }
    for name in ["a\r\nFLUSHALL", "a\0b"] {
        ann.post("/api/rooms", &json!({ "name": name })).expect_refusal(422, "forbidden_characters");
    }
}

fn say_many(who: &Client, lobby: &Room, count: usize) {
    let mut live = who.connect(lobby);
    (0..count).for_each(|n| drop(live.says(&format!("message {n}"))));
}

#[test]
fn more_than_one_batch_arrives_whole_and_in_order() {
    let server = server(&[]);
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    say_many(&ann, &lobby, 350);
    expect_archived(server.redis(), &ann, &lobby);
}

#[test]
fn what_the_room_no_longer_keeps_goes_from_redis_too() {
    let server = server(&[("HISTORY_MESSAGES", "20")]);
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    say_many(&ann, &lobby, 60);
    expect_archived_at_least(&server, &lobby);
    server.kill();
    server.start_again();
    ann.say(&lobby, &new_id(), "one more").expect(201);
    eventually("old messages are gone", || (archived(server.redis(), &lobby.name).len() <= 61).then_some(()));
}

#[track_caller]
fn expect_archived_at_least(server: &crate::server::Server, lobby: &Room) {
    eventually("all are archived", || (archived(server.redis(), &lobby.name).len() >= 60).then_some(()));
}

/// What Redis bills, without what this test looks with.
fn commands(redis: &crate::redis::Redis) -> i64 {
    let billed = redis.billed().into_iter().filter(|(name, _)| !matches!(name.as_str(), "zcard" | "zrange"));
    billed.map(|(_, calls)| calls).sum()
}

#[test]
fn a_busy_room_costs_at_most_a_twentieth_of_a_command_a_message() {
    let server = server(&[("ARCHIVE_SECONDS", "30")]);
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    let before = commands(server.redis());
    say_many(&ann, &lobby, 1000);
    eventually("all but the last are archived", || (archived(server.redis(), &lobby.name).len() >= 900).then_some(()));
    let cost = commands(server.redis()) - before;
    println!("1000 messages, {cost} Redis commands");
    assert!(cost <= 50, "{cost}");
}

#[test]
fn what_is_changed_after_it_was_archived_is_changed_in_the_archive_too() {
    let server = server(&[]);
    let (ann, bob) = (guest_at(&server, "Ann"), guest_at(&server, "Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    let enter = |entry: Value| ann.post(&lobby.at("entries"), &entry).expect(201);
    for (id, text) in [("m1", "edited later"), ("m2", "deleted later"), ("m3", "left alone")] {
        enter(json!({ "type": "send", "id": id, "text": text }));
    }
    let redis = server.redis();
    eventually("all are archived", || (archived(redis, &lobby.name).len() == 3).then_some(()));
    enter(json!({ "type": "edit", "id": "e1", "seq": 1, "text": "as it is now" }));
    enter(json!({ "type": "delete", "id": "d1", "seq": 2 }));
    enter(json!({ "type": "react", "id": "r1", "seq": 3, "reaction": "👍", "on": true }));
    enter(json!({ "type": "send", "id": "m4", "text": "a reply", "reply_to": 1, "mentions": [bob.id()] }));
    let [edited, deleted, reacted, reply] = eventually("the changes are archived", || {
        let entries: [Value; 4] = archived(redis, &lobby.name).try_into().ok()?;
        (entries[1]["msg"] == "" && entries[2]["about"]["reactions"].is_array()).then_some(entries)
    });
    assert_eq!((&edited["msg"], edited["about"]["edited"].is_i64()), (&json!("as it is now"), true));
    assert!(deleted["about"]["deleted"].is_i64());
    assert_eq!(reacted["about"]["reactions"][0]["people"][0]["name"], "Ann");
    assert_eq!(
        (&reply["about"]["reply"], &reply["about"]["mentions"][0]["name"]),
        (&json!({ "seq": 1 }), &json!("Bob"))
    );
    let all = redis.command(json!(["ZRANGE", format!("msg-{}", lobby.name), 0, -1])).to_string();
    assert!(!all.contains("later"), "nothing of what was said before: {all}");
}
