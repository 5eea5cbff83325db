//! Reports to the Directory: what the room list shows. At most one in half a minute, and one when the room empties.

use super::Core;
use crate::domain::listing::RoomRow;
use crate::domain::time::{Millis, SECOND};
use crate::sql::Sql;

/// The least time between two reports that nothing urgent asks for.
pub const REPORT_EVERY: Millis = 30 * SECOND;

/// How many people a row of the list names.
const PEOPLE_IN_LIST: usize = 5;

/// What was not reported yet, and until when reports wait.
#[derive(Debug, Default)]
pub(super) struct State {
    dirty: bool,
    emptied: bool,
    closed_until: Millis,
}

/// Whether and when to report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// Nothing changed.
    Nothing,
    /// At this time, by the alarm.
    At(Millis),
    /// At once.
    Now,
}

impl<S: Sql> Core<S> {
    pub(super) fn note_activity(&mut self) {
        self.report.dirty = true;
    }

    pub(super) fn note_people(&mut self) {
        self.report.dirty = true;
        self.report.emptied = self.here.is_empty();
    }

    /// The alarm that is set means: no report before it. It outlives sleep, which this state doesn't.
    pub fn reports_wait_until(&mut self, until: Millis) {
        self.report.closed_until = until;
    }

    /// Whether there is something to report.
    pub fn report(&self, now: Millis) -> Report {
        match self.report {
            State { dirty: false, .. } => Report::Nothing,
            State { emptied: true, .. } => Report::Now,
            State { closed_until, .. } if now < closed_until => Report::At(closed_until),
            State { .. } => Report::Now,
        }
    }

    /// The room's row in the list, as of now. Taking it counts as reporting.
    pub fn take_report(&mut self, now: Millis) -> RoomRow {
        self.report = State { dirty: false, emptied: false, closed_until: now.saturating_add(REPORT_EVERY) };
        let born = self.log.born();
        RoomRow {
            name: born.name.clone(),
            description: born.description.clone(),
            access: born.access,
            created: born.created,
            activity: self.activity(),
            members: self.log.members(),
            online: self.here.online(),
            people: self.here.online_people(PEOPLE_IN_LIST),
        }
    }

    /// A report did not arrive; it is still owed.
    pub fn report_again(&mut self) {
        self.report.dirty = true;
    }
}
