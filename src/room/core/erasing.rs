//! An account was deleted: what becomes of its person in the room.

use super::Core;
use crate::domain::id::PersonId;
use crate::domain::membership::{Change, Erased};
use crate::domain::person::Person;
use crate::domain::time::Millis;
use crate::room::effect::{CloseReason, Effect};
use crate::room::log::Born;
use crate::sql::{Sql, SqlError};

impl<S: Sql> Core<S> {
    /// The person is nobody here any more: their connections close, their tokens and invites are refused, their membership
    /// ends, a room of theirs stays, as nobody's, and what they said goes or stays as nobody's too. Again is fine.
    pub fn erase(&mut self, erased: &Erased, now: Millis) -> Result<Vec<Effect>, SqlError> {
        let person = &erased.person;
        if self.is_closed() {
            return Ok(Vec::new());
        }
        let mut effects = Vec::new();
        if let Some(entry) = self.log.erase(self.head, now, erased)? {
            effects.push(Effect::Broadcast(self.entered(entry, now)?.frame(), None));
            effects.push(Effect::Publish);
        }
        // What is older than an imported log is in the Archive only.
        if self.log.older().is_some() {
            self.log.put(&Change::Erased(erased.clone()))?;
            effects.push(Effect::Publish);
        }
        self.log.refuse_erased(person, now)?;
        self.log.revoke_invites_of(person, now)?;
        let theirs: Vec<_> = self.here.of_person(person).map(|one| one.id).collect();
        effects.extend(self.close_all(theirs, CloseReason::SignedOut, now)?);
        // After their connections, whose going keeps it.
        self.log.forget_read(person)?;
        if self.log.leave(person)? {
            effects.push(Effect::Publish);
            self.note_left(person);
        }
        if self.log.born().owner.id == *person {
            let owner = Person::deleted(PersonId::nobody());
            self.log.change(Born { owner, ..self.log.born().clone() })?;
            effects.extend([self.changed(), Effect::Publish]);
        }
        self.presence_changed(now, &mut effects);
        Ok(effects)
    }
}
