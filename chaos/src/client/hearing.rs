//! What a client makes of the frames it hears.

use super::Client;
use crate::frame::Frame;
use crate::history::{Event, Seq, Wanted, What};
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

impl Client {
    pub(super) fn hear(&mut self, text: &str) {
        match self.world.frames.read(text) {
            Ok(frames) => frames.into_iter().for_each(|frame| self.take(frame)),
            Err(error) => self.note(Event::TurnedAway(error)),
        }
    }

    fn take(&mut self, frame: Frame) {
        match frame {
            Frame::Welcome { seq, epoch } => self.welcomed(seq, epoch),
            Frame::Entry(entry) => {
                let is_own = entry.author == self.seat.person.id;
                if is_own {
                    self.answered(&entry.id);
                }
                let is_new = self.came(entry.seq);
                if is_new && matches!(entry.what, What::Message(_)) {
                    self.mouth.heard(entry.seq, is_own);
                }
                self.note(Event::Heard(entry));
            }
            Frame::Ack { id, seq, at } => {
                self.answered(&id);
                self.note(Event::Acked { id, seq, at });
            }
            Frame::Gap { epoch, from, to, reason } => {
                self.world.counts.gaps.add(1);
                self.timeline.epoch = Some(epoch);
                self.timeline.skip(to);
                let is_resuming = self.line.as_ref().is_some_and(|line| line.is_resuming);
                self.world.counts.given_up.add(self.outbox.give_up(is_resuming) as u64);
                self.resumed();
                self.note(Event::Gap { from, to, reason });
            }
            Frame::Error { code, id, retry_after } => self.refused(code, id, retry_after),
            Frame::Other => {}
        }
    }

    fn welcomed(&mut self, seq: Seq, epoch: String) {
        let Some(line) = &mut self.line else { return };
        line.welcomed = Some(seq);
        line.is_resuming = seq > self.timeline.up_to();
        self.seat.status.is_online.store(true, Relaxed);
        if std::mem::replace(&mut self.was_online, true) {
            self.world.counts.reconnects.add(1);
        }
        self.timeline.epoch.get_or_insert(epoch);
        self.timeline.connected();
        self.outbox.connected();
        let since = self.timeline.up_to();
        self.note(Event::Welcomed { since, seq });
    }

    fn resumed(&mut self) {
        if let Some(line) = &mut self.line {
            line.is_resuming = false;
        }
    }

    /// Counts an Entry that was sent to it. Says whether it is new.
    fn came(&mut self, seq: Seq) -> bool {
        let is_new = self.timeline.came(seq);
        self.seat.place.hear_of(seq);
        self.resumed();
        let counts = &self.world.counts;
        let is_resumed = self.line.as_ref().and_then(|line| line.welcomed).is_some_and(|welcomed| seq <= welcomed);
        if is_new {
            counts.deliveries.add(1);
        }
        if is_resumed || !is_new {
            counts.repeats.add(1);
            counts.missed.add(u64::from(is_new));
        }
        is_new
    }

    /// The room has what this client said; an ack says so, and the Entry itself does.
    fn answered(&mut self, id: &str) {
        let counts = &self.world.counts;
        match self.outbox.settle(id) {
            Some(Wanted::Send { .. }) => counts.messages.add(1),
            Some(Wanted::Edit { .. }) => counts.edits.add(1),
            Some(Wanted::Delete { .. }) => counts.deletions.add(1),
            Some(Wanted::React { .. }) => counts.reactions.add(1),
            None => {}
        }
    }

    fn refused(&mut self, code: String, id: Option<String>, retry_after: u64) {
        let wait = Duration::from_secs(retry_after);
        let is_passing = matches!(code.as_str(), "slow_down" | "busy" | "internal" | "starting");
        match id {
            Some(id) if is_passing => {
                self.world.counts.put_off.add(1);
                self.outbox.again_after(&id, wait);
            }
            Some(id) => {
                self.world.counts.refused.add(1);
                self.outbox.settle(&id);
                self.note(Event::Refused { id, code });
            }
            // It was what it asked for: the hole is still there, and may be asked for later.
            None => {
                self.timeline.connected();
                if let Some(line) = &mut self.line {
                    line.hole = Some(Instant::now() + wait);
                }
            }
        }
    }
}
