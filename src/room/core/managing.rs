//! What an owner does with a room: changes it, hands it over, removes somebody, closes it.

use super::{Core, Outcome};
use crate::domain::id::PersonId;
use crate::domain::person::{PersonView, Viewer};
use crate::domain::rights::{may, Action, Role};
use crate::domain::time::Millis;
use crate::protocol::client::EditRoom;
use crate::protocol::code::Code;
use crate::protocol::server::{RoomChange, ServerFrame};
use crate::protocol::views::RoomView;
use crate::room::effect::{CloseReason, Effect};
use crate::room::log::Born;
use crate::sql::{Sql, SqlError};

impl<S: Sql> Core<S> {
    /// Changes the description or the access, or hands the room over to a member.
    pub fn edit(&mut self, viewer: &Viewer, edit: &EditRoom, now: Millis) -> Outcome<(RoomView, Vec<Effect>)> {
        self.allow(viewer, Action::Manage, now)?;
        let before = self.log.born().clone();
        let owner = match &edit.owner {
            None => before.owner.clone(),
            Some(person) => self.log.member(person)?.ok_or(Code::UnknownPerson)?,
        };
        let born = Born {
            description: edit.description.clone().unwrap_or_else(|| before.description.clone()),
            access: edit.access.unwrap_or(before.access),
            owner,
            ..before.clone()
        };
        let mut effects = Vec::new();
        if born != before {
            let handed_over = [before.owner, born.owner.clone()];
            self.log.change(born)?;
            for person in handed_over {
                let connection = self.here.of_person(&person.id).next().cloned();
                if let Some(connection) = connection {
                    let admin = connection.role == Role::Admin;
                    self.restand(&person, connection.joined, admin, &mut effects);
                }
            }
            effects.push(self.changed());
            effects.extend(self.close_those_who_may_not_read(now)?);
            self.presence_changed(now, &mut effects);
            self.note_activity(now);
            effects.push(Effect::Publish);
        }
        let standing = self.standing(viewer, now)?;
        Ok((self.view_as(&viewer.person.id, standing)?, effects))
    }

    /// How the room stands, for those who are in it.
    pub(super) fn changed(&self) -> Effect {
        let born = self.log.born();
        let change = RoomChange {
            description: born.description.clone(),
            access: born.access,
            owner: PersonView::from(&born.owner),
        };
        Effect::Broadcast(ServerFrame::Room(Box::new(change)), None)
    }

    /// Rights are checked again on open connections: a room that has become private ends those of visitors.
    pub(super) fn close_those_who_may_not_read(&mut self, now: Millis) -> Result<Vec<Effect>, SqlError> {
        let access = self.log.born().access;
        let outside = self.here.all().filter(|one| !may(one.role, Action::Read, access));
        let outside: Vec<_> = outside.map(|one| one.id).collect();
        self.close_all(outside, CloseReason::Removed, now)
    }

    /// Removes somebody: their connections end, and only an invite made from now on lets them in again.
    pub fn remove(&mut self, viewer: &Viewer, person: &PersonId, now: Millis) -> Outcome<Vec<Effect>> {
        self.allow(viewer, Action::Manage, now)?;
        if *person == self.log.born().owner.id || *person == viewer.person.id {
            return Err(Code::Forbidden.into());
        }
        let theirs: Vec<_> = self.here.of_person(person).map(|one| one.id).collect();
        let was_member = self.log.is_member(person)?;
        if !was_member && theirs.is_empty() {
            return Err(Code::UnknownPerson.into());
        }
        self.log.refuse_person(person, now)?;
        self.log.revoke_invites_of(person, now)?;
        let mut effects = self.close_all(theirs, CloseReason::Removed, now)?;
        if self.log.leave(person)? {
            effects.push(Effect::Publish);
            self.note_left(person);
        }
        self.presence_changed(now, &mut effects);
        Ok(effects)
    }

    /// Closes the room for good. The tombstone is written before anything else happens.
    pub fn close_room(&mut self, viewer: &Viewer, now: Millis) -> Outcome<Vec<Effect>> {
        self.allow(viewer, Action::Manage, now)?;
        self.log.close()?;
        let everybody: Vec<_> = self.here.all().map(|one| one.id).collect();
        // Nobody is left to be told who went.
        let close = |id| {
            self.here.remove(id);
            Effect::Close(id, CloseReason::RoomClosed)
        };
        Ok(everybody.into_iter().map(close).collect())
    }

    /// Whether there is only a tombstone left.
    pub fn is_closed(&self) -> bool {
        self.log.is_closed()
    }

    /// Removes everything that is stored but the tombstone.
    pub fn wipe(&mut self) -> Result<(), SqlError> {
        self.log.wipe()
    }
}
