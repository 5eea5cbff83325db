//! What happens later: the presence tick while awake, and the one alarm, for the earliest thing that is due.

use super::publish::{publish, publish_soon};
use super::{failed, Shell};
pub use crate::clock::now;
use crate::directory::{home, Directory};
use crate::domain::time::{Millis, HOUR, SECOND};
use crate::limits::budget::Spent;
use crate::random;
use crate::room::core::{Report, REPORT_EVERY};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use worker::{console_error, Delay, Result};

/// The first wait after a telling failed; each further one is twice as long, up to the longest.
const RETRY_FIRST: Millis = SECOND;
/// The longest wait: what was said in an outage is told about as soon after it.
pub(super) const RETRY_LONGEST: Millis = 60 * SECOND;

/// The alarm as it is set, how often publishing failed, and the time while something is done.
#[derive(Default)]
pub struct Clock {
    held: Cell<Option<Millis>>,
    alarm_at: Cell<Option<Millis>>,
    failures: Cell<u32>,
    retry_at: Cell<Millis>,
}

impl Clock {
    /// The time.
    pub fn now(&self) -> Millis {
        self.held.get().unwrap_or_else(now)
    }

    /// Does something during which the time stands still. It does so anyway, and asking the runtime for it seven times took a
    /// third as long as reading a message does (samples).
    pub fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = self.held.replace(Some(self.now()));
        let done = work();
        self.held.set(before);
        done
    }

    /// What was set before the object slept.
    pub fn wake(&self, alarm: Option<Millis>) {
        self.alarm_at.set(alarm);
    }

    /// When the alarm comes, if one is set.
    #[cfg(feature = "test-hooks")]
    pub fn is_set_for(&self) -> Option<Millis> {
        self.alarm_at.get()
    }

    /// Whether the alarm comes by then.
    fn is_set_by(&self, at: Millis) -> bool {
        self.alarm_at.get().is_some_and(|set| set <= at)
    }

    /// A near alarm was set by a report: until it comes, no other one goes out.
    pub fn reports_wait_until(&self, now: Millis) -> Millis {
        self.alarm_at.get().filter(|at| *at <= now + REPORT_EVERY).unwrap_or(now)
    }

    /// A telling failed: when to try again. Apart from others that failed at the same time; and seldom, where only a
    /// person can help.
    pub fn retry_at(&self, is_hopeless: bool) -> Millis {
        let failures = self.failures.get();
        self.failures.set(failures.saturating_add(1));
        let wait = match is_hopeless {
            true => HOUR,
            false => RETRY_FIRST.saturating_mul(1 << failures.min(10)).min(RETRY_LONGEST),
        };
        let part = random::bytes::<1>().map_or(0, |[byte]| Millis::from(byte));
        self.retry_at.set(now() + wait - wait / 4 + wait * part / 1024);
        self.retry_at.get()
    }

    /// A telling arrived.
    pub fn succeeded(&self) {
        self.failures.set(0);
    }

    /// When the next telling is due, if the last one failed and it is not yet.
    pub fn backs_off_until(&self) -> Option<Millis> {
        // An alarm may come a little early.
        Some(self.retry_at.get()).filter(|at| self.failures.get() > 0 && now() + 50 < *at)
    }
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

/// Sends what waits at a time, if the object is still awake then. It is, as above; and what an isolate takes with it when
/// it is reset is said again.
pub fn send_at(shell: &Rc<Shell>, at: Millis) {
    let later = Rc::clone(shell);
    shell.state.wait_until(async move {
        Delay::from(in_millis(at - now())).await;
        later.send_waiting();
    });
}

/// Sets the one alarm, unless an earlier one is set.
pub(super) async fn alarm_by(shell: &Rc<Shell>, at: Millis) -> Result<()> {
    if shell.clock.is_set_by(at) {
        return Ok(());
    }
    shell.clock.alarm_at.set(Some(at));
    shell.spend(Spent { calls: 0, frames: 0, rows: 1 });
    #[cfg(feature = "test-hooks")]
    super::hooks::ALARMS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    shell.state.storage().set_alarm(in_millis(at - now())).await
}

/// After each event: reports what is due, and sees that an alarm is set for what is due later.
pub async fn settle(shell: &Rc<Shell>) {
    if let Some(at) = settled_at(shell) {
        settle_at(shell, at).await;
    }
}

/// The same but for the alarm; says when it is to come, if it must be set for that.
pub fn settled_at(shell: &Rc<Shell>) -> Option<Millis> {
    let due = match shell.with(|core, now| core.report(now)).ok()? {
        Report::Now => {
            publish_soon(shell);
            None
        }
        Report::At(at) => Some(at),
        Report::Nothing if shell.clock.alarm_at.get().is_some() => None,
        Report::Nothing => shell.with(|core, now| core.house_due(now)).ok().and_then(|due| due.ok().flatten()),
    };
    let expiry = shell.with(|core, now| core.expiry_due(now)).ok().flatten();
    due.into_iter().chain(expiry).min().filter(|at| !shell.clock.is_set_by(*at))
}

/// Sets the alarm that an event asks for.
pub async fn settle_at(shell: &Rc<Shell>, at: Millis) {
    if let Err(error) = alarm_by(shell, at).await {
        console_error!("an alarm can't be set: {error}");
    }
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
    let name = shell.with(|core, _| core.log().born().name.clone())?;
    let key = name.key();
    let directory = home::connect(&shell.env, &*shell.settings()?).map_err(failed)?;
    directory.hide(&key).await.map_err(failed)?;
    shell.with(|core, _| core.wipe())?.map_err(failed)?;
    directory.free(&key).await.map_err(failed)?;
    directory.0.tell_live(&name, None, None).await;
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
            alarm_by(shell, shell.clock.retry_at(false)).await?;
            return Err(error);
        }
        return Ok(());
    }
    shell.close_silent()?;
    publish(shell).await;
    let (due, effects) = shell.with(|core, now| core.keep_house(now))?.map_err(failed)?;
    shell.perform(effects);
    // While somebody is connected something will happen, their going at least, and set the alarm then: one that is far
    // off would only be moved nearer by the next message, and each setting is billed as a row.
    let is_awaited =
        shell.with(|core, now| due.is_some_and(|due| due > now + HOUR) && core.connections().any(|_| true))?;
    match due {
        Some(due) if !is_awaited => alarm_by(shell, due).await,
        _ => Ok(()),
    }
}
