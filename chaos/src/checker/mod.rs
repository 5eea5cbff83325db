//! The judge: from what every client said and saw, and from what the log and the Archive hold at the end, everything that
//! breaks a promise. It knows neither sockets nor clocks, and nothing of the room's rules but the promises:
//!
//! what was acknowledged reaches everybody who stayed or came back; no Seq twice and none skipped, unless a gap was told;
//! Seq grows for each receiver; the same Seq is the same everywhere; what was not acknowledged is there at most once; log,
//! Archive and every client agree at the end; nothing of a room is seen outside of it.

mod canon;
mod kept;
mod receiver;
#[cfg(test)]
mod tests;

use crate::history::{RoomRun, Seq};
use canon::Canon;
use std::fmt;

/// What kind of promise was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An Entry did not reach a client, and no gap was told.
    Lost,
    /// A Seq that nobody was ever told of, below one that somebody was.
    Skipped,
    /// One thing that was said has two places, or one place is in the Archive twice.
    Doubled,
    /// A client was told of an Entry after a later one, without having asked.
    Swapped,
    /// The same Seq says different things, or something that nobody has said.
    Altered,
    /// Something of one room was seen outside of it.
    Leaked,
    /// A gap was told that there was no need for.
    NeedlessGap,
    /// What was acknowledged or delivered is not in the log.
    NotInLog,
    /// What is in the log is not in the Archive.
    NotInArchive,
    /// Two of log, Archive and clients disagree on what a message is at the end.
    Disagreed,
    /// What was refused for good is there nevertheless.
    Refused,
    /// A client was refused what it may do, or did not come to an end.
    TurnedAway,
}

/// One broken promise, with the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub kind: Kind,
    pub room: String,
    pub seq: Option<Seq>,
    /// The clients that saw it.
    pub clients: Vec<usize>,
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        write!(to, "{:?} in {}", self.kind, self.room)?;
        if let Some(seq) = self.seq {
            write!(to, ", Seq {seq}")?;
        }
        write!(to, ", clients {:?}: {}", self.clients, self.detail)
    }
}

/// What was found so far in one room.
struct Findings<'a> {
    room: &'a RoomRun,
    found: Vec<Violation>,
}

impl Findings<'_> {
    fn add(&mut self, kind: Kind, seq: Option<Seq>, clients: &[usize], detail: impl Into<String>) {
        let (room, clients) = (self.room.name.clone(), clients.to_vec());
        self.found.push(Violation { kind, room, seq, clients, detail: detail.into() });
    }
}

/// All broken promises; none for a clean run.
pub fn judge(rooms: &[RoomRun]) -> Vec<Violation> {
    rooms.iter().flat_map(|room| judge_room(room, rooms)).collect()
}

fn judge_room(room: &RoomRun, rooms: &[RoomRun]) -> Vec<Violation> {
    let mut findings = Findings { room, found: Vec::new() };
    let canon = Canon::of(room, rooms, &mut findings);
    for client in &room.clients {
        receiver::judge(client, &canon, &mut findings);
    }
    kept::log(&canon, &mut findings);
    kept::archive(&canon, &mut findings);
    for shown in &room.shown_to_strangers {
        findings.add(Kind::Leaked, None, &[], format!("a stranger was answered {shown}"));
    }
    findings.found
}
