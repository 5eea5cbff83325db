//! Posting and hearing, over the socket and over HTTP.

use crate::client::{fields, guest, room};
use crate::live::{new_id, Live};
use serde_json::{json, Value};
use std::thread;

#[test]
fn a_sender_gets_the_ack_and_then_the_message_and_the_others_get_the_message() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    let (mut anns, mut bobs) = (ann.connect(&lobby), bob.connect(&lobby));
    let id = anns.send("hello");
    let ack = anns.expect_ack(&id);
    assert_eq!(fields(&ack), ["at", "id", "seq", "type"]);
    let said = anns.expect_message("hello");
    assert_eq!(fields(&said), ["at", "author", "id", "seq", "text", "type"]);
    assert_eq!(said["author"], anns.welcome["you"]);
    assert_eq!((&said["seq"], &said["at"], &said["id"]), (&json!(1), &ack["at"], &json!(id)));
    assert_eq!(bobs.expect_message("hello"), said);
}

#[test]
fn a_welcome_says_who_one_is_and_how_the_room_stands() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    let mut anns = ann.connect(&lobby);
    anns.says("one");
    bob.join(&lobby);
    let welcome = bob.connect(&lobby).welcome;
    let shape = [
        "epoch", "members", "messages", "online", "people", "protocol", "read", "role", "seq", "type", "unread", "you",
    ];
    assert_eq!(fields(&welcome), shape);
    assert_eq!(
        (&welcome["protocol"], &welcome["role"], &welcome["seq"]),
        (&json!(1), &json!("guest_member"), &json!(1))
    );
    assert_eq!((&welcome["members"], &welcome["online"]), (&json!(2), &json!(2)));
    assert_eq!(welcome["epoch"], ann.view(&lobby)["epoch"]);
    assert_eq!(welcome["you"]["id"], bob.id());
    let people: Vec<_> = welcome["people"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert!(people.len() == 2 && people.contains(&ann.id()) && people.contains(&bob.id()), "{people:?}");
}

#[test]
fn all_tabs_of_a_sender_get_the_message_and_the_one_that_sent_it_the_ack() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let mut tabs = [ann.connect(&lobby), ann.connect(&lobby), ann.connect(&lobby)];
    let said = tabs[1].says("from the second tab");
    assert_eq!(tabs[0].expect_message("from the second tab"), said);
    assert_eq!(tabs[2].expect_message("from the second tab"), said);
}

#[test]
fn nobody_in_another_room_hears_it() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let (here, there) = (room(&ann), room(&bob));
    let (mut anns, mut bobs) = (ann.connect(&here), bob.connect(&there));
    for n in 0..5 {
        anns.says(&format!("only here {n}"));
    }
    let said = bobs.says("first thing said there");
    assert_eq!(said["seq"], 1);
}

#[test]
fn many_who_talk_at_once_are_heard_by_all_in_one_order_without_holes() {
    const EACH: usize = 40;
    let ann = guest("Ann");
    let lobby = room(&ann);
    let mut watcher = ann.connect(&lobby);
    let talk = |n: usize| {
        let person = guest(&format!("Talker {n}"));
        person.join(&lobby);
        let mut live = person.connect(&lobby);
        let from = live.welcome["seq"].as_i64().unwrap();
        let ids: Vec<_> = (0..EACH).map(|m| live.send(&format!("{n} says {m}"))).collect();
        let (mut acks, mut heard) = (Vec::new(), Vec::new());
        while acks.len() < EACH || heard.len() < EACH {
            let frame = live.next_but_presence();
            match frame["type"].as_str() {
                Some("ack") => acks.push(frame["id"].as_str().unwrap().to_owned()),
                _ => heard.push(frame["seq"].as_i64().unwrap()),
            }
        }
        assert_eq!(acks, ids, "acks come in the order of the sends");
        assert!(heard.iter().copied().eq(from + 1..=from + i64::try_from(heard.len()).unwrap()), "{heard:?}");
    };
    thread::scope(|scope| (0..4).for_each(|n| drop(scope.spawn(move || talk(n)))));
    let heard: Vec<Value> = (0..4 * EACH).map(|_| watcher.next_but_presence()).collect();
    assert!(heard.iter().map(|message| message["seq"].as_u64().unwrap()).eq(1..=160));
    let at: Vec<_> = heard.iter().map(|message| message["at"].as_i64().unwrap()).collect();
    assert!(at.is_sorted_by(|one, next| one < next), "time goes strictly up: {at:?}");
    for talker in 0..4 {
        let theirs =
            heard.iter().filter_map(|message| message["text"].as_str()?.strip_prefix(&format!("{talker} says ")));
        assert!(theirs.map(|n| n.parse::<usize>().unwrap()).eq(0..EACH), "each in the order of their own sends");
    }
}

#[test]
fn the_same_id_again_is_the_same_ack_and_one_message_over_socket_and_http() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    let (mut anns, mut bobs) = (ann.connect(&lobby), bob.connect(&lobby));
    let id = new_id();
    anns.send_as(&id, "once");
    let ack = anns.expect_ack(&id);
    let said = anns.expect_message("once");
    anns.send_as(&id, "once");
    assert_eq!(anns.expect_ack(&id), ack);
    assert_eq!(anns.expect_message("once"), said, "said again to the sender, who may have missed it");
    assert_eq!(ann.say(&lobby, &id, "once").expect(200), ack);
    assert_eq!(ann.get(&lobby.at("messages")).expect(200)["messages"], json!([said]));
    assert_eq!(bobs.expect_message("once"), said);
    anns.says("and then");
    bobs.expect_message("and then");

    let posted = new_id();
    let ack = ann.say(&lobby, &posted, "by post").expect(201);
    assert_eq!(ann.say(&lobby, &posted, "by post").expect(200), ack);
    anns.expect_message("by post");
    anns.send_as(&posted, "by post");
    assert_eq!(anns.expect_ack(&posted), ack);
}

#[test]
fn of_ten_posts_of_one_id_at_once_one_is_new_and_all_get_the_same_ack() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let answers: Vec<_> = thread::scope(|scope| {
        let posts: Vec<_> = (0..10).map(|_| scope.spawn(|| ann.say(&lobby, "only-one", "hello"))).collect();
        posts.into_iter().map(|post| post.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(answers.iter().all(|answer| answer.text == answers[0].text), "{answers:?}");
    assert_eq!(ann.view(&lobby)["seq"], 1);
}

#[test]
fn an_id_used_for_another_text_is_refused() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let mut anns = ann.connect(&lobby);
    anns.send_as("mine", "one");
    anns.expect_ack("mine");
    anns.expect_message("one");
    anns.send_as("mine", "two");
    assert_eq!(anns.expect_error("id_reused")["id"], "mine");
    ann.say(&lobby, "mine", "two").expect_refusal(409, "id_reused");
}

#[test]
fn two_people_may_use_the_same_id() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    assert_eq!(ann.say(&lobby, "1", "Ann's").expect(201)["seq"], 1);
    assert_eq!(bob.say(&lobby, "1", "Bob's").expect(201)["seq"], 2);
}

#[test]
fn what_is_posted_over_http_is_heard_live() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    let mut bobs = bob.connect(&lobby);
    let ack = ann.say(&lobby, "by-post", "hello").expect(201);
    assert_eq!(fields(&ack), ["at", "id", "seq", "type"]);
    let heard = bobs.expect_message("hello");
    assert_eq!((&heard["seq"], &heard["at"], &heard["author"]["id"]), (&ack["seq"], &ack["at"], &json!(ann.id())));
}

#[test]
fn who_has_not_joined_hears_all_and_says_nothing() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    let mut bobs = bob.connect(&lobby);
    assert_eq!(bobs.welcome["role"], "visitor");
    let id = bobs.send("let me in");
    assert_eq!(bobs.expect_error("not_a_member")["id"], json!(id));
    bobs.frame(&json!({ "type": "typing" }));
    bobs.expect_error("not_a_member");
    bob.say(&lobby, "1", "let me in").expect_refusal(403, "not_a_member");
    ann.say(&lobby, "1", "hello").expect(201);
    bobs.expect_message("hello");

    bob.join(&lobby);
    bobs.says("thank you");
    bob.delete(&lobby.at("membership")).expect(204);
    bobs.send("one more thing");
    bobs.expect_error("not_a_member");
}

#[test]
fn typing_is_told_to_the_others_and_kept_nowhere() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    let (mut anns, mut bobs) = (ann.connect(&lobby), bob.connect(&lobby));
    anns.frame(&json!({ "type": "typing" }));
    let typing = bobs.next_but_presence();
    assert_eq!(typing, json!({ "type": "typing", "person": anns.welcome["you"] }));
    assert_eq!(anns.says("done")["seq"], 1, "and Ann was not told of herself");
}

#[test]
fn a_text_comes_back_as_it_was_typed() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let mut anns = ann.connect(&lobby);
    let texts = [
        "<img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "  two  spaces ",
        "one\ntwo\n\n\tthree",
        "ﬁ ① Ａ",
        "שלום עולם",
        "a\u{200d}b 👩‍👩‍👧‍👦",
        "\\\" \\n \\u0000",
        "{\"type\":\"ack\"}",
        "ping ",
        "* ? [a] / .. %2F\u{a0}EVAL",
    ];
    for text in texts {
        anns.says(text);
    }
    anns.send("one\r\ntwo\rthree");
    anns.next_but_presence();
    anns.expect_message("one\ntwo\nthree");
    let page = ann.get(&lobby.at("messages")).expect(200);
    let kept: Vec<_> = page["messages"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect();
    assert_eq!(kept[..texts.len()], texts);
}

#[test]
fn a_heartbeat_is_answered() {
    let ann = guest("Ann");
    let mut anns = ann.connect(&room(&ann));
    anns.heartbeat();
}

#[test]
fn those_who_do_not_listen_hold_up_nobody() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let _deaf: Vec<_> = (0..10).map(|_| guest("Deaf").connect(&lobby)).collect();
    let mut anns = ann.connect(&lobby);
    let long = "字".repeat(4000);
    for _ in 0..200 {
        anns.says(&long);
    }
}

#[test]
fn of_a_hundred_sockets_of_one_person_twenty_are_let_in_and_are_one_person_who_hears_everything_everywhere() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let mut tabs: Vec<_> = (0..20).map(|_| ann.connect(&lobby)).collect();
    // The first are told why, and after a while that they come too often.
    for _ in 0..5 {
        assert_eq!(Live::turned_away(&ann, &lobby.at("live")).1, "too_many_connections");
    }
    let more = (25..100).filter_map(|_| Live::try_place(&ann, &lobby.at("live")));
    assert_eq!(more.count(), 0);
    assert_eq!(tabs[19].welcome["online"], 1);
    let said = tabs[0].says("hello, me");
    for tab in &mut tabs[1..] {
        assert_eq!(tab.expect_message("hello, me"), said);
    }
}
