//! Names, identities, roles and rules. Knows nothing of sockets, storage, HTTP, clocks or randomness.

pub mod address;
pub mod avatar;
pub mod credential;
pub mod device;
pub mod id;
pub mod listing;
pub mod membership;
pub mod person;
pub mod reaction;
pub mod rights;
pub mod text;
pub mod time;
