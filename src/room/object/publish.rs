//! Telling others of the room: the Directory, and with Redis the Archive. Out of one outbox, one telling at a time, and
//! again for as long as it fails.

use super::archive::{make_room, tell_redis};
use super::{clock, Core, Shell};
use crate::directory::home::{self, Connected};
use crate::directory::{Directory, DirectoryError, Publication};
use crate::domain::membership::{Change, Erased};
use crate::domain::time::{Millis, SECOND};
use crate::limits::budget::Spent;
use crate::redis::Redis;
use crate::room::core::REPORT_EVERY;
use crate::sql::durable::DurableSql;
use crate::sql::SqlError;
use std::rc::Rc;
use worker::console_error;

/// How many tellings one event makes at most. The rest is left to the next alarm: an event may ask others only so often.
pub(super) const TELLINGS: usize = 20;

/// Tells all there is to tell, unless it failed a moment ago: then the alarm will.
pub async fn publish(shell: &Rc<Shell>) {
    let again = match shell.clock.backs_off_until() {
        Some(at) => Some(at),
        None if shell.publishing.replace(true) => None, // the one under way takes along what has come since
        None => {
            let told = tell_all(shell).await;
            shell.publishing.set(false);
            match told {
                Ok(more) => {
                    shell.clock.succeeded();
                    more.then_some(clock::now() + SECOND)
                }
                Err(error) => {
                    console_error!("publishing failed: {error}");
                    let _ = shell.with(|core, now| core.report_again(now));
                    Some(shell.clock.retry_at(error == DirectoryError::Superseded))
                }
            }
        }
    };
    if let Some(at) = again {
        if let Err(error) = clock::alarm_by(shell, at).await {
            console_error!("an alarm can't be set: {error}");
        }
    }
}

/// Says whether there is more to tell.
async fn tell_all(shell: &Rc<Shell>) -> Result<bool, DirectoryError> {
    if shell.with_log(|core, _| Ok(core.is_closed()))? {
        return Ok(false);
    }
    let settings = shell.settings().map_err(DirectoryError::unavailable)?;
    let directory = home::connect(&shell.env, &settings)?;
    match &settings.redis {
        Some(redis) if directory.0.has_moved().await? => {
            let redis = Redis(redis.clone());
            let outcome = tell_redis(shell, &directory, &redis, settings.budget.is_set()).await;
            if outcome == Err(DirectoryError::Full) {
                make_room(shell, &redis).await;
            }
            shell.say_whether_behind(&directory, outcome.as_ref().err()).await;
            outcome
        }
        _ => tell_object(shell, &directory, settings.budget.is_set()).await,
    }
}

/// The embedded Directory gets the row and the changes.
async fn tell_object(shell: &Rc<Shell>, directory: &Connected, counts: bool) -> Result<bool, DirectoryError> {
    for _ in 0..TELLINGS {
        let (place, mut publication) = shell.with_log(|core, now| {
            let (place, changes) = core.log().outbox()?.unzip();
            Ok((place, publication(core, changes.unwrap_or_default(), now)))
        })?;
        publication.spent = counts.then(|| shell.take_spent());
        let told = shell.carry_out(directory, &publication).await;
        if told.is_err() {
            shell.spend(publication.spent.unwrap_or_default());
        }
        told?;
        // Also when there was nothing to tell but the report: something may have come while it was on its way.
        let more = shell.with_log(|core, _| {
            place.map_or(Ok(()), |place| core.log().published(place))?;
            core.log().outbox().map(|left| left.is_some())
        })?;
        if !more {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) fn publication(core: &mut Core<DurableSql>, changes: Vec<Change>, now: Millis) -> Publication {
    let row = core.take_report(now);
    Publication { key: row.name.key(), skeleton: row.name.skeleton(), row, changes, batch: None, spent: None }
}

impl Shell {
    /// Counts what was spent, until it is told.
    pub(super) fn spend(&self, spent: Spent) {
        self.spent.set(self.spent.get().and(spent));
    }

    /// What was spent and not told yet.
    pub(super) fn take_spent(self: &Rc<Self>) -> Spent {
        let rows = self.with(|core, _| core.log().sql().take_written()).unwrap_or_default();
        self.spent.take().and(Spent { rows, ..Spent::default() })
    }

    pub(super) fn with_log<T>(
        self: &Rc<Self>,
        work: impl FnOnce(&mut Core<DurableSql>, Millis) -> Result<T, SqlError>,
    ) -> Result<T, DirectoryError> {
        self.with(work).map_err(DirectoryError::unavailable)?.map_err(DirectoryError::from)
    }

    /// Publishes, and sends away whom the Directory says is gone.
    pub(super) async fn carry_out(
        self: &Rc<Self>,
        directory: &Connected,
        publication: &Publication,
    ) -> Result<(), DirectoryError> {
        for departed in directory.publish(publication, clock::now()).await? {
            let effects = self.with_log(|core, now| match departed.erased {
                None => core.depart(&departed, now),
                Some(messages) => core.erase(&Erased { person: departed.person, messages }, now),
            })?;
            self.perform(effects);
        }
        Ok(())
    }
}

/// Publishes without keeping the caller.
pub fn publish_soon(shell: &Rc<Shell>) {
    let later = Rc::clone(shell);
    shell.state.wait_until(async move { publish_safely(&later).await });
}

/// Publishes with an alarm set before the first try: a reset in the middle loses nothing. The same alarm then
/// stands for "no report before this", also while the object sleeps.
pub async fn publish_safely(shell: &Rc<Shell>) {
    if let Err(error) = clock::alarm_by(shell, clock::now() + REPORT_EVERY).await {
        console_error!("an alarm can't be set: {error}");
    }
    publish(shell).await;
}
