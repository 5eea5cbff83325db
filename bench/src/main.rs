//! Puts the same load on this Worker and on what people would pick instead, and counts what arrives and what it
//! costs: see `docs/benchmarks.md`. `scripts/bench` builds what it needs and runs it.
//!
//! The judge knows only what was to be said and what each client heard; everything else makes and times that.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod cell;
mod client;
mod contestant;
mod driver;
mod judge;
mod machine;
mod options;
mod record;
#[path = "../../tests/support/redis.rs"]
mod redis;
mod report;
mod scenario;
mod schedule;
#[path = "../../tests/live/server.rs"]
mod server;
mod speech;
mod table;
#[cfg(test)]
mod tests;
mod usage;

use options::Options;
use record::Record;
use std::process::ExitCode;
use std::time::Duration;
use usage::Processes;

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where the clients run; the servers have another.
const CLIENTS_CORE: usize = 1;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    if options.report {
        report::write(&options.records, &server::root().join("docs"));
        return ExitCode::SUCCESS;
    }
    let pinned = Processes::own().pin(CLIENTS_CORE);
    if !pinned {
        println!("Nothing is pinned: that takes taskset and two cores. The figures are of the whole machine.");
    }
    println!("{}, seed {}", machine::kind(), options.seed);
    println!("{}", table::HEAD);
    let (mut held, mut failed) = (0, 0);
    for cell in options.cells() {
        let mut measured: Vec<Vec<Record>> = vec![Vec::new(); options.contestants.len()];
        for round in 0..options.rounds {
            let mut turns: Vec<usize> = (0..options.contestants.len()).collect();
            // There and back again: what the machine does meanwhile meets nobody always first.
            if round % 2 == 1 {
                turns.reverse();
            }
            for turn in turns {
                let record = cell::measure(options.contestants[turn], &cell, options.seed + round, pinned);
                println!("{}", table::line(&record));
                measured[turn].push(record);
            }
        }
        for (contestant, rounds) in options.contestants.iter().zip(measured) {
            let record = Record::of_rounds(rounds);
            if options.rounds > 1 {
                println!("{} | median of {}", table::line(&record), options.rounds);
            }
            if !options.short {
                record.keep(&options.records);
            }
            match table::is_right(&record, *contestant) {
                true => held += 1,
                false => failed += 1,
            }
        }
    }
    println!("{held} measurements held, {failed} failed");
    match failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
