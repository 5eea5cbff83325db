//! What the live tests look at and break. Built only with the feature `test-hooks`, never deployed.

use super::Shell;
use crate::directory::home::QUESTIONS;
use crate::http::reply::{self, Answer};
use crate::protocol::code::Code;
use crate::request::MADE;
use crate::sql::durable::EVER;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// A text that a test looks for in the deployed WASM, where it must not be.
pub const MARK: &str = "hihi-test-hook-panic";

/// Panics; a frame with the mark in it does too.
#[allow(clippy::panic)]
pub fn panic() -> ! {
    panic!("{MARK}")
}

/// How often an alarm was set in this isolate: each is billed as a row written.
pub static ALARMS: AtomicUsize = AtomicUsize::new(0);

/// How often one came: each is billed as a request.
pub static RUNG: AtomicUsize = AtomicUsize::new(0);

impl Shell {
    /// `panic`: panics. `trap`: ends the instance as memory that is full does, without a panic. `hang`, in `calls`: never
    /// answers. `counts`: rows read and written since the room woke, a number that is another after each waking, when the
    /// room's alarm is due, and of this isolate how often it has asked the Directory, rows read and written, alarms set and
    /// come, and requests made: to objects and to Redis, for there is no other way to either.
    pub(super) fn hook(self: &Rc<Self>, what: &str) -> Answer {
        match what {
            "panic" => panic(),
            #[cfg(target_arch = "wasm32")]
            "trap" => std::arch::wasm32::unreachable(),
            "counts" => {
                let [read, written] = self.with(|core, _| core.log().sql().counts()).map_err(reply::internal)?;
                let questions = QUESTIONS.load(Relaxed);
                let [ever_read, ever_written] = [EVER[0].load(Relaxed), EVER[1].load(Relaxed)];
                let counts = serde_json::json!({
                    "rows_read": read, "rows_written": written, "instance": self.instance, "questions": questions,
                    "ever_read": ever_read, "ever_written": ever_written, "alarms": ALARMS.load(Relaxed),
                    "rung": RUNG.load(Relaxed), "alarm": self.clock.is_set_for(), "requests": MADE.load(Relaxed),
                });
                reply::json(200, &counts)
            }
            _ => Err(Code::NotFound.into()),
        }
    }
}
