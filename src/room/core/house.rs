//! What the alarm does in the room: guests who are away too long leave, history past its retention goes, and connections
//! whose session is over are closed.

use super::Core;
use crate::domain::time::{Millis, DAY};
use crate::room::effect::Effect;
use crate::sql::{Sql, SqlError};

impl<S: Sql> Core<S> {
    /// Keeps house, some of it at a time. Says when to come again.
    pub fn keep_house(&mut self, now: Millis) -> Result<(Option<Millis>, Vec<Effect>), SqlError> {
        let mut effects = self.expire(now)?;
        effects.extend(self.sweep_guests(now)?);
        let oldest_kept = now.saturating_sub(self.kept_for());
        let more_to_trim = self.log.trim(self.head, oldest_kept, self.retention.messages)?;
        Ok((if more_to_trim { Some(now) } else { self.house_due(now)? }, effects))
    }

    /// When there will be something for [`Core::keep_house`] to do.
    pub fn house_due(&self, now: Millis) -> Result<Option<Millis>, SqlError> {
        // The newest message always stays, so a room that fell silent has nothing to trim for ever.
        let oldest = self.log.oldest()?.filter(|oldest| oldest.seq < self.head.seq);
        let too_old = oldest.map(|oldest| oldest.at.saturating_add(self.kept_for()));
        let newer = match oldest {
            Some(oldest) => self.messages().saturating_sub(self.log.messages_up_to(oldest.seq)?),
            None => 0,
        };
        let too_many = oldest.filter(|_| newer >= self.retention.messages);
        let due = [too_old, too_many.map(|_| now + DAY), self.guests_due()?, self.expiry_due(now)];
        Ok(due.into_iter().flatten().min().map(|due| due.max(now + 1)))
    }

    fn kept_for(&self) -> Millis {
        self.retention.days.saturating_mul(DAY)
    }
}
