//! What is refused, with which status, code and field; and that nothing worse comes of it.

mod addresses;
mod bodies;
mod frames;
mod handshakes;
mod logs;
mod origins;
mod sessions;
mod texts;
