//! All limits of rate, in one table. People don't meet them: each is several times what somebody in a hurry, or a hall full
//! of people behind one address, was seen or can be thought to need.

use super::bucket::Rate;
use crate::domain::time::{Millis, SECOND};

/// Frames of one connection, whatever they say. `ping` is not among them: the runtime answers it.
pub const FRAMES: Rate = Rate::new(60, SECOND / 10);

/// How many `since` weighs: it may be answered with 500 Entries.
pub const SINCE_WEIGHS: u32 = 5;

/// How often one connection is told to slow down before it is closed as flooding.
pub const PATIENCE: Rate = Rate::new(200, SECOND);

/// What one person asks a room over HTTP.
pub const CALLS: Rate = Rate::new(100, SECOND / 10);

/// How many of these a search weighs.
pub const SEARCH_WEIGHS: u32 = 5;

/// Connections and joins of one person in one room: a reload costs one.
pub const ARRIVALS: Rate = Rate::new(30, SECOND);

/// Connections and joins from one address in one room: after a deploy a whole school comes back at once.
pub const ARRIVALS_FROM_ADDRESS: Rate = Rate::new(1_000, SECOND / 20);

/// What lets through twice as much as another rate, and not less than before: for what carries that.
pub fn at_least_twice(rate: Rate, carried: Rate) -> Rate {
    Rate::new(rate.burst.max(2 * carried.burst), rate.every.min(carried.every / 2).max(1))
}

/// How many sockets one person may have in one room.
pub const CONNECTIONS_OF_PERSON: usize = 20;

/// Entries of one person in one room: so many a minute, a quarter of them at once.
pub const fn entries(per_minute: i64) -> Rate {
    Rate::new(quarter(per_minute), per(per_minute))
}

/// Entries of one room that come from one address: as many as ten people may make.
pub const fn entries_from_address(per_minute: i64) -> Rate {
    Rate::new(10 * quarter(per_minute), per(10 * per_minute))
}

const fn quarter(per_minute: i64) -> u32 {
    (per_minute as u32).div_ceil(4)
}

/// A minute's share, rounded up, so that rounding lets nobody through.
const fn per(minute: i64) -> Millis {
    (60 * SECOND + minute - 1) / minute
}

/// Guests from one address: a whole school enters at once.
pub const GUESTS: Rate = Rate::new(200, 2 * SECOND);

/// Registrations from one address.
pub const REGISTRATIONS: Rate = Rate::new(30, 60 * SECOND);

/// Log-ins from one address that fail.
pub const LOG_INS: Rate = Rate::new(60, 10 * SECOND);

/// Log-ins to one account from one address that fail.
pub const LOG_INS_TO_ACCOUNT_FROM_ADDRESS: Rate = Rate::new(10, 300 * SECOND);

/// Log-ins to one account that fail, from wherever no known device is. So guessed are 1,540 passwords a day at most.
pub const LOG_INS_TO_ACCOUNT: Rate = Rate::new(100, 60 * SECOND);

/// Log-ins to one account that fail, on a device that its owner has logged in on; and proofs of one session that the
/// password is known.
pub const LOG_INS_ON_DEVICE: Rate = Rate::new(10, 60 * SECOND);

/// Questions from one address what to derive a key with.
pub const PARAMS: Rate = Rate::new(120, SECOND / 2);

/// Rooms made by one person.
pub const ROOMS_OF_PERSON: Rate = Rate::new(30, 60 * SECOND);

/// Rooms made from one address.
pub const ROOMS_FROM_ADDRESS: Rate = Rate::new(60, 30 * SECOND);

/// Looks from one address for rooms that are not there.
pub const LOOKS: Rate = Rate::new(60, SECOND);
