//! Who is measured, and how each is started on this machine.

mod other;
mod ours;

use crate::driver::Guest;
use crate::redis::Redis;
use crate::server::Server;
use crate::speech::Speech;
use crate::usage::Processes;
use std::net::SocketAddr;
use std::sync::Arc;

/// Where the server runs; the client has another.
const SERVERS_CORE: usize = 0;

/// Who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contestant {
    /// This Worker as it is deployed, without Redis.
    Ours,
    /// The same, to a client that takes every frame on its own.
    OursSingles,
    /// The same with hosted Redis, 5 ms away.
    OursRedis,
    /// A Durable Object in JavaScript that does the least, and writes nothing.
    Minimal,
    /// The same, writing a row for each message.
    MinimalRow,
    SocketIo,
    Ws,
}

impl Contestant {
    pub const ALL: [Self; 7] =
        [Self::Ours, Self::OursSingles, Self::OursRedis, Self::Minimal, Self::MinimalRow, Self::SocketIo, Self::Ws];

    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::OursSingles => "ours-singles",
            Self::OursRedis => "ours-redis",
            Self::Minimal => "minimal",
            Self::MinimalRow => "minimal-row",
            Self::SocketIo => "socketio",
            Self::Ws => "ws",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|contestant| contestant.name() == name)
    }

    pub fn speech(self) -> Speech {
        match self {
            Self::Ours | Self::OursRedis => Speech::Ours { batch: true },
            Self::OursSingles => Speech::Ours { batch: false },
            Self::Minimal | Self::MinimalRow | Self::Ws => Speech::Plain,
            Self::SocketIo => Speech::SocketIo,
        }
    }

    /// Whether whoever comes back is told what they missed.
    pub fn resumes(self) -> bool {
        matches!(self, Self::Ours | Self::OursSingles | Self::OursRedis | Self::SocketIo)
    }

    /// Starts it, empty, and pins it to its core. If connections will be cut, with what it has for that.
    pub fn start(self, cuts: bool) -> Running {
        // The one before may still be on its way out.
        let earlier = Processes::started();
        let mut running = match self {
            Self::Ours | Self::OursSingles => ours::start(None),
            Self::OursRedis => ours::start(Some(Arc::new(Redis::start()))),
            Self::Minimal => other::workerd(false),
            Self::MinimalRow => other::workerd(true),
            Self::SocketIo => other::node("socketio.mjs", cuts),
            Self::Ws => other::node("ws.mjs", cuts),
        };
        running.processes = Processes::started().without(&earlier);
        running.pinned = running.processes.pin(SERVERS_CORE);
        running
    }
}

/// A contestant that runs, until this is dropped.
pub struct Running {
    pub address: SocketAddr,
    /// The server with all that belongs to it.
    pub processes: Processes,
    pub pinned: bool,
    kept: Kept,
}

enum Kept {
    Ours(Arc<Server>),
    Other { _process: other::Process },
}

impl Running {
    fn new(address: SocketAddr, kept: Kept) -> Self {
        Self { address, processes: Processes::default(), pinned: false, kept }
    }

    /// Makes the rooms, with so many members each, who have not connected yet; the rooms' names, and the members.
    pub fn prepare(&self, rooms: usize, members: usize) -> (Vec<String>, Vec<Guest>) {
        let names: Vec<String> = (1..=rooms).map(|room| format!("room-{room}")).collect();
        let guests = match &self.kept {
            Kept::Ours(server) => ours::enter(server, &names, members),
            Kept::Other { .. } => {
                (0..rooms * members).map(|guest| Guest { room: guest / members, headers: Vec::new() }).collect()
            }
        };
        (names, guests)
    }
}
