//! dying
