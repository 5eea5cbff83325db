//! Drives many clients against the real Worker in bare workerd, with hosted Redis, while things break, and judges what
//! they saw: see `docs/reliability.md`. `scripts/chaos` builds what it needs and runs it.
//!
//! The checker knows only [`history`]: what each client said and saw. Everything else makes such histories.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod checker;
mod client;
mod cluster;
mod counts;
mod frame;
mod history;
mod http;
mod mouth;
mod nemesis;
mod options;
mod outbox;
#[path = "../../tests/support/redis.rs"]
mod redis;
mod report;
mod scenario;
#[path = "../../tests/live/server.rs"]
mod server;
mod socket;
mod stranger;
mod timeline;
mod world;

use options::Options;
use scenario::{Plan, RoomPlan};
use std::process::ExitCode;
use std::time::Duration;

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    println!("seed {}", options.seed);
    let verdicts: Vec<bool> = plans(&options).iter().map(|plan| report::print(plan, &scenario::run(plan))).collect();
    let held = verdicts.iter().filter(|held| **held).count();
    println!("{held} scenarios held, {} failed", verdicts.len() - held);
    match held == verdicts.len() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// With both scenarios a third of the time is for the cuts.
fn plans(options: &Options) -> Vec<Plan> {
    let Options { time, seed, ref faults, mixed, cuts } = *options;
    let room = |name, access, clients, old, millis| RoomPlan {
        name,
        access,
        clients,
        old,
        by_requests: name != "hall",
        pace: Duration::from_millis(millis),
    };
    let cutting = Plan {
        name: "cuts",
        time: if mixed { time / 3 } else { time },
        seed,
        faults: vec![nemesis::Fault::Cuts],
        keeps: 50_000,
        // What most sites are.
        with_redis: false,
        rooms: vec![room("hall", "open", 100, 0, 20_000)],
    };
    let mixing = Plan {
        name: "mixed",
        time: if cuts { time * 2 / 3 } else { time },
        seed,
        faults: faults.clone(),
        // So few that somebody can be away for longer than that, also in a run of two minutes.
        keeps: if time < Duration::from_secs(600) { 100 } else { 1_000 },
        with_redis: true,
        rooms: vec![
            room("lobby", "open", 20, 5, 3_000),
            room("tea", "open", 8, 2, 2_000),
            room("den", "private", 6, 1, 2_000),
        ],
    };
    [(cuts, cutting), (mixed, mixing)].into_iter().filter_map(|(wanted, plan)| wanted.then_some(plan)).collect()
}
