//! Redis away, or full: people in rooms don't notice.

use super::{expect_archived, server};
use crate::accounts::{account_at, key, registration};
use crate::client::{eventually, guest_at, new_name, room, stranger_at, Room};
use crate::live::new_id;
use crate::redis::Redis;
use crate::server::{Build, Server};
use serde_json::json;
use std::sync::Arc;

#[test]
fn while_redis_is_away_rooms_go_on_and_names_wait_and_all_is_archived_after_it() {
    let server = server(&[]);
    let (ann, bob) = (account_at(&server, "Ann"), guest_at(&server, "Bob"));
    let lobby = room(&ann.client);
    let mut anns = ann.client.connect(&lobby);
    anns.says("before");
    expect_archived(server.redis(), &ann.client, &lobby);

    server.redis().kill();
    // Acks, joins, reconnects and history ask nothing else.
    anns.says("during");
    bob.join(&lobby);
    let mut bobs = bob.connect_with(&lobby, "?since=0");
    bobs.expect_message("before");
    bobs.expect_message("during");
    for n in 0..150 {
        bobs.says(&format!("bob {n}"));
        anns.expect_message(&format!("bob {n}"));
    }
    ann.client.view(&lobby);
    bob.delete(&lobby.at("membership")).expect(204);
    bob.join(&lobby);
    // Names wait.
    let stranger = stranger_at(&server);
    stranger.post("/api/session", &json!({ "username": ann.name, "key": key("first") })).expect_refusal(503, "busy");
    stranger.post("/api/accounts", &registration("Somebody New", "first")).expect_refusal(503, "busy");
    ann.client.post("/api/rooms", &json!({ "name": new_name() })).expect_refusal(503, "busy");
    stranger.get("/api/rooms").expect_refusal(503, "busy");
    bob.get(&Room::named("never seen here").path).expect_refusal(503, "starting");

    server.redis().start_again();
    expect_archived(server.redis(), &ann.client, &lobby);
    ann.log_in("first");
    let members = || server.redis().command(json!(["ZCARD", format!("chat-{}", lobby.name)]));
    eventually("the members are right too", || (members() == 2).then_some(()));
}

#[test]
fn redis_may_be_away_at_the_start() {
    let redis = Arc::new(Redis::start());
    redis.stop();
    let server = Server::start_on(&redis, Build::Deployed, &[]);
    stranger_at(&server).get("/api/rooms").expect_refusal(503, "busy");
    stranger_at(&server).post("/api/guest", &json!({ "name": "Ann" })).expect_refusal(503, "busy");
    redis.start_again();
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    ann.say(&lobby, &new_id(), "hello").expect(201);
    expect_archived(&redis, &ann, &lobby);
}

#[test]
fn an_answer_that_was_lost_makes_no_second_account_and_no_second_room() {
    let server = server(&[]);
    server.redis().faults(json!({ "lost": true, "times": 1, "containing": "Register" }));
    let ann = account_at(&server, "Ann");
    server.redis().faults(json!({ "lost": true, "times": 1, "containing": "Reserve" }));
    let lobby = room(&ann.client);
    assert_eq!(super::listed(&ann.client), [lobby.name]);
}

#[test]
fn a_full_database_is_told_to_the_owner_and_in_the_log_and_the_room_goes_on() {
    let server = server(&[]);
    let (ann, bob) = (guest_at(&server, "Ann"), guest_at(&server, "Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    let (mut anns, mut bobs) = (ann.connect(&lobby), bob.connect(&lobby));
    anns.says("before");
    bobs.expect_message("before");
    expect_archived(server.redis(), &ann, &lobby);
    server.redis().faults(json!({ "full": true }));
    bobs.says("during");
    anns.expect_message("during");
    assert_eq!(anns.next_of("notice")["code"], "storage_full");
    eventually("the log says so", || server.log().contains("the Redis database is full").then_some(()));
    anns.says("still");
    let registered = stranger_at(&server).post("/api/accounts", &registration("Somebody Else", "first"));
    registered.expect_refusal(507, "storage_full");
    // Who comes now is told too; who can do nothing about it is not.
    assert_eq!(ann.connect(&lobby).next_of("notice")["code"], "storage_full");
    bobs.expect_message("still");
    bobs.only_heartbeat();
    server.redis().faults(json!({}));
    expect_archived(server.redis(), &ann, &lobby);
}
