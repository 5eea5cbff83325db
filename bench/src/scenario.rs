//! What is put on each contestant.

use std::time::Duration;

/// The letters by which scenarios are known.
pub const ALL: [char; 6] = ['A', 'B', 'C', 'D', 'R', 'J'];
/// What takes long and is run only when it is asked for.
pub const LONG: char = 'I';

/// One measurement: a scenario at one size.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    pub scenario: char,
    pub rooms: usize,
    pub members: usize,
    /// Messages a second in each room.
    pub rate: f64,
    /// Connections cut a second.
    pub cuts: f64,
    /// How long it is counted, and how long the same load runs before that.
    pub time: Duration,
    pub before: Duration,
    /// How long everybody is there before anything is said: until presence, and what else joining brings, is over.
    pub quiet: Duration,
}

/// What a cell is called: the scenario and, where it has several sizes, the size.
pub fn name(scenario: &str, members: usize, rate: f64) -> String {
    match scenario {
        "D" => format!("D-{rate}"),
        "J" | "I" => format!("{scenario}-{members}"),
        _ => scenario.to_owned(),
    }
}

impl Cell {
    /// Whether this names it: `D` all four of its sizes, `D-80` one.
    pub fn is_named(&self, name: &str) -> bool {
        let scenario = self.scenario.to_string();
        name == scenario || name == self::name(&scenario, self.members, self.rate)
    }
}

/// The cells of a scenario that lasts so long; `short` ones have the same shape and are small.
pub fn cells(scenario: char, time: Duration, short: bool) -> Vec<Cell> {
    let [before, quiet] = if short { [200, 200] } else { [2_000, 1_500] }.map(Duration::from_millis);
    let cell = |rooms, members, rate| Cell { scenario, rooms, members, rate, cuts: 0.0, time, before, quiet };
    match (scenario, short) {
        ('A', false) => vec![cell(1, 100, 20.0)],
        ('A', true) => vec![cell(1, 40, 20.0)],
        ('B', false) => vec![cell(1, 1_000, 2.0)],
        ('B', true) => vec![cell(1, 100, 2.0)],
        ('C', false) => vec![cell(50, 20, 1.0)],
        ('C', true) => vec![cell(10, 10, 1.0)],
        ('D', false) => [20.0, 40.0, 80.0, 160.0].map(|rate| cell(1, 500, rate)).to_vec(),
        ('D', true) => vec![cell(1, 50, 160.0)],
        ('R', false) => vec![Cell { cuts: 5.0, ..cell(1, 100, 20.0) }],
        ('R', true) => vec![Cell { cuts: 5.0, ..cell(1, 40, 20.0) }],
        ('J', false) => [250, 500, 1_000].map(|members| cell(1, members, 0.0)).to_vec(),
        ('J', true) => vec![cell(1, 100, 0.0)],
        (LONG, false) => vec![cell(1, 1_000, 0.0), cell(1, 0, 0.0)],
        (LONG, true) => vec![cell(1, 50, 0.0)],
        _ => Vec::new(),
    }
}
