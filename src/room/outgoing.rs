//! What goes out of a room: frames for one connection or for all, that leave together when the schedule lets them.
//!
//! A send costs the runtime 12 to 31 µs of CPU whatever the language (measured), so a busy room sends less often: one
//! frame for several messages. A lone message leaves at once. Pure: the object has the sockets and the timer.

use super::attachment::ConnectionId;
use crate::domain::time::Millis;

/// How many connections a millisecond of the schedule is for. They take a sixth of a millisecond of CPU, so a room spends a
/// sixth of its time on sending, however much is said.
const PER_MILLISECOND: usize = 8;

/// The same for a sending that had one message only: the wait before it saved nothing, so the next one is shorter. Where
/// messages come as seldom as that, none waits; where two meet, it is worth waiting for more.
const OF_ONE_PER_MILLISECOND: usize = 25;

/// What one sending takes of the schedule at most, and so the longest that anything waits.
pub const WAITS_MOST: Millis = 60;

/// So far the schedule may be ahead of the clock: two or three messages in a row don't wait for each other.
const AHEAD: Millis = 10;

/// Whom a frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// One connection.
    One(ConnectionId),
    /// Every connection but, perhaps, one.
    All(Option<ConnectionId>),
}

/// Frames as text, in the order in which they leave.
#[derive(Debug, Default)]
pub struct Parcel(Vec<(To, String)>);

impl Parcel {
    /// Whether any frame is for all.
    fn is_for_all(&self) -> bool {
        self.0.iter().any(|(to, _)| matches!(to, To::All(_)))
    }

    /// The frames that go to every connection that nothing sets apart.
    pub fn common(&self) -> Vec<&str> {
        self.0.iter().filter(|(to, _)| matches!(to, To::All(_))).map(|(_, text)| text.as_str()).collect()
    }

    /// Whether a frame is for this connection alone, or for all but it.
    pub fn sets_apart(&self, id: ConnectionId) -> bool {
        self.0.iter().any(|(to, _)| matches!(to, To::One(one) | To::All(Some(one)) if *one == id))
    }

    /// The frames for a connection that came when the first `before` were waiting already.
    pub fn for_one(&self, id: ConnectionId, before: usize) -> Vec<&str> {
        let is_for = |to: &To| match to {
            To::One(one) => *one == id,
            To::All(except) => *except != Some(id),
        };
        self.0.iter().skip(before).filter(|(to, _)| is_for(to)).map(|(_, text)| text.as_str()).collect()
    }
}

/// Several frames as one. One alone stays as it is.
pub fn batch(frames: &[&str]) -> String {
    match frames {
        [one] => (*one).to_owned(),
        several => {
            let mut text = r#"{"type":"batch","frames":["#.to_owned();
            text.reserve(several.iter().map(|frame| frame.len() + 1).sum::<usize>() + 1);
            for (place, frame) in several.iter().enumerate() {
                text.extend([if place == 0 { "" } else { "," }, frame]);
            }
            text.push_str("]}");
            text
        }
    }
}

/// The frames that wait, and when the next sending to all may be.
#[derive(Debug, Default)]
pub struct Outgoing {
    waiting: Parcel,
    /// The generic cell rate algorithm's theoretical arrival time (ITU-T I.371).
    scheduled: Millis,
}

impl Outgoing {
    /// A frame is to leave.
    pub fn push(&mut self, to: To, frame: String) {
        self.waiting.0.push((to, frame));
    }

    /// How many frames wait.
    pub fn len(&self) -> usize {
        self.waiting.0.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.0.is_empty()
    }

    /// When what waits is to leave, if anything does. What is for single connections waits for nothing but what is before it.
    pub fn due(&self, now: Millis) -> Option<Millis> {
        if self.is_empty() {
            return None;
        }
        let wait = if self.waiting.is_for_all() { (self.ahead(now) - AHEAD).max(0) } else { 0 };
        Some(now.saturating_add(wait))
    }

    /// How far the schedule is ahead. When the clock was set back, not at all.
    fn ahead(&self, now: Millis) -> Millis {
        let ahead = self.scheduled.saturating_sub(now).max(0);
        if ahead > WAITS_MOST + AHEAD {
            return 0;
        }
        ahead
    }

    /// Everything leaves now. `takers` is how many connections take batches: to wait saves nothing with others.
    pub fn leave(&mut self, takers: usize, now: Millis) -> Parcel {
        let parcel = std::mem::take(&mut self.waiting);
        if parcel.is_for_all() {
            let in_one = if parcel.common().len() == 1 { OF_ONE_PER_MILLISECOND } else { PER_MILLISECOND };
            let takes = Millis::try_from(takers / in_one).unwrap_or(WAITS_MOST).min(WAITS_MOST);
            self.scheduled = now.saturating_add(self.ahead(now)).saturating_add(takes);
        }
        parcel
    }

    /// The frames that wait for one connection, which goes.
    pub fn left_for(&self, id: ConnectionId, before: usize) -> Vec<&str> {
        self.waiting.for_one(id, before)
    }
}
