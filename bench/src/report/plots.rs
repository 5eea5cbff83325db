//! Which plots there are, and what is in them.

use super::plot::{bars, lines, Bar, Line, Point};
use super::words::name;
use super::Records;
use crate::contestant::Contestant;
use crate::record::{Figures, Record};

/// Each with the name of its file.
pub fn all(records: &Records) -> [(&'static str, String); 4] {
    let over_rate = |title, of: fn(&Figures) -> Option<f64>| {
        let at = ["20", "40", "80", "160"];
        lines(title, "messages a second to 500", &at, &series(records, "D", &at, of), true)
    };
    let members = ["250", "500", "1000"];
    [
        ("p99", over_rate("p99 of a delivery, ms", |figures| figures.p99_ms)),
        ("cpu-rate", over_rate("CPU of the server a delivery, µs", |figures| figures.cpu_us_a_delivery)),
        ("cpu", cpu(records)),
        (
            "joins",
            lines(
                "Everybody has joined, s",
                "join at once",
                &members,
                &series(records, "J", &members, |figures| figures.join_s),
                false,
            ),
        ),
    ]
}

fn series(records: &Records, scenario: &str, at: &[&str], of: fn(&Figures) -> Option<f64>) -> Vec<Line> {
    let point =
        |record: &Record| Some(Point { value: of(&record.figures)?, doubtful: record.figures.client_was_limit });
    let line = |contestant| {
        let points = at.iter().map(|size| point(records.find(&format!("{scenario}-{size}"), contestant)?));
        Line { name: name(contestant), class: contestant.name(), points: points.collect() }
    };
    Contestant::ALL.into_iter().map(line).filter(|line| line.points.iter().any(Option::is_some)).collect()
}

fn cpu(records: &Records) -> String {
    let groups = [
        ("A", "A: 100 people, 20 messages a second"),
        ("B", "B: 1,000 people, 2 a second"),
        ("C", "C: 50 rooms of 20, 1 a second each"),
        ("D-80", "D: 500 people, 80 a second"),
    ];
    let group = |(cell, title): (&str, &'static str)| {
        let bar = |(contestant, record): (Contestant, &Record)| {
            let (value, doubtful) = (record.figures.cpu_us_a_delivery?, record.figures.client_was_limit);
            Some(Bar { name: name(contestant), class: contestant.name(), value: Point { value, doubtful } })
        };
        (title, records.of_cell(cell).filter_map(bar).collect())
    };
    bars("CPU of the server a delivery, µs", &groups.map(group))
}
