//! Members: joining, leaving, listing, and leaving for good with a session that ends.

use super::{Core, Failure, Outcome};
use crate::domain::id::{InviteToken, PersonId};
use crate::domain::membership::{Departed, Ended, Promoted};
use crate::domain::person::{Kind, Person, PersonView, Viewer};
use crate::domain::rights::{Access, Action, Role};
use crate::domain::time::{Millis, DAY};
use crate::protocol::code::Code;
use crate::protocol::cursor;
use crate::protocol::server::PEOPLE_SHOWN;
use crate::protocol::views::{MemberPage, MemberView, RoomView};
use crate::room::attachment::{ConnectionId, ReadMarker, Standing};
use crate::room::effect::{CloseReason, Effect};
use crate::room::log::{Born, MEMBER_PAGE};
use crate::sql::{Sql, SqlError};

/// How long a guest without a connection stays in the member list.
pub const GUEST_AWAY: Millis = DAY;

impl<S: Sql> Core<S> {
    /// The room as this viewer sees it.
    pub fn view(&self, viewer: &Viewer, now: Millis) -> Outcome<RoomView> {
        let standing = self.allow(viewer, Action::Read, now)?;
        self.view_as(&viewer.person.id, standing)
    }

    pub(super) fn view_as(&self, person: &PersonId, standing: Standing) -> Outcome<RoomView> {
        let born = self.log.born();
        Ok(RoomView {
            name: born.name.clone(),
            description: born.description.clone(),
            access: born.access,
            owner: PersonView::from(&born.owner),
            created: born.created,
            epoch: born.epoch.clone(),
            seq: self.head.seq,
            activity: self.activity(),
            members: self.log.members(),
            online: self.here.online(),
            people: self.here.online_people(PEOPLE_SHOWN),
            role: standing.role,
            reading: self.reading(person, standing.joined)?,
        })
    }

    /// When something was last said, or the room was made.
    pub(super) fn activity(&self) -> Millis {
        self.head.at.max(self.log.born().created)
    }

    /// Makes the viewer a member; again is fine. An invite lets them into a private room, and back in after a removal.
    pub fn join(
        &mut self,
        viewer: &Viewer,
        invite: Option<&InviteToken>,
        now: Millis,
    ) -> Outcome<(RoomView, Vec<Effect>)> {
        let mut effects = Vec::new();
        let by_right = self.allow(viewer, Action::Join, now);
        match (by_right, invite) {
            (Ok(_), _) => {}
            (Err(_), _) if self.standing(viewer, now).is_ok_and(|standing| standing.joined) => {}
            (Err(Failure::Refused(refusal)), Some(token)) if refusal.code != Code::SessionEnded => {
                self.use_invite(viewer, token, now)?;
            }
            (Err(failure), _) => return Err(failure),
        }
        if self.log.join(&viewer.person, self.head.seq, now)? {
            effects.push(Effect::Publish);
            let marker = self.log.read(&viewer.person.id)?.unwrap_or_default();
            self.here.mark(&viewer.person.id, ReadMarker(marker, marker, now));
            let connected = self.restand(&viewer.person, true, viewer.admin, &mut effects);
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
            let connected = self.restand(&viewer.person, false, viewer.admin, &mut effects);
            self.note_left(&viewer.person.id);
            if connected {
                self.note_went(&viewer.person.id);
            }
            // Whoever leaves a private room no longer knows it.
            effects.extend(self.close_those_who_may_not_read(now)?);
            self.presence_changed(now, &mut effects);
        }
        Ok(effects)
    }

    /// Gives all connections of a person their new standing. Says whether there are any.
    pub(super) fn restand(&mut self, person: &Person, joined: bool, admin: bool, effects: &mut Vec<Effect>) -> bool {
        let changed = self.here.restand(&person.id, self.stands(person, joined, admin));
        let any = !changed.is_empty();
        effects.extend(changed.into_iter().map(Effect::Attach));
        any
    }

    /// Sessions have ended: their connections close and their tokens are refused here. With their last session a
    /// guest leaves the member list, and an account leaves that of an open room.
    pub fn depart(&mut self, departed: &Departed, now: Millis) -> Result<Vec<Effect>, SqlError> {
        let mut effects = Vec::new();
        for ended in &departed.sessions {
            self.log.refuse_session(ended, now)?;
            effects.extend(self.close_session(&departed.person, ended, CloseReason::SignedOut, now)?);
        }
        let is_guest = self.log.member(&departed.person)?.is_some_and(|member| member.kind == Kind::Guest);
        let leaves = departed.last && (is_guest || self.log.born().access == Access::Open);
        if leaves && self.log.leave(&departed.person)? {
            effects.push(Effect::Publish);
            self.note_left(&departed.person);
        }
        self.presence_changed(now, &mut effects);
        Ok(effects)
    }

    /// A guest has become an account: the same member under the account's name; the guest's session is over.
    pub fn promote(&mut self, promoted: &Promoted, now: Millis) -> Result<Vec<Effect>, SqlError> {
        let Promoted { person, ended } = promoted;
        self.log.refuse_session(ended, now)?;
        let mut effects = self.close_session(&person.id, ended, CloseReason::Renewed, now)?;
        if self.log.is_member(&person.id)? {
            self.log.rename(person)?;
            self.note_joined(person);
        }
        if self.log.born().owner.id == person.id {
            let born = Born { owner: person.clone(), ..self.log.born().clone() };
            self.log.change(born)?;
            effects.push(self.changed());
        }
        self.presence_changed(now, &mut effects);
        Ok(effects)
    }

    fn close_session(
        &mut self,
        person: &PersonId,
        ended: &Ended,
        reason: CloseReason,
        now: Millis,
    ) -> Result<Vec<Effect>, SqlError> {
        let theirs = self.here.of_person(person).filter(|one| one.session == ended.session);
        let ids: Vec<_> = theirs.map(|one| one.id).collect();
        self.close_all(ids, reason, now)
    }

    /// Closes connections; the caller tells their going when it has noted everything.
    pub(super) fn close_all(
        &mut self,
        ids: Vec<ConnectionId>,
        reason: CloseReason,
        now: Millis,
    ) -> Result<Vec<Effect>, SqlError> {
        let mut effects = Vec::new();
        for id in ids {
            self.forget(id, now)?;
            effects.push(Effect::Close(id, reason));
        }
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
                role: Role::of(row.person.kind, true, row.person.id == *owner, false),
                joined: row.joined,
                online: self.here.is_online(&row.person.id),
                person: PersonView::from(&row.person),
            })
            .collect();
        Ok(MemberPage { members, next })
    }
}
