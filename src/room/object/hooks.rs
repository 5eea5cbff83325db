//! What the live tests look at and break. Built only with the feature `test-hooks`, never deployed.

use super::Shell;
use crate::directory::embedded::client::QUESTIONS;
use crate::http::reply::{self, Answer};
use crate::protocol::code::Code;
use std::rc::Rc;

/// A text that a test looks for in the deployed WASM, where it must not be.
pub const MARK: &str = "hihi-test-hook-panic";

impl Shell {
    /// `panic`: panics. `counts`: rows read and written since the room woke, a number that is another after each waking,
    /// and how often this isolate has asked the Directory.
    pub(super) fn hook(self: &Rc<Self>, what: &str) -> Answer {
        match what {
            #[allow(clippy::panic)]
            "panic" => panic!("{MARK}"),
            "counts" => {
                let (read, written) = self.with(|core, _| core.log().sql().counts.get()).map_err(reply::internal)?;
                let questions = QUESTIONS.load(std::sync::atomic::Ordering::Relaxed);
                let counts = serde_json::json!({
                    "rows_read": read, "rows_written": written, "instance": self.instance, "questions": questions,
                });
                reply::json(200, &counts)
            }
            _ => Err(Code::NotFound.into()),
        }
    }
}
