//! Who a request is from: signed session tokens, their cookie, passwords, and the origins that may speak for a viewer.

pub mod cookie;
pub mod device;
pub mod origin;
pub mod password;
pub mod token;
