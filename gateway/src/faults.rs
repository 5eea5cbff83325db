//! Faults that a test switches on: `POST /faults` with one of them, `{}` to switch it off, `GET` to look.

use crate::app::{locked, Gateway};
use crate::call::Call;
use crate::refusal::Refusal;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What goes wrong, for which requests, and how often. Several may be named at once; the first one below that applies
/// is the answer.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    /// Everything else happens so many milliseconds later, whether or not the client still waits.
    #[serde(skip_serializing_if = "is_default")]
    pub delay_ms: u64,
    /// The connection is closed and nothing was done.
    #[serde(skip_serializing_if = "is_default")]
    pub down: bool,
    /// Refused with this status; nothing was done.
    #[serde(skip_serializing_if = "is_default")]
    pub status: Option<u16>,
    /// Status 200 and a page instead of JSON; nothing was done.
    #[serde(skip_serializing_if = "is_default")]
    pub rubbish: bool,
    /// Each command is refused, for the month's commands are used up.
    #[serde(skip_serializing_if = "is_default")]
    pub quota: bool,
    /// Each command that may need room is refused, for the database is full. Reading and deleting goes on.
    #[serde(skip_serializing_if = "is_default")]
    pub full: bool,
    /// It was done; the connection is closed without an answer.
    #[serde(skip_serializing_if = "is_default")]
    pub lost: bool,
    /// It was done; the connection is closed after half of the answer.
    #[serde(skip_serializing_if = "is_default")]
    pub cut: bool,

    /// How many more requests it strikes; without, all.
    #[serde(skip_serializing_if = "is_default")]
    pub times: Option<u32>,
    /// Strikes only requests that have this command.
    #[serde(skip_serializing_if = "is_default")]
    pub only: Option<String>,
    /// Strikes only requests with this text in their address or body.
    #[serde(skip_serializing_if = "is_default")]
    pub containing: Option<String>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Fault {
    /// What happens to a request. One that it strikes is counted off; the last one switches it off.
    pub fn strike(&mut self, call: &Call, address: &str, body: &[u8]) -> Self {
        let named = |name: &String| call.commands().iter().any(|each| each.name().eq_ignore_ascii_case(name));
        let holds = |text: &String| address.contains(text) || String::from_utf8_lossy(body).contains(text);
        if !(self.only.iter().all(named) && self.containing.iter().all(holds)) {
            return Self::default();
        }
        let struck = self.clone();
        match &mut self.times {
            Some(0 | 1) => *self = Self::default(),
            Some(times) => *times -= 1,
            None => {}
        }
        struck
    }
}

/// `POST /faults`.
pub async fn set(State(gateway): State<Arc<Gateway>>, body: Bytes) -> Response {
    match serde_json::from_slice(&body) {
        Ok(fault) => {
            *locked(&gateway.fault) = fault;
            show(State(gateway)).await
        }
        Err(error) => Refusal::bad(format!("ERR no such fault: {error}")).into_response(),
    }
}

/// `GET /faults`.
pub async fn show(State(gateway): State<Arc<Gateway>>) -> Response {
    crate::answer::json(&*locked(&gateway.fault))
}
