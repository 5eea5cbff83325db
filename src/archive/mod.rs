//! The Archive: a room's messages in Redis, behind its log. Pure but for [`redis`], which asks.

pub mod doubt;
pub mod entry;
pub mod import;
pub mod redis;
