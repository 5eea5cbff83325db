//! Sessions whose time is over: their connections are closed before anything more is said to them.

use super::Core;
use crate::domain::time::{Millis, HOUR};
use crate::room::effect::{CloseReason, Effect};
use crate::sql::{Sql, SqlError};

impl<S: Sql> Core<S> {
    /// Closes the connections whose session has expired. Whoever feeds the core calls this before each thing it feeds.
    pub fn expire(&mut self, now: Millis) -> Result<Vec<Effect>, SqlError> {
        let over = self.here.expired(now);
        if over.is_empty() {
            return Ok(Vec::new());
        }
        let mut effects = self.close_all(over, CloseReason::SessionExpired, now)?;
        self.presence_changed(now, &mut effects);
        Ok(effects)
    }

    /// When to call [`Core::expire`] though nothing happens, within the next hour. Later than that nothing is set, for each
    /// setting is billed as a row: in a room where nothing happens there is nothing to hear either.
    pub fn expiry_due(&self, now: Millis) -> Option<Millis> {
        self.here.first_expiry().filter(|at| *at <= now.saturating_add(HOUR))
    }
}
