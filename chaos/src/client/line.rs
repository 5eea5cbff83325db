//! A client's connection: coming back, listening, and what a page's timers do. Times are those of
//! `public/js/connection.js`.

use super::Client;
use crate::history::{Event, Seq};
use crate::socket::{NoSocket, Read, Socket};
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::{Duration, Instant};

const HEARTBEAT: Duration = Duration::from_secs(25);
const PATIENCE: Duration = Duration::from_secs(12);
const FIRST_DELAY: f64 = 1.0;
const LONGEST_DELAY: f64 = 30.0;
const SETTLED: Duration = Duration::from_secs(5);

/// A page asks for a hole at once. This one waits, so that what comes in the wrong order is not taken for an answer.
const ASKS_AFTER: Duration = Duration::from_millis(300);

/// Frames read before the client looks at anything else.
const AT_ONCE: usize = 200;

/// An open connection.
pub(super) struct Line {
    pub(super) socket: Socket,
    pub(super) began: Instant,
    /// Where the room was when it welcomed.
    pub(super) welcomed: Option<Seq>,
    /// Whether what was missed has yet to come: Entries, or a gap.
    pub(super) is_resuming: bool,
    pub(super) heard: Instant,
    pub(super) pinged: Instant,
    pub(super) hole: Option<Instant>,
}

impl Client {
    pub(super) fn come_back(&mut self) {
        let now = Instant::now();
        let is_away = self.away.is_some_and(|(seq, at_most)| {
            now < at_most && self.seat.place.heard_of.load(Relaxed) < seq && !self.is_ending()
        });
        if is_away || now < self.back_at {
            thread::sleep(Duration::from_millis(20));
            return;
        }
        self.away = None;
        let since = self.timeline.up_to();
        let epoch = self.timeline.epoch.as_ref().map_or(String::new(), |epoch| format!("&epoch={epoch}"));
        let batch = if self.seat.old { "" } else { "&batch=1" };
        let path = format!("{}/live?since={since}{epoch}{batch}", self.seat.place.path);
        match Socket::open(&self.world.server.authority(), &path, &self.seat.person.cookie) {
            Ok(socket) => {
                let (welcomed, is_resuming, hole) = (None, false, None);
                self.line = Some(Line { socket, began: now, welcomed, is_resuming, heard: now, pinged: now, hole });
            }
            Err(NoSocket::Refused(429 | 500.., _, after)) => {
                self.world.counts.put_off.add(1);
                self.lost();
                self.back_at = self.back_at.max(now + Duration::from_secs(after));
            }
            Err(NoSocket::Refused(status, body, _)) => {
                self.note(Event::TurnedAway(format!("{status} {body}")));
                self.lost();
            }
            Err(NoSocket::Gone) => self.lost(),
        }
    }

    /// The connection is gone, or there was none: the wait grows, and its upper half is left to chance.
    pub(super) fn lost(&mut self) {
        self.line = None;
        if self.seat.status.is_online.swap(false, Relaxed) {
            self.world.counts.cuts.add(1);
            self.note(Event::Cut);
        }
        let delay = (FIRST_DELAY * 2_f64.powi(self.failures)).min(LONGEST_DELAY);
        self.failures = (self.failures + 1).min(10);
        self.back_at = Instant::now() + Duration::from_secs_f64(delay * (0.5 + self.seat.rng.f64() / 2.0));
    }

    pub(super) fn listen(&mut self) {
        if Instant::now() < self.deaf_until && !self.is_ending() {
            thread::sleep(Duration::from_millis(20));
            return;
        }
        for _ in 0..AT_ONCE {
            let Some(line) = &mut self.line else { return };
            match line.socket.read() {
                Read::Text(text) => {
                    line.heard = Instant::now();
                    if text != "pong" {
                        self.hear(&text);
                    }
                }
                Read::Nothing => return self.keep_up(),
                Read::Gone => return self.lost(),
                Read::Closed(code, reason) => return self.closed(code, reason),
            }
        }
        // There is more: an answer may be among it, and nothing is handed over again before it is heard.
    }

    fn closed(&mut self, code: u16, reason: String) {
        match code {
            1008 | 1009 => self.note(Event::TurnedAway(format!("{code} {reason}"))),
            1013 => self.world.counts.closed_as_slow.add(1),
            _ => {}
        }
        self.lost();
    }

    /// What a page's timers do.
    fn keep_up(&mut self) {
        let now = Instant::now();
        let Some(line) = &mut self.line else { return };
        if line.welcomed.is_none() {
            if now > line.began + PATIENCE {
                self.lost();
            }
            return;
        }
        if now > line.began + SETTLED {
            self.failures = 0;
        }
        if now > line.pinged + HEARTBEAT {
            line.pinged = now;
            line.socket.say("ping");
        }
        let is_silent = now > line.pinged + PATIENCE && line.heard < line.pinged;
        let mut works = !is_silent;
        self.outbox.flush(line.is_resuming, |frame| {
            works = works && line.socket.say(frame);
            works
        });
        let hole = match self.timeline.has_hole() {
            true => *line.hole.get_or_insert(now),
            false => {
                line.hole = None;
                now
            }
        };
        if now > hole + ASKS_AFTER {
            if let Some(since) = self.timeline.take_hole() {
                works = works && line.socket.say(&format!(r#"{{"type":"since","seq":{since}}}"#));
                self.world.counts.holes.add(1);
                self.history.events.push(Event::Asked { since });
            }
        }
        if !works {
            self.lost();
        }
    }
}
