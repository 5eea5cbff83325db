//! Tests on the host: the same core, log and Directory that run in workerd, over SQLite itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod archive;
mod arrows;
mod client;
mod directory;
mod documents;
mod managing;
mod openapi;
mod protocol;
mod stories;
mod support;
mod walk;
