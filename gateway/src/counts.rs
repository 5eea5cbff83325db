//! What was asked, in the unit that is paid for: `GET /counts`, and `POST /counts` to begin anew.

use crate::app::{locked, Gateway};
use crate::call::Call;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Since the start, or since the last `POST /counts`. What a fault struck is counted too.
#[derive(Default, Serialize)]
pub struct Counts {
    /// Requests with the right token.
    pub requests: u64,
    /// Commands in them: each of a pipeline or transaction is one, and so is a script, whatever it does.
    pub commands: u64,
    /// The same by name, in capitals.
    pub by_name: BTreeMap<String, u64>,
}

impl Counts {
    pub fn add(&mut self, call: &Call) {
        self.requests += 1;
        for command in call.commands() {
            self.commands += 1;
            *self.by_name.entry(command.name()).or_default() += 1;
        }
    }
}

/// `GET /counts`.
pub async fn show(State(gateway): State<Arc<Gateway>>) -> Response {
    crate::answer::json(&*locked(&gateway.counts))
}

/// `POST /counts`: answers what was counted until now.
pub async fn reset(State(gateway): State<Arc<Gateway>>) -> Response {
    crate::answer::json(&std::mem::take(&mut *locked(&gateway.counts)))
}
