//! How much a room takes of one person, and how many it takes at all.

use crate::client::{eventually, guest_at, room, stranger_from, Client};
use crate::door::at_most;
use crate::live::Live;
use crate::server::{shared, Build, Server};
use hihichat::limits::rates;
use serde_json::{json, Value};
use std::sync::{Arc, LazyLock};
use std::time::Instant;

/// As it is deployed, but for a smaller room.
fn server() -> Arc<Server> {
    static SERVER: LazyLock<Arc<Server>> =
        LazyLock::new(|| Server::start(Build::Deployed, &[("MESSAGES_PER_MINUTE", "120"), ("ROOM_CONNECTIONS", "22")]));
    Arc::clone(&SERVER)
}

fn retry_after(refusal: &Value) -> i64 {
    refusal["retry_after"].as_i64().unwrap_or_else(|| panic!("{refusal} says no time"))
}

#[test]
fn the_thirty_first_message_at_once_is_told_when_to_come_and_comes_then() {
    let ann = guest_at(&server(), "Ann");
    let lobby = room(&ann);
    let mut live = ann.connect(&lobby);
    // More than thirty, for on a slow machine some come back meanwhile.
    for number in 0..50 {
        live.send_as(&format!("m{number}"), "in a hurry");
    }
    let mut taken = 0;
    let refusal = live.wait_for(|frame| {
        taken += i32::from(frame["type"] == "ack");
        frame["type"] == "error"
    });
    assert!(taken >= 30, "{taken}");
    assert_eq!((&refusal["code"], &refusal["id"]), (&json!("slow_down"), &json!(format!("m{taken}"))));
    assert_eq!(retry_after(&refusal), 1);
    eventually("the same message is taken", || {
        live.frame(&json!({ "type": "send", "id": refusal["id"], "text": "in a hurry" }));
        let is_answer = |frame: &Value| ["ack", "error"].contains(&frame["type"].as_str().unwrap());
        (live.wait_for(|frame| is_answer(frame) && frame["id"] == refusal["id"])["type"] == "ack").then_some(())
    });
    let history = ann.history(&lobby);
    let places: Vec<_> = history.iter().map(|message| message["seq"].as_u64().unwrap()).collect();
    assert_eq!(places, (1..=history.len() as u64).collect::<Vec<_>>(), "what was refused left no hole");
}

#[test]
fn over_http_the_same_limit_holds_and_the_header_says_when() {
    let ann = guest_at(&server(), "Ann");
    let lobby = room(&ann);
    let refused =
        (0..400).map(|number| ann.say(&lobby, &format!("m{number}"), "hello")).find(|answer| answer.status != 201);
    let refused = refused.expect("hundreds at once");
    let refusal = refused.expect_refusal(429, "slow_down");
    assert_eq!(refused.header("retry-after").unwrap(), retry_after(&refusal).to_string());
    let bob = guest_at(&server(), "Bob");
    bob.join(&lobby);
    bob.say(&lobby, "m0", "I have said nothing yet").expect(201);
}

#[test]
fn five_hundred_messages_in_one_write_end_that_connection_and_harm_nobody() {
    let (ann, bob) = (guest_at(&server(), "Ann"), guest_at(&server(), "Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    let (mut flood, mut other) = (ann.connect(&lobby), bob.connect(&lobby));
    let mut bytes = Vec::new();
    for number in 0..500 {
        let text = json!({ "type": "send", "id": format!("m{number}"), "text": "spam" }).to_string();
        // A masked text frame, the mask being nothing (RFC 6455, 5.2).
        bytes.extend([0x81, 0x80 | u8::try_from(text.len()).unwrap(), 0, 0, 0, 0]);
        bytes.extend(text.as_bytes());
    }
    let _ = flood.try_wire(&bytes);
    assert_eq!(flood.expect_close(), (1008, "flooding".to_owned()));
    let said = other.says_after_waking("one among them");
    assert!(said["seq"].as_i64().unwrap() < 100, "{said}");
}

#[test]
fn a_full_room_closes_the_next_socket_at_once_and_has_room_again_when_one_goes() {
    let ann = guest_at(&server(), "Ann");
    let lobby = room(&ann);
    let tabs: Vec<Live> = (0..20).map(|_| ann.connect(&lobby)).collect();
    let live = lobby.at("live");
    assert_eq!(Live::turned_away(&ann, &live), (1013, "too_many_connections".to_owned()));
    let others: Vec<Client> = (0..3).map(|_| guest_at(&server(), "Bob")).collect();
    let _two: Vec<Live> = others[..2].iter().map(|bob| bob.connect(&lobby)).collect();
    assert_eq!(Live::turned_away(&others[2], &live), (1013, "room_full".to_owned()));
    assert_eq!(ann.view(&lobby)["online"], 1, "who was turned away is not here");
    tabs.into_iter().next().unwrap().close();
    eventually("a place is free", || Live::try_place(&others[2], &live));
}

#[test]
fn fifty_reconnects_a_second_are_told_to_wait_and_others_come_in() {
    let ann = guest_at(&server(), "Ann");
    let lobby = room(&ann);
    let refused = (0..200).find_map(|_| Live::try_open(&ann, &lobby.at("live"), &[]).err());
    assert_eq!(refused, Some(429));
    guest_at(&server(), "Bob").connect(&lobby);
}

#[test]
fn an_army_of_guests_from_one_address_says_no_more_than_ten_people() {
    let server = server();
    let guest = |address: &str| {
        let mut client = stranger_from(&server, address);
        let entered = client.post("/api/guest", &json!({ "name": "Bot" }));
        client.person = entered.expect(201);
        client.cookie = Some(entered.cookie());
        client
    };
    let first = guest("2001:db8:5:1::1");
    let lobby = room(&first);
    // Each with an address of its own out of one network. All are there before the first word.
    let mut bots: Vec<Live> = (0..15)
        .map(|number| {
            let bot = guest(&format!("2001:db8:5:1::{number}"));
            bot.join(&lobby);
            bot.connect(&lobby)
        })
        .collect();
    let said: Vec<_> =
        (0..30).map(|number| json!({ "type": "send", "id": format!("m{number}"), "text": "buy" })).collect();
    let started = Instant::now();
    for bot in &mut bots {
        said.iter().for_each(|frame| bot.frame(frame));
    }
    let answers = bots.iter_mut().flat_map(|bot| {
        let mine = |frame: &Value| frame["type"] == "ack" || frame["type"] == "error";
        (0..30).map(move |_| bot.wait_for(mine)["type"] == "ack").collect::<Vec<_>>()
    });
    let taken = answers.filter(|is_taken| *is_taken).count();
    // Alone they might say 450 things.
    let most = at_most(300, rates::entries_from_address(120), started);
    assert!((300..=most.min(450)).contains(&taken), "{taken}");
    let neighbour = guest("2001:db8:5:2::1");
    neighbour.join(&lobby);
    neighbour.say(&lobby, "m0", "I am from elsewhere").expect(201);
}

#[test]
fn whoever_stops_reading_is_closed_and_comes_back_without_loss() {
    let ann = guest_at(&shared(), "Ann");
    let lobby = room(&ann);
    let bob = guest_at(&shared(), "Bob");
    bob.join(&lobby);
    let mut slow = bob.connect(&lobby);
    let epoch = slow.welcome["epoch"].as_str().unwrap().to_owned();
    let text = "天".repeat(4_000);
    // The system's own buffers take some megabytes before anything waits in the runtime.
    let most = 3_000;
    let mut said = 0;
    let is_here = || ann.view(&lobby)["people"].as_array().unwrap().iter().any(|person| person["name"] == "Bob");
    assert!(is_here());
    while is_here() {
        assert!(said < most, "{said} messages of 12 KB, and nobody misses the reader");
        for _ in 0..20 {
            said += 1;
            ann.say(&lobby, &format!("m{said}"), &text).expect(201);
        }
    }
    // What was on its way arrives, in order, and then the reason.
    let mut seen = 0;
    let close = slow.each_until_close(|frame| {
        if frame["type"] == "message" {
            seen += 1;
            assert_eq!(frame["seq"], seen);
        }
    });
    assert_eq!(close, (1013, "slow_reader".to_owned()));
    assert!(seen < said, "{seen} of {said}");
    let mut back = bob.connect_with(&lobby, &format!("?since={seen}&epoch={epoch}"));
    let next = back.next_but_presence();
    match next["type"].as_str() {
        Some("message") => assert_eq!(next["seq"], seen + 1),
        Some("gap") => assert_eq!(next["from"], seen + 1, "{next}"),
        _ => panic!("{next}"),
    }
    back.wait_for(|frame| frame["type"] == "message" && frame["seq"] == said);
}
