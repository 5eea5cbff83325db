//! The log and the Archive at the end, judged against what was acknowledged and delivered.

use super::canon::Canon;
use super::{Findings, Kind};
use crate::history::{Entry, Seq, State, Wanted, What};
use std::collections::BTreeMap;

/// Judges the log.
pub fn log(canon: &Canon, findings: &mut Findings) {
    let log = &findings.room.log;
    if let Some(pair) = log.windows(2).find(|pair| pair[0].seq >= pair[1].seq) {
        findings.add(Kind::Doubled, Some(pair[1].seq), &[], "the log is not in order");
    }
    let first = log.first().map_or(1, |entry| entry.seq);
    if first > 1 && log.len() < findings.room.keeps {
        let detail = format!("only {} messages are left, from {first} on", log.len());
        findings.add(Kind::NotInLog, Some(first), &[], detail);
    }
    let kept: BTreeMap<Seq, &Entry> = log.iter().map(|entry| (entry.seq, entry)).collect();
    for (seq, place) in canon.places.range(first..) {
        if !matches!(place.wanted, Wanted::Send { .. }) {
            continue;
        }
        match kept.get(seq) {
            None => {
                let acked = if place.acked { "acknowledged" } else { "delivered" };
                findings.add(Kind::NotInLog, Some(*seq), &[], format!("{} by {} was {acked}", place.id, place.author));
            }
            Some(entry) => agrees(entry, "the log", canon, findings),
        }
    }
}

/// Judges the Archive: all that is in the log is there once. What the log no longer keeps may still be there.
pub fn archive(canon: &Canon, findings: &mut Findings) {
    let Some(archive) = &findings.room.archive else { return };
    let mut kept: BTreeMap<Seq, &Entry> = BTreeMap::new();
    for entry in archive {
        if kept.insert(entry.seq, entry).is_some() {
            findings.add(Kind::Doubled, Some(entry.seq), &[], "the Archive has it twice");
        }
    }
    for entry in &findings.room.log {
        match kept.get(&entry.seq) {
            None => findings.add(Kind::NotInArchive, Some(entry.seq), &[], entry.id.clone()),
            Some(entry) => agrees(entry, "the Archive", canon, findings),
        }
    }
}

fn agrees(entry: &Entry, who: &str, canon: &Canon, findings: &mut Findings) {
    let State { text, edited, deleted, .. } = match &entry.what {
        What::Message(state) if canon.at_last(entry.seq) == Some(state) => return,
        What::Message(state) => state,
        _ => return findings.add(Kind::Altered, Some(entry.seq), &[], format!("{who} has no message there")),
    };
    let detail = format!("{who} has {text:?}, {edited:?}, {deleted:?}, and it is {:?}", canon.at_last(entry.seq));
    findings.add(Kind::Disagreed, Some(entry.seq), &[], detail);
}
