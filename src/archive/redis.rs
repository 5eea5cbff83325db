//! The Archive as Redis is asked for it.

use super::import::{self, Found, NEWEST};
use crate::directory::DirectoryError;
use crate::domain::id::{Epoch, Seq};
use crate::domain::text::{PersonName, RoomKey, RoomName};
use crate::protocol::server::Message;
use crate::redis::{keys, Redis, RedisError, Wire};
use crate::room::log::Older;
use serde_json::{json, Value};

const FIND: &str = include_str!(concat!(env!("OUT_DIR"), "/find.lua"));
const KEEP_NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/keep_names.lua"));

impl<W: Wire> Redis<W> {
    /// Adds messages that were never sent before, once: one command, for that is what is billed.
    pub async fn add_messages(&self, room: &RoomName, entries: &[(String, String)]) -> Result<(), RedisError> {
        let mut command = vec!["ZADD".to_owned(), format!("{}{room}", keys::MESSAGES)];
        command.extend(entries.iter().flat_map(|(score, member)| [score.clone(), member.clone()]));
        self.command(&command).await.map(drop)
    }

    /// Removes messages after one score, or from the first on, and before another.
    pub async fn remove_messages(&self, room: &RoomName, after: Option<&str>, before: &str) -> Result<(), RedisError> {
        let from = after.map_or("-inf".to_owned(), |after| format!("({after}"));
        let messages = format!("{}{room}", keys::MESSAGES);
        let command = vec!["ZREMRANGEBYSCORE".to_owned(), messages, from, format!("({before}")];
        self.repeat(&command).await.map(drop)
    }

    /// A room that the Archive has, by its key or by its name as it was typed. From here on only `epoch` may write.
    pub async fn find_room(
        &self,
        key: &RoomKey,
        name: &RoomName,
        epoch: &Epoch,
    ) -> Result<Option<Found>, DirectoryError> {
        let wanted = json!({ "Find": { "key": key, "name": name, "epoch": epoch, "page": NEWEST } });
        let answer = self.on_its_own(FIND, wanted, vec![]).await?;
        crate::json::read(&answer).map_err(DirectoryError::unavailable)
    }

    /// Keeps names on old messages from being taken, until an admin releases them.
    pub async fn keep_names(&self, names: &[PersonName]) -> Result<(), DirectoryError> {
        let each = names.iter().flat_map(|name| [name.key().into(), name.skeleton(), name.to_string()]);
        self.on_its_own(KEEP_NAMES, json!({ "KeepNames": null }), each.collect()).await.map(drop)
    }

    /// Messages older than an imported log, by rising Seq: at most `limit` before `before`. Says whether there are more.
    pub async fn older_messages(
        &self,
        room: &RoomName,
        older: &Older,
        before: Seq,
        limit: i64,
    ) -> Result<(Vec<Message>, bool), RedisError> {
        let before = before.min(older.seq);
        let skip = older.ties + older.seq.since(before);
        let messages = format!("{}{room}", keys::MESSAGES);
        let words = ["ZREVRANGEBYSCORE", &messages, &older.score, "-inf", "WITHSCORES", "LIMIT"];
        let mut command: Vec<String> = words.map(str::to_owned).to_vec();
        command.extend([skip.to_string(), limit.to_string()]);
        let Value::Array(found) = self.repeat(&command).await? else {
            return Err(RedisError::Refused("a range that is no list".to_owned()));
        };
        let found: Vec<String> = found.into_iter().map(text).collect();
        let more = i64::try_from(found.len() / 2).is_ok_and(|found| found == limit) && before.0 - limit > 1;
        Ok((import::page(before, &found), more))
    }

    async fn on_its_own(&self, script: &str, call: Value, more: Vec<String>) -> Result<String, DirectoryError> {
        let mut arguments = vec!["0".to_owned(), written(&call)];
        arguments.extend(more);
        self.script(script, arguments).await
    }
}

/// Scores come as text or, by some, as numbers.
fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => written(&other),
    }
}

/// Not by its `Display`, which is a second writer of JSON.
fn written(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
