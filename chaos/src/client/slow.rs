//! A client whose network ends every WebSocket: messages come and go by requests, as in `public/js/slow-line.js`.

use super::Client;
use crate::history::Event;
use crate::http::Answer;
use serde_json::{json, Value};
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::{Duration, Instant};

/// A page asks every ten seconds.
const ASKS_EVERY: Duration = Duration::from_secs(2);

impl Client {
    /// Asks for what it missed when it is time, and then hands over what waits: what the room has of it is known by then.
    pub(super) fn go_slow(&mut self) {
        let now = Instant::now();
        // Each question wakes the room.
        if now < self.back_at || now < self.deaf_until || self.world.hush.load(Relaxed) {
            thread::sleep(Duration::from_millis(20));
            return;
        }
        self.back_at = now + ASKS_EVERY;
        let works = self.ask_all().is_some() && self.post_all().is_some();
        self.status(works);
    }

    fn ask_all(&mut self) -> Option<()> {
        while self.ask()? {}
        Some(())
    }

    fn status(&mut self, works: bool) {
        let was_online = self.seat.status.is_online.swap(works, Relaxed);
        match (was_online, works) {
            (true, false) => {
                self.world.counts.cuts.add(1);
                self.note(Event::Cut);
            }
            (false, true) if self.was_online => self.world.counts.reconnects.add(1),
            _ => {}
        }
        self.was_online |= works;
    }

    /// Says whether there is more.
    fn ask(&mut self) -> Option<bool> {
        let since = self.timeline.up_to();
        let epoch = self.timeline.epoch.as_ref().map_or(String::new(), |epoch| format!("&epoch={epoch}"));
        let path = format!("{}/messages?since={since}{epoch}", self.seat.place.path);
        let Answer { status, body, .. } = self.world.ask(Some(&self.seat.person), "GET", &path, None)?;
        if status != 200 {
            self.refused_by_status(status, &body);
            return None;
        }
        let seq = body["seq"].as_u64()?;
        self.timeline.epoch.get_or_insert(body["epoch"].as_str()?.to_owned());
        self.note(Event::Welcomed { since, seq });
        if let Value::Object(mut gap) = body["gap"].clone() {
            gap.insert("type".to_owned(), json!("gap"));
            self.hear(&Value::Object(gap).to_string());
        }
        body["messages"].as_array()?.iter().for_each(|frame| self.hear(&frame.to_string()));
        Some(body["more"] == true && body["gap"].is_null() && self.timeline.up_to() > since)
    }

    /// One after the other, as long as each is answered.
    fn post_all(&mut self) -> Option<()> {
        let path = format!("{}/entries", self.seat.place.path);
        for frame in self.outbox.take_due() {
            let frame: Value = serde_json::from_str(&frame).ok()?;
            let id = frame["id"].clone();
            let Answer { status, body, .. } = self.world.ask(Some(&self.seat.person), "POST", &path, Some(frame))?;
            match (status, body) {
                (200 | 201, ack) => self.hear(&ack.to_string()),
                (_, mut refusal) => {
                    (refusal["error"]["type"], refusal["error"]["id"]) = (json!("error"), id);
                    self.hear(&refusal["error"].to_string());
                }
            }
        }
        Some(())
    }

    fn refused_by_status(&mut self, status: u16, body: &Value) {
        match status {
            429 | 500.. => self.world.counts.put_off.add(1),
            _ => self.note(Event::TurnedAway(format!("{status} {body}"))),
        }
    }
}
