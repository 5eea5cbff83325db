//! A deployment on this machine: workerd, and maybe redis-server and the gateway between them; and who is in it.

use crate::history::{Entry, What};
use crate::http::Answer;
use crate::redis::Redis;
use crate::server::{Build, Server};
use crate::world::{Person, Place, World};
use crate::{frame, http};
use percent_encoding::{utf8_percent_encode, NON_ALPHANUMERIC};
use serde_json::{json, Value};
use std::sync::Arc;

/// A deployment whose rooms keep so many messages, with hosted Redis or without, and with nobody in it.
pub fn start(keeps: usize, with_redis: bool) -> World {
    let keeps = keeps.to_string();
    // Bursts are what this is about. What is too much even so is told, and waited for.
    let settings = [("HISTORY_MESSAGES", keeps.as_str()), ("MESSAGES_PER_MINUTE", "1200")];
    World {
        server: match with_redis {
            true => Server::start_on(&Arc::new(Redis::start()), Build::WithHooks, &settings),
            false => Server::start_embedded(Build::WithHooks, &settings),
        },
        frames: Default::default(),
        counts: Default::default(),
        hush: Default::default(),
        ending: Default::default(),
        over: Default::default(),
    }
}

impl World {
    pub fn ask(&self, who: Option<&Person>, method: &str, path: &str, body: Option<Value>) -> Option<Answer> {
        http::ask(&self.server.origin(), who.map(|who| who.cookie.as_str()), method, path, body)
    }

    /// While nothing is broken: an answer with this status.
    #[track_caller]
    fn expect(&self, who: Option<&Person>, method: &str, path: &str, body: Option<Value>, status: u16) -> Answer {
        let answer = self.ask(who, method, path, body).unwrap_or_else(|| panic!("{method} {path} is not answered"));
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        answer
    }

    /// Somebody enters.
    pub fn guest(&self, name: &str) -> Person {
        let answer = self.expect(None, "POST", "/api/guest", Some(json!({ "name": name })), 201);
        let id = answer.body["id"].as_str().unwrap().to_owned();
        Person { id, cookie: answer.cookie.unwrap() }
    }

    /// A new room, with these members beside its owner.
    pub fn room(&self, owner: &Person, members: &[Person], name: &str, access: &str) -> Arc<Place> {
        self.expect(Some(owner), "POST", "/api/rooms", Some(json!({ "name": name, "access": access })), 201);
        let path = format!("/api/rooms/{}", utf8_percent_encode(name, NON_ALPHANUMERIC));
        let invite = self.expect(Some(owner), "POST", &format!("{path}/invites"), Some(json!({ "hours": 1 })), 201);
        for member in members.iter().filter(|member| member.id != owner.id) {
            let invite = (access == "private").then(|| json!({ "invite": invite.body["token"] }));
            self.expect(Some(member), "PUT", &format!("{path}/membership"), invite, 200);
        }
        Arc::new(Place { name: name.to_owned(), path, is_private: access == "private", ..Place::default() })
    }

    /// What the room's log holds, as one of its members reads it.
    pub fn log(&self, who: &Person, place: &Place) -> Vec<Entry> {
        let mut all: Vec<Entry> = Vec::new();
        loop {
            let before = all.first().map_or(String::new(), |first| format!("&before={}", first.seq));
            let page = format!("{}/messages?limit=100{before}", place.path);
            let page = self.expect(Some(who), "GET", &page, None, 200).body;
            let messages = page["messages"].as_array().unwrap();
            all.splice(0..0, messages.iter().map(|message| frame::entry(message).unwrap()));
            if page["more"] == false || messages.is_empty() {
                return all;
            }
        }
    }

    /// What Redis holds of the room.
    pub fn archive(&self, place: &Place) -> Vec<Entry> {
        let key = format!("msg-{}", place.name);
        let found = self.server.redis().command(json!(["ZRANGE", key, "0", "-1", "WITHSCORES"]));
        found.as_array().unwrap().chunks(2).map(|pair| archived(&pair[0], &pair[1]).unwrap()).collect()
    }
}

/// A member of the sorted set and its score, as docs/redis.md has them.
fn archived(member: &Value, score: &Value) -> Option<Entry> {
    let member: Value = serde_json::from_str(member.as_str()?).ok()?;
    let text = |name: &str| member[name].as_str().map(str::to_owned);
    let score: f64 = score.as_str().map_or_else(|| score.as_f64(), |score| score.parse().ok())?;
    let what = What::Message(frame::state(text("msg")?, &member["about"])?);
    let at = (score * 1000.0).round() as i64;
    Some(Entry { seq: member["seq"].as_u64()?, at, author: text("person")?, id: text("id")?, what })
}
