//! What the command line says.

use crate::nemesis::Fault;
use std::time::Duration;

const USAGE: &str = "usage: scripts/chaos [--minutes N] [--seed S] [--nemesis NAME,…] [--scenario mixed|cuts|both]";

/// How to run.
pub struct Options {
    pub time: Duration,
    pub seed: u64,
    pub faults: Vec<Fault>,
    /// Everything breaks, or 100 clients are cut five times a second, or the one after the other.
    pub mixed: bool,
    pub cuts: bool,
}

impl Options {
    /// Reads the arguments after the program's name; the error is what is wrong with them.
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            time: Duration::from_secs(120),
            seed: fastrand::u64(..1_000_000_000),
            faults: Fault::ALL.map(|(fault, ..)| fault).to_vec(),
            mixed: true,
            cuts: false,
        };
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or(USAGE)?;
            match (name.as_str(), value.as_str()) {
                ("--minutes", minutes) => {
                    let minutes = minutes.parse().ok().filter(|minutes: &f64| *minutes > 0.0 && *minutes < 1e5);
                    options.time = Duration::from_secs_f64(minutes.ok_or(USAGE)? * 60.0);
                }
                ("--seed", seed) => options.seed = seed.parse().map_err(|_| USAGE)?,
                ("--nemesis", names) => options.faults = names.split(',').map(fault).collect::<Result<_, _>>()?,
                ("--scenario", "mixed") => (options.mixed, options.cuts) = (true, false),
                ("--scenario", "cuts") => (options.mixed, options.cuts) = (false, true),
                ("--scenario", "both") => (options.mixed, options.cuts) = (true, true),
                _ => return Err(USAGE.to_owned()),
            }
        }
        Ok(options)
    }
}

fn fault(name: &str) -> Result<Fault, String> {
    let found = Fault::ALL.iter().find(|(_, one, _)| *one == name).map(|(fault, ..)| *fault);
    let names = || Fault::ALL.map(|(_, name, _)| name).join(", ");
    found.ok_or_else(|| format!("{name:?} is no nemesis; there are {}", names()))
}
