//! What a run came to, for people.

use crate::counts::Count;
use crate::scenario::{Outcome, Plan};

/// How many broken promises are shown in full.
const SHOWN: usize = 20;
/// What a room may send again of what a client missed, at most: nine sent of which eight were missed is too much.
const REPEATS_MOST: f64 = 1.1;

/// Prints the report and says whether every promise held.
pub fn print(plan: &Plan, outcome: &Outcome) -> bool {
    let counts = &outcome.world.counts;
    let [repeats, missed] = [&counts.repeats, &counts.missed].map(Count::get);
    println!("--- {}, {:.1} minutes, seed {}", plan.name, plan.time.as_secs_f64() / 60.0, plan.seed);
    println!("{} clients in {} rooms that keep {} messages", outcome.clients, plan.rooms.len(), plan.keeps);
    println!("{}", counts.line());
    let struck: Vec<_> = outcome.struck.iter().map(|(fault, times)| format!("{fault} {times}")).collect();
    println!("faults: {}; rooms slept in {} of the silences", struck.join(", "), outcome.slept);
    println!(
        "{} connections ended, {} by the room as too slow; {} holes asked for; {} refused, {} put off, {} in doubt after a gap",
        counts.cuts.get(),
        counts.closed_as_slow.get(),
        counts.holes.get(),
        counts.refused.get(),
        counts.put_off.get(),
        counts.given_up.get()
    );
    let [settled, complete, archived] = outcome.recovery.map(|time| time.as_secs());
    println!("after the last repair: {settled} s until all was answered, {complete} s until all had all, {archived} s in all");
    let ratio = repeats as f64 / missed.max(1) as f64;
    println!("the room sent {repeats} again, of which {missed} were missed: {ratio:.3} times");
    for violation in outcome.violations.iter().take(SHOWN) {
        println!("VIOLATION {violation}");
    }
    let repeats_too_much = plan.name == "cuts" && ratio > REPEATS_MOST;
    if repeats_too_much {
        println!("VIOLATION more than {REPEATS_MOST} times what was missed was sent");
    }
    let broken = outcome.violations.len() + usize::from(repeats_too_much);
    match broken {
        0 => println!("verdict: nothing lost, nothing twice, nothing out of order, nothing leaked"),
        broken => println!("verdict: {broken} promises broken; again with --seed {}", plan.seed),
    }
    broken == 0
}
