//! A thin client of Upstash's REST protocol (<https://upstash.com/docs/redis/features/restapi>): Redis over the
//! Worker's own fetch.
//!
//! Our own and not the crate `upstash-redis-rs` 0.1.2, which was the first choice and can't be used: it needs a nightly
//! feature (E0554 on stable), its futures don't compile for wasm32 (E0277), it has no sorted sets and no pipeline, and
//! it reads `{"error": …}` as "no value", so that a wrong token would look like an empty site.

pub mod client;
pub mod error;
pub mod fetch;
pub mod keys;
pub mod reply;

pub use client::{Command, Endpoint, Redis, Wire};
pub use error::RedisError;
