//! How far a client has the room's history, and what it has to ask for: as `public/js/timeline.js` does it.

use crate::history::Seq;
use std::collections::BTreeSet;

/// What a client holds, by Seq.
#[derive(Default)]
pub struct Timeline {
    /// The history that Seq counts in.
    pub epoch: Option<String>,
    up_to: Seq,
    beyond: BTreeSet<Seq>,
    asked: Option<Seq>,
}

impl Timeline {
    /// Everything up to here is here or is known to be missing.
    pub fn up_to(&self) -> Seq {
        self.up_to
    }

    /// An Entry has come. Says whether it is new.
    pub fn came(&mut self, seq: Seq) -> bool {
        if seq <= self.up_to || !self.beyond.insert(seq) {
            return false;
        }
        self.catch_up();
        true
    }

    /// Everything up to here that is not here will not come.
    pub fn skip(&mut self, to: Seq) {
        self.up_to = self.up_to.max(to);
        self.catch_up();
    }

    /// Whether something is missing.
    pub fn has_hole(&self) -> bool {
        !self.beyond.is_empty()
    }

    /// The Seq to ask from, once for each hole of a connection.
    pub fn take_hole(&mut self) -> Option<Seq> {
        if !self.has_hole() || self.asked == Some(self.up_to) {
            return None;
        }
        self.asked = Some(self.up_to);
        self.asked
    }

    /// A new connection: whatever was asked before is asked again.
    pub fn connected(&mut self) {
        self.asked = None;
    }

    fn catch_up(&mut self) {
        self.beyond.retain(|seq| *seq > self.up_to);
        while self.beyond.remove(&(self.up_to + 1)) {
            self.up_to += 1;
        }
    }
}
