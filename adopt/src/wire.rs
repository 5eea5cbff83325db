//! The Worker's Redis client over an HTTP client that blocks, so that its futures are ready at once.

use hihichat::domain::time::Millis;
use hihichat::redis::{Endpoint, RedisError, Wire};
use std::cell::Cell;
use std::time::Duration;
use ureq::{Agent, Error};

/// The limit of one request. Nobody waits in a room for it, so longer than the Worker's.
const LIMIT: Duration = Duration::from_secs(30);

/// Beyond what Upstash answers at most, 10 MB before it is written as JSON.
const LONGEST: u64 = 64 << 20;

/// To one Redis.
pub struct Https {
    endpoint: Endpoint,
    agent: Agent,
    /// How many commands were sent: each is billed, also one that is sent again.
    pub commands: Cell<u64>,
}

impl Https {
    /// Connects to nothing yet.
    pub fn to(endpoint: Endpoint) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(LIMIT));
        // A redirect would take the token elsewhere.
        let agent = config.max_redirects(0).build().new_agent();
        Self { endpoint, agent, commands: Cell::default() }
    }
}

impl Wire for Https {
    async fn post(&self, path: &str, body: String) -> Result<(u16, String), RedisError> {
        self.commands.set(self.commands.get() + 1);
        let failed = |error| match error {
            Error::Timeout(_) => RedisError::TimedOut,
            error => RedisError::Unreachable(error.to_string()),
        };
        let request = self
            .agent
            .post(format!("{}{path}", self.endpoint.url))
            .header("authorization", format!("Bearer {}", self.endpoint.token))
            .header("content-type", "application/json");
        let mut answer = request.send(body).map_err(failed)?;
        let status = answer.status().as_u16();
        let text = answer.body_mut().with_config().limit(LONGEST).read_to_string().map_err(failed)?;
        Ok((status, text))
    }

    /// The whole of it: one program alone meets nobody when it comes back.
    async fn wait_up_to(&self, most: Millis) {
        std::thread::sleep(Duration::from_millis(most.unsigned_abs()));
    }
}
