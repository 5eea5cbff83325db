//! The built Worker in a real workerd, asked the way clients ask it: over HTTP and WebSockets, and nothing else.
//!
//! `scripts/test live` builds what these tests run (`build/` and `build-hooks/`). One server is shared; each test has
//! its own guests and rooms in it. Tests that break their server start one of their own. Nothing sleeps: a test
//! waits for a frame or an answer, and [`PATIENCE`] is when it gives up.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod client;
#[path = "../support/costs.rs"]
mod costs;
mod live;
mod openapi;
#[path = "../support/redis.rs"]
mod redis;
mod server;

mod absent;
mod accounts;
mod batching;
mod budgets;
mod door;
mod dying;
mod entering;
mod golden;
mod hosted;
mod leaving;
mod limiting;
mod managing;
mod panicking;
mod presence;
mod refusals;
mod resuming;
mod revising;
mod rights;
mod rooms;
mod sleeping;
mod talking;

use std::time::Duration;

/// How long a test waits for what should come at once. Generous: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(10);
