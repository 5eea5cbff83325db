//! The daily budget: near it nobody new comes in, and those who are there go on.

use crate::accounts::{account_at, new_person, registration, Account};
use crate::client::{eventually_within, guest_at, new_name, room, stranger_at, Answer, Client, Room};
use crate::server::{Build, Server};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// A report of a room comes half a minute after the last one at the latest.
const REPORTED: Duration = Duration::from_secs(45);

fn enter(server: &Arc<Server>) -> Answer {
    stranger_at(server).post("/api/guest", &json!({ "name": "Newcomer" }))
}

#[track_caller]
fn expect_budget_spent(answer: &Answer) {
    let seconds = answer.expect_refusal(503, "budget_spent")["retry_after"].as_u64().unwrap();
    assert!((1..=86_400).contains(&seconds), "{seconds} seconds to midnight");
    assert_eq!(answer.header("retry-after"), Some(seconds.to_string().as_str()));
}

/// A room with an owner who has an account, on a server that lets people say much.
fn begin(budget: &[(&str, &str)]) -> (Arc<Server>, Account, Client, Room) {
    let settings = [budget, &[("MESSAGES_PER_MINUTE", "60000")]].concat();
    let server = Server::start(Build::Deployed, &settings);
    let (ann, bob) = (account_at(&server, "Ann"), guest_at(&server, "Bob"));
    let lobby = room(&ann.client);
    bob.join(&lobby);
    (server, ann, bob, lobby)
}

/// Nobody new, nothing new, and everything else as ever.
#[track_caller]
fn expect_only_members(server: &Arc<Server>, ann: &Account, bob: &Client, lobby: &Room) {
    expect_budget_spent(&enter(server));
    expect_budget_spent(&stranger_at(server).post("/api/accounts", &registration(&new_person("Newcomer"), "first")));
    expect_budget_spent(&bob.post("/api/rooms", &json!({ "name": new_name() })));
    let again = ann.log_in("first");
    again.connect(lobby).says("Nobody new today");
    bob.connect(lobby).says("As if nothing were");
    bob.get("/api/rooms").expect(200);
}

#[test]
fn near_the_day_s_requests_nobody_new_comes_in_and_members_go_on() {
    let (server, ann, bob, lobby) = begin(&[("DAILY_REQUESTS", "200")]);
    let entered = (0..200).take_while(|_| enter(&server).status == 201).count();
    assert!((50..200).contains(&entered), "{entered}");
    expect_only_members(&server, &ann, &bob, &lobby);
}

#[test]
fn what_rooms_write_counts_and_is_not_forgotten_with_the_process() {
    let (server, ann, bob, lobby) = begin(&[("DAILY_ROWS", "400")]);
    enter(&server).expect(201);
    let mut live = bob.connect(&lobby);
    for n in 0..200 {
        live.says(&format!("message {n}"));
    }
    // An empty room reports at once.
    live.close();
    eventually_within(REPORTED, "the room has reported", || (enter(&server).status == 503).then_some(()));
    expect_only_members(&server, &ann, &bob, &lobby);
    server.kill();
    server.start_again();
    expect_only_members(&server, &ann, &bob, &lobby);
}

#[test]
fn what_a_room_has_counted_and_forgotten_is_made_up_from_its_messages() {
    let (server, ann, bob, lobby) = begin(&[("DAILY_ROWS", "400")]);
    let mut live = bob.connect(&lobby);
    for n in 0..200 {
        live.says(&format!("message {n}"));
    }
    server.kill();
    server.start_again();
    bob.view(&lobby);
    eventually_within(REPORTED, "the room has reported", || (enter(&server).status == 503).then_some(()));
    expect_only_members(&server, &ann, &bob, &lobby);
}
