//! What was to be reached, and whether it was: ratios to what ran in the same way on the same machine.

use super::tables::a_minute;
use super::words::figure;
use super::Records;
use crate::contestant::Contestant::{self, Minimal, MinimalRow, Ours};
use crate::record::{Figures, Record};

/// One of them.
struct Target {
    what: &'static str,
    measured: Option<f64>,
    /// The least and the most in a single round, where there were several.
    between: Option<(f64, f64)>,
    /// The measured figure is to be at most this, or at least.
    reach: Reach,
    unit: &'static str,
    /// A record it rests on was limited by the client.
    doubtful: bool,
}

enum Reach {
    AtMost(f64),
    AtLeast(f64),
}

/// Each with its verdict.
pub fn table(records: &Records) -> String {
    let mut table = "| | measured | to reach | |\n| --- | --- | --- | --- |\n".to_owned();
    for target in all(records) {
        let (bound, reached) = match target.reach {
            Reach::AtMost(most) => (format!("≤ {most}"), target.measured.map(|measured| measured <= most)),
            Reach::AtLeast(least) => (format!("≥ {least}"), target.measured.map(|measured| measured >= least)),
        };
        let verdict = match reached {
            Some(true) => "met",
            Some(false) => "**not met**",
            None => "not measured",
        };
        let doubt = if target.doubtful { " \\*" } else { "" };
        let (what, measured, unit) = (target.what, figure(target.measured), target.unit);
        let between = target
            .between
            .map_or_else(String::new, |(least, most)| format!(" ({} to {})", figure(Some(least)), figure(Some(most))));
        table += &format!("| {what} | {measured} {unit}{between} | {bound} {unit} | {verdict}{doubt} |\n");
    }
    table
}

fn all(records: &Records) -> Vec<Target> {
    use Reach::{AtLeast, AtMost};
    let ratio = |what, cell: &str, of: fn(&Figures) -> Option<f64>, over: (Contestant, Contestant), reach| {
        let [found, base] = [over.0, over.1].map(|contestant| records.find(cell, contestant));
        let pair = found.zip(base);
        let measured = pair.and_then(|(found, base)| over_base(of, &found.figures, &base.figures));
        let between = pair.and_then(|(found, base)| between(of, &found.rounds, &base.rounds));
        Target { what, measured, between, reach, unit: "×", doubtful: is_doubtful(found) || is_doubtful(base) }
    };
    let alone = |what, cell: &str, of: &dyn Fn(&Record) -> Option<f64>, reach, unit| {
        let found = records.find(cell, Ours);
        Target { what, measured: found.and_then(of), between: None, reach, unit, doubtful: is_doubtful(found) }
    };
    let cpu: fn(&Figures) -> Option<f64> = |figures| figures.cpu_us_a_delivery;
    let join = |members: f64| Some(records.find(&format!("J-{members}"), Ours)?.figures.join_s? / members);
    let repeated =
        |record: &Record| (record.counts.missed > 0).then(|| record.counts.resent as f64 / record.counts.missed as f64);
    let idle = |contestant| records.find("I-1000", contestant).map(a_minute);
    vec![
        ratio("A: CPU a delivery, to the minimal object that writes a row", "A", cpu, (Ours, MinimalRow), AtMost(1.0)),
        ratio("A: CPU a delivery, to the one that writes nothing", "A", cpu, (Ours, Minimal), AtMost(1.5)),
        ratio("A: p99, to the one that writes nothing", "A", |figures| figures.p99_ms, (Ours, Minimal), AtMost(1.2)),
        ratio("J: 1,000 join, to the minimal object", "J-1000", |figures| figures.join_s, (Ours, Minimal), AtMost(1.5)),
        Target {
            what: "J: the time a join takes, of 1,000 to that of 250 (linear is 1)",
            measured: join(1_000.0).zip(join(250.0)).map(|(many, few)| many / few),
            between: None,
            reach: AtMost(1.2),
            unit: "×",
            doubtful: false,
        },
        ratio(
            "B: memory a connection, to the minimal object",
            "B",
            |figures| figures.memory_kb_a_connection,
            (Ours, Minimal),
            AtMost(1.2),
        ),
        ratio("C: CPU a delivery, to the minimal object", "C", cpu, (Ours, Minimal), AtMost(1.2)),
        ratio(
            "D at 80 a second: CPU a delivery, the minimal object's to ours",
            "D-80",
            cpu,
            (Minimal, Ours),
            AtLeast(3.0),
        ),
        alone("D at 80 a second: p99", "D-80", &|record| record.figures.p99_ms, AtMost(75.0), "ms"),
        alone("D at 160 a second: lost", "D-160", &|record| Some(record.counts.lost as f64), AtMost(0.0), ""),
        alone("R: sent to who comes back, to what was missed", "R", &repeated, AtMost(1.1), "×"),
        Target {
            what: "I: CPU with 1,000 connections, to the minimal object",
            measured: idle(Ours).zip(idle(Minimal)).map(|(ours, minimal)| ours / minimal),
            between: None,
            reach: AtMost(1.2),
            unit: "×",
            doubtful: false,
        },
    ]
}

fn over_base(of: fn(&Figures) -> Option<f64>, found: &Figures, base: &Figures) -> Option<f64> {
    Some(of(found)? / of(base)?)
}

/// The least and the most of the ratios of each round, by its number, if both had as many.
fn between(of: fn(&Figures) -> Option<f64>, found: &[Figures], base: &[Figures]) -> Option<(f64, f64)> {
    if found.len() != base.len() {
        return None;
    }
    let ratios = || found.iter().zip(base).filter_map(|(found, base)| over_base(of, found, base));
    ratios().min_by(f64::total_cmp).zip(ratios().max_by(f64::total_cmp))
}

fn is_doubtful(record: Option<&Record>) -> bool {
    record.is_some_and(|record| record.figures.client_was_limit)
}
