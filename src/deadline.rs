//! A time limit round a call. An object whose isolate was reset in the middle of a call would never answer it.

use futures_util::future::{select, Either};
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

/// The limit round every call of an object: callers are told to try again within ten seconds.
pub const CALL_LIMIT: Duration = Duration::from_secs(9);

/// What `work` gives, or nothing when it takes longer than [`CALL_LIMIT`].
pub async fn within_limit<T>(work: impl Future<Output = T>) -> Option<T> {
    within(CALL_LIMIT, work).await
}

/// What `work` gives, or nothing when it takes longer than `limit`.
pub async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    match select(pin!(work), pin!(worker::Delay::from(limit))).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}
