//! Tests on the host: the same core, log and Directory that run in workerd, over SQLite itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod archive;
mod arrows;
mod batching;
mod client;
mod coming;
#[path = "../support/costs.rs"]
mod costs;
mod directory;
mod documents;
mod door;
mod erasing;
mod limiting;
mod managing;
mod openapi;
mod parsing;
#[path = "../../benches/cost/price.rs"]
mod price;
mod protocol;
mod reading;
#[path = "../../benches/relays.rs"]
mod relays;
mod revising;
mod searching;
mod stories;
mod support;
mod walk;
