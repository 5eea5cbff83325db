//! What is counted while clients talk.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A number that many threads count up.
#[derive(Default)]
pub struct Count(AtomicU64);

impl Count {
    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// Everything that the report tells of clients.
#[derive(Default)]
pub struct Counts {
    /// Entries that the room acknowledged, by what they are.
    pub messages: Count,
    pub edits: Count,
    pub deletions: Count,
    pub reactions: Count,
    /// Entries that reached a client for the first time.
    pub deliveries: Count,
    /// Connections that ended, and connections that began after one.
    pub cuts: Count,
    pub reconnects: Count,
    /// Gaps that were told.
    pub gaps: Count,
    /// Entries that came in a resume or once more, and those of them that the client lacked.
    pub repeats: Count,
    pub missed: Count,
    /// Times that a client asked for what was missing in the middle of a connection.
    pub holes: Count,
    /// What was refused for good, and put off by `slow_down` or `busy`.
    pub refused: Count,
    pub put_off: Count,
    /// What was handed over and not answered before a gap, and so is not handed over again.
    pub given_up: Count,
    /// Sockets that the room closed itself, with 1013.
    pub closed_as_slow: Count,
}

impl Counts {
    /// One line.
    pub fn line(&self) -> String {
        let Self { messages, edits, deletions, reactions, deliveries, reconnects, gaps, .. } = self;
        let changes = [edits, deletions, reactions].map(Count::get);
        format!(
            "{} messages, {} edits, {} deletions, {} reactions acknowledged; {} deliveries, {} reconnects, {} gaps",
            messages.get(),
            changes[0],
            changes[1],
            changes[2],
            deliveries.get(),
            reconnects.get(),
            gaps.get()
        )
    }
}
