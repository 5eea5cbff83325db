//! Who is here: told as merged changes, at most once a second, with counts that are always right.

use crate::client::{eventually, fields, guest, room, Client};
use crate::live::Live;
use serde_json::{json, Value};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

#[track_caller]
fn counts(frame: &Value) -> (i64, i64) {
    (frame["online"].as_i64().unwrap(), frame["members"].as_i64().unwrap())
}

fn has(list: &Value, who: &Client) -> bool {
    list.as_array().unwrap().iter().any(|one| one["id"] == who.id() || *one == who.id())
}

/// Reads presence until this person is in one of the lists.
#[track_caller]
fn until(live: &mut Live, list: &str, who: &Client) -> Value {
    live.expect_presence(|frame| has(&frame[list], who))
}

#[test]
fn coming_joining_going_and_leaving_are_told_to_those_who_are_there() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    let mut anns = ann.connect(&lobby);
    bob.join(&lobby);
    let joined = until(&mut anns, "joined", &bob);
    assert_eq!(fields(&joined), ["came", "joined", "left", "members", "online", "type", "went"]);
    assert_eq!(counts(&joined), (1, 2));

    let bobs = bob.connect(&lobby);
    let came = until(&mut anns, "came", &bob);
    assert_eq!(came["came"], json!([bobs.welcome["you"]]));
    assert_eq!(counts(&came), (2, 2));

    bobs.close();
    let went = until(&mut anns, "went", &bob);
    assert_eq!((counts(&went), &went["went"]), ((1, 2), &json!([bob.id()])));

    bob.delete(&lobby.at("membership")).expect(204);
    let left = until(&mut anns, "left", &bob);
    assert_eq!((counts(&left), &left["left"]), ((1, 1), &json!([bob.id()])));
}

#[test]
fn three_tabs_are_one_person_until_the_last_is_closed() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    let mut anns = ann.connect(&lobby);
    let mut tabs: Vec<_> = (0..3).map(|_| bob.connect(&lobby)).collect();
    assert!(tabs.iter().all(|tab| counts(&tab.welcome) == (2, 2)));
    let came = until(&mut anns, "came", &bob);
    assert_eq!(counts(&came), (2, 2));
    assert_eq!(came["came"].as_array().unwrap().iter().filter(|one| one["id"] == bob.id()).count(), 1);
    tabs.pop().unwrap().close();
    tabs.pop().unwrap().cut();
    assert_eq!(counts(&ann.view(&lobby)), (2, 2));
    tabs.pop().unwrap().close();
    let next = anns.expect_presence(|_| true);
    assert_eq!((counts(&next), &next["went"], &next["came"]), ((1, 2), &json!([bob.id()]), &json!([])));
}

#[test]
fn a_connection_that_is_cut_off_is_a_person_gone() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    let (mut anns, bobs) = (ann.connect(&lobby), bob.connect(&lobby));
    until(&mut anns, "came", &bob);
    bobs.cut();
    assert_eq!(counts(&until(&mut anns, "went", &bob)), (1, 2));
}

#[test]
fn who_only_reads_along_is_not_counted_until_they_join() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    let (mut anns, mut bobs) = (ann.connect(&lobby), bob.connect(&lobby));
    assert_eq!(counts(&bobs.welcome), (1, 1));
    bob.join(&lobby);
    // Both changes are one frame, or two when a frame went out just before.
    let joined = until(&mut anns, "joined", &bob);
    let came = if has(&joined["came"], &bob) { joined } else { until(&mut anns, "came", &bob) };
    assert_eq!(counts(&came), (2, 2));
    // A person's other tabs see their own role change so, too.
    until(&mut bobs, "joined", &bob);
    bob.delete(&lobby.at("membership")).expect(204);
    let left = until(&mut anns, "left", &bob);
    let went = if has(&left["went"], &bob) { left } else { until(&mut anns, "went", &bob) };
    assert_eq!(counts(&went), (1, 1));
}

#[test]
fn while_twenty_come_and_go_there_is_at_most_one_frame_a_second_and_no_count_is_wrong() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    // Twenty of a hundred at a time, so that nobody comes so often as to be told to wait.
    let people: Vec<_> = (0..100).map(|n| guest(&format!("Passer-by {n}"))).collect();
    people.iter().for_each(|person| drop(person.join(&lobby)));
    let mut anns = ann.connect(&lobby);
    let mut here = ids(&anns.welcome["people"]);
    let enough = AtomicBool::new(false);
    let come_and_go = || {
        let mut changes = 0;
        for twenty in people.chunks(20).cycle().take_while(|_| !enough.load(Relaxed)) {
            let sockets: Vec<_> = twenty.iter().map(|person| person.connect(&lobby)).collect();
            changes += sockets.len();
            sockets.into_iter().for_each(Live::close);
        }
        changes
    };
    let mut told = Vec::new();
    thread::scope(|scope| {
        let passing = scope.spawn(come_and_go);
        for _ in 0..5 {
            let frame = anns.expect_presence(|_| true);
            told.push(Instant::now());
            here.extend(ids(&frame["came"]));
            here.retain(|id| !frame["went"].as_array().unwrap().contains(&json!(id)));
            assert_eq!(counts(&frame), (here.len() as i64, 101), "{frame}");
        }
        enough.store(true, Relaxed);
        println!("{} presence frames while {} came", told.len(), passing.join().unwrap());
    });
    // What is a second apart when sent may come a little closer.
    let waits: Vec<_> = told.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(waits.iter().all(|wait| *wait > Duration::from_millis(800)), "{waits:?}");
    eventually("all are gone", || (counts(&ann.view(&lobby)) == (1, 101)).then_some(()));
}

#[test]
fn however_often_a_page_is_loaded_again_the_frames_add_up_to_who_is_there() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    let (mut anns, mut bobs) = (ann.connect(&lobby), bob.connect(&lobby));
    let mut here: BTreeSet<String> = ids(&anns.welcome["people"]);
    for _ in 0..6 {
        bobs.close();
        bobs = bob.connect(&lobby);
    }
    bob.delete(&lobby.at("membership")).expect(204);
    loop {
        let frame = anns.expect_presence(|_| true);
        here.extend(ids(&frame["came"]));
        here.retain(|id| !frame["went"].as_array().unwrap().contains(&json!(id)));
        assert_eq!(counts(&frame).0, here.len() as i64, "{frame}");
        if has(&frame["left"], &bob) {
            break;
        }
    }
    assert_eq!(here, ids(&ann.view(&lobby)["people"]));
    assert_eq!(here.len(), 1);
}

fn ids(people: &Value) -> BTreeSet<String> {
    people.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn fifty_people_at_most_are_named_and_all_are_counted() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let mut sockets = vec![ann.connect(&lobby)];
    for n in 0..52 {
        let person = guest(&format!("Visitor {n}"));
        person.join(&lobby);
        sockets.push(person.connect(&lobby));
    }
    let welcome = &sockets.last().unwrap().welcome;
    assert_eq!((counts(welcome), welcome["people"].as_array().unwrap().len()), ((53, 53), 50));
    let view = ann.view(&lobby);
    assert_eq!((counts(&view), view["people"].as_array().unwrap().len()), ((53, 53), 50));
}
