//! Token buckets, as the generic cell rate algorithm has them (ITU-T I.371): of each only the time is kept at which it
//! will be full again, so that a full bucket is the same as none and nothing has to be refilled.

use super::TooOften;
use crate::domain::time::Millis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How often: so many at once, and then one in so many milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// What a full bucket holds.
    pub burst: u32,
    /// How long one takes to come back.
    pub every: Millis,
}

impl Rate {
    /// `burst` at once, then one every `every` milliseconds.
    pub const fn new(burst: u32, every: Millis) -> Self {
        Self { burst, every }
    }

    /// How long an empty bucket takes to fill.
    pub const fn whole(self) -> Millis {
        self.every.saturating_mul(self.burst as Millis)
    }
}

/// One bucket: when it will be full.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bucket(pub Millis);

impl Bucket {
    /// Takes `weight` out, or says how long it takes until that will do. What is refused takes nothing.
    pub fn take(&mut self, rate: Rate, weight: u32, now: Millis) -> Result<(), TooOften> {
        let empty = now.saturating_add(rate.whole());
        // No bucket is emptier than empty: the clock was set back, and nobody shall wait until it is where it was.
        let full = if self.0 > empty { now } else { self.0.max(now) };
        let after = full.saturating_add(rate.every.saturating_mul(Millis::from(weight)));
        if after > empty {
            return Err(TooOften(after - empty));
        }
        self.0 = after;
        Ok(())
    }

    /// Puts back what was taken.
    pub fn give_back(&mut self, rate: Rate, weight: u32) {
        self.0 = self.0.saturating_sub(rate.every.saturating_mul(Millis::from(weight)));
    }

    /// Whether it is full, and so the same as none.
    pub fn is_full(self, now: Millis) -> bool {
        self.0 <= now
    }
}

/// Buckets, each by a number. Full ones are dropped, so there are never more than were used in the time that one takes to
/// fill.
#[derive(Debug)]
pub struct Shelf {
    buckets: BTreeMap<u64, Bucket>,
    sweep_at: usize,
}

/// So few are not looked through for full ones.
const FEW: usize = 64;

impl Shelf {
    /// All of them full.
    pub const fn new() -> Self {
        Self { buckets: BTreeMap::new(), sweep_at: FEW }
    }

    /// One as it stands.
    pub fn of(&self, number: u64) -> Bucket {
        self.buckets.get(&number).copied().unwrap_or_default()
    }

    /// Puts one back, changed.
    pub fn keep(&mut self, number: u64, bucket: Bucket, now: Millis) {
        if self.buckets.len() >= self.sweep_at {
            self.buckets.retain(|_, bucket| !bucket.is_full(now));
            // Twice as many as are in use: a sweep costs each of them little more than one look.
            self.sweep_at = FEW.max(2 * self.buckets.len());
        }
        self.buckets.insert(number, bucket);
    }

    /// Forgets one.
    pub fn forget(&mut self, number: u64) {
        self.buckets.remove(&number);
    }
}

impl Default for Shelf {
    fn default() -> Self {
        Self::new()
    }
}

/// Buckets of one rate.
#[derive(Debug)]
pub struct Buckets {
    rate: Rate,
    shelf: Shelf,
}

impl Buckets {
    /// All of them full.
    pub const fn new(rate: Rate) -> Self {
        Self { rate, shelf: Shelf::new() }
    }

    /// Takes `weight` out of one, or says how long it takes until that will do.
    pub fn take(&mut self, number: u64, weight: u32, now: Millis) -> Result<(), TooOften> {
        let mut bucket = self.shelf.of(number);
        bucket.take(self.rate, weight, now)?;
        self.shelf.keep(number, bucket, now);
        Ok(())
    }

    /// Whether one could be taken now.
    pub fn look(&self, number: u64, now: Millis) -> Result<(), TooOften> {
        self.shelf.of(number).take(self.rate, 1, now)
    }

    /// Forgets one.
    pub fn forget(&mut self, number: u64) {
        self.shelf.forget(number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RATE: Rate = Rate::new(3, 1_000);

    #[test]
    fn a_burst_is_taken_at_once_and_then_one_as_each_comes_back() {
        let mut bucket = Bucket::default();
        for _ in 0..3 {
            assert_eq!(bucket.take(RATE, 1, 10_000), Ok(()));
        }
        assert_eq!(bucket.take(RATE, 1, 10_000), Err(TooOften(1_000)));
        assert_eq!(bucket.take(RATE, 1, 10_400), Err(TooOften(600)));
        assert_eq!(bucket.take(RATE, 1, 11_000), Ok(()));
        assert_eq!(bucket.take(RATE, 1, 11_000), Err(TooOften(1_000)));
        assert!(!bucket.is_full(13_999) && bucket.is_full(14_000));
    }

    #[test]
    fn what_weighs_more_than_the_bucket_holds_is_never_let_through() {
        assert_eq!(Bucket::default().take(RATE, 4, 0), Err(TooOften(1_000)));
    }

    #[test]
    fn a_clock_that_was_set_back_an_hour_makes_nobody_wait() {
        let mut bucket = Bucket::default();
        for _ in 0..3 {
            assert_eq!(bucket.take(RATE, 1, 7_200_000), Ok(()));
        }
        for _ in 0..3 {
            assert_eq!(bucket.take(RATE, 1, 3_600_000), Ok(()));
        }
        assert_eq!(bucket.take(RATE, 1, 3_600_000), Err(TooOften(1_000)));
    }

    #[test]
    fn buckets_know_each_other_not_and_full_ones_take_no_room() {
        let mut buckets = Buckets::new(RATE);
        for _ in 0..3 {
            assert_eq!(buckets.take(u64::MAX, 1, 0), Ok(()));
        }
        assert!(buckets.take(u64::MAX, 1, 0).is_err());
        for number in 0..10_000 {
            assert_eq!(buckets.take(number, 3, 10 * number as Millis), Ok(()));
        }
        assert!(buckets.shelf.buckets.len() <= 2 * 300 + FEW, "{}", buckets.shelf.buckets.len());
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_the_burst_and_what_came_back(
            burst in 1u32..50, every in 1i64..2_000, steps in prop::collection::vec((0i64..3_000, 1u32..4), 1..200)
        ) {
            let rate = Rate::new(burst, every);
            let (mut bucket, mut now, mut taken) = (Bucket::default(), 1_000_000, 0);
            for (step, weight) in steps {
                now += step;
                match bucket.take(rate, weight, now) {
                    Ok(()) => taken += i64::from(weight),
                    Err(TooOften(wait)) => {
                        prop_assert!(wait > 0);
                        // The wait that was told is enough, for whatever the bucket can hold at all.
                        if weight <= burst {
                            prop_assert!(bucket.clone().take(rate, weight, now + wait).is_ok());
                        }
                    }
                }
                prop_assert!(taken * every <= i64::from(burst) * every + (now - 1_000_000));
            }
        }
    }
}
