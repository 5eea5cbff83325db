//! What a search costs in a room with a long history, on the real Worker: rows read, and how long the answer takes.
//!
//!     scripts/search-cost [--messages 100000]

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs, dead_code)]

#[path = "../tests/live/client.rs"]
mod client;
#[path = "../tests/live/live.rs"]
mod live;
#[path = "../tests/live/openapi.rs"]
mod openapi;
#[path = "../tests/support/redis.rs"]
mod redis;
#[path = "../tests/live/server.rs"]
mod server;

use client::{guest_at, room, Client, Room};
use serde_json::json;
use server::{Build, Server};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);
/// How many messages are on their way at once.
const WINDOW: usize = 200;
const WORDS: [&str; 12] =
    ["今天", "天气", "很好", "我们", "去公园", "吧", "the", "quick", "brown", "fox", "jumps over", "a lazy dog"];

fn rows_read(client: &Client, room: &Room) -> i64 {
    client.post(&room.at("hook/counts"), &json!({})).expect(200)["ever_read"].as_i64().unwrap()
}

/// About 30 characters, as people say; one in a thousand has a rare word.
fn text(number: usize) -> String {
    let words: Vec<_> = (0..6).map(|place| WORDS[(number * 7 + place * (number % 11 + 1)) % WORDS.len()]).collect();
    match number % 1_000 {
        500 => format!("{} 稀有 seldom", words.join(" ")),
        _ => words.join(" "),
    }
}

fn main() {
    let mut arguments = std::env::args().skip_while(|one| one != "--messages").skip(1);
    let count: usize = arguments.next().map_or(100_000, |value| value.parse().expect("--messages takes a number"));
    let server = Server::start(Build::WithHooks, &[("HISTORY_MESSAGES", "1000000")]);
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    let mut anns = ann.connect(&lobby);
    let started = Instant::now();
    let mut last = String::new();
    for number in 0..count {
        last = anns.send(&text(number));
        if number % WINDOW == WINDOW - 1 {
            anns.wait_for(|frame| frame["type"] == "ack" && frame["id"] == last.as_str());
        }
    }
    anns.wait_for(|frame| frame["type"] == "ack" && frame["id"] == last.as_str() || frame["seq"] == count);
    println!("{count} messages said in {:?}", started.elapsed());
    println!("{:<28} {:>9} {:>9} {:>6}", "searched for", "rows read", "ms", "found");
    for (what, query) in [
        ("a common word", "fox"),
        ("a common word in Chinese", "%E5%A4%A9%E6%B0%94"),
        ("a rare word", "seldom"),
        ("a rare word in Chinese", "%E7%A8%80%E6%9C%89"),
        ("two words", "lazy+seldom"),
        ("what nobody said", "zeppelin"),
    ] {
        let before = rows_read(&ann, &lobby);
        let began = Instant::now();
        let page = ann.get(&lobby.at(&format!("search?q={query}"))).expect(200);
        let took = began.elapsed();
        let read = rows_read(&ann, &lobby) - before;
        println!(
            "{what:<28} {read:>9} {:>9.1} {:>6}",
            took.as_secs_f64() * 1e3,
            page["messages"].as_array().unwrap().len()
        );
    }
}
