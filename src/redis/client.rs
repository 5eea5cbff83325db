//! The client: commands as JSON arrays, a time limit, and another try where that is safe.

use super::{reply, RedisError};
use crate::domain::time::Millis;
use serde_json::Value;

/// How often a command is sent at most.
const TRIES: u32 = 3;
/// The wait before the second try, at most; before each further one it may be four times as long.
const FIRST_WAIT: Millis = 100;

/// One command: its name and its arguments. They travel as a JSON array and never in the path, so no text can become
/// another command or another address.
pub type Command = Vec<String>;

/// Where Redis is, and what opens it. There is no `Debug` of it: the token stays out of every log.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The address, without a slash at its end.
    pub url: String,
    /// The bearer token.
    pub token: String,
}

/// Carries one request to Redis and its answer back.
#[allow(async_fn_in_trait)] // Worker futures are never Send; there is one thread.
pub trait Wire {
    /// Posts JSON to a path (`/`, `/pipeline`, `/multi-exec`) with the token. Gives the status and the body, or
    /// [`RedisError::Unreachable`] or [`RedisError::TimedOut`].
    async fn post(&self, path: &str, body: String) -> Result<(u16, String), RedisError>;

    /// Waits up to this long: a part of it that chance decides, so that many who failed together come back apart.
    async fn wait_up_to(&self, most: Millis);
}

/// Redis.
pub struct Redis<W>(pub W);

impl<W: Wire> Redis<W> {
    /// One command, once.
    pub async fn command(&self, command: &Command) -> Result<Value, RedisError> {
        let (status, body) = self.0.post("/", json(command)?).await?;
        reply::one(status, &body)
    }

    /// One command that may be done twice: it is sent again after what may pass.
    pub async fn repeat(&self, command: &Command) -> Result<Value, RedisError> {
        let mut tried = 1;
        loop {
            match self.command(command).await {
                // Whoever waits for an answer has waited long enough after one that did not come in time.
                Err(error) if tried < TRIES && error.may_pass() && error != RedisError::TimedOut => {
                    self.0.wait_up_to(FIRST_WAIT << (2 * (tried - 1))).await;
                    tried += 1;
                }
                answer => return answer,
            }
        }
    }

    /// Commands in one request, others may come between them. One result each.
    pub async fn pipeline(&self, commands: &[Command]) -> Result<Vec<Result<Value, RedisError>>, RedisError> {
        let (status, body) = self.0.post("/pipeline", json(commands)?).await?;
        reply::list(status, &body, commands.len())
    }

    /// Commands in one request, as one step. One result each, or one error for all of them.
    pub async fn multi_exec(&self, commands: &[Command]) -> Result<Vec<Result<Value, RedisError>>, RedisError> {
        let (status, body) = self.0.post("/multi-exec", json(commands)?).await?;
        reply::list(status, &body, commands.len())
    }
}

fn json(body: &(impl serde::Serialize + ?Sized)) -> Result<String, RedisError> {
    serde_json::to_string(body).map_err(|error| RedisError::Refused(error.to_string()))
}
