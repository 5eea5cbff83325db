//! Members: joining, leaving, listing, and leaving for good with a session that ends.

use super::{Core, Outcome};
use crate::domain::membership::Departed;
use crate::domain::person::{PersonView, Viewer};
use crate::domain::rights::{Action, Role};
use crate::domain::time::{Millis, DAY};
use crate::protocol::cursor;
use crate::protocol::server::PEOPLE_SHOWN;
use crate::protocol::views::{MemberPage, MemberView, RoomView};
use crate::room::effect::{CloseReason, Effect};
use crate::room::log::MEMBER_PAGE;
use crate::sql::{Sql, SqlError};

/// How long a guest without a connection stays in the member list.
pub const GUEST_AWAY: Millis = DAY;

impl<S: Sql> Core<S> {
    /// The room as this viewer sees it.
    pub fn view(&self, viewer: &Viewer, now: Millis) -> Outcome<RoomView> {
        let role = self.allow(viewer, Action::Read, now)?;
        Ok(self.view_as(role))
    }

    fn view_as(&self, role: Role) -> RoomView {
        let born = self.log.born();
        RoomView {
            name: born.name.clone(),
            description: born.description.clone(),
            access: born.access(),
            owner: PersonView::from(&born.owner),
            created: born.created,
            epoch: born.epoch.clone(),
            seq: self.head.seq,
            activity: self.activity(),
            members: self.log.members(),
            online: self.here.online(),
            people: self.here.online_people(PEOPLE_SHOWN),
            role,
        }
    }

    /// When something was last said, or the room was made.
    pub(super) fn activity(&self) -> Millis {
        self.head.at.max(self.log.born().created)
    }

    /// Makes the viewer a member; again is fine.
    pub fn join(&mut self, viewer: &Viewer, now: Millis) -> Outcome<(RoomView, Vec<Effect>)> {
        self.allow(viewer, Action::Join, now)?;
        let mut effects = Vec::new();
        if self.log.join(&viewer.person, now)? {
            effects.push(Effect::Publish);
            let connected = self.change_role(viewer, now, &mut effects)?;
            self.note_joined(&viewer.person);
            if connected {
                self.note_came(&viewer.person);
            }
            self.presence_changed(now, &mut effects);
        }
        Ok((self.view(viewer, now)?, effects))
    }

    /// Ends the viewer's membership; again is fine.
    pub fn leave(&mut self, viewer: &Viewer, now: Millis) -> Outcome<Vec<Effect>> {
        self.allow(viewer, Action::Leave, now)?;
        let mut effects = Vec::new();
        if self.log.leave(&viewer.person.id)? {
            effects.push(Effect::Publish);
            let connected = self.change_role(viewer, now, &mut effects)?;
            self.note_left(&viewer.person.id);
            if connected {
                self.note_went(&viewer.person.id);
            }
            self.presence_changed(now, &mut effects);
        }
        Ok(effects)
    }

    /// Gives all connections of a person their new role. Says whether there are any.
    fn change_role(&mut self, viewer: &Viewer, now: Millis, effects: &mut Vec<Effect>) -> Outcome<bool> {
        let role = self.role(viewer, now)?;
        let changed = self.here.set_role(&viewer.person.id, role);
        let any = !changed.is_empty();
        effects.extend(changed.into_iter().map(Effect::Attach));
        Ok(any)
    }

    /// A session has ended: its connections close, its token is refused here, and a guest is no member any more.
    pub fn depart(&mut self, departed: &Departed, now: Millis) -> Result<Vec<Effect>, SqlError> {
        let mut effects = Vec::new();
        self.log.revoke(&departed.session, departed.expires, now)?;
        let theirs = self.here.of_person(&departed.person).filter(|one| one.session == departed.session);
        for id in theirs.map(|one| one.id).collect::<Vec<_>>() {
            self.forget(id, now)?;
            effects.push(Effect::Close(id, CloseReason::SignedOut));
        }
        if self.log.leave(&departed.person)? {
            effects.push(Effect::Publish);
            self.note_left(&departed.person);
        }
        self.presence_changed(now, &mut effects);
        Ok(effects)
    }

    /// Guests who are away too long are no members any more.
    pub(super) fn sweep_guests(&mut self, now: Millis) -> Result<Vec<Effect>, SqlError> {
        let mut effects = Vec::new();
        for guest in self.log.guests_unseen_since(now.saturating_sub(GUEST_AWAY))? {
            if self.here.is_online(&guest) {
                // Their connection is older than a day; it counts as seen now.
                self.log.guest_seen(&guest, now)?;
            } else if self.log.leave(&guest)? {
                effects.push(Effect::Publish);
                self.note_left(&guest);
            }
        }
        self.presence_changed(now, &mut effects);
        Ok(effects)
    }

    /// When the next guest may be swept.
    pub(super) fn guests_due(&self) -> Result<Option<Millis>, SqlError> {
        Ok(self.log.longest_unseen_guest()?.map(|seen| seen.saturating_add(GUEST_AWAY + 1)))
    }

    /// One page of members, longest standing first.
    pub fn members(&self, viewer: &Viewer, cursor: Option<&str>, now: Millis) -> Outcome<MemberPage> {
        self.allow(viewer, Action::Read, now)?;
        let after: i64 = cursor.map_or(Ok(0), cursor::read)?;
        let mut rows = self.log.member_page(after)?;
        let page = usize::try_from(MEMBER_PAGE).unwrap_or_default();
        let more = rows.len() > page;
        rows.truncate(page);
        let next = rows.last().filter(|_| more).map(|row| cursor::write(&row.place));
        let owner = &self.log.born().owner.id;
        let members = rows
            .into_iter()
            .map(|row| MemberView {
                role: Role::of(row.person.kind, true, row.person.id == *owner),
                joined: row.joined,
                online: self.here.is_online(&row.person.id),
                person: PersonView::from(&row.person),
            })
            .collect();
        Ok(MemberPage { members, next })
    }
}
