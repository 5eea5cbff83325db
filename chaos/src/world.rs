//! What clients and nemeses share.

use crate::counts::Counts;
use crate::frame::Frames;
use crate::history::Seq;
use crate::server::Server;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::Arc;
use std::time::Duration;

/// The deployment and everybody in it.
pub struct World {
    pub server: Arc<Server>,
    pub frames: Frames,
    pub counts: Counts,
    /// Nobody speaks.
    pub hush: AtomicBool,
    /// Nobody says anything new; what was said is seen through.
    pub ending: AtomicBool,
    /// Whoever is not done by now never will be.
    pub over: AtomicBool,
}

/// A room.
#[derive(Default)]
pub struct Place {
    pub name: String,
    /// `/api/rooms/{room}`
    pub path: String,
    pub is_private: bool,
    /// The newest Seq that anybody has heard of.
    pub heard_of: AtomicU64,
    /// Its last Seq, once there will be no more; 0 until then.
    pub last: AtomicU64,
}

/// Somebody with a session.
#[derive(Clone)]
pub struct Person {
    /// A PersonId.
    pub id: String,
    /// `name=value`
    pub cookie: String,
}

/// What a nemesis does to a client.
#[derive(Debug, Clone, Copy)]
pub enum Order {
    /// Its socket is reset.
    Cut,
    /// It reads nothing for so long, with its socket open.
    StopReading(Duration),
    /// Its socket is cut, and it stays away until so many more Entries are there, or for so long.
    Away(u64, Duration),
    /// It says so many things at once, or so many long ones.
    Burst(usize),
    Loud(usize),
}

/// How a client is doing, for the others.
#[derive(Default)]
pub struct Status {
    pub is_online: AtomicBool,
    pub pending: AtomicUsize,
    pub up_to: AtomicU64,
}

impl Place {
    pub fn hear_of(&self, seq: Seq) {
        self.heard_of.fetch_max(seq, Relaxed);
    }
}
