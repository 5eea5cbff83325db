//! Reports to the Directory: what the room list shows. At most one in half a minute, and one when the room empties. With
//! an Archive, what was said goes there a while after the first message that is not there yet.

use super::Core;
use crate::domain::listing::{LiveRow, RoomRow};
use crate::domain::time::{Millis, SECOND};
use crate::sql::Sql;

/// The least time between two reports that nothing urgent asks for.
pub const REPORT_EVERY: Millis = 30 * SECOND;

/// How many messages go to the Archive at once. As many as wait are not kept waiting.
pub const ARCHIVE_BATCH: i64 = 100;

/// How many people a row of the list names.
const PEOPLE_IN_LIST: usize = 5;

/// What was not reported yet, and until when reports wait.
#[derive(Debug, Default)]
pub(super) struct State {
    /// How long messages wait for the Archive; without one their being said is reported like people's coming.
    archive_every: Option<Millis>,
    /// How many messages were said since the last report, and when the first.
    said: Option<(i64, Millis)>,
    people: bool,
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

impl Report {
    fn due(at: Millis, now: Millis) -> Self {
        if at <= now {
            Self::Now
        } else {
            Self::At(at)
        }
    }

    fn sooner(self, other: Self) -> Self {
        match (self, other) {
            (Self::Now, _) | (_, Self::Now) => Self::Now,
            (Self::At(one), Self::At(two)) => Self::At(one.min(two)),
            (Self::Nothing, other) | (other, Self::Nothing) => other,
        }
    }
}

impl<S: Sql> Core<S> {
    pub(super) fn note_activity(&mut self, now: Millis) {
        let (count, first) = self.report.said.unwrap_or((0, now));
        self.report.said = Some((count + 1, first));
    }

    pub(super) fn note_people(&mut self) {
        self.report.people = true;
        self.report.emptied = self.here.is_empty();
    }

    /// There is an Archive, for which messages wait this long.
    pub fn archives_every(&mut self, wait: Millis) {
        self.report.archive_every = Some(wait);
        self.log.will_archive();
    }

    /// The alarm that is set means: no report before it. It outlives sleep, which this state doesn't.
    pub fn reports_wait_until(&mut self, until: Millis) {
        self.report.closed_until = until;
    }

    /// Whether there is something to report.
    pub fn report(&self, now: Millis) -> Report {
        let State { archive_every, said, people, emptied, closed_until } = self.report;
        let people_due = match (people, emptied) {
            (false, _) => Report::Nothing,
            (true, true) => Report::Now,
            (true, false) => Report::due(closed_until, now),
        };
        let said_due = match (said, archive_every) {
            (None, _) => Report::Nothing,
            (Some(_), None) => Report::due(closed_until, now),
            (Some((ARCHIVE_BATCH.., _)), Some(_)) => Report::Now,
            (Some((_, first)), Some(wait)) => Report::due(first.saturating_add(wait), now),
        };
        people_due.sooner(said_due)
    }

    /// The room's row in the list, as of now. Taking it counts as reporting.
    pub fn take_report(&mut self, now: Millis) -> RoomRow {
        let State { archive_every, .. } = self.report;
        self.report = State { archive_every, closed_until: now.saturating_add(REPORT_EVERY), ..State::default() };
        let born = self.log.born();
        RoomRow {
            name: born.name.clone(),
            description: born.description.clone(),
            access: born.access,
            created: born.created,
            activity: self.activity(),
            messages: self.messages(),
            members: self.log.members(),
            online: self.here.online(),
            people: self.here.online_people(PEOPLE_IN_LIST),
            read: None,
            mentions: None,
        }
    }

    /// Who is online right now, and what was said by now: the index in Redis learns that much later.
    pub fn live(&self) -> LiveRow {
        LiveRow {
            activity: self.activity(),
            messages: self.messages(),
            online: self.here.online(),
            people: self.here.online_people(PEOPLE_IN_LIST),
        }
    }

    /// A report did not arrive; it is still owed.
    pub fn report_again(&mut self, now: Millis) {
        self.report.people = true;
        self.note_activity(now);
    }
}
