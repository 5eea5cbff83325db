//! Sessions that ended before their token did. Tokens are checked without a store, so the room refuses these itself.

use super::Log;
use crate::domain::id::SessionId;
use crate::domain::time::Millis;
use crate::sql::{Sql, SqlError};

impl<S: Sql> Log<S> {
    /// Refuses a session from now on, until its token expires by itself.
    pub fn revoke(&self, session: &SessionId, until: Millis, now: Millis) -> Result<(), SqlError> {
        self.sql.run("DELETE FROM revocations WHERE until <= ?", &[now.into()])?;
        self.sql
            .run(
                "INSERT OR REPLACE INTO revocations (session, until) VALUES (?, ?)",
                &[session.as_str().into(), until.into()],
            )
            .map(drop)
    }

    /// Whether a session is refused.
    pub fn is_revoked(&self, session: &SessionId) -> Result<bool, SqlError> {
        Ok(self.sql.first("SELECT 1 FROM revocations WHERE session = ?", &[session.as_str().into()])?.is_some())
    }
}
