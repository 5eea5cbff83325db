//! Presence: who is online, told as merged changes, at most one frame a second. Several tabs are one person.

use super::Core;
use crate::domain::id::PersonId;
use crate::domain::person::{Person, PersonView};
use crate::domain::time::{Millis, SECOND};
use crate::protocol::server::{Presence, ServerFrame, PEOPLE_SHOWN};
use crate::room::effect::Effect;
use crate::sql::Sql;
use std::collections::{BTreeMap, BTreeSet};

/// Changes that nobody was told of yet.
#[derive(Debug, Default)]
pub(super) struct Pending {
    came: BTreeMap<PersonId, PersonView>,
    went: BTreeSet<PersonId>,
    joined: BTreeMap<PersonId, PersonView>,
    left: BTreeSet<PersonId>,
    last_told: Option<Millis>,
    tick_at: Option<Millis>,
}

impl Pending {
    fn is_empty(&self) -> bool {
        self.came.is_empty() && self.went.is_empty() && self.joined.is_empty() && self.left.is_empty()
    }
}

impl<S: Sql> Core<S> {
    /// Somebody is online now. Noted only: whoever notes something calls [`Core::presence_changed`] at the end, so that
    /// one frame carries all of it and its names agree with its counts.
    pub(super) fn note_came(&mut self, person: &Person) {
        // Back before anybody heard of the going: nothing happened.
        if !self.pending.went.remove(&person.id) {
            self.pending.came.insert(person.id.clone(), PersonView::from(person));
        }
    }

    pub(super) fn note_went(&mut self, person: &PersonId) {
        if self.pending.came.remove(person).is_none() {
            self.pending.went.insert(person.clone());
        }
    }

    pub(super) fn note_joined(&mut self, person: &Person) {
        self.pending.left.remove(&person.id);
        self.pending.joined.insert(person.id.clone(), PersonView::from(person));
    }

    pub(super) fn note_left(&mut self, person: &PersonId) {
        self.pending.joined.remove(person);
        self.pending.left.insert(person.clone());
    }

    /// Tells what was noted: at once if the last frame is a second old, otherwise when it will be.
    pub(super) fn presence_changed(&mut self, now: Millis, effects: &mut Vec<Effect>) {
        if self.pending.is_empty() {
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
        if !self.pending.is_empty() {
            self.tell_presence(now, &mut effects);
        }
        effects
    }

    fn tell_presence(&mut self, now: Millis, effects: &mut Vec<Effect>) {
        let changes = std::mem::take(&mut self.pending);
        self.pending.last_told = Some(now);
        self.pending.tick_at = changes.tick_at;
        let presence = Presence {
            online: self.here.online(),
            members: self.log.members(),
            came: changes.came.into_values().take(PEOPLE_SHOWN).collect(),
            went: changes.went.into_iter().take(PEOPLE_SHOWN).collect(),
            joined: changes.joined.into_values().take(PEOPLE_SHOWN).collect(),
            left: changes.left.into_iter().take(PEOPLE_SHOWN).collect(),
        };
        effects.push(Effect::Broadcast(ServerFrame::Presence(Box::new(presence)), None));
    }
}
