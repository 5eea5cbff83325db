//! What happens later: the presence tick while awake, the one alarm, and telling the Directory.

use super::{failed, Shell};
use crate::directory::embedded::client::Embedded;
use crate::directory::{Directory, DirectoryError, Publication};
use crate::domain::time::{Millis, SECOND};
use crate::room::core::{Report, REPORT_EVERY};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use worker::{console_error, Date, Delay, Result};

/// The first wait after a publication failed; each further one is twice as long.
const RETRY_FIRST: Millis = 5 * SECOND;
/// The longest wait.
const RETRY_LONGEST: Millis = 300 * SECOND;

/// The alarm as it is set, and how often publishing failed.
#[derive(Default)]
pub struct Clock {
    alarm_at: Cell<Option<Millis>>,
    failures: Cell<u32>,
}

impl Clock {
    /// What was set before the object slept.
    pub fn wake(&self, alarm: Option<Millis>) {
        self.alarm_at.set(alarm);
    }

    /// A near alarm was set by a report: until it comes, no other one goes out.
    pub fn reports_wait_until(&self, now: Millis) -> Millis {
        self.alarm_at.get().filter(|at| *at <= now + REPORT_EVERY).unwrap_or(now)
    }

    fn retry_in(&self) -> Millis {
        let failures = self.failures.get();
        self.failures.set(failures.saturating_add(1));
        RETRY_FIRST.saturating_mul(1 << failures.min(10)).min(RETRY_LONGEST)
    }
}

/// The clock. It stands still while the object computes.
pub fn now() -> Millis {
    Millis::try_from(Date::now().as_millis()).unwrap_or(Millis::MAX)
}

fn in_millis(wait: Millis) -> Duration {
    Duration::from_millis(u64::try_from(wait).unwrap_or_default())
}

/// Calls the core's tick at a time, if the object is still awake then. It is: a timer keeps it from sleeping.
pub fn tick_at(shell: &Rc<Shell>, at: Millis) {
    let later = Rc::clone(shell);
    shell.state.wait_until(async move {
        Delay::from(in_millis(at - now())).await;
        if let Ok(effects) = later.with(|core, now| core.tick(now)) {
            later.perform(effects);
        }
    });
}

/// Sets the one alarm, unless an earlier one is set.
async fn alarm_by(shell: &Rc<Shell>, at: Millis) -> Result<()> {
    if shell.clock.alarm_at.get().is_some_and(|set| set <= at) {
        return Ok(());
    }
    shell.clock.alarm_at.set(Some(at));
    shell.state.storage().set_alarm(in_millis(at - now())).await
}

/// After each event: reports what is due, and sees that an alarm is set for what is due later.
pub async fn settle(shell: &Rc<Shell>) {
    let Ok(report) = shell.with(|core, now| core.report(now)) else {
        return;
    };
    let set = match report {
        Report::Now => {
            publish_soon(shell);
            Ok(())
        }
        Report::At(at) => alarm_by(shell, at).await,
        Report::Nothing if shell.clock.alarm_at.get().is_some() => Ok(()),
        Report::Nothing => match shell.with(|core, now| core.house_due(now)) {
            Ok(Ok(Some(due))) => alarm_by(shell, due).await,
            _ => Ok(()),
        },
    };
    if let Err(error) = set {
        console_error!("an alarm can't be set: {error}");
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
    if let Err(error) = alarm_by(shell, now() + REPORT_EVERY).await {
        console_error!("an alarm can't be set: {error}");
    }
    publish(shell).await;
}

/// Tells the Directory how the room stands and what is in the outbox, until that is empty.
async fn publish(shell: &Rc<Shell>) {
    if shell.publishing.replace(true) {
        return; // the one under way takes along what has come since
    }
    let told = loop {
        match tell(shell).await {
            Ok(true) => {}
            done => break done,
        }
    };
    shell.publishing.set(false);
    match told {
        Ok(_) => shell.clock.failures.set(0),
        Err(error) => {
            console_error!("publishing failed: {error}");
            let _ = shell.with(|core, _| core.report_again());
            if let Err(error) = alarm_by(shell, now() + shell.clock.retry_in()).await {
                console_error!("an alarm can't be set: {error}");
            }
        }
    }
}

/// One publication. Says whether there is more to tell.
async fn tell(shell: &Rc<Shell>) -> Result<bool> {
    if shell.with(|core, _| core.is_closed())? {
        return Ok(false);
    }
    let (place, publication) = shell
        .with(|core, now| {
            let (place, changes) = core.log().outbox()?.unzip();
            let name = core.log().born().name.clone();
            let publication = Publication {
                key: name.key(),
                skeleton: name.skeleton(),
                row: core.take_report(now),
                changes: changes.unwrap_or_default(),
            };
            Ok::<_, crate::sql::SqlError>((place, publication))
        })?
        .map_err(failed)?;
    let directory = Embedded::connect(&shell.env).map_err(failed)?;
    let departed = directory.publish(&publication, now()).await.map_err(|error: DirectoryError| failed(error))?;
    for departed in departed {
        let effects = shell.with(|core, now| core.depart(&departed, now))?.map_err(failed)?;
        shell.perform(effects);
    }
    // Also when there was nothing to tell but the report: something may have come while it was on its way.
    shell
        .with(|core, _| {
            place.map_or(Ok(()), |place| core.log().published(place))?;
            core.log().outbox().map(|left| left.is_some())
        })?
        .map_err(failed)
}

/// Demolishes a closed room, with an alarm set before the first try.
pub async fn demolish_safely(shell: &Rc<Shell>) {
    let done = async {
        alarm_by(shell, now() + REPORT_EVERY).await?;
        demolish(shell).await
    };
    if let Err(error) = done.await {
        console_error!("a closed room can't be removed yet: {error}");
    }
}

/// Removes what others see, then what is stored, then frees the name, then the tombstone. Each step is fine twice.
async fn demolish(shell: &Rc<Shell>) -> Result<()> {
    // What is being told of the room must not arrive after it was hidden.
    while shell.publishing.get() {
        Delay::from(in_millis(20)).await;
    }
    let key = shell.with(|core, _| core.log().born().name.key())?;
    let directory = Embedded::connect(&shell.env).map_err(failed)?;
    directory.hide(&key).await.map_err(failed)?;
    shell.with(|core, _| core.wipe())?.map_err(failed)?;
    directory.free(&key).await.map_err(failed)?;
    // The name was free while the answer came: a new room may stand here already.
    match shell.with(|core, _| core.is_closed()) {
        Ok(true) => shell.clear().await,
        _ => Ok(()),
    }
}

/// The alarm has come: whatever is due is done, and the next one is set.
pub async fn alarm(shell: &Rc<Shell>) -> Result<()> {
    shell.clock.alarm_at.set(None);
    if !shell.awake().await? {
        return Ok(());
    }
    shell.clock.alarm_at.set(None);
    if shell.with(|core, _| core.is_closed())? {
        if let Err(error) = demolish(shell).await {
            alarm_by(shell, now() + shell.clock.retry_in()).await?;
            return Err(error);
        }
        return Ok(());
    }
    shell.close_silent()?;
    publish(shell).await;
    let (due, effects) = shell.with(|core, now| core.keep_house(now))?.map_err(failed)?;
    shell.perform(effects);
    match due {
        Some(due) => alarm_by(shell, due).await,
        None => Ok(()),
    }
}
