//! Several frames as one, for whoever asks for it.

use crate::client::{guest, room, Client, Room};
use crate::live::Live;
use serde_json::Value;

/// Opens a connection that takes batches. Its first frame is in `welcome`, whatever it is.
#[track_caller]
pub fn open(who: &Client, lobby: &Room, query: &str) -> Live {
    Live::try_place(who, &lobby.at(&format!("live?batch=1{query}"))).unwrap()
}

/// The types of the frames in a batch, and what they say.
#[track_caller]
pub fn opened(batch: &Value) -> Vec<(&str, &str)> {
    assert_eq!(batch["type"], "batch", "{batch}");
    let frames = batch["frames"].as_array().unwrap();
    frames.iter().map(|one| (one["type"].as_str().unwrap(), one["text"].as_str().unwrap_or_default())).collect()
}

#[test]
fn an_ack_and_its_message_come_as_one_and_the_others_hear_a_lone_message_as_ever() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    let mut anns = open(&ann, &lobby, "");
    assert_eq!(anns.welcome["type"], "welcome", "with nothing to add it comes alone");
    let mut bobs = open(&bob, &lobby, "");
    let mut older = bob.connect(&lobby);
    let id = anns.send("hello");
    let batch = anns.next_but_presence();
    assert_eq!(opened(&batch), [("ack", ""), ("message", "hello")]);
    assert_eq!([&batch["frames"][0]["id"], &batch["frames"][1]["id"]], [&id, &id]);
    assert_eq!(bobs.next_but_presence(), batch["frames"][1]);
    // Whoever has not asked for batches gets none.
    assert_eq!(older.expect_message("hello"), batch["frames"][1]);
    older.says("two frames");
}

#[test]
fn what_a_resume_brings_comes_with_the_welcome_in_one_frame_and_in_order() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let mut anns = ann.connect(&lobby);
    let said: Vec<_> = (0..30).map(|n| anns.says(&format!("message {n}"))).collect();
    let back = open(&ann, &lobby, "&since=10");
    let frames = back.welcome["frames"].as_array().unwrap();
    assert_eq!((frames[0]["type"].as_str(), frames[0]["seq"].as_i64()), (Some("welcome"), Some(30)));
    assert_eq!(frames[1..], said[10..]);
    // The answer to a hole, too.
    let mut live = open(&ann, &lobby, "");
    live.frame(&serde_json::json!({ "type": "since", "seq": 27 }));
    assert_eq!(opened(&live.next_but_presence()), [27, 28, 29].map(|n| ("message", said[n]["text"].as_str().unwrap())));
}

#[test]
fn in_a_burst_everybody_hears_each_message_once_and_in_order_whether_they_take_batches_or_not() {
    let people: Vec<_> = (0..8).map(|_| guest("Ann")).collect();
    let lobby = room(&people[0]);
    people[1..].iter().for_each(|one| drop(one.join(&lobby)));
    let mut takers: Vec<_> = people.iter().flat_map(|one| (0..18).map(|_| open(one, &lobby, ""))).collect();
    let mut older = people[1].connect(&lobby);
    let texts: Vec<_> = (0..60).map(|n| format!("message {n}")).collect();
    texts.iter().for_each(|text| drop(takers[0].send(text)));
    for (n, live) in takers.iter_mut().chain([&mut older]).enumerate() {
        let mut heard = Vec::new();
        while heard.len() < texts.len() {
            let frame = live.next();
            let frames = frame["frames"].as_array().cloned().unwrap_or_else(|| vec![frame]);
            let messages = frames.iter().filter(|one| one["type"] == "message");
            heard.extend(messages.map(|one| one["text"].as_str().unwrap().to_owned()));
        }
        assert_eq!(heard, texts, "connection {n}");
    }
}

#[test]
fn when_somebody_has_gone_everybody_else_still_hears_what_is_theirs_once() {
    let people: Vec<_> = (0..5).map(|_| guest("Ann")).collect();
    let lobby = room(&people[0]);
    people[1..].iter().for_each(|one| drop(one.join(&lobby)));
    let mut lives: Vec<_> = people.iter().map(|one| open(one, &lobby, "")).collect();
    for gone in [0, 1, 2] {
        lives.remove(0).close();
        let texts = ["one", "two"].map(|text| format!("{text} after {gone}"));
        for text in &texts {
            lives[0].send(text);
            let batch = lives[0].next_but_presence();
            assert_eq!(opened(&batch), [("ack", ""), ("message", text.as_str())]);
            lives[1..].iter_mut().for_each(|live| drop(live.expect_message(text)));
        }
    }
}

#[test]
fn batches_are_asked_for_with_a_one() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let upgrade = ann.request("GET", &lobby.at("live?batch=yes")).header("upgrade", "websocket");
    upgrade.header("connection", "upgrade").send().expect_refusal_of(400, "bad_query", "batch");
}
