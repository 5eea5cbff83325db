//! What the core wants done, in the order it must happen. The object carries it out.

use super::attachment::{Connection, ConnectionId};
use crate::domain::time::Millis;
use crate::protocol::server::ServerFrame;

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send a frame to one connection.
    Send(ConnectionId, ServerFrame),
    /// Send a frame to every connection but, perhaps, one.
    Broadcast(ServerFrame, Option<ConnectionId>),
    /// Keep this with the socket: it has changed.
    Attach(Connection),
    /// Close a connection. The core has forgotten it already.
    Close(ConnectionId, CloseReason),
    /// Call [`super::core::Core::tick`] at this time, while awake.
    TickAt(Millis),
    /// The outbox has something for the Directory.
    Publish,
}

/// Why the room closes a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseReason {
    /// The session was ended by its person.
    SignedOut,
    /// The session's time is over.
    SessionExpired,
    /// The owner removed the person.
    Removed,
    /// The room is no more.
    RoomClosed,
    /// The guest has an account now: come back with the new session.
    Renewed,
    /// A frame over 64 KiB.
    FrameTooLarge,
    /// No heartbeat for too long: the other side is gone without a word.
    Silent,
    /// It went on sending though it was told to slow down, hundreds of times.
    Flooding,
    /// It doesn't read what it is sent.
    SlowReader,
    /// The room takes no more connections. Never a connection's reason: it was not let in.
    RoomFull,
    /// The room takes no more connections of this person. As above.
    TooManyConnections,
}

impl CloseReason {
    /// The WebSocket close code (RFC 6455, 7.4). 1008 is final; after others a client comes back.
    pub fn code(self) -> u16 {
        match self {
            Self::SignedOut | Self::SessionExpired | Self::Removed | Self::RoomClosed | Self::Flooding => 1008,
            // 4000 and above are an application's own.
            Self::Renewed => 4000,
            Self::FrameTooLarge => 1009,
            Self::Silent => 1001,
            // "Try again later" (IANA's registry of close codes).
            Self::SlowReader | Self::RoomFull | Self::TooManyConnections => 1013,
        }
    }

    /// The reason as clients see it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::SessionExpired => "session_expired",
            Self::Removed => "removed",
            Self::RoomClosed => "room_closed",
            Self::Renewed => "renewed",
            Self::FrameTooLarge => "frame_too_large",
            Self::Silent => "silent",
            Self::Flooding => "flooding",
            Self::SlowReader => "slow_reader",
            Self::RoomFull => "room_full",
            Self::TooManyConnections => "too_many_connections",
        }
    }
}
