//! What may still be on its way to the Archive though nobody waits for it any more.
//!
//! New messages go there by a plain `ZADD`, for every command inside a script is billed. A slow Redis may carry one out
//! when its isolate is dead or has given it up, and adds messages as they were then: beside what a script has put in
//! their place since, an edit, a tombstone. So where something in such a range was revised, the range is replaced once
//! more when nothing of it can still arrive. Late scripts are refused by the room's version.

use crate::domain::id::Seq;
use crate::domain::time::{Millis, SECOND};
use serde::{Deserialize, Serialize};

/// Nothing arrives later than this after it was sent. Our own limit of a request is 8 seconds; what was read from the
/// connection by then is the server's to carry out when it can.
pub const ARRIVES_WITHIN: Millis = 60 * SECOND;

/// A plain request with messages of this range may arrive until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// The first one's place is after this.
    pub after: Seq,
    /// The last one's place at most.
    pub up_to: Seq,
    /// When it is over.
    pub until: Millis,
}

impl Doubt {
    /// One about both ranges, and what is between.
    pub fn with(self, other: Self) -> Self {
        Self {
            after: self.after.min(other.after),
            up_to: self.up_to.max(other.up_to),
            until: self.until.max(other.until),
        }
    }

    /// What is in doubt now: the one before, if it is not over, and the new one. One that is over is kept until there is
    /// another: a room without any has yet to look.
    pub fn merged(before: Option<Self>, new: Option<Self>, now: Millis) -> Option<Self> {
        match (before, new) {
            (Some(before), Some(new)) if now < before.until => Some(before.with(new)),
            (before, new) => new.or(before),
        }
    }
}
