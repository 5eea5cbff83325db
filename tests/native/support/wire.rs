//! Redis from the host: the same client as the Worker's, over a plain HTTP client that blocks.

use super::redis::Redis;
use hihichat::domain::time::Millis;
use hihichat::redis::{RedisError, Wire};
use std::cell::Cell;
use std::time::Duration;

/// To the gateway of one redis-server.
pub struct HostWire {
    url: String,
    token: String,
    /// How often it was asked to wait before another try.
    pub waits: Cell<u32>,
}

impl HostWire {
    pub fn to(redis: &Redis) -> Self {
        Self { url: redis.url().to_owned(), token: redis.token().to_owned(), waits: Cell::new(0) }
    }

    pub fn with_token(self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self }
    }
}

impl Wire for HostWire {
    async fn post(&self, path: &str, body: String) -> Result<(u16, String), RedisError> {
        let config =
            ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(4)));
        let agent = config.build().new_agent();
        let request =
            agent.post(format!("{}{path}", self.url)).header("authorization", format!("Bearer {}", self.token));
        let failed = |error: ureq::Error| match error {
            ureq::Error::Timeout(_) => RedisError::TimedOut,
            error => RedisError::Unreachable(error.to_string()),
        };
        let mut answer = request.header("content-type", "application/json").send(body).map_err(failed)?;
        let status = answer.status().as_u16();
        Ok((status, answer.body_mut().read_to_string().map_err(failed)?))
    }

    async fn wait_up_to(&self, _most: Millis) {
        self.waits.set(self.waits.get() + 1);
    }
}
