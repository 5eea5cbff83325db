//! Presence: who is online, told as merged changes, at most one frame a second. Several tabs are one person.

use super::Core;
use crate::domain::id::PersonId;
use crate::domain::person::{Person, PersonView};
use crate::domain::time::{Millis, SECOND};
use crate::protocol::server::{Presence, ServerFrame, PEOPLE_SHOWN};
use crate::room::effect::Effect;
use crate::sql::Sql;
use std::collections::BTreeMap;

/// Changes that nobody was told of yet, by person: one map, for each kind of map costs 8 KB of WASM.
#[derive(Debug, Default)]
pub(super) struct Pending {
    changes: BTreeMap<PersonId, Change>,
    last_told: Option<Millis>,
    tick_at: Option<Millis>,
}

/// What changed of one person. Coming and going cancel each other; of joining and leaving the last one holds.
#[derive(Debug, Default)]
struct Change {
    shown: Option<PersonView>,
    came: bool,
    went: bool,
    joined: bool,
    left: bool,
}

impl<S: Sql> Core<S> {
    /// Somebody is online now. Noted only: whoever notes something calls [`Core::presence_changed`] at the end, so that
    /// one frame carries all of it and its names agree with its counts.
    pub(super) fn note_came(&mut self, person: &Person) {
        let change = self.pending.changes.entry(person.id.clone()).or_default();
        change.shown = Some(PersonView::from(person));
        // Back before anybody heard of the going: nothing happened.
        change.came = !std::mem::take(&mut change.went);
    }

    pub(super) fn note_went(&mut self, person: &PersonId) {
        let change = self.pending.changes.entry(person.clone()).or_default();
        change.went = !std::mem::take(&mut change.came);
    }

    pub(super) fn note_joined(&mut self, person: &Person) {
        let change = self.pending.changes.entry(person.id.clone()).or_default();
        change.shown = Some(PersonView::from(person));
        (change.joined, change.left) = (true, false);
    }

    pub(super) fn note_left(&mut self, person: &PersonId) {
        let change = self.pending.changes.entry(person.clone()).or_default();
        (change.joined, change.left) = (false, true);
    }

    /// Tells what was noted: at once if the last frame is a second old, otherwise when it will be.
    pub(super) fn presence_changed(&mut self, now: Millis, effects: &mut Vec<Effect>) {
        if self.pending.changes.is_empty() {
            return;
        }
        self.note_people();
        match self.pending.last_told.map(|told| told.saturating_add(SECOND)) {
            Some(due) if now < due => {
                if self.pending.tick_at.is_none() {
                    self.pending.tick_at = Some(due);
                    effects.push(Effect::TickAt(due));
                }
            }
            _ => self.tell_presence(now, effects),
        }
    }

    /// The time of an [`Effect::TickAt`] has come.
    pub fn tick(&mut self, now: Millis) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.pending.tick_at = None;
        if !self.pending.changes.is_empty() {
            self.tell_presence(now, &mut effects);
        }
        effects
    }

    fn tell_presence(&mut self, now: Millis, effects: &mut Vec<Effect>) {
        let mut presence = Presence { online: self.here.online(), members: self.log.members(), ..Presence::default() };
        for (person, change) in std::mem::take(&mut self.pending.changes) {
            let Change { shown, came, went, joined, left } = change;
            add(&mut presence.went, went.then(|| person.clone()));
            add(&mut presence.left, left.then_some(person));
            add(&mut presence.came, shown.clone().filter(|_| came));
            add(&mut presence.joined, shown.filter(|_| joined));
        }
        self.pending.last_told = Some(now);
        effects.push(Effect::Broadcast(ServerFrame::Presence(Box::new(presence)), None));
    }
}

/// Names are cut where counts are exact.
fn add<T>(list: &mut Vec<T>, named: Option<T>) {
    if list.len() < PEOPLE_SHOWN {
        list.extend(named);
    }
}
