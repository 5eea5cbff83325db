#[path = "../../support/redis.rs"]
pub mod redis;
pub mod sql;
pub mod wire;
pub mod world;
