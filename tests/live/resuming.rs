//! Coming back: what was missed comes once and in order, or a gap says that it does not; and the pages of history.

use crate::client::{eventually_within, fields, guest, guest_at, room, Client, Room};
use crate::live::{new_id, Live};
use crate::server::{Build, Server};
use serde_json::{json, Value};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

/// `from..=to`, as it stands in frames.
fn seqs(messages: &[Value]) -> Vec<i64> {
    messages.iter().map(|message| message["seq"].as_i64().unwrap()).collect()
}

#[track_caller]
fn read(live: &mut Live, count: usize) -> Vec<Value> {
    let messages: Vec<_> = (0..count).map(|_| live.next_but_presence()).collect();
    assert!(messages.iter().all(|frame| frame["type"] == "message"), "{messages:?}");
    messages
}

/// Nothing more came: the next frames are those of a message said now.
#[track_caller]
fn expect_no_more(live: &mut Live, who: &Client, room: &Room) {
    who.join(room);
    live.says("nothing more came");
}

#[test]
fn after_a_cut_what_was_missed_comes_in_order_and_nothing_else() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    let (mut anns, mut bobs) = (ann.connect(&lobby), bob.connect(&lobby));
    let epoch = bobs.welcome["epoch"].as_str().unwrap().to_owned();
    let heard = anns.says("heard");
    assert_eq!(bobs.expect_message("heard"), heard);
    bobs.cut();
    let missed = ["one", "two", "three"].map(|text| anns.says(text));
    let mut back = bob.connect_with(&lobby, &format!("?since={}&epoch={epoch}", heard["seq"]));
    assert_eq!(back.welcome["seq"], 4);
    assert_eq!(read(&mut back, 3), missed);
    expect_no_more(&mut back, &bob, &lobby);
    assert_eq!(anns.expect_message("nothing more came")["seq"], 5);
}

#[test]
fn a_sender_cut_before_the_ack_sends_again_and_it_is_one_message() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    for n in 1..=10 {
        let id = new_id();
        let mut anns = ann.connect(&lobby);
        anns.send_as(&id, "did it arrive?");
        anns.cut();
        let mut back = ann.connect_with(&lobby, &format!("?since={}", n - 1));
        back.send_as(&id, "did it arrive?");
        let ack = back.wait_for(|frame| frame["type"] == "ack");
        assert_eq!((&ack["id"], &ack["seq"]), (&json!(id), &json!(n)));
    }
    assert_eq!(ann.view(&lobby)["seq"], 10);
}

#[test]
fn when_all_are_cut_at_once_all_come_back_to_everything_they_missed() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let people: Vec<_> = (0..20).map(|n| guest(&format!("Listener {n}"))).collect();
    people.iter().for_each(|person| person.connect(&lobby).cut());
    let missed = [1, 2, 3].map(|n| ann.say(&lobby, &n.to_string(), "while you were out").expect(201)["seq"].take());
    thread::scope(|scope| {
        for person in &people {
            let back = || {
                assert!(read(&mut person.connect_with(&lobby, "?since=0"), 3).iter().map(|one| &one["seq"]).eq(&missed))
            };
            scope.spawn(back);
        }
    });
}

#[test]
fn what_a_room_keeps_no_longer_is_a_gap() {
    let server = Server::start(Build::Deployed, &[("HISTORY_MESSAGES", "10")]);
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    let mut anns = ann.connect(&lobby);
    for n in 1..=25 {
        anns.says(&format!("message {n}"));
    }
    // The room keeps house when its alarm comes, half a minute after it was made.
    let kept = eventually_within(Duration::from_secs(40), "the room keeps house", || {
        let page = ann.get(&lobby.at("messages")).expect(200);
        (page["more"] == false && page["messages"][0]["seq"] != 1).then_some(page["messages"].clone())
    });
    let kept = kept.as_array().unwrap();
    assert_eq!(seqs(kept), Vec::from_iter(16..=25));
    let mut back = ann.connect_with(&lobby, "?since=3");
    let gap = json!({ "type": "gap", "epoch": back.welcome["epoch"], "from": 4, "to": 15, "reason": "trimmed" });
    assert_eq!(back.next_but_presence(), gap);
    assert_eq!(&read(&mut back, 10), kept);
    assert_eq!(back.says("numbering goes on")["seq"], 26);
}

#[test]
fn who_missed_nothing_or_names_no_place_gets_nothing() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    ann.connect(&lobby).says("one");
    assert_eq!(ann.connect_with(&lobby, "?since=1").says("two")["seq"], 2);
    assert_eq!(ann.connect(&lobby).says("three")["seq"], 3);
    let page = ann.get(&lobby.at("messages?since=3")).expect(200);
    assert_eq!((&page["messages"], &page["gap"], &page["more"]), (&json!([]), &Value::Null, &json!(false)));
}

#[test]
fn a_hole_that_is_asked_for_is_filled() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    let mut anns = ann.connect(&lobby);
    let said: Vec<_> = (0..5).map(|n| anns.says(&format!("{n}"))).collect();
    let mut bobs = bob.connect(&lobby);
    bobs.frame(&json!({ "type": "since", "seq": 2 }));
    assert_eq!(read(&mut bobs, 3), said[2..]);
    bobs.frame(&json!({ "type": "since", "seq": 5 }));
    expect_no_more(&mut bobs, &bob, &lobby);
}

#[test]
fn a_place_of_another_history_is_a_gap_and_the_newest_page() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let mut anns = ann.connect(&lobby);
    let said = ["one", "two"].map(|text| anns.says(text));
    let epoch = anns.welcome["epoch"].clone();
    let expected = json!({ "type": "gap", "epoch": epoch, "from": 1, "to": 0, "reason": "epoch" });
    for query in ["?since=1&epoch=000000000000", "?since=9000"] {
        let mut back = ann.connect_with(&lobby, query);
        assert_eq!(back.next_but_presence(), expected, "{query}");
        assert_eq!(read(&mut back, 2), said);
    }
}

/// A room with more messages than one resume carries. Its owner is not connected any more.
fn long_room() -> &'static (Client, Room) {
    static LONG: LazyLock<(Client, Room)> = LazyLock::new(|| {
        let ann = guest("Ann");
        let lobby = room(&ann);
        let mut live = ann.connect(&lobby);
        for n in 1..=LENGTH {
            live.send(&format!("message {n}"));
        }
        live.wait_for(|frame| frame["type"] == "message" && frame["seq"] == LENGTH);
        (ann, lobby)
    });
    &LONG
}

const LENGTH: i64 = 620;

#[test]
fn who_was_away_for_more_than_five_hundred_messages_gets_a_gap_and_the_newest_fifty() {
    let (ann, lobby) = long_room();
    let mut back = ann.connect_with(lobby, &format!("?since={}", LENGTH - 501));
    let epoch = back.welcome["epoch"].clone();
    let gap = json!({
        "type": "gap", "epoch": epoch, "from": LENGTH - 500, "to": LENGTH - 50, "reason": "too_many",
    });
    assert_eq!(back.next_but_presence(), gap);
    assert_eq!(seqs(&read(&mut back, 50)), Vec::from_iter(LENGTH - 49..=LENGTH));

    back.frame(&json!({ "type": "since", "seq": 0 }));
    assert_eq!(back.next_but_presence()["from"], 1);
    read(&mut back, 50);
}

#[test]
fn exactly_five_hundred_missed_messages_come_all() {
    let (ann, lobby) = long_room();
    let mut back = ann.connect_with(lobby, &format!("?since={}", LENGTH - 500));
    assert_eq!(seqs(&read(&mut back, 500)), Vec::from_iter(LENGTH - 499..=LENGTH));
}

#[test]
fn since_over_http_answers_as_the_socket_does() {
    let (ann, lobby) = long_room();
    let epoch = ann.view(lobby)["epoch"].as_str().unwrap().to_owned();
    for since in
        [format!("since={}", LENGTH - 7), format!("since=5&epoch={epoch}"), "since=5&epoch=zzzzzzzzzzzz".to_owned()]
    {
        let page = ann.get(&lobby.at(&format!("messages?{since}"))).expect(200);
        assert_eq!(fields(&page), ["epoch", "gap", "messages", "more", "seq"]);
        assert_eq!((&page["epoch"], &page["seq"]), (&json!(epoch), &json!(LENGTH)));
        let mut live = ann.connect_with(lobby, &format!("?{since}"));
        if page["gap"] != Value::Null {
            let mut gap = live.next_but_presence();
            assert_eq!(gap["type"].take(), "gap");
            let said: Vec<_> = ["epoch", "from", "to", "reason"].iter().map(|field| &gap[field]).collect();
            assert_eq!(
                said,
                ["epoch", "from", "to", "reason"].iter().map(|field| &page["gap"][field]).collect::<Vec<_>>()
            );
        }
        let messages = page["messages"].as_array().unwrap();
        assert_eq!(&read(&mut live, messages.len()), messages);
    }
}

#[test]
fn a_limit_cuts_the_answer_to_since_and_says_so() {
    let (ann, lobby) = long_room();
    let page = ann.get(&lobby.at("messages?since=200&limit=3")).expect(200);
    assert_eq!(seqs(page["messages"].as_array().unwrap()), [201, 202, 203]);
    assert_eq!(page["more"], true);
    let page = ann.get(&lobby.at(&format!("messages?since={}&limit=500", LENGTH - 3))).expect(200);
    assert_eq!((page["messages"].as_array().unwrap().len(), &page["more"]), (3, &json!(false)));
}

#[test]
fn the_history_is_read_page_by_page_back_to_the_first_message() {
    let (ann, lobby) = long_room();
    let newest = ann.get(&lobby.at("messages")).expect(200);
    assert_eq!(fields(&newest), ["epoch", "gap", "messages", "more", "seq"]);
    assert_eq!(seqs(newest["messages"].as_array().unwrap()), Vec::from_iter(LENGTH - 49..=LENGTH));
    let (mut all, mut before) = (Vec::new(), LENGTH + 1);
    loop {
        let page = ann.get(&lobby.at(&format!("messages?before={before}&limit=100"))).expect(200);
        let seqs = seqs(page["messages"].as_array().unwrap());
        assert!(seqs.len() <= 100);
        before = seqs[0];
        all.splice(0..0, seqs);
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(all, Vec::from_iter(1..=LENGTH));
    let before_all = ann.get(&lobby.at("messages?before=1")).expect(200);
    assert_eq!((&before_all["messages"], &before_all["more"]), (&json!([]), &json!(false)));
}

#[test]
fn a_query_that_makes_no_sense_is_refused_with_its_field() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=1000000000", "limit"),
        ("limit=1e9", "limit"),
        ("limit=-1", "limit"),
        ("limit=", "limit"),
        ("since=0&limit=501", "limit"),
        ("before=-1", "before"),
        ("before=x", "before"),
        ("before=9007199254740993", "before"),
        ("before=99999999999999999999999", "before"),
        ("since=-1", "since"),
        ("since=1.5", "since"),
        ("since=%2B1", "since"),
        ("since=1&epoch=", "epoch"),
        ("since=1&epoch=another", "epoch"),
        ("since=1&before=2", "before"),
    ] {
        ann.get(&lobby.at(&format!("messages?{query}"))).expect_refusal_of(400, "bad_query", field);
    }
    for (query, field) in [("since=x", "since"), ("since=1&epoch=another", "epoch")] {
        let upgrade = ann.request("GET", &lobby.at(&format!("live?{query}"))).header("upgrade", "websocket");
        upgrade.header("connection", "upgrade").send().expect_refusal_of(400, "bad_query", field);
    }
    // What nobody knows is let be, as everywhere on the web.
    ann.get(&lobby.at("messages?utm_source=x")).expect(200);
}
