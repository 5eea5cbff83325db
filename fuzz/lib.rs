//! The claims of the native tests, for the targets.

#[path = "../tests/support/claims.rs"]
pub mod claims;
