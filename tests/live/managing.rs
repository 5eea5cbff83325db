//! Private rooms, invites, removal, handing over and closing, over HTTP and on open sockets.

use crate::client::{eventually, guest, new_name, room, stranger, Answer, Client, Room};
use crate::live::{new_id, Live};
use serde_json::{json, Value};
use std::thread;

#[track_caller]
fn private_room(owner: &Client) -> Room {
    let name = new_name();
    owner.post("/api/rooms", &json!({ "name": name, "access": "private" })).expect(201);
    Room::named(&name)
}

#[track_caller]
fn invite(owner: &Client, room: &Room) -> Value {
    owner.post(&room.at("invites"), &json!({ "hours": 1 })).expect(201)
}

fn join_by(who: &Client, room: &Room, token: &Value) -> Answer {
    who.request("PUT", &room.at("membership")).json(&json!({ "invite": token })).send()
}

fn patch(who: &Client, room: &Room, body: &Value) -> Answer {
    who.request("PATCH", &room.path).json(body).send()
}

/// Every way in which a room can be asked for, as this client.
fn ask_everything(who: &Client, room: &Room) -> Vec<(u16, String)> {
    let message = json!({ "id": new_id(), "text": "hello" });
    let person = "00000000000000000000";
    let answers = [
        who.get(&room.path),
        who.get(&room.at("members")),
        who.get(&room.at("messages")),
        who.get(&room.at("messages?since=0")),
        who.get(&room.at("invites")),
        who.put(&room.at("membership")),
        who.delete(&room.at("membership")),
        who.post(&room.at("messages"), &message),
        who.post(&room.at("invites"), &json!({})),
        patch(who, room, &json!({ "description": "mine" })),
        who.delete(&room.path),
        who.delete(&room.at(&format!("members/{person}"))),
        who.delete(&room.at("invites/000000000000")),
        who.get(&room.at(&format!("invites/{}", "0".repeat(32)))),
        join_by(who, room, &json!("0".repeat(32))),
        who.request("GET", &room.at("live")).header("upgrade", "websocket").send(),
    ];
    answers.into_iter().map(|answer| (answer.status, answer.text)).collect()
}

#[test]
fn a_private_room_answers_strangers_word_for_word_as_one_that_never_was() {
    let (ann, bo) = (guest("Ann"), guest("Bo"));
    let (hidden, nowhere) = (private_room(&ann), Room::named(&new_name()));
    assert_eq!(ask_everything(&bo, &hidden), ask_everything(&bo, &nowhere));
    let list = stranger().get("/api/rooms").expect(200).to_string();
    assert!(!list.contains(&format!("\"{}\"", hidden.name)), "{list}");
    assert!(!bo.get("/api/rooms").text.contains(&format!("\"{}\"", hidden.name)));
    let mine = ann.get("/api/rooms?of=me").expect(200);
    assert_eq!((&mine["rooms"][0]["name"], &mine["rooms"][0]["access"]), (&json!(hidden.name), &json!("private")));
}

#[test]
fn an_invite_shows_the_room_and_the_inviter_and_lets_its_holder_in() {
    let (ann, bo) = (guest("Ann"), guest("Bo"));
    let hidden = private_room(&ann);
    let made = invite(&ann, &hidden);
    let shown = stranger().get(&hidden.at(&format!("invites/{}", made["token"].as_str().unwrap()))).expect(200);
    assert_eq!((&shown["room"]["name"], &shown["inviter"]["name"]), (&json!(hidden.name), &json!("Ann")));
    assert_eq!(join_by(&bo, &hidden, &made["token"]).expect(200)["role"], "guest_member");
    let mut live = bo.connect(&hidden);
    live.says("thank you");

    let listed = ann.get(&hidden.at("invites")).expect(200);
    assert_eq!(listed["invites"][0]["id"], made["id"]);
    assert!(listed["invites"][0].get("token").is_none(), "the token is shown once");
    ann.delete(&hidden.at(&format!("invites/{}", made["id"].as_str().unwrap()))).expect(204);
    join_by(&guest("Cy"), &hidden, &made["token"]).expect_refusal(404, "unknown_invite");
}

#[test]
fn a_removed_member_is_out_within_seconds_and_the_old_link_does_not_help() {
    let (ann, bo) = (guest("Ann"), guest("Bo"));
    for (access, code, status) in [("open", "removed", 403), ("private", "unknown_room", 404)] {
        let lobby = room(&ann);
        patch(&ann, &lobby, &json!({ "access": access })).expect(200);
        let old = invite(&ann, &lobby);
        join_by(&bo, &lobby, &old["token"]).expect(200);
        let mut live = bo.connect(&lobby);
        ann.delete(&lobby.at(&format!("members/{}", bo.id()))).expect(204);
        assert_eq!(live.expect_close(), (1008, "removed".to_owned()));
        bo.get(&lobby.at("messages")).expect_refusal(status, code);
        bo.post(&lobby.at("messages"), &json!({ "id": new_id(), "text": "x" })).expect_refusal(status, code);
        bo.put(&lobby.at("membership")).expect_refusal(status, code);
        assert_eq!(Live::try_open(&bo, &lobby.at("live"), &[]).err(), Some(status));
        join_by(&bo, &lobby, &old["token"]).expect_refusal(404, "unknown_invite");
        let members = ann.get(&lobby.at("members")).expect(200);
        assert_eq!(members["members"].as_array().unwrap().len(), 1);
        // An invite made after the removal is a change of mind; it must be later by the clock.
        eventually("a newer invite lets them in", || {
            let new = invite(&ann, &lobby);
            (join_by(&bo, &lobby, &new["token"]).status == 200).then_some(())
        });
    }
}

#[test]
fn a_room_made_private_ends_the_sockets_of_those_who_only_read() {
    let (ann, bo, cy) = (guest("Ann"), guest("Bo"), guest("Cy"));
    let lobby = room(&ann);
    bo.join(&lobby);
    let (mut member, mut reader) = (bo.connect(&lobby), cy.connect(&lobby));
    patch(&ann, &lobby, &json!({ "access": "private" })).expect(200);
    assert_eq!(reader.expect_close(), (1008, "removed".to_owned()));
    assert_eq!(member.next_of("room")["access"], "private");
    member.says("still here");
    eventually("it is not listed", || {
        let list = stranger().get("/api/rooms").expect(200).to_string();
        (!list.contains(&format!("\"{}\"", lobby.name))).then_some(())
    });
}

#[test]
fn a_description_and_an_owner_change_for_everybody_at_once() {
    let (ann, bo) = (guest("Ann"), guest("Bo"));
    let lobby = room(&ann);
    bo.join(&lobby);
    let mut live = bo.connect(&lobby);
    let changed = patch(&ann, &lobby, &json!({ "description": "tea", "owner": bo.id() })).expect(200);
    assert_eq!((&changed["description"], &changed["role"]), (&json!("tea"), &json!("guest_member")));
    let told = live.next_of("room");
    assert_eq!((&told["description"], &told["owner"]["id"]), (&json!("tea"), &json!(bo.id())));
    patch(&ann, &lobby, &json!({ "description": "mine again" })).expect_refusal(403, "forbidden");
    ann.delete(&lobby.path).expect_refusal(403, "forbidden");
    assert_eq!(bo.view(&lobby)["role"], "owner");
}

#[test]
fn who_hands_a_room_over_may_no_more_on_open_sockets_than_its_other_members_and_the_new_owner_may_all() {
    let (ann, bo, cy) = (guest("Ann"), guest("Bo"), guest("Cy"));
    let lobby = room(&ann);
    bo.join(&lobby);
    cy.join(&lobby);
    let said: Vec<_> = (0..2).map(|_| cy.say(&lobby, &new_id(), "hello").expect(201)["seq"].clone()).collect();
    let (mut tabs, mut bos) = ([ann.connect(&lobby), ann.connect(&lobby)], bo.connect(&lobby));
    let delete = |live: &mut Live, seq: &Value| {
        let id = new_id();
        live.frame(&json!({ "type": "delete", "id": id, "seq": seq }));
        live.wait_for(|frame| frame["id"] == id && matches!(frame["type"].as_str(), Some("ack" | "error")))
    };
    assert_eq!(delete(&mut bos, &said[0])["code"], "forbidden");
    assert_eq!(delete(&mut tabs[0], &said[0])["type"], "ack");
    patch(&ann, &lobby, &json!({ "owner": bo.id() })).expect(200);
    for tab in &mut tabs {
        assert_eq!(delete(tab, &said[1])["code"], "forbidden");
        tab.says("a member like the others");
    }
    assert_eq!(delete(&mut bos, &said[1])["type"], "ack");
}

#[test]
fn what_only_owners_may_is_refused_to_members_and_visitors() {
    let (ann, bo, cy) = (guest("Ann"), guest("Bo"), guest("Cy"));
    let lobby = room(&ann);
    bo.join(&lobby);
    for who in [&bo, &cy] {
        patch(who, &lobby, &json!({ "description": "mine" })).expect_refusal(403, "forbidden");
        who.delete(&lobby.path).expect_refusal(403, "forbidden");
        who.delete(&lobby.at(&format!("members/{}", ann.id()))).expect_refusal(403, "forbidden");
        who.get(&lobby.at("invites")).expect_refusal(403, "forbidden");
        who.post(&lobby.at("invites"), &json!({})).expect_refusal(403, "forbidden");
    }
    let edit = |body| patch(&ann, &lobby, &body);
    edit(json!({ "access": "secret" })).expect_refusal_of(422, "bad_value", "access");
    edit(json!({ "name": "other" })).expect_refusal_of(400, "unknown_field", "name");
    edit(json!({ "description": "x".repeat(281) })).expect_refusal_of(422, "too_long", "description");
    edit(json!({ "owner": cy.id() })).expect_refusal(404, "unknown_person");
    ann.post(&lobby.at("invites"), &json!({ "hours": 721 })).expect_refusal_of(422, "bad_value", "hours");
}

#[test]
fn a_room_closed_in_a_burst_is_gone_and_its_name_makes_a_new_one() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let before = ann.view(&lobby);
    let talkers: Vec<_> = ["Bo", "Cy", "Di"].map(guest).into_iter().collect();
    let mut sockets = Vec::new();
    for talker in &talkers {
        talker.join(&lobby);
        sockets.push(talker.connect(&lobby));
    }
    let bursts: Vec<_> = talkers
        .iter()
        .cloned()
        .map(|talker| {
            let lobby = lobby.clone();
            thread::spawn(move || {
                let post = |_| talker.post(&lobby.at("messages"), &json!({ "id": new_id(), "text": "burst" })).status;
                (0..200).map(post).find(|status| *status == 404)
            })
        })
        .collect();
    ann.delete(&lobby.path).expect(204);
    for burst in bursts {
        assert_eq!(burst.join().unwrap(), Some(404));
    }
    for socket in &mut sockets {
        assert_eq!(socket.expect_close(), (1008, "room_closed".to_owned()));
    }
    assert!(!stranger().get("/api/rooms").text.contains(&format!("\"{}\"", lobby.name)));

    let after = guest("Eve").post("/api/rooms", &json!({ "name": lobby.name })).expect(201);
    assert_ne!(after["epoch"], before["epoch"]);
    assert_eq!((&after["seq"], &after["members"]), (&json!(0), &json!(1)));
    let page = ann.get(&lobby.at("messages")).expect(200);
    assert_eq!(page["messages"], json!([]));
    let resumed = format!("?since=1&epoch={}", before["epoch"].as_str().unwrap());
    let mut live = talkers[0].connect_with(&lobby, &resumed);
    assert_eq!(live.next_of("gap")["reason"], "epoch");
    talkers[0].post(&lobby.at("messages"), &json!({ "id": new_id(), "text": "x" })).expect_refusal(403, "not_a_member");
}
