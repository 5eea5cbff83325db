//! A table for each cell, and what it all ran on.

use super::words::{figure, name, whole};
use super::Records;
use crate::contestant::Contestant;
use crate::record::Record;
use std::collections::{BTreeMap, BTreeSet};

/// Who was measured when, on what.
pub fn measured(records: &Records) -> String {
    let mut machines: BTreeMap<(&str, &str, bool), BTreeSet<String>> = BTreeMap::new();
    for record in &records.0 {
        let versions = machines.entry((&record.date, &record.machine, record.pinned)).or_default();
        versions.extend(record.versions.iter().map(|(name, version)| format!("{name} {version}")));
    }
    let line = |((date, machine, pinned), versions): (&(&str, &str, bool), &BTreeSet<String>)| {
        let cores = if *pinned { "server and client on a core each" } else { "nothing pinned to a core" };
        let versions = versions.iter().cloned().collect::<Vec<_>>().join(", ");
        format!("- {date}: {machine}; {cores}; {versions}\n")
    };
    let seconds = |is_load: bool| {
        let of_kind = records.0.iter().filter(|record| is_load == (record.rate > 0.0) && record.scenario != "J");
        let all: BTreeSet<u64> = of_kind.map(|record| record.seconds.round() as u64).collect();
        all.iter().map(u64::to_string).collect::<Vec<_>>().join(" or ")
    };
    let lines: String = machines.iter().map(line).collect();
    let rounds = |record: &Record| record.rounds.len().max(1);
    let often: BTreeSet<usize> = records.0.iter().map(rounds).collect();
    let several: BTreeSet<String> = records.0.iter().filter(|record| rounds(record) > 1).map(Record::cell).collect();
    let often = often.iter().map(usize::to_string).collect::<Vec<_>>().join(" or ");
    let several = several.into_iter().collect::<Vec<_>>().join(", ");
    let rounds =
        if several.is_empty() { String::new() } else { format!(", in {often} rounds ({several} in more than one)") };
    format!("{lines}- loads counted for {} s each, idleness for {} s{rounds}\n", seconds(true), seconds(false))
}

/// Everybody under a load.
pub fn load(records: &Records, cell: &str) -> String {
    let mut table =
        "| | came | wrong | p50 ms | p95 | p99 | max | CPU, µs a delivery | bytes | frames | KB a connection |\n\
                     | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
            .to_owned();
    for (contestant, record) in records.of_cell(cell) {
        let (counts, figures) = (&record.counts, &record.figures);
        let came = format!("{} of {}", whole(counts.delivered), whole(counts.expected));
        table += &format!(
            "| {} | {came} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            title(contestant, record),
            wrong(record),
            figure(figures.p50_ms),
            figure(figures.p95_ms),
            figure(figures.p99_ms),
            figure(figures.max_ms),
            cpu(record),
            figure(figures.bytes_a_delivery),
            figure(figures.frames_a_delivery),
            figure(figures.memory_kb_a_connection),
        );
    }
    table
}

/// Everybody as many join at once.
pub fn joins(records: &Records) -> String {
    let mut table = "| | 250 join, s | 500 | 1,000 | 1,000 have a first message, s | KB a connection at 1,000 |\n\
                     | --- | --- | --- | --- | --- | --- |\n"
        .to_owned();
    for contestant in Contestant::ALL {
        let find = |members: u32| records.find(&format!("J-{members}"), contestant);
        let Some(most) = find(1_000) else { continue };
        let joined = |members| figure(find(members).and_then(|record| record.figures.join_s));
        table += &format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            title(contestant, most),
            joined(250),
            joined(500),
            joined(1_000),
            figure(most.figures.first_message_s),
            figure(most.figures.memory_kb_a_connection),
        );
    }
    table
}

/// Everybody with nothing to do.
pub fn idle(records: &Records) -> String {
    let mut table = "| | with 1,000 connections, CPU ms a minute | with none |\n| --- | --- | --- |\n".to_owned();
    for contestant in Contestant::ALL {
        let spent = |members: u32| records.find(&format!("I-{members}"), contestant).map(a_minute);
        let Some(with) = spent(1_000) else { continue };
        table += &format!("| {} | {} | {} |\n", name(contestant), figure(Some(with)), figure(spent(0)));
    }
    table
}

/// CPU in milliseconds a minute, of all its processes.
pub fn a_minute(record: &Record) -> f64 {
    record.figures.cpu_s.values().sum::<f64>() * 1e3 / (record.figures.counted_s / 60.0)
}

fn title(contestant: Contestant, record: &Record) -> String {
    format!("{}{}", name(contestant), if record.figures.client_was_limit { " \\*" } else { "" })
}

fn wrong(record: &Record) -> String {
    let counts = &record.counts;
    let all = [
        (counts.lost, "lost"),
        (counts.doubled, "doubled"),
        (counts.disordered, "disordered"),
        (counts.altered, "altered"),
        (counts.unacknowledged, "without ack"),
    ];
    let wrong = all.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{} {what}", whole(*count)));
    let wrong: Vec<String> = wrong.collect();
    if wrong.is_empty() {
        "nothing".to_owned()
    } else {
        wrong.join(", ")
    }
}

/// Of all processes; where there are several, of workerd's alone too.
fn cpu(record: &Record) -> String {
    let (figures, all) = (&record.figures, figure(record.figures.cpu_us_a_delivery));
    let sum: f64 = figures.cpu_s.values().sum();
    match (figures.cpu_us_a_delivery, figures.cpu_s.get("workerd")) {
        (Some(each), Some(worker)) if figures.cpu_s.len() > 1 && sum > 0.0 => {
            format!("{all}; workerd {}", figure(Some(each * worker / sum)))
        }
        _ => all,
    }
}
