//! What it costs, counted and measured on the real Worker and a real Redis: rooms in which somebody says something now and
//! then, the CPU of what people do, and what days of that are in money.
//!
//!     scripts/cost [--minutes 10] [--rooms 20] [--every 11.52] [--embedded] | --cpu [--people 20] | --price
//!
//! Rows are those that the runtime's cursors count, and one for each alarm that is set. Redis commands are those that
//! the server itself counts, also inside scripts, as Upstash bills them. What was counted is scaled to eight hours.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs, dead_code)]

#[path = "../tests/live/client.rs"]
mod client;
#[path = "../tests/support/costs.rs"]
mod costs;
#[path = "cost/cpu.rs"]
mod cpu;
#[path = "../tests/live/live.rs"]
mod live;
#[path = "../tests/live/openapi.rs"]
mod openapi;
#[path = "cost/price.rs"]
mod price;
#[path = "../tests/support/redis.rs"]
mod redis;
#[path = "../tests/live/server.rs"]
mod server;

use client::{guest_at, room, Client, Room};
use redis::Redis;
use serde_json::{json, Value};
use server::{Build, Server};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(10);
const DAY: f64 = 8.0 * 3600.0;

fn argument(name: &str, default: f64) -> f64 {
    let mut arguments = std::env::args().skip_while(|one| one != name).skip(1);
    arguments.next().map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} takes a number")))
}

fn rows(client: &Client, room: &Room) -> [i64; 3] {
    let counts: Value = client.post(&room.at("hook/counts"), &json!({})).expect(200);
    ["ever_read", "ever_written", "alarms"].map(|name| counts[name].as_i64().unwrap())
}

/// The same numbers in each run (xorshift64*), from 0 to below 1.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn is_asked(flag: &str) -> bool {
    std::env::args().any(|one| one == flag)
}

fn main() {
    match () {
        () if is_asked("--price") => print!("{}\n{}", price::table(&price::DAYS), price::table(&price::WIDE)),
        () if is_asked("--cpu") => cpu::run(),
        () => count(),
    }
}

fn count() {
    let (minutes, count) = (argument("--minutes", 10.0), argument("--rooms", 20.0) as usize);
    let every = Duration::from_secs_f64(argument("--every", 11.52));
    let redis = (!is_asked("--embedded")).then(|| Arc::new(Redis::start()));
    let server = match &redis {
        Some(redis) => Server::start_on(redis, Build::WithHooks, &[("ARCHIVE_SECONDS", "30")]),
        None => Server::start_embedded(Build::WithHooks, &[]),
    };
    let billed = || redis.as_ref().map(|redis| redis.billed()).unwrap_or_default();
    let rooms: Vec<(Client, Room)> = (0..count)
        .map(|n| {
            let owner = guest_at(&server, &format!("Owner {n}"));
            let lobby = room(&owner);
            (owner, lobby)
        })
        .collect();
    let mut sockets: Vec<_> = rooms.iter().map(|(owner, lobby)| owner.connect(lobby)).collect();
    println!("{count} rooms, a message each {every:?}; counting begins when all have archived once");
    let mut before = None;
    let (mut said, mut counted) = (0_u32, 0_u32);
    let started = Instant::now();
    let warm = Duration::from_secs(90);
    let end = warm + Duration::from_secs_f64(minutes * 60.0);
    let (mut random, mut due) = (Random(7), Duration::ZERO);
    while started.elapsed() < end {
        // Many rooms together are one such stream, in which each message is of any of them.
        due += every.div_f64(count as f64).mul_f64(-(1.0 - random.next()).ln());
        let which = (random.next() * count as f64) as usize;
        sleep(due.saturating_sub(started.elapsed()));
        sockets[which].try_send_as(&format!("cost-{said}"), "What somebody says in a room now and then.");
        while sockets[which].next()["type"] != "ack" {}
        said += 1;
        if before.is_none() && started.elapsed() >= warm {
            let (owner, lobby) = &rooms[0];
            before = Some((Instant::now(), rows(owner, lobby), billed()));
        } else if before.is_some() {
            counted += 1;
        }
    }
    let (began, rows_before, commands_before) = before.expect("longer than the beginning");
    let took = began.elapsed().as_secs_f64();
    let (owner, lobby) = &rooms[0];
    let after = rows(owner, lobby);
    let [read, written, alarms] = [0, 1, 2].map(|n| (after[n] - rows_before[n]) as f64);
    let scale = DAY / took;
    println!("counted for {took:.0} s: {counted} messages; scaled to 8 h: {:.0}", f64::from(counted) * scale);
    println!("rows read {read:.0}, in 8 h {:.0}", read * scale);
    println!("rows written {written:.0} and alarms {alarms:.0}, in 8 h {:.0}", (written + alarms) * scale);
    let mut all = 0.0;
    for (name, calls) in billed() {
        let calls = calls - commands_before.iter().find(|(other, _)| *other == name).map_or(0, |(_, calls)| *calls);
        if calls > 0 {
            println!("  {name}: {calls}");
            all += calls as f64;
        }
    }
    println!("Redis commands {all:.0}, in 8 h {:.0}", all * scale);
}
