//! An account is deleted while something is away: each room hears of it all the same.

use super::{archived, expect_archived, server, BACK};
use crate::accounts::{account_at, key};
use crate::client::{eventually_within, guest_at, room_named, stranger_at, Client};
use crate::live::new_id;
use crate::redis::Redis;
use crate::server::{Build, Server};
use serde_json::{json, Value};
use std::sync::Arc;

fn delete(who: &Client) {
    delete_and(who, "delete");
}

fn delete_and(who: &Client, messages: &str) {
    let body = json!({ "key": key("first"), "messages": messages });
    who.request("DELETE", "/api/account").json(&body).send().expect(204);
}

/// Strikes what asks for errands, and the deletion itself not.
const ERRANDS: &str = r#"{\"Errands\""#;

#[test]
fn a_deletion_that_broke_off_is_taken_up_again_also_after_a_crash() {
    let server = server(&[]);
    let (ann, bob) = (account_at(&server, "Ann"), guest_at(&server, "Bob"));
    let lobby = room_named(&bob, "Lobby");
    ann.client.join(&lobby);
    server.redis().faults(json!({ "status": 500, "containing": ERRANDS }));
    delete(&ann.client);
    assert_eq!(bob.view(&lobby)["members"], 2, "the room has not heard");
    server.kill();
    server.redis().faults(json!({}));
    server.start_again();
    eventually_within(BACK, "the room has heard", || (bob.view(&lobby)["members"] == 1).then_some(()));
    ann.client.get(&lobby.path).expect_refusal(401, "session_ended");
}

#[test]
fn an_answer_that_was_lost_deletes_once() {
    let server = server(&[]);
    let ann = account_at(&server, "Ann");
    server.redis().faults(json!({ "lost": true, "times": 1, "containing": r#"{\"Delete\""# }));
    delete(&ann.client);
    assert!(server.redis().fault().as_object().unwrap().is_empty(), "it has struck");
    let body = json!({ "username": ann.name, "key": key("first") });
    stranger_at(&server).post("/api/session", &body).expect_refusal(401, "wrong_login");
}

#[test]
fn a_room_that_can_t_be_reached_hears_of_it_when_it_is_back() {
    let first = server(&[("SESSION_KEY", KEY)]);
    let (ann, bob) = (account_at(&first, "Ann"), account_at(&first, "Bob"));
    let lobby = room_named(&bob.client, "Lobby");
    ann.client.join(&lobby);
    bob.client.say(&lobby, &new_id(), "hello").expect(201);
    expect_archived(first.redis(), &bob.client, &lobby);
    first.kill();
    // On a new deployment the room has no log until it is asked for, and then needs Redis for it.
    let redis = first.redis_arc();
    let second = Server::start_on(&redis, Build::Deployed, &[("SESSION_KEY", KEY)]);
    let at = |client: &Client| Client { server: Arc::clone(&second), ..client.clone() };
    redis.faults(json!({ "status": 500, "containing": r#"{\"Find\""# }));
    delete(&at(&ann.client));
    at(&bob.client).get(&lobby.path).expect_refusal(503, "starting");
    redis.faults(json!({}));
    eventually_within(BACK, "the room has heard", || {
        (redis.command(json!(["HLEN", "hihi:errands"])) == 0).then_some(())
    });
    at(&ann.client).get(&lobby.path).expect_refusal(401, "session_ended");
    assert_eq!(at(&bob.client).view(&lobby)["members"], 1);
}

/// Author, kind and text of what Redis has of a room.
fn said(redis: &Redis, room: &str) -> Vec<Value> {
    archived(redis, room).into_iter().map(|one| json!([one["username"], one["kind"], one["msg"]])).collect()
}

#[test]
fn what_a_deleted_account_has_said_goes_from_redis_or_stays_as_nobody_s() {
    for (choice, left) in [("delete", ""), ("keep", "hers")] {
        let server = server(&[]);
        let (ann, bob) = (account_at(&server, "Ann"), account_at(&server, "Bob"));
        let lobby = room_named(&bob.client, "Lobby");
        ann.client.join(&lobby);
        ann.client.say(&lobby, &new_id(), "hers").expect(201);
        bob.client.say(&lobby, &new_id(), "his").expect(201);
        expect_archived(server.redis(), &bob.client, &lobby);
        delete_and(&ann.client, choice);
        let expected = [json!(["deleted", "deleted", left]), json!([bob.name, "account", "his"])];
        eventually_within(BACK, choice, || (said(server.redis(), &lobby.name) == expected).then_some(()));
    }
}

#[test]
fn what_it_said_before_its_room_moved_here_goes_from_redis_too() {
    for (choice, left) in [("delete", ""), ("keep", "hers 你好")] {
        let first = server(&[("SESSION_KEY", KEY)]);
        let (ann, bob) = (account_at(&first, "Ann"), account_at(&first, "Bob"));
        let lobby = room_named(&bob.client, "Lobby");
        ann.client.join(&lobby);
        ann.client.say(&lobby, &new_id(), "hers 你好").expect(201);
        let his = bob.client.say(&lobby, &new_id(), "his").expect(201)["seq"].take();
        for reaction_of in [&ann, &bob] {
            let react = json!({ "type": "react", "id": new_id(), "seq": his, "reaction": "👍", "on": true });
            reaction_of.client.post(&lobby.at("entries"), &react).expect(201);
        }
        (0..120).for_each(|n| drop(bob.client.say(&lobby, &new_id(), &format!("{n}")).expect(201)));
        eventually_within(BACK, "all of it is archived", || {
            let all = archived(first.redis(), &lobby.name);
            (all.len() == 122 && all[1]["about"]["reactions"][0]["people"].as_array()?.len() == 2).then_some(())
        });
        first.kill();
        let redis = first.redis_arc();
        let second = Server::start_on(&redis, Build::Deployed, &[("SESSION_KEY", KEY)]);
        let at = |client: &Client| Client { server: Arc::clone(&second), ..client.clone() };
        let (ann, bob) = (at(&ann.client), at(&bob.client));
        bob.view(&lobby);
        delete_and(&ann, choice);
        let expected = json!(["deleted", "deleted", left]);
        eventually_within(BACK, choice, || (said(&redis, &lobby.name)[0] == expected).then_some(()));
        let history = bob.history(&lobby);
        assert_eq!(history.len(), 122);
        assert_eq!((&history[0]["author"]["kind"], &history[0]["text"]), (&json!("deleted"), &json!(left)));
        assert_eq!(history[0]["deleted"].is_u64(), choice == "delete", "{}", history[0]);
        let people = history[1]["reactions"][0]["people"].as_array().unwrap();
        assert_eq!(people.iter().map(|one| one["id"].as_str().unwrap()).collect::<Vec<_>>(), [bob.id()]);
        let all = redis.command(json!(["ZRANGE", format!("msg-{}", lobby.name), 0, -1])).to_string();
        assert!(!all.contains(ann.id()), "no message names her");
    }
}

const KEY: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
