//! What the command line says.

use crate::contestant::Contestant;
use crate::scenario::{self, Cell};
use crate::server;
use std::path::PathBuf;
use std::time::Duration;

const USAGE: &str =
    "usage: scripts/bench [--scenario A,B,…] [--contestant NAME,…] [--seconds N] [--rounds N] [--seed S] [--into DIR] \
[--short] [--report]";

/// How to run.
pub struct Options {
    /// Scenarios, or single cells of them: `D`, `D-80`.
    pub scenarios: Vec<String>,
    pub contestants: Vec<Contestant>,
    /// How long each cell is counted; the idle one otherwise than the rest.
    pub time: Option<Duration>,
    /// How often each cell is measured, all contestants in turn each time.
    pub rounds: u64,
    pub seed: u64,
    /// Small and soon over, judged for correctness only; nothing is kept.
    pub short: bool,
    /// Where records are.
    pub records: PathBuf,
    /// Measure nothing, and write the report of the records that are there.
    pub report: bool,
}

impl Options {
    /// Reads the arguments after the program's name; the error is what is wrong with them.
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            scenarios: scenario::ALL.map(String::from).to_vec(),
            contestants: Contestant::ALL.to_vec(),
            time: None,
            rounds: 1,
            seed: 7,
            short: false,
            records: server::root().join("docs/bench/raw"),
            report: false,
        };
        while let Some(name) = arguments.next() {
            match name.as_str() {
                "--short" => options.short = true,
                "--report" => options.report = true,
                _ => options.take(&name, &arguments.next().ok_or(USAGE)?)?,
            }
        }
        match options.scenarios.iter().find(|name| options.named(name).is_empty()) {
            Some(name) => Err(format!("{name:?} is no scenario")),
            None => Ok(options),
        }
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "--scenario" => self.scenarios = value.split(',').map(str::to_owned).collect(),
            "--contestant" => self.contestants = value.split(',').map(contestant).collect::<Result<_, _>>()?,
            "--seconds" => {
                let seconds = value.parse().ok().filter(|seconds: &f64| *seconds >= 1.0 && *seconds < 1e5);
                self.time = Some(Duration::from_secs_f64(seconds.ok_or(USAGE)?));
            }
            "--rounds" => {
                self.rounds = value.parse().ok().filter(|rounds| (1..=100).contains(rounds)).ok_or(USAGE)?;
            }
            "--seed" => self.seed = value.parse().map_err(|_| USAGE)?,
            "--into" => self.records = PathBuf::from(value),
            _ => return Err(USAGE.to_owned()),
        }
        Ok(())
    }

    /// All cells that were asked for, in the order of their names.
    pub fn cells(&self) -> Vec<Cell> {
        self.scenarios.iter().flat_map(|name| self.named(name)).collect()
    }

    fn named(&self, name: &str) -> Vec<Cell> {
        let Some(scenario) = name.chars().next() else { return Vec::new() };
        let mut cells = scenario::cells(scenario, self.time(scenario), self.short);
        cells.retain(|cell| cell.is_named(name));
        cells
    }

    /// How long a cell of this scenario is counted.
    fn time(&self, scenario: char) -> Duration {
        let usual = match (scenario, self.short) {
            (scenario::LONG, false) => Duration::from_secs(300),
            (_, true) => Duration::from_secs(1),
            (_, false) => Duration::from_secs(15),
        };
        self.time.unwrap_or(usual)
    }
}

fn contestant(name: &str) -> Result<Contestant, String> {
    let names = || Contestant::ALL.map(Contestant::name).join(", ");
    Contestant::named(name).ok_or_else(|| format!("{name:?} is no contestant; there are {}", names()))
}
