//! The one clock, for the shells; everything below them is given the time.

use crate::domain::time::Millis;
use worker::js_sys::Date;

/// The time. It stands still while the Worker computes.
pub fn now() -> Millis {
    Date::now() as Millis
}
