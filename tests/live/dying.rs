//! `kill -9` while everybody talks, and a new start on the same data.

use crate::client::{guest_at, room, stranger_at, Client};
use crate::rooms::row;
use crate::server::{Build, Server};
use serde_json::{json, Value};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

const ROUNDS: usize = 4;
const TALKERS: usize = 4;
/// The server is killed after so many acks. The talkers send on.
const ACKS: usize = 150;
/// A talker says no more than this, so that a test that fails before the server is killed ends all the same.
const MOST: usize = 5_000;

#[test]
fn after_kill_minus_nine_in_a_burst_nothing_acknowledged_is_missing() {
    let server = Server::start(Build::Deployed, &[]);
    let people: Vec<_> = (0..TALKERS).map(|n| guest_at(&server, &format!("Talker {n}"))).collect();
    let lobby = room(&people[0]);
    people.iter().for_each(|person| drop(person.join(&lobby)));
    let before = people[0].view(&lobby);
    let (mut sent, mut acked) = (BTreeMap::new(), Vec::new());
    for round in 0..ROUNDS {
        let acks = AtomicUsize::new(0);
        let talk = |talker: usize, person: &Client| {
            let mut live = person.connect(&lobby);
            let (mut said, mut heard) = (Vec::new(), Vec::new());
            // Five on the way at any time, until nothing is answered any more.
            for n in 0..MOST {
                let (id, text) =
                    (format!("{round}-{talker}-{n}"), format!("talker {talker} says {n} in round {round}"));
                live.try_send_as(&id, &text);
                said.push((id, (person.id().to_owned(), text)));
                if n >= 5 {
                    let Some(ack) = next_ack(&mut live) else { break };
                    heard.push(ack);
                    acks.fetch_add(1, Relaxed);
                }
            }
            heard.extend(std::iter::from_fn(|| next_ack(&mut live)));
            (said, heard)
        };
        thread::scope(|scope| {
            let talks = people.iter().enumerate().map(|(n, person)| scope.spawn(move || talk(n, person)));
            let talks: Vec<_> = talks.collect();
            crate::client::eventually("enough was said", || (acks.load(Relaxed) >= ACKS).then_some(()));
            server.kill();
            for talk in talks {
                let (said, heard) = talk.join().unwrap();
                sent.extend(said);
                acked.extend(heard);
            }
        });
        server.start_again();
        let kept = people[0].history(&lobby);
        assert!(
            kept.iter().map(|message| message["seq"].as_u64().unwrap()).eq(1..=kept.len() as u64),
            "no hole, none twice"
        );
        assert!(kept.is_sorted_by(|one, next| one["at"].as_i64() < next["at"].as_i64()));
        for message in &kept {
            let (author, text) = &sent[message["id"].as_str().unwrap()];
            assert_eq!((&message["author"]["id"], &message["text"]), (&json!(author), &json!(text)));
        }
        for ack in &acked {
            let place = ack["seq"].as_u64().unwrap() as usize - 1;
            let message = kept.get(place).unwrap_or_else(|| panic!("{ack} was acknowledged and is missing"));
            assert_eq!((&message["id"], &message["at"]), (&ack["id"], &ack["at"]));
        }
        println!("killed after {} acks: {} messages kept, {} sent", acked.len(), kept.len(), sent.len());
    }
    let after = people[1].view(&lobby);
    for field in ["name", "owner", "created", "epoch", "members"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert_eq!(after["online"], 0, "the sockets died with the server");
    assert_eq!(row(&stranger_at(&server), &lobby)["members"], TALKERS);
    for person in &people {
        person.get("/api/session").expect(200);
        // What was not acknowledged is sent again under its id: once in all, whether it had arrived or not.
        let mine = sent.iter().filter(|(_, (author, _))| author == person.id());
        for (id, (_, text)) in mine.rev().take(20) {
            assert!(matches!(person.say(&lobby, id, text).status, 200 | 201));
        }
    }
    let kept = people[0].history(&lobby);
    let mut ids: Vec<_> = kept.iter().map(|message| message["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    assert!(ids.is_sorted_by(|one, next| one < next), "one message of each id");
}

fn next_ack(live: &mut crate::live::Live) -> Option<Value> {
    std::iter::from_fn(|| live.next_or_gone()).find(|frame| frame["type"] == "ack")
}

#[test]
fn entries_that_can_t_be_read_any_more_lock_nobody_out_of_the_others() {
    let server = Server::start_embedded(Build::Deployed, &[]);
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    let mut live = ann.connect(&lobby);
    for n in 1..=4 {
        live.says(&format!("message {n}"));
    }
    let react = json!({ "type": "react", "id": "r", "seq": 4, "reaction": "👍", "on": true });
    ann.post(&lobby.at("entries"), &react).expect(201);
    drop(live);
    server.kill();
    server.in_rooms(
        "UPDATE messages SET about = '{' WHERE seq = 2; UPDATE messages SET person = 'nobody' WHERE seq = 3;
         UPDATE revisions SET what = 'not json', person = '' WHERE seq = 5",
    );
    server.start_again();
    let history = ann.history(&lobby);
    assert_eq!(
        history.iter().map(|one| one["text"].as_str().unwrap()).collect::<Vec<_>>(),
        ["message 1", "message 2", "message 3", "message 4"]
    );
    assert_eq!(history[2]["author"]["kind"], "deleted");
    let mut live = ann.connect_with(&lobby, "?since=0");
    let told: Vec<_> = (0..5).map(|_| live.next_but_presence()["seq"].as_i64().unwrap()).collect();
    assert_eq!(told, [1, 2, 3, 4, 5], "no hole that could never be filled");
    assert_eq!(live.says("and on it goes")["seq"], 6);
}

#[test]
fn a_log_out_holds_after_kill_minus_nine() {
    let server = Server::start(Build::Deployed, &[]);
    let (ann, bob) = (guest_at(&server, "Ann"), guest_at(&server, "Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    bob.delete("/api/session").expect(204);
    server.kill();
    server.start_again();
    bob.get(&lobby.path).expect_refusal(401, "session_ended");
    assert_eq!(ann.view(&lobby)["members"], 1);
}
