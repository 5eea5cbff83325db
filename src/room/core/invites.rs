//! Invites: links by which somebody gets into a private room, or back in after a removal.

use super::{Core, Outcome};
use crate::domain::id::{InviteId, InviteToken};
use crate::domain::person::{PersonView, Viewer};
use crate::domain::rights::Action;
use crate::domain::time::{Millis, HOUR};
use crate::protocol::code::Code;
use crate::protocol::views::{InvitePage, InviteView, InvitedTo, NewInvite, RoomTitle};
use crate::room::log::InviteRow;
use crate::sql::Sql;
use sha2::{Digest, Sha256};

impl<S: Sql> Core<S> {
    /// Makes an invite of a fresh token. The token is answered once and never stored.
    pub fn invite(&mut self, viewer: &Viewer, token: InviteToken, hours: i64, now: Millis) -> Outcome<NewInvite> {
        self.allow(viewer, Action::Invite, now)?;
        let invite = InviteRow {
            id: token.id(),
            hash: hash(&token),
            inviter: viewer.person.clone(),
            created: now,
            expires: now.saturating_add(hours.saturating_mul(HOUR)),
        };
        self.log.keep_invite(&invite, now)?;
        Ok(NewInvite { token, invite: view(&invite) })
    }

    /// All invites that have not ended.
    pub fn invites(&self, viewer: &Viewer, now: Millis) -> Outcome<InvitePage> {
        self.allow(viewer, Action::Manage, now)?;
        Ok(InvitePage { invites: self.log.invites(now)?.iter().map(view).collect() })
    }

    /// Ends an invite; again is fine.
    pub fn revoke_invite(&mut self, viewer: &Viewer, id: &InviteId, now: Millis) -> Outcome<()> {
        self.allow(viewer, Action::Manage, now)?;
        Ok(self.log.revoke_invite(id)?)
    }

    /// What an invite leads to, for whoever holds it.
    pub fn invited_to(&self, token: &InviteToken, now: Millis) -> Outcome<InvitedTo> {
        let invite = self.valid(token, now)?;
        let born = self.log.born();
        let room = RoomTitle { name: born.name.clone(), description: born.description.clone() };
        Ok(InvitedTo { room, inviter: PersonView::from(&invite.inviter), expires: invite.expires })
    }

    /// Lets the viewer in, if the invite holds, and was made after they were removed.
    pub(super) fn use_invite(&mut self, viewer: &Viewer, token: &InviteToken, now: Millis) -> Outcome<()> {
        let invite = self.valid(token, now)?;
        let known = self.log.known(&viewer.person.id, &viewer.session)?;
        match known.removed {
            Some(at) if invite.created <= at => Err(Code::UnknownInvite.into()),
            Some(_) => Ok(self.log.forgive(&viewer.person.id)?),
            None => Ok(()),
        }
    }

    fn valid(&self, token: &InviteToken, now: Millis) -> Outcome<InviteRow> {
        let invite = if self.is_closed() { None } else { self.log.invite(&token.id(), now)? };
        Ok(invite.filter(|invite| invite.hash == hash(token)).ok_or(Code::UnknownInvite)?)
    }
}

/// Two hashes are compared, so the time it takes tells nothing of the token.
fn hash(token: &InviteToken) -> String {
    Sha256::digest(token.as_str()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn view(invite: &InviteRow) -> InviteView {
    InviteView {
        id: invite.id.clone(),
        inviter: PersonView::from(&invite.inviter),
        created: invite.created,
        expires: invite.expires,
    }
}
