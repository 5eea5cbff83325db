//! A room: its log, its live core, and the Durable Object that carries out what the core decides.

pub mod attachment;
pub mod call;
pub mod core;
pub mod effect;
pub mod log;

pub mod object;
pub mod outgoing;
