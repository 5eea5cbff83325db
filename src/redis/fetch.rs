//! Redis over the Worker's own fetch.

use super::{Endpoint, RedisError, Wire};
use crate::deadline::within;
use crate::domain::time::Millis;
use crate::random;
use crate::request;
use std::time::Duration;
use worker::{AbortController, Delay, Fetch};

/// The limit of one request: callers are told to try again within ten seconds.
const LIMIT: Duration = Duration::from_secs(8);

impl Wire for Endpoint {
    async fn post(&self, path: &str, body: String) -> Result<(u16, String), RedisError> {
        let abort = AbortController::default();
        let signal = abort.signal();
        let answer = async {
            let request = request::post(&format!("{}{path}", self.url), &body)?;
            let headers = request.headers();
            headers.set("authorization", &format!("Bearer {}", self.token))?;
            headers.set("content-type", "application/json")?;
            let mut response = Fetch::Request(request).send_with_signal(&signal).await?;
            Ok::<_, worker::Error>((response.status_code(), response.text().await?))
        };
        match within(LIMIT, answer).await {
            Some(answer) => answer.map_err(|error| RedisError::Unreachable(error.to_string())),
            None => {
                // So that it is not done after we have given it up, as far as that is in our hands.
                abort.abort();
                Err(RedisError::TimedOut)
            }
        }
    }

    async fn wait_up_to(&self, most: Millis) {
        let part = random::bytes::<1>().map_or(128, |[byte]| Millis::from(byte));
        let wait = most / 2 + most * part / 512;
        Delay::from(Duration::from_millis(u64::try_from(wait).unwrap_or_default())).await;
    }
}
