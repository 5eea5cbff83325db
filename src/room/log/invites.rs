//! Invites in the log. Of the token only a hash is kept.

use super::Log;
use crate::domain::id::{InviteId, PersonId};
use crate::domain::person::Person;
use crate::domain::time::Millis;
use crate::sql::{json, Row, Sql, SqlError};

/// An invite as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct InviteRow {
    /// What it is revoked by.
    pub id: InviteId,
    /// The hash of its token.
    pub hash: String,
    /// Who made it.
    pub inviter: Person,
    /// When.
    pub created: Millis,
    /// When it ends.
    pub expires: Millis,
}

const COLUMNS: &str = "SELECT id, hash, inviter, created, expires FROM invites";

impl<S: Sql> Log<S> {
    /// Keeps a new invite, and forgets those that have ended.
    pub fn keep_invite(&self, invite: &InviteRow, now: Millis) -> Result<(), SqlError> {
        self.sql.write("DELETE FROM invites WHERE expires <= ?", &[now.into()])?;
        let row = [
            invite.id.as_str().into(),
            invite.hash.as_str().into(),
            json(&invite.inviter),
            invite.created.into(),
            invite.expires.into(),
        ];
        self.sql.write("INSERT INTO invites (id, hash, inviter, created, expires) VALUES (?, ?, ?, ?, ?)", &row)
    }

    /// The invite of this id, if it has not ended.
    pub fn invite(&self, id: &InviteId, now: Millis) -> Result<Option<InviteRow>, SqlError> {
        let wanted = [id.as_str().into(), now.into()];
        self.sql.first(&format!("{COLUMNS} WHERE id = ? AND expires > ?"), &wanted)?.map(invite).transpose()
    }

    /// All invites that have not ended, oldest first.
    pub fn invites(&self, now: Millis) -> Result<Vec<InviteRow>, SqlError> {
        let rows = self.sql.run(&format!("{COLUMNS} WHERE expires > ? ORDER BY created, id"), &[now.into()])?;
        rows.into_iter().map(invite).collect()
    }

    /// Ends an invite.
    pub fn revoke_invite(&self, id: &InviteId) -> Result<(), SqlError> {
        self.sql.write("DELETE FROM invites WHERE id = ?", &[id.as_str().into()])
    }

    /// Ends all invites that somebody made.
    pub fn revoke_invites_of(&self, person: &PersonId, now: Millis) -> Result<(), SqlError> {
        for invite in self.invites(now)?.into_iter().filter(|invite| invite.inviter.id == *person) {
            self.revoke_invite(&invite.id)?;
        }
        Ok(())
    }
}

fn invite(row: Row) -> Result<InviteRow, SqlError> {
    Ok(InviteRow {
        id: row.parsed(0, "invite id")?,
        hash: row.text(1)?.to_owned(),
        inviter: row.json(2, "inviter")?,
        created: row.integer(3)?,
        expires: row.integer(4)?,
    })
}
