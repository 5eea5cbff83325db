//! From the embedded Directory to Redis, from one deployment to another, and never silently back.

use super::{archived, expect_archived, listed, server, texts};
use crate::accounts::{account_at, registration};
use crate::client::{eventually, eventually_within, guest_at, room, room_named, stranger_at, Room};
use crate::live::new_id;
use crate::redis::Redis;
use crate::server::{Build, Server};
use serde_json::json;
use std::sync::Arc;

/// Waits until new names are taken again: the one of an account that was there before is not.
#[track_caller]
fn expect_moved(server: &Arc<Server>, name: &str) {
    eventually("the move is over", || {
        let answer = stranger_at(server).post("/api/accounts", &registration(name, "another"));
        match answer.status {
            409 => Some(()),
            _ => {
                answer.expect_refusal(503, "moving");
                None
            }
        }
    });
}

#[test]
fn a_running_site_moves_to_redis_with_its_people_its_rooms_and_its_history() {
    let redis = Redis::start();
    let server = Server::start_embedded(Build::Deployed, &[]);
    let (ann, bob) = (account_at(&server, "Ann"), guest_at(&server, "Bob"));
    let others: Vec<_> = (0..60).map(|n| account_at(&server, &format!("Person{n}x"))).collect();
    let (lobby, board) = (room(&ann.client), room(&ann.client));
    ann.client.request("PATCH", &board.path).json(&json!({ "access": "private" })).send().expect(200);
    bob.join(&lobby);
    for n in 0..120 {
        bob.say(&lobby, &new_id(), &format!("message {n}")).expect(201);
    }
    let before = (listed(&bob), bob.history(&lobby));

    server.kill();
    server.start_again_with(Some(&redis), &[]);
    expect_moved(&server, &others[0].name);
    ann.log_in("first");
    others[59].log_in("first");
    ann.client.get("/api/sessions").expect(200);
    assert_eq!((listed(&bob), bob.history(&lobby)), before, "same rooms, same history");
    let mine = ann.client.get("/api/rooms?of=me").expect(200);
    assert_eq!(mine["rooms"].as_array().unwrap().len(), 2, "{mine}");
    // From the first Seq, and with everybody in it, also where nobody says anything more.
    eventually_within(super::BACK, "it is archived", || (archived(&redis, &lobby.name).len() == 120).then_some(()));
    bob.say(&lobby, &new_id(), "in Redis").expect(201);
    expect_archived(&redis, &bob, &lobby);
    let members = || redis.command(json!(["ZCARD", format!("chat-{}", lobby.name)]));
    eventually("its members are there", || (members() == 2).then_some(()));
    ann.client.post("/api/rooms", &json!({ "name": board.name })).expect_refusal(409, "name_taken");
    // A log-out reaches the rooms that were joined before the move.
    bob.delete("/api/session").expect(204);
    bob.get(&lobby.path).expect_refusal(401, "session_ended");
}

#[test]
fn a_move_that_is_cut_goes_on_where_it_was() {
    let redis = Redis::start();
    let server = Server::start_embedded(Build::Deployed, &[]);
    let people: Vec<_> = (0..120).map(|n| account_at(&server, &format!("Mover{n}x"))).collect();
    server.kill();
    redis.faults(json!({ "status": 500, "containing": "Move" }));
    server.start_again_with(Some(&redis), &[]);
    let stranger = stranger_at(&server);
    // Until it is over the old one answers: who has an account is logged in, new names wait.
    stranger.post("/api/accounts", &registration("Fresh Name", "first")).expect_refusal(503, "moving");
    people[7].log_in("first");
    redis.faults(json!({ "lost": true, "times": 1, "containing": "Move" }));
    stranger.post("/api/accounts", &registration("Fresh Name", "first"));
    server.kill();
    redis.faults(json!({}));
    server.start_again();
    eventually("it is over", || {
        // The try before may have made it.
        let answer = stranger.post("/api/accounts", &registration("Fresh Name", "first"));
        matches!(answer.status, 201 | 409).then_some(())
    });
    people.iter().for_each(|person| drop(person.log_in("first")));
}

#[test]
fn going_back_is_refused_and_never_an_empty_site() {
    let redis = Redis::start();
    let server = Server::start_embedded(Build::Deployed, &[]);
    let ann = account_at(&server, "Ann");
    let lobby = room(&ann.client);
    server.kill();
    server.start_again_with(Some(&redis), &[]);
    expect_moved(&server, &ann.name);
    assert_eq!(listed(&ann.client), [lobby.name]);
    server.kill();
    server.start_again_with(None, &[]);
    let stranger = stranger_at(&server);
    stranger.get("/api/rooms").expect_refusal(503, "redis_missing");
    stranger.post("/api/guest", &json!({ "name": "Bob" })).expect_refusal(503, "redis_missing");
    assert!(server.log().contains("UPSTASH_REDIS_REST_URL"), "{}", server.log());
}

#[test]
fn all_who_come_first_to_a_new_site_are_let_in() {
    let server = server(&[]);
    std::thread::scope(|scope| {
        for n in 0..12 {
            let server = &server;
            scope.spawn(move || guest_at(server, &format!("Guest {n}")));
        }
    });
}

#[test]
fn a_redis_takes_in_one_site_only() {
    let redis = Redis::start();
    let move_in = |called: &str| {
        let server = Server::start_embedded(Build::Deployed, &[]);
        let person = account_at(&server, called);
        server.kill();
        server.start_again_with(Some(&redis), &[]);
        (server, person)
    };
    let (first, ann) = move_in("Ann");
    expect_moved(&first, &ann.name);
    let (second, _) = move_in("Bob");
    stranger_at(&second).post("/api/accounts", &registration("Carl", "first")).expect_refusal(503, "moving");
    assert!(second.log().contains("superseded"), "{}", second.log());
    assert_eq!(stranger_at(&second).get("/healthz").expect(200)["moving"], true);
}

#[test]
fn another_redis_than_the_one_the_site_is_in_is_refused_and_never_an_empty_site() {
    let server = server(&[]);
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    ann.say(&lobby, &new_id(), "hello").expect(201);
    expect_archived(server.redis(), &ann, &lobby);
    let other = Redis::start();
    server.kill();
    server.start_again_with(Some(&other), &[]);
    stranger_at(&server).get("/api/rooms").expect_refusal(503, "busy");
    eventually("the log says so", || server.log().contains("superseded").then_some(()));
    assert_eq!(other.command(json!(["KEYS", "*"])), json!([]), "and nothing is written to it");
}

#[test]
fn a_new_deployment_on_the_same_redis_has_the_same_site() {
    let first = server(&[("SESSION_KEY", KEY)]);
    let (ann, bob) = (account_at(&first, "Ann"), account_at(&first, "Bob"));
    let (lobby, board) = (room_named(&ann.client, "Lobby One"), room_named(&ann.client, "Board"));
    let patch = |path: &str, body| ann.client.request("PATCH", path).json(&body).send().expect(200);
    patch(&lobby.path, json!({ "description": "what it is about" }));
    patch(&board.path, json!({ "access": "private" }));
    bob.client.join(&lobby);
    for n in 0..230 {
        bob.client.say(&lobby, &new_id(), &format!("message {n}")).expect(201);
    }
    ann.client.say(&board, &new_id(), "secret").expect(201);
    expect_archived(first.redis(), &bob.client, &lobby);
    expect_archived(first.redis(), &ann.client, &board);
    let old_epoch = ann.client.view(&lobby)["epoch"].clone();
    first.kill();

    let redis = first.redis_arc();
    let second = Server::start_on(&redis, Build::Deployed, &[("SESSION_KEY", KEY)]);
    let at = |client: &crate::client::Client| crate::client::Client { server: Arc::clone(&second), ..client.clone() };
    let (ann, bob) = (at(&ann.client), at(&bob.client));
    assert_eq!(listed(&bob), ["Lobby One"]);
    let view = ann.view(&lobby);
    assert_eq!((&view["role"], &view["description"]), (&json!("owner"), &json!("what it is about")));
    assert_ne!(view["epoch"], old_epoch, "another history counts from here");
    assert_eq!((&view["members"], &view["seq"]), (&json!(2), &json!(230)));
    assert_eq!(ann.view(&board)["access"], "private");
    bob.get(&board.path).expect_refusal(404, "unknown_room");
    let said = bob.history(&lobby);
    assert_eq!(texts(&said), (0..230).map(|n| format!("message {n}")).collect::<Vec<_>>());
    let seqs: Vec<_> = said.iter().map(|one| one["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, (1..=230).collect::<Vec<_>>());
    assert!(said.iter().all(|one| one["author"]["id"] == bob.id() && one["author"]["kind"] == "account"));
    // A client that has the old history is told so, and the room goes on above it.
    let mut live = bob.connect_with(&lobby, &format!("?since=200&epoch={}", old_epoch.as_str().unwrap()));
    assert_eq!(live.next_of("gap")["reason"], "epoch");
    bob.say(&lobby, &new_id(), "here too").expect(201);
    eventually("it is archived", || (archived(&redis, &lobby.name).len() == 231).then_some(()));
    assert_eq!(archived(&redis, &lobby.name)[230]["seq"], 231);
}

const KEY: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

#[test]
fn opening_a_room_that_is_nowhere_says_so_and_leaves_nothing() {
    let server = server(&[]);
    let ann = guest_at(&server, "Ann");
    ann.get(&Room::named("nowhere").path).expect_refusal(404, "unknown_room");
    let keys = server.redis().command(json!(["KEYS", "*nowhere*"]));
    assert_eq!(keys, json!([]));
}
