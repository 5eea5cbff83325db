//! Edits, deletions, reactions, replies and mentions, over the socket and over HTTP; and what the search finds of them.

use crate::client::{eventually, guest, room, Client, Room};
use crate::live::{new_id, Live};
use serde_json::{json, Value};

fn enter(who: &Client, room: &Room, entry: Value) -> Value {
    who.post(&room.at("entries"), &entry).expect(201)
}

fn found(who: &Client, room: &Room, typed: &str) -> Vec<String> {
    let page = who.get(&room.at(&format!("search?q={typed}"))).expect(200);
    page["messages"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect()
}

fn next_change(live: &mut Live, kind: &str) -> Value {
    live.wait_for(|frame| frame["type"] == kind)
}

#[test]
fn an_edit_a_reaction_and_a_deletion_are_acknowledged_and_told_to_everybody() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    let (mut anns, mut bobs) = (ann.connect(&lobby), bob.connect(&lobby));
    let seq = anns.says("hello")["seq"].clone();
    let changes = [
        (json!({ "type": "edit", "text": "hello there" }), "edited"),
        (json!({ "type": "react", "reaction": "❤️", "on": true }), "reacted"),
        (json!({ "type": "delete" }), "deleted"),
    ];
    for (mut frame, told) in changes {
        let id = new_id();
        (frame["id"], frame["seq"]) = (json!(id), seq.clone());
        anns.frame(&frame);
        let ack = anns.expect_ack(&id);
        let heard = next_change(&mut bobs, told);
        assert_eq!((&heard["seq"], &heard["id"], &heard["target"]), (&ack["seq"], &json!(id), &seq));
        assert_eq!(next_change(&mut anns, told), heard, "the sender too, after its ack");
    }
    let history = bob.history(&lobby);
    assert_eq!((&history[0]["text"], history[0]["deleted"].is_i64()), (&json!(""), true));
}

#[test]
fn the_same_by_http_answers_like_a_post_and_again_like_one() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    let mut bobs = bob.connect(&lobby);
    let said = json!({ "type": "send", "id": "m1", "text": "hello" });
    let ack = enter(&ann, &lobby, said.clone());
    assert_eq!(ann.post(&lobby.at("entries"), &said).expect(200), ack);
    let edit = json!({ "type": "edit", "id": "e1", "seq": ack["seq"], "text": "hello there" });
    let acked = enter(&ann, &lobby, edit.clone());
    assert_eq!(ann.post(&lobby.at("entries"), &edit).expect(200), acked);
    assert_eq!(next_change(&mut bobs, "edited")["text"], "hello there");
    for (who, entry, status, code) in [
        (&bob, json!({ "type": "edit", "id": "e2", "seq": 1, "text": "mine" }), 403, "forbidden"),
        (&bob, json!({ "type": "delete", "id": "d1", "seq": 1 }), 403, "forbidden"),
        (&ann, json!({ "type": "delete", "id": "d1", "seq": 99 }), 404, "unknown_message"),
        (&ann, json!({ "type": "delete", "id": "e1", "seq": 1 }), 409, "id_reused"),
        (&ann, json!({ "type": "typing" }), 400, "unknown_type"),
        (&ann, json!({ "id": "x", "text": "x" }), 400, "missing_field"),
        (
            &guest("Cy"),
            json!({ "type": "react", "id": "r1", "seq": 1, "reaction": "👍", "on": true }),
            403,
            "not_a_member",
        ),
    ] {
        who.post(&lobby.at("entries"), &entry).expect_refusal(status, code);
    }
    enter(&ann, &lobby, json!({ "type": "delete", "id": "d2", "seq": 1 }));
    let late = json!({ "type": "edit", "id": "e3", "seq": 1, "text": "too late" });
    ann.post(&lobby.at("entries"), &late).expect_refusal(410, "message_deleted");
}

#[test]
fn what_was_changed_while_one_was_away_comes_in_order_with_the_messages() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    for text in ["one", "two"] {
        ann.say(&lobby, &new_id(), text).expect(201);
    }
    let bobs = bob.connect(&lobby);
    bobs.cut();
    enter(&ann, &lobby, json!({ "type": "edit", "id": "e1", "seq": 1, "text": "one, changed" }));
    enter(&ann, &lobby, json!({ "type": "send", "id": "m3", "text": "three", "reply_to": 1, "mentions": [bob.id()] }));
    enter(&ann, &lobby, json!({ "type": "delete", "id": "d1", "seq": 2 }));
    let mut bobs = bob.connect_with(&lobby, "?since=2");
    let edited = next_change(&mut bobs, "edited");
    let message = bobs.expect_message("three");
    let deleted = next_change(&mut bobs, "deleted");
    assert_eq!([&edited, &message, &deleted].map(|frame| frame["seq"].as_i64().unwrap()), [3, 4, 5]);
    assert_eq!((&message["reply"]["text"], &message["mentions"][0]["name"]), (&json!("one, changed"), &json!("Bob")));
    let page = bob.get(&lobby.at("messages?since=2")).expect(200);
    assert_eq!(page["messages"], json!([edited, message, deleted]), "the same for a page without a socket");
}

#[test]
fn changes_outlive_the_room_s_sleep() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let mut anns = ann.connect(&lobby);
    anns.says("hello");
    anns.frame(&json!({ "type": "react", "id": "r1", "seq": 1, "reaction": "🎉", "on": true }));
    anns.expect_ack("r1");
    anns.says_after_waking("later");
    assert_eq!(ann.history(&lobby)[0]["reactions"][0]["people"][0]["name"], "Ann");
}

#[test]
fn the_search_finds_what_was_said_as_it_is_now_in_any_width_and_script() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    for text in ["今天天气很好", "ＦＵＬＬ width", "gone soon", "before"] {
        ann.say(&lobby, &new_id(), text).expect(201);
    }
    enter(&ann, &lobby, json!({ "type": "delete", "id": "d1", "seq": 3 }));
    enter(&ann, &lobby, json!({ "type": "edit", "id": "e1", "seq": 4, "text": "after" }));
    assert_eq!(found(&bob, &lobby, "%E5%A4%A9%E6%B0%94"), ["今天天气很好"], "whoever may read may search");
    assert_eq!(found(&ann, &lobby, "full"), ["ＦＵＬＬ width"]);
    assert_eq!(found(&ann, &lobby, "after"), ["after"]);
    for gone in ["gone", "before", "nothing+like+it"] {
        assert_eq!(found(&ann, &lobby, gone), [] as [&str; 0]);
    }
    for (query, status, code) in [
        ("search", 422, "blank"),
        ("search?q=%20", 422, "blank"),
        ("search?q=a&limit=21", 400, "bad_query"),
        ("search?q=a&cursor=x", 400, "bad_cursor"),
    ] {
        ann.get(&lobby.at(query)).expect_refusal(status, code);
    }
    let long = format!("search?q={}", "x".repeat(101));
    ann.get(&lobby.at(&long)).expect_refusal_of(422, "too_long", "q");
}

/// A row of one's own rooms, as the list shows it.
fn row(who: &Client, room: &Room) -> Option<Value> {
    let rooms = who.get("/api/rooms?of=me").expect(200)["rooms"].take();
    rooms.as_array().unwrap().iter().find(|row| row["name"] == room.name.as_str()).cloned()
}

#[test]
fn what_one_has_read_is_known_on_every_device_and_in_the_list() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    let (mut phone, mut laptop) = (bob.connect(&lobby), bob.connect(&lobby));
    assert_eq!((&phone.welcome["read"], &phone.welcome["unread"]), (&json!(0), &json!(0)));
    for n in 1..=3 {
        ann.say(&lobby, &new_id(), &format!("text {n}")).expect(201);
    }
    let mention = json!({ "type": "send", "id": "m", "text": "@Bob", "mentions": [bob.id()] });
    enter(&ann, &lobby, mention);
    phone.frame(&json!({ "type": "read", "seq": 2 }));
    assert_eq!(next_change(&mut laptop, "read")["seq"], 2);
    let view = bob.view(&lobby);
    assert_eq!((&view["messages"], &view["read"], &view["unread"]), (&json!(4), &json!(2), &json!(2)));
    phone.close();
    laptop.close();
    let listed =
        eventually("the list knows", || row(&bob, &lobby).filter(|row| row["read"] == 2 && row["messages"] == 4));
    assert_eq!(listed["mentions"], json!([4]));
    bob.request("PUT", &lobby.at("read")).json(&json!({ "seq": 5 })).send().expect(204);
    eventually("and that all is read", || {
        row(&bob, &lobby).filter(|row| row["read"] == 4 && row["mentions"] == json!([]))
    });
    assert_eq!(bob.connect(&lobby).welcome["unread"], 0);
}
