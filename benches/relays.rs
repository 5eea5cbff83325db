//! A room larger than one object, on paper: how long a message takes through relays, and how everybody comes back after a
//! deploy. Prints the tables of docs/scale.md, and a test holds them to this; the same numbers in each run.
//!
//!     cargo test --quiet --bench relays
//!
//! Each object is one thread that takes one thing after the other. Times are in microseconds, whole numbers throughout.

#![allow(clippy::indexing_slicing, dead_code, missing_docs, reason = "a test includes it, and runs no main")]

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::fmt::Write;

/// CPU of one frame to one socket: measured, 18 to 31.
const SEND: u64 = 25;

/// CPU of a message that comes in: read, checked, written as a row, acknowledged. Measured.
const MESSAGE: u64 = 300;

/// CPU of a connection that comes back: the handshake and a page of what it missed, of a relay's memory or of the room. Assumed
/// after what opening a room was measured to take.
const RESUME: u64 = 3_000;

/// From one object to another, one way: near, and across an ocean. Assumed.
const HOPS: [u64; 5] = [2_000, 5_000, 10_000, 40_000, 120_000];

/// How far a sending lets the next be apart, as `src/room/outgoing.rs` has it: a millisecond for ten connections, 50 at
/// most, and 10 may be ahead.
const SPACED_MOST: u64 = 50_000;
const AHEAD: u64 = 10_000;

const SECOND: u64 = 1_000_000;
const PEOPLE: u64 = 100_000;

/// The same numbers in each run (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16) % end
    }
}

/// What goes to all sockets of an object in one go: when it leaves or arrives, and the messages in it, by when they were said.
#[derive(Clone)]
struct Parcel {
    at: u64,
    said: Vec<u64>,
}

/// An object that sends on what comes in.
struct Fan {
    sockets: u64,
    /// How long its thread was busy.
    busy: u64,
}

impl Fan {
    fn new(sockets: u64) -> Self {
        Self { sockets, busy: 0 }
    }

    /// What leaves, of what comes in, at what times of the first socket; `each` is what every message in a parcel takes before.
    fn send(&mut self, coming: Vec<Parcel>, each: u64, random: &mut Random) -> Vec<Parcel> {
        let spaced = (self.sockets * 100).min(SPACED_MOST);
        let (mut free, mut scheduled) = (0_u64, 0_u64);
        let mut coming = VecDeque::from(coming);
        let mut leaving = Vec::new();
        while let Some(first) = coming.pop_front() {
            let now = first.at.max(free);
            let leaves = now.max(scheduled.saturating_sub(AHEAD));
            let mut said = first.said;
            // Whatever comes until it leaves goes along.
            while coming.front().is_some_and(|next| next.at <= leaves) {
                said.extend(coming.pop_front().into_iter().flat_map(|next| next.said));
            }
            let begins = leaves + each * said.len() as u64;
            scheduled = scheduled.max(leaves) + spaced;
            // Some sendings take longer: one in fifty twice, one in a thousand waits for whatever else a machine does.
            let slow = match random.below(1_000) {
                0 => 50_000,
                1..=20 => self.sockets * SEND,
                _ => 0,
            };
            free = begins + self.sockets * SEND + slow;
            self.busy += free - leaves;
            leaving.push(Parcel { at: begins, said });
        }
        leaving
    }
}

/// Milliseconds that half and 99 of 100 deliveries take, and how busy the busiest thread of each level is, in percent.
struct Outcome {
    half: u64,
    most: u64,
    busy: Vec<u64>,
    /// Frames from object to object, a second.
    between: u64,
}

/// A tree: how many objects each of a level has below it, and last how many people.
fn deliver(tree: &[u64], rate: u64, seconds: u64) -> Outcome {
    let mut random = Random(7);
    let mut parcels = Vec::new();
    for at in (0..seconds * 1_000).filter(|_| random.below(1_000) < rate) {
        parcels.push(Parcel { at: at * 1_000, said: vec![at * 1_000] });
    }
    let mut busy = vec![0; tree.len()];
    let mut between = 0;
    let mut took: Vec<u64> = Vec::new();
    let mut room = Fan::new(tree[0]);
    let leaving = room.send(parcels, MESSAGE, &mut random);
    busy[0] = room.busy;
    let mut level = vec![leaving];
    for (depth, below) in tree.iter().enumerate() {
        let is_last = depth + 1 == tree.len();
        let mut next = Vec::new();
        for leaving in &level {
            if is_last {
                // Of everybody below it, five who stand at even places in its row.
                for parcel in leaving {
                    for place in 0..5 {
                        let delivered = parcel.at + (2 * place + 1) * below * SEND / 10;
                        took.extend(parcel.said.iter().map(|said| delivered - said));
                    }
                }
                continue;
            }
            for child in 0..*below {
                let hop = HOPS[random.below(HOPS.len() as u64) as usize];
                let mut arrived = 0;
                let coming = leaving.iter().map(|parcel| {
                    // In one connection nothing overtakes.
                    arrived = arrived.max(parcel.at + child * SEND + hop + random.below(3_000));
                    Parcel { at: arrived, said: parcel.said.clone() }
                });
                let coming: Vec<_> = coming.collect();
                between += coming.len() as u64;
                let mut fan = Fan::new(tree[depth + 1]);
                next.push(fan.send(coming, 0, &mut random));
                busy[depth + 1] = fan.busy.max(busy[depth + 1]);
            }
        }
        level = next;
    }
    took.sort_unstable();
    let at = |part: usize| took.get(took.len() * part / 100).copied().unwrap_or_default() / 1_000;
    let busy = busy.into_iter().map(|busy| 100 * busy / (seconds * SECOND)).collect();
    Outcome { half: at(50), most: at(99), busy, between: between / seconds }
}

/// Everybody of an object comes back at once: the first wait of the page is half a second to one, each further one twice as
/// long up to half a minute, and it gives up a handshake after ten seconds. Gives, in tenths of a second, when half, and when
/// 99 of 100 are back, and how many attempts it took for each hundred people.
fn come_back(people: u64, away: u64, takes: u64) -> [u64; 3] {
    const PATIENCE: u64 = 10 * SECOND;
    let mut random = Random(11);
    let mut wait = |failures: u32| {
        let delay = (SECOND << failures.min(5)).min(30 * SECOND);
        delay / 2 + random.below(delay / 2)
    };
    let mut attempts: BinaryHeap<Reverse<(u64, u32)>> = (0..people).map(|_| Reverse((wait(0), 0))).collect();
    let (mut free, mut tried) = (away, 0);
    let mut back = Vec::new();
    while let Some(Reverse((at, failures))) = attempts.pop() {
        tried += 1;
        // Whoever asks while nobody is there is told so at once; whoever waits in vain has cost as much.
        let (done, given_up) =
            if at < away { (at, true) } else { (free.max(at) + takes, free.max(at) + takes > at + PATIENCE) };
        if at >= away {
            free = done;
        }
        match given_up {
            false => back.push(done),
            true => {
                attempts.push(Reverse((if at < away { at } else { at + PATIENCE } + wait(failures + 1), failures + 1)))
            }
        }
        if tried > 10 * people {
            break;
        }
    }
    back.sort_unstable();
    let at = |part: usize| back.get(people as usize * part / 100).map_or(u64::MAX, |at| at / (SECOND / 10));
    [at(50), at(99), 100 * tried / people]
}

/// The tables of the document: one object, relays, and coming back.
pub fn tables() -> [String; 3] {
    let share = |busy: &[u64]| busy.iter().map(|busy| format!("{busy} %")).collect::<Vec<_>>().join(", ");
    let mut one =
        String::from("| people | messages a second | half | 99 of 100 | thread |\n| --- | --- | --- | --- | --- |\n");
    for people in [1_000, 5_000, 10_000, 20_000, 32_000] {
        for rate in [2, 20] {
            let Outcome { half, most, busy, .. } = deliver(&[people], rate, 40);
            let _ = writeln!(one, "| {people} | {rate} | {half} ms | {most} ms | {} |", share(&busy));
        }
    }
    let mut relays = String::from(
        "| relays | people each | messages a second | half | 99 of 100 | threads: room, relays | frames between |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for tree in [&[20, 5_000][..], &[100, 1_000], &[320, 313], &[10, 10, 1_000]] {
        for rate in [2, 20, 100] {
            let Outcome { half, most, busy, between } = deliver(tree, rate, 10);
            let (below, each) = (&tree[..tree.len() - 1], tree[tree.len() - 1]);
            let below = below.iter().map(u64::to_string).collect::<Vec<_>>().join(" × ");
            let _ = writeln!(
                relays,
                "| {below} | {each} | {rate} | {half} ms | {most} ms | {} | {between} a second |",
                share(&busy)
            );
        }
    }
    let mut storm = String::from(
        "| who comes back | to | half | 99 of 100 | attempts a person |\n| --- | --- | --- | --- | --- |\n",
    );
    for (who, to, people) in [
        ("1,000 of one lost relay", "the relay", 1_000),
        ("all 100,000 after a deploy", "100 relays, each by itself", 1_000),
        ("all 100,000 after a deploy", "20 relays, each by itself", 5_000),
        ("2,000, today's limit", "the room", 2_000),
        ("20,000 of a room without relays", "the room", 20_000),
        ("100,000 whose relays ask the room for each", "the room", PEOPLE),
    ] {
        let [half, most, tried] = come_back(people, 2 * SECOND, RESUME);
        let at = |tenths: u64| {
            if tenths == u64::MAX {
                "never".to_owned()
            } else {
                format!("{}.{} s", tenths / 10, tenths % 10)
            }
        };
        let _ = writeln!(storm, "| {who} | {to} | {} | {} | {}.{:02} |", at(half), at(most), tried / 100, tried % 100);
    }
    [one, relays, storm]
}

fn main() {
    for table in tables() {
        println!("{table}");
    }
}
