//! What clients and the room say to each other: codes, frames, bodies. `docs/protocol.md` is the prose form.

pub mod account;
pub mod client;
pub mod code;
pub mod cursor;
pub mod entry;
pub mod fields;
pub mod server;
pub mod views;

/// The number clients see in `welcome` and `/api/config`. It rises when an old client could no longer follow.
pub const VERSION: u32 = 1;

/// The largest body or frame, in bytes.
pub const BODY_LIMIT: usize = 64 * 1024;
