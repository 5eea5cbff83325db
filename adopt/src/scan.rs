//! Which rooms the tutorial chat has left, by their keys: it kept no list of them.

use hihichat::redis::{keys, Redis, RedisError, Wire};
use serde::Deserialize;
use std::collections::BTreeSet;

/// How many keys Redis looks at for one command.
const COUNT: &str = "1000";

/// Where a scan goes on, and what it has found by the way. The place is text, or a number that some give instead.
#[derive(Deserialize)]
struct Step(serde_json::Value, Vec<String>);

/// The names of all rooms that have members or messages, as their keys have them.
pub async fn rooms<W: Wire>(redis: &Redis<W>) -> Result<BTreeSet<String>, RedisError> {
    let mut names = BTreeSet::new();
    for kind in [keys::MEMBERS, keys::MESSAGES] {
        let mut cursor = "0".to_owned();
        loop {
            let pattern = format!("{kind}*");
            let command = ["SCAN", &cursor, "MATCH", &pattern, "COUNT", COUNT].map(str::to_owned).to_vec();
            let answer = redis.repeat(&command).await?;
            let Step(next, found) = serde_json::from_value(answer)
                .map_err(|_| RedisError::Refused("SCAN, with an answer that is none".to_owned()))?;
            names.extend(found.iter().filter_map(|key| key.strip_prefix(kind)).map(str::to_owned));
            cursor = next.as_str().map_or_else(|| next.to_string(), str::to_owned);
            if cursor == "0" {
                break;
            }
        }
    }
    Ok(names)
}
