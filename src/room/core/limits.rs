//! How much one connection, person or address may ask of a room. Kept in memory: a room that sleeps has had no event for
//! longer than most buckets take to fill, and one that was reset gives everybody a burst, which costs less than a row for
//! each frame.

use super::{Core, Failure, Outcome};
use crate::domain::address::ClientAddress;
use crate::domain::id::PersonId;
use crate::domain::person::Viewer;
use crate::domain::rights::Action;
use crate::domain::time::Millis;
use crate::limits::bucket::Buckets;
use crate::limits::{rates, TooOften};
use crate::room::attachment::ConnectionId;
use crate::room::effect::CloseReason;
use crate::sql::Sql;

/// What the deployer allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// How many Entries a minute one person may make in one room.
    pub entries_per_minute: i64,
    /// How many sockets a room has.
    pub connections: usize,
}

/// The buckets of a room.
#[derive(Debug)]
pub(super) struct Limits {
    connections: usize,
    frames: Buckets,
    patience: Buckets,
    entries: Buckets,
    entries_from: Buckets,
    calls: Buckets,
    arrivals: Buckets,
    arrivals_from: Buckets,
}

impl Limits {
    pub fn new(bounds: Bounds) -> Self {
        let entries = rates::entries(bounds.entries_per_minute);
        Self {
            connections: bounds.connections,
            frames: Buckets::new(rates::at_least_twice(rates::FRAMES, entries)),
            patience: Buckets::new(rates::PATIENCE),
            entries: Buckets::new(entries),
            entries_from: Buckets::new(rates::entries_from_address(bounds.entries_per_minute)),
            calls: Buckets::new(rates::at_least_twice(rates::CALLS, entries)),
            arrivals: Buckets::new(rates::ARRIVALS),
            arrivals_from: Buckets::new(rates::ARRIVALS_FROM_ADDRESS),
        }
    }

    /// A frame came that weighs so much.
    pub fn frame(&mut self, id: ConnectionId, weight: u32, now: Millis) -> Result<(), TooOften> {
        self.frames.take(id.0, weight, now)
    }

    /// A connection was told to slow down. Says whether it still may.
    pub fn has_patience(&mut self, id: ConnectionId, now: Millis) -> bool {
        self.patience.take(id.0, 1, now).is_ok()
    }

    /// Whether a new Entry may be made.
    pub fn may_enter(&self, by: &PersonId, from: Option<ClientAddress>, now: Millis) -> Result<(), TooOften> {
        self.entries.look(by.number(), now)?;
        from.map_or(Ok(()), |from| self.entries_from.look(from.number(), now))
    }

    /// A new Entry is made. What is said again under its id is none.
    pub fn entry(&mut self, by: &PersonId, from: Option<ClientAddress>, now: Millis) -> Result<(), TooOften> {
        self.entries.take(by.number(), 1, now)?;
        from.map_or(Ok(()), |from| self.entries_from.take(from.number(), 1, now))
    }

    /// A connection is gone.
    pub fn forget(&mut self, id: ConnectionId) {
        self.frames.forget(id.0);
        self.patience.forget(id.0);
    }
}

impl<S: Sql> Core<S> {
    /// Somebody asks something over HTTP that weighs so much.
    pub fn asked(&mut self, viewer: &Viewer, weight: u32, now: Millis) -> Outcome<()> {
        let taken = self.limits.calls.take(viewer.person.id.number(), weight, now);
        self.unless_unknown(viewer, taken, now)
    }

    /// Somebody connects or joins.
    pub fn arrives(&mut self, viewer: &Viewer, now: Millis) -> Outcome<()> {
        let by_person = self.limits.arrivals.take(viewer.person.id.number(), 1, now);
        let taken = by_person.and_then(|()| match &viewer.address {
            Some(address) => self.limits.arrivals_from.take(address.number(), 1, now),
            None => Ok(()),
        });
        self.unless_unknown(viewer, taken, now)
    }

    /// Who may not know of the room learns from no limit that there is one.
    fn unless_unknown(&self, viewer: &Viewer, taken: Result<(), TooOften>, now: Millis) -> Outcome<()> {
        match taken {
            Err(too_often) if self.allow(viewer, Action::Read, now).is_ok() => Err(too_often.into()),
            _ => Ok(()),
        }
    }

    /// Whether there is no room for another connection of this person.
    pub(super) fn is_full_for(&self, person: &PersonId) -> Option<CloseReason> {
        if self.here.of_person(person).count() >= rates::CONNECTIONS_OF_PERSON {
            return Some(CloseReason::TooManyConnections);
        }
        (self.here.count() >= self.limits.connections).then_some(CloseReason::RoomFull)
    }
}

impl From<TooOften> for Failure {
    fn from(too_often: TooOften) -> Self {
        Self::Refused(too_often.into())
    }
}
