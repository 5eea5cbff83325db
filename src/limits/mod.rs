//! How often somebody may do something: the rates in one table, and the buckets that count.

pub mod bucket;
pub mod budget;
pub mod door;
pub mod rates;

use crate::domain::time::{Millis, SECOND};
use crate::protocol::code::{Code, Refusal};

/// Too often: in this many milliseconds the same will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too often; again in {0} ms")]
pub struct TooOften(pub Millis);

impl From<TooOften> for Refusal {
    fn from(TooOften(wait): TooOften) -> Self {
        Refusal { retry_after: Some(whole_seconds(wait)), ..Code::SlowDown.into() }
    }
}

/// As clients are told it: never less than the wait, and never none.
pub fn whole_seconds(wait: Millis) -> u32 {
    u32::try_from(wait.saturating_add(SECOND - 1) / SECOND).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_never_told_to_come_back_too_early_or_at_once() {
        for (wait, seconds) in [(-5, 1), (0, 1), (1, 1), (1_000, 1), (1_001, 2), (Millis::MAX, u32::MAX)] {
            assert_eq!(whole_seconds(wait), seconds, "{wait}");
        }
    }
}
