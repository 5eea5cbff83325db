//! The table of docs/cost.md: what stands there is what is counted here.

use super::meter::Meter;
use crate::accounts::sessions::{aged, MINUTE};
use crate::accounts::{account_at, key, new_person, registration, KEY};
use crate::client::{guest_at, room, stranger_from, Client, Room};
use crate::costs::stated;
use crate::live::new_id;
use crate::server::{Build, Server};
use serde_json::json;

#[test]
fn who_enters_logs_in_and_looks_at_the_list_costs_no_more_than_the_document_says() {
    let server = Server::start(Build::WithHooks, &[("ARCHIVE_SECONDS", "3600"), ("SESSION_KEY", KEY)]);
    let meter = Meter::of(&server);
    let here = stranger_from(&server, "192.0.2.1");
    let ann = account_at(&server, "Ann");
    let rooms = [(); 3].map(|()| room(&ann.client));
    meter.wait_for_quiet(&rooms.each_ref());
    meter.holds("a guest enters", || drop(here.post("/api/guest", &json!({ "name": "Bob" })).expect(201)));
    let registers = || drop(here.post("/api/accounts", &registration(&new_person("Carol"), "first")).expect(201));
    meter.holds("somebody registers", registers);
    // As the page does it.
    let log_in = |who: &Client, password: &str| {
        who.post("/api/session/params", &json!({ "username": ann.name })).expect(200);
        who.post("/api/session", &json!({ "username": ann.name, "key": key(password) }))
    };
    let mut answer = None;
    meter.holds("log-in on a new device", || answer = Some(log_in(&here, "first")));
    let answer = answer.unwrap();
    let device = answer.headers.get_all("set-cookie").iter().next_back().unwrap().to_str().unwrap();
    let known = Client { cookie: device.split(';').next().map(str::to_owned), ..here.clone() };
    meter.holds("log-in on a known device", || drop(log_in(&known, "first").expect(200)));
    meter.holds("log-in with a wrong password", || drop(log_in(&known, "wrong").expect(401)));
    let late = aged(&ann.client, 11 * MINUTE);
    meter.holds("an account's first request in ten minutes", || drop(late.get("/api/session").expect(200)));
    let second = Client { cookie: Some(answer.cookie()), ..here.clone() };
    // The page asks for the site's words, who this is, and both lists.
    meter.holds("a member of three rooms opens the list", || {
        for path in ["/api/config", "/api/session", "/api/rooms", "/api/rooms?of=me"] {
            second.get(path).expect(200);
        }
    });
    meter.holds_in(&rooms.each_ref(), "log-out of one session of two, a member of three rooms", || {
        drop(second.delete("/api/session").expect(204))
    });
}

fn say_sixty(who: &Client, rooms: &[&Room]) {
    for n in 0..60 {
        for room in rooms {
            who.say(room, &new_id(), &format!("history {n}")).expect(201);
        }
    }
}

#[test]
fn who_comes_to_a_room_and_goes_costs_no_more_than_the_document_says() {
    let server = Server::start(Build::WithHooks, &[("ARCHIVE_SECONDS", "3600")]);
    let meter = Meter::of(&server);
    let (ann, bob, carol) = (guest_at(&server, "Ann"), guest_at(&server, "Bob"), account_at(&server, "Carol").client);
    let rooms: [Room; 3] = std::array::from_fn(|_| room(&ann));
    let [visited, known, left] = &rooms;
    bob.join(left);
    carol.join(known);
    say_sixty(&ann, &[visited, known]);
    meter.wait_for_quiet(&rooms.each_ref());

    // A room that has told a moment ago tells of who comes half a minute later, and the list has not heard of them yet.
    meter.aside(|| ann.connect(known).close());
    // What follows sets alarms: all of it is done before the first of them comes.
    // As the page does it, from its first request to the welcome.
    let opens = |place: &Room| {
        for path in ["/api/config", "/api/session"] {
            carol.get(path).expect(200);
        }
        carol.view(place);
        carol.get(&place.at("messages")).expect(200);
        carol.connect(place)
    };
    let mut carols = None;
    meter.holds_in(&[known], "a member opens a room", || carols = Some(opens(known)));
    meter.holds_in(&[known], "the last tab of a room closes", || carols.take().unwrap().close());
    // Beside the room, as tests/browser/requests.spec.mjs sees it.
    meter.holds_in(&[known], "and in a wide window, people and both lists", || {
        for path in [&*known.at("members"), "/api/rooms", "/api/rooms?of=me"].repeat(2) {
            carol.get(path).expect(200);
        }
    });
    meter.holds_in(&[visited], "somebody opens a room and joins", || {
        carols = Some(opens(visited));
        carol.join(visited);
    });
    meter.holds_in(&[visited], "a cut connection comes back, three messages missed", || {
        carols = Some(carol.connect_with(visited, "?since=57"));
    });
    // What is told of one who joins names everybody who is there.
    meter.aside(|| bob.join(visited));
    meter.holds_in(&[visited], "and where the list shows somebody", || carols.take().unwrap().close());
    meter.holds_in(&[left], "a member leaves", || drop(bob.delete(&left.at("membership")).expect(204)));
}

#[test]
fn what_is_said_and_revised_costs_no_more_than_the_document_says() {
    let server = Server::start(Build::WithHooks, &[("ARCHIVE_SECONDS", "3600")]);
    let meter = Meter::of(&server);
    let (ann, bob) = (guest_at(&server, "Ann"), guest_at(&server, "Bob"));
    let rooms: [Room; 2] = std::array::from_fn(|_| room(&ann));
    let [revised, mentioned] = &rooms;
    rooms.iter().for_each(|place| drop(bob.join(place)));
    say_sixty(&ann, &[revised]);
    let (mut anns, _bobs) = (ann.connect(revised), bob.connect(revised));
    meter.wait_for_quiet(&rooms.each_ref());

    meter.holds_in(&[revised], "older messages are read", || {
        drop(ann.get(&revised.at("messages?before=50")).expect(200))
    });
    meter.holds_in(&[revised], "somebody has read on, while connected", || {
        anns.frame(&json!({ "type": "read", "seq": 60 }))
    });
    // The alarm that tells of the first of these is set for all of them.
    meter.aside(|| drop(anns.says_after_waking("hello")));
    let revise = |kind: &str, rest: serde_json::Value| {
        let mut entry = json!({ "type": kind, "id": new_id(), "seq": 60 });
        entry.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        ann.post(&revised.at("entries"), &entry).expect(201);
    };
    meter.holds_in(&[revised], "an edit", || revise("edit", json!({ "text": "hello again" })));
    meter.holds_in(&[revised], "a reaction", || revise("react", json!({ "reaction": "👍", "on": true })));
    meter.holds_in(&[revised], "a deletion", || revise("delete", json!({})));
    meter.holds_in(&[revised], "and goes, having read", || anns.close());
    meter.holds_in(&[mentioned], "a message that mentions somebody", || {
        let mention = json!({ "type": "send", "id": "m", "text": "hello", "mentions": [bob.id()] });
        ann.post(&mentioned.at("entries"), &mention).expect(201);
    });
    meter.holds("a room is made", || drop(room(&ann)));
}

#[test]
fn a_message_is_two_rows_and_a_share_of_a_telling_and_an_idle_hour_nothing() {
    let server = Server::start(Build::WithHooks, &[("ARCHIVE_SECONDS", "30")]);
    let meter = Meter::of(&server);
    let ann = guest_at(&server, "Ann");
    let (talking, idle) = (room(&ann), room(&ann));
    let mut anns = ann.connect(&talking);
    let guests: Vec<_> = (0..20).map(|n| guest_at(&server, &format!("Guest {n}"))).collect();
    let mut crowd: Vec<_> = guests.iter().flat_map(|guest| [(); 5].map(|()| guest.connect(&idle))).collect();
    meter.wait_for_quiet(&[&talking, &idle]);

    let first = meter.during(|| drop(anns.says("hello")));
    meter.holds("a message over a socket", || drop(anns.says("hello again")));
    meter.holds("a message over HTTP", || drop(ann.say(&talking, &new_id(), "hello").expect(201)));
    let again = new_id();
    meter.aside(|| drop(ann.say(&talking, &again, "hello").expect(201)));
    meter.holds("the same message once more", || drop(ann.say(&talking, &again, "hello").expect(200)));
    // A room that fell asleep meanwhile is woken by its alarm.
    let told = meter.alarms(1);
    meter.expect("a telling", first + told - stated("a message over a socket", meter.store()));

    let hour = meter.during(|| crowd.iter_mut().for_each(|live| live.only_heartbeat()));
    meter.expect("an hour of silence, with 100 connections", hour);
    assert_eq!(meter.near_alarm(&idle), None, "nothing comes in the next hour either");
}
