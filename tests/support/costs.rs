//! What something costs, in what the providers bill, as counted: the first table of docs/cost.md. The live tests hold what
//! stands there to what the runtime and Redis count; `scripts/cost --price` and its test make money of it.

#![allow(dead_code, reason = "each program uses a part of it")]

use std::ops::{Add, Mul, Sub};

/// What is spent. Whole numbers where it was counted, parts where it was reckoned.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// Requests of the Worker. Static files never reach it.
    pub worker: f64,
    /// Requests of objects, and alarms that came.
    pub objects: f64,
    /// Rows read.
    pub read: f64,
    /// Rows written, and alarms that were set.
    pub written: f64,
    /// Commands of Redis, those inside scripts too.
    pub commands: f64,
}

impl Cost {
    fn zip(self, other: Self, with: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            worker: with(self.worker, other.worker),
            objects: with(self.objects, other.objects),
            read: with(self.read, other.read),
            written: with(self.written, other.written),
            commands: with(self.commands, other.commands),
        }
    }
}

impl Cost {
    /// Of each figure the larger one.
    pub fn most(self, other: Self) -> Self {
        self.zip(other, f64::max)
    }
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.zip(other, |one, two| one + two)
    }
}

impl Sub for Cost {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.zip(other, |one, two| one - two)
    }
}

impl Mul<f64> for Cost {
    type Output = Self;

    fn mul(self, times: f64) -> Self {
        self.zip(self, |one, _| one * times)
    }
}

/// Where a deployment keeps its Directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// In an object of its own.
    Embedded,
    /// In Redis, with the history.
    Redis,
}

/// What docs/cost.md says that this costs.
#[track_caller]
pub fn stated(what: &str, store: Store) -> Cost {
    let document = include_str!("../../docs/cost.md");
    let row = document.lines().find_map(|line| line.strip_prefix(&format!("| {what} | ")));
    let row = row.unwrap_or_else(|| panic!("docs/cost.md has no row for {what}"));
    let cells: Vec<f64> = row.trim_end_matches([' ', '|']).split(" | ").map(|cell| cell.parse().unwrap()).collect();
    let [worker, objects, read, written, redis_objects, redis_read, redis_written, commands] = cells[..] else {
        panic!("eight figures, not {row}");
    };
    match store {
        Store::Embedded => Cost { worker, objects, read, written, commands: 0.0 },
        Store::Redis => Cost { worker, objects: redis_objects, read: redis_read, written: redis_written, commands },
    }
}
