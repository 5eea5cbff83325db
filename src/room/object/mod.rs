//! A room's Durable Object: wakes the core, feeds it, carries out its effects. It has no rules of its own.
//!
//! Every entry point goes through `Shell::awake`, for the object may have slept before any of them.

#![allow(missing_docs)] // of the functions that the macro makes

mod archive;
mod calls;
mod clock;
mod events;
mod import;
mod publish;
mod sockets;

#[cfg(feature = "test-hooks")]
mod hooks;

use super::attachment::ConnectionId;
use super::call::{Asked, HEADER};
use super::core::Core;
use super::effect::{CloseReason, Effect};
use super::log::Log;
use crate::config::Settings;
use crate::domain::time::Millis;
use crate::http::reply;
use crate::limits::budget::Spent;
use crate::sql::durable::DurableSql;
use clock::Clock;
use sockets::Sockets;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use worker::{console_error, durable_object, DurableObject, Env, Error, Request, Response, Result, State};

/// The object. One a room, named by the room's key. Its sockets' events are in `events`.
#[durable_object(alarm)]
pub struct Room {
    shell: Rc<Shell>,
}

/// What the entry points and the tasks they leave behind share.
struct Shell {
    state: State,
    env: Env,
    awake: RefCell<Option<Awake>>,
    clock: Clock,
    publishing: Cell<bool>,
    importing: Cell<bool>,
    looked_for_silent: Cell<Millis>,
    spent: Cell<Spent>,
    #[cfg(feature = "test-hooks")]
    instance: u64,
}

/// The core and its sockets, from waking to sleep.
struct Awake {
    core: Core<DurableSql>,
    sockets: Sockets,
}

impl Shell {
    /// Wakes the core if it sleeps, and closes connections whose session is over. Says whether there is such a room.
    async fn awake(self: &Rc<Self>) -> Result<bool> {
        if self.is_awake() {
            self.expire()?;
            return Ok(true);
        }
        // No other event comes in while the storage is asked.
        let alarm = self.state.storage().get_alarm().await?;
        let log = match Log::open(DurableSql::new(self.state.storage())).map_err(failed)? {
            Ok(log) => log,
            Err(_) => return Ok(false),
        };
        self.clock.wake(alarm);
        self.begin(log)?;
        Ok(true)
    }

    fn is_awake(&self) -> bool {
        self.awake.borrow().is_some()
    }

    fn expire(self: &Rc<Self>) -> Result<()> {
        let expired = self.with(|core, now| core.expire(now))?.map_err(failed)?;
        if !expired.is_empty() {
            self.perform(expired);
        }
        Ok(())
    }

    fn settings(&self) -> Result<Rc<Settings>> {
        Settings::of(&self.env).map_err(failed)
    }

    /// Puts a core over the log.
    fn begin(self: &Rc<Self>, log: Log<DurableSql>) -> Result<()> {
        let settings = self.settings()?;
        let (sockets, connections) = Sockets::of(&self.state);
        let now = clock::now();
        let (mut core, effects) =
            Core::wake(log, connections, settings.retention, settings.bounds, now).map_err(failed)?;
        core.reports_wait_until(self.clock.reports_wait_until(now));
        if settings.redis.is_some() {
            core.archives_every(settings.archive_every);
        }
        *self.awake.borrow_mut() = Some(Awake { core, sockets });
        self.perform(effects);
        Ok(())
    }

    /// Forgets everything, in memory and on disk.
    async fn clear(&self) -> Result<()> {
        self.awake.replace(None);
        self.clock.wake(None);
        self.state.storage().delete_all().await
    }

    /// Lets the core do something and carries out what follows from it. Never held over an await.
    fn with<T>(self: &Rc<Self>, work: impl FnOnce(&mut Core<DurableSql>, Millis) -> T) -> Result<T> {
        let mut awake = self.awake.borrow_mut();
        let awake = awake.as_mut().ok_or_else(|| Error::from("the room is not awake"))?;
        Ok(work(&mut awake.core, self.clock.now()))
    }

    /// Carries out effects, in order, and sends what is due.
    fn perform(self: &Rc<Self>, effects: Vec<Effect>) {
        let mut publish = false;
        if let Some(Awake { core, sockets }) = self.awake.borrow_mut().as_mut() {
            let mut left = effects;
            loop {
                for effect in left.drain(..) {
                    match effect {
                        Effect::TickAt(at) => clock::tick_at(self, at),
                        Effect::Publish => publish = true,
                        other => sockets.perform(other),
                    }
                }
                let now = self.clock.now();
                if let Some(at) = sockets.send(now) {
                    clock::send_at(self, at);
                }
                left = without_slow(core, sockets.take_slow(), now);
                if left.is_empty() {
                    break;
                }
            }
        }
        if publish {
            publish::publish_soon(self);
        }
    }

    /// The timer of what waits has come. Something else may have sent it, and more may wait for a later time.
    fn send_waiting(self: &Rc<Self>) {
        if let Some(awake) = self.awake.borrow_mut().as_mut() {
            awake.sockets.timer_came();
        }
        self.perform(Vec::new());
    }
}

/// Those who don't read lose their place.
fn without_slow(core: &mut Core<DurableSql>, slow: Vec<ConnectionId>, now: Millis) -> Vec<Effect> {
    let closed = slow.into_iter().flat_map(|id| match core.close(id, CloseReason::SlowReader, now) {
        Ok(effects) => effects,
        Err(error) => {
            console_error!("a slow reader stays: {error}");
            Vec::new()
        }
    });
    closed.collect()
}

const CALL: Spent = Spent { calls: 1, frames: 0, rows: 0 };
const FRAME: Spent = Spent { calls: 0, frames: 1, rows: 0 };

fn failed(error: impl std::fmt::Display) -> Error {
    Error::from(error.to_string())
}

impl DurableObject for Room {
    fn new(state: State, env: Env) -> Self {
        // Answered by the runtime: a heartbeat wakes nobody.
        if let Ok(pair) = worker::WebSocketRequestResponsePair::new("ping", "pong") {
            state.set_websocket_auto_response(&pair);
        }
        let shell = Shell {
            state,
            env,
            awake: RefCell::default(),
            clock: Clock::default(),
            publishing: Cell::default(),
            importing: Cell::default(),
            looked_for_silent: Cell::default(),
            spent: Cell::default(),
            #[cfg(feature = "test-hooks")]
            instance: crate::random::bytes().map(|bytes| u64::from_le_bytes(bytes) >> 16).unwrap_or_default(),
        };
        Self { shell: Rc::new(shell) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        self.shell.spend(CALL);
        let Asked(name, call) = match request.headers().get(HEADER)? {
            Some(value) => Asked::from_header(&value).ok_or_else(|| Error::from("a call that can't be read"))?,
            None => crate::json::read(&request.text().await?).map_err(|error| error.to_string())?,
        };
        let exists = match self.shell.awake().await? {
            true => Ok(true),
            false => self.shell.import(name.as_ref(), &call).await,
        };
        let exists = match exists {
            Ok(exists) => exists,
            Err(refusal) => return reply::refuse(&refusal),
        };
        let response = self.shell.answer(call, exists).await;
        clock::settle(&self.shell).await;
        response
    }

    async fn alarm(&self) -> Result<Response> {
        self.shell.spend(CALL);
        #[cfg(feature = "test-hooks")]
        hooks::RUNG.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        // An alarm that fails is retried a few times and then never again: whatever goes wrong, the next one is set.
        if let Err(error) = clock::alarm(&self.shell).await {
            console_error!("an alarm failed: {error}");
            let again = clock::now() + clock::RETRY_LONGEST;
            if let Err(error) = clock::alarm_by(&self.shell, again).await {
                console_error!("an alarm can't be set: {error}");
            }
        }
        Response::empty()
    }
}
