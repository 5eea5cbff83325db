//! The one clock, for the shells; everything below them is given the time.

use crate::domain::time::Millis;
use worker::Date;

/// The time. It stands still while the Worker computes.
pub fn now() -> Millis {
    Millis::try_from(Date::now().as_millis()).unwrap_or(Millis::MAX)
}
