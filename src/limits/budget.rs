//! The daily budget of a deployment: what its objects may be asked and write from one UTC midnight to the next, as
//! Cloudflare's plans count it. Near it, nobody new comes in, so that those who are here can go on.

use crate::domain::time::{Millis, DAY};
use serde::{Deserialize, Serialize};

/// WebSocket messages that come in are billed as a twentieth of a request each.
const FRAMES_A_REQUEST: i64 = 20;

/// What is near: nine tenths.
const NEAR: (i64, i64) = (9, 10);

/// The budget of a day. None: without end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budget {
    /// Requests of objects.
    pub requests: Option<i64>,
    /// Rows that objects write.
    pub rows: Option<i64>,
}

impl Budget {
    /// Whether there is one, so that counting is worth it.
    pub fn is_set(self) -> bool {
        self.requests.is_some() || self.rows.is_some()
    }
}

/// Rows that a message writes.
const ROWS_A_MESSAGE: i64 = 2;

/// What an object has spent since it last said so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// Requests and alarms.
    pub calls: i64,
    /// Frames that came in.
    pub frames: i64,
    /// Rows written, and alarms set, which are billed like them.
    pub rows: i64,
}

impl Spent {
    /// Both together.
    pub fn and(self, other: Self) -> Self {
        Self {
            calls: self.calls.saturating_add(other.calls),
            frames: self.frames.saturating_add(other.frames),
            rows: self.rows.saturating_add(other.rows),
        }
    }

    /// At least what so many messages write: a room that slept since its last report has forgotten what it counted, and its
    /// log has not.
    pub fn at_least(self, messages: i64) -> Self {
        Self { rows: self.rows.max(messages.saturating_mul(ROWS_A_MESSAGE)), frames: self.frames.max(messages), ..self }
    }
}

/// What a deployment has spent on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// Days since 1970-01-01.
    pub day: i64,
    /// Twentieths of a request.
    pub twentieths: i64,
    /// Rows written.
    pub written: i64,
}

impl Sum {
    /// Counts what was spent. What is told a little after midnight may be of the day before.
    pub fn add(&mut self, spent: Spent, now: Millis) {
        let day = now.div_euclid(DAY);
        if self.day != day {
            *self = Self { day, ..Self::default() };
        }
        let twentieths = spent.calls.saturating_mul(FRAMES_A_REQUEST).saturating_add(spent.frames);
        self.twentieths = self.twentieths.saturating_add(twentieths);
        self.written = self.written.saturating_add(spent.rows);
    }

    /// How long until a new day, if this one's budget is nearly spent.
    pub fn near(&self, budget: Budget, now: Millis) -> Option<Millis> {
        let near =
            |spent: i64, most: Option<i64>| most.is_some_and(|most| spent >= most.saturating_mul(NEAR.0) / NEAR.1);
        let is_near = self.day == now.div_euclid(DAY)
            && (near(self.twentieths / FRAMES_A_REQUEST, budget.requests) || near(self.written, budget.rows));
        is_near.then(|| DAY - now.rem_euclid(DAY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::HOUR;

    const NOON: Millis = 20_000 * DAY + 12 * HOUR;
    const BUDGET: Budget = Budget { requests: Some(100), rows: Some(1_000) };

    fn sum(spent: Spent) -> Sum {
        let mut sum = Sum::default();
        sum.add(spent, NOON);
        sum
    }

    #[test]
    fn at_nine_tenths_of_either_it_is_near_until_midnight() {
        let spent = |calls, frames, rows| sum(Spent { calls, frames, rows }).near(BUDGET, NOON);
        assert_eq!(spent(89, 19, 899), None);
        assert_eq!(spent(90, 0, 0), Some(12 * HOUR));
        assert_eq!(spent(80, 200, 0), Some(12 * HOUR), "twenty frames are a request");
        assert_eq!(spent(0, 0, 900), Some(12 * HOUR));
    }

    #[test]
    fn a_new_day_begins_with_nothing_spent() {
        let mut sum = sum(Spent { calls: 1_000, frames: 0, rows: 0 });
        assert_eq!(sum.near(BUDGET, NOON + 12 * HOUR), None);
        sum.add(Spent { calls: 1, frames: 0, rows: 0 }, NOON + 12 * HOUR);
        assert_eq!(sum.twentieths, 20);
    }

    #[test]
    fn without_a_budget_nothing_is_near() {
        assert_eq!(sum(Spent { calls: i64::MAX, frames: 7, rows: i64::MAX }).near(Budget::default(), NOON), None);
    }
}
