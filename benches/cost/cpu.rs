//! How long the server computes for what people do: its threads' time, less what it takes when nothing happens.

use super::client::{guest_at, room, stranger_from, Client, Room};
use super::live::new_id;
use super::server::{Build, Server};
use super::{argument, Random};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

/// Messages a second in a room, how many rooms at once, and for how many seconds.
const TALKS: [(f64, usize, u64); 3] = [(0.1, 20, 40), (1.0, 5, 30), (20.0, 1, 20)];

/// What the server computes in this time without being asked.
fn idle(server: &Server) -> f64 {
    let before = server.cpu();
    sleep(Duration::from_secs(8));
    (server.cpu() - before).as_secs_f64() / 8.0
}

/// Prints a row of the document.
fn say(what: &str, count: u32, cpu: Duration, took: Duration, idle: f64) {
    let net = cpu.as_secs_f64() - idle * took.as_secs_f64();
    println!("{what}: {:.2} ms of CPU each ({count} in {:.0} s)", 1_000.0 * net / f64::from(count), took.as_secs_f64());
}

pub fn run() {
    let people = argument("--people", 20.0) as usize;
    for (rate, rooms, seconds) in TALKS {
        talk(rate, rooms, seconds, people);
    }
    asked();
}

/// Rooms in which somebody speaks at random times and everybody hears it.
fn talk(rate: f64, count: usize, seconds: u64, people: usize) {
    let server = Server::start_embedded(Build::Deployed, &[]);
    let guests: Vec<Client> = (0..people).map(|n| guest_at(&server, &format!("Guest {n}"))).collect();
    let rooms: Vec<Room> = (0..count).map(|_| room(&guests[0])).collect();
    let mut speakers = Vec::new();
    for place in &rooms {
        guests[1..].iter().for_each(|guest| drop(guest.join(place)));
        speakers.push(guests[0].connect(place));
        for guest in &guests[1..] {
            let mut live = guest.connect(place);
            thread::spawn(move || while live.next_or_gone().is_some() {});
        }
    }
    let idle = idle(&server);
    let (started, mut random, mut due, mut said) = (Instant::now(), Random(7), Duration::ZERO, 0);
    let before = server.cpu();
    while started.elapsed() < Duration::from_secs(seconds) {
        due += Duration::from_secs_f64(-(1.0 - random.next()).ln() / (rate * count as f64));
        let speaker = &mut speakers[(random.next() * count as f64) as usize];
        sleep(due.saturating_sub(started.elapsed()));
        speaker.send_as(&new_id(), "What somebody says in a room now and then.");
        while speaker.next()["type"] != "ack" {}
        said += 1;
    }
    let (cpu, took) = (server.cpu() - before, started.elapsed());
    say(&format!("a message in a room of {people} at {rate} a second"), said, cpu, took, idle);
}

/// What is asked over HTTP, one after another.
fn asked() {
    let server = Server::start_embedded(Build::Deployed, &[]);
    let idle = idle(&server);
    let key = data(&Sha256::digest("first"));
    let here = |n: u32| stranger_from(&server, format!("192.0.2.{}", n % 250));
    let register = |n: u32| {
        let name = format!("Somebody {n}");
        let body = json!({ "username": name, "salt": data(&[7; 16]), "rounds": 600_000, "key": key });
        let answer = here(n).post("/api/accounts", &body);
        let person = answer.expect(201);
        Client { cookie: Some(answer.cookie()), person, ..here(n) }
    };
    let count = 100;
    let mut accounts = Vec::new();
    each(&server, idle, "registering", count, |n| accounts.push(register(n)));
    each(&server, idle, "a log-in, both requests", count, |n| {
        let name = format!("Somebody {n}");
        here(n).post("/api/session/params", &json!({ "username": name })).expect(200);
        here(n).post("/api/session", &json!({ "username": name, "key": key })).expect(200);
    });
    each(&server, idle, "a guest enters", count, |n| {
        drop(here(n).post("/api/guest", &json!({ "name": "Bob" })).expect(201))
    });
    let mut rooms = Vec::new();
    each(&server, idle, "making a room", count, |n| rooms.push(room(&accounts[n as usize])));
    each(&server, idle, "the list of 50 rooms", count, |n| drop(accounts[n as usize].get("/api/rooms").expect(200)));
    let lobby = &rooms[0];
    (0..60).for_each(|n| drop(accounts[0].say(lobby, &new_id(), &format!("history {n}")).expect(201)));
    each(&server, idle, "opening a room, joining, and going", count, |n| {
        let who = &accounts[n as usize];
        for path in ["/api/config", "/api/session"] {
            who.get(path).expect(200);
        }
        who.view(lobby);
        who.get(&lobby.at("messages")).expect(200);
        let live = who.connect(lobby);
        who.join(lobby);
        live.close();
    });
    each(&server, idle, "a message over HTTP, to nobody", count, |n| {
        accounts[n as usize].say(lobby, &new_id(), "hello").expect(201);
    });
}

fn each(server: &Arc<Server>, idle: f64, what: &str, count: u32, mut act: impl FnMut(u32)) {
    let (started, before) = (Instant::now(), server.cpu());
    (0..count).for_each(&mut act);
    say(what, count, server.cpu() - before, started.elapsed(), idle);
}

fn data(bytes: &[u8]) -> String {
    use base64::prelude::{Engine, BASE64_STANDARD};
    BASE64_STANDARD.encode(bytes)
}
