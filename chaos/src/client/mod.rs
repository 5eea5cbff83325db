//! A client that behaves as our page does: what it said waits until it is answered and goes out again under the same id
//! after a reconnect; it comes back with `since` and `epoch` after a random wait that grows; it asks for what is missing;
//! it believes a gap; it waits as long as `slow_down` says. It writes down everything for the checker.
//!
//! An old one knows messages only. Whatever else has a place in the order keeps it, and is not understood.

mod hearing;
mod line;
mod slow;

use crate::history::{Event, History, Seq};
use crate::mouth::Mouth;
use crate::outbox::Outbox;
use crate::timeline::Timeline;
use crate::world::{Order, Person, Place, Status, World};
use fastrand::Rng;
use line::Line;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::Receiver;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How much may wait unanswered before a client says nothing new.
const PENDING_MOST: usize = 40;

/// Where a client sits, and what it is like.
pub struct Seat {
    /// Its number in the report.
    pub number: usize,
    pub place: Arc<Place>,
    pub person: Person,
    pub status: Arc<Status>,
    pub orders: Receiver<Order>,
    /// An older page: knows messages only, each as a frame of its own.
    pub old: bool,
    /// May delete what others said.
    pub moderates: bool,
    /// Has requests only.
    pub slow: bool,
    /// The mean time between two things it says.
    pub pace: Duration,
    pub rng: Rng,
}

/// A client with a thread of its own.
pub struct Client {
    world: Arc<World>,
    seat: Seat,
    history: History,
    mouth: Mouth,
    timeline: Timeline,
    outbox: Outbox,
    line: Option<Line>,
    says_at: Instant,
    back_at: Instant,
    /// Away until the room is here, or until then.
    away: Option<(Seq, Instant)>,
    deaf_until: Instant,
    failures: i32,
    was_online: bool,
}

impl Client {
    pub fn new(world: &Arc<World>, mut seat: Seat) -> Self {
        let now = Instant::now();
        let (client, old, person) = (seat.number, seat.old, seat.person.id.clone());
        Self {
            world: Arc::clone(world),
            history: History { client, person, old, events: Vec::new() },
            mouth: Mouth::new(client, old, seat.moderates),
            timeline: Timeline::default(),
            outbox: Outbox::default(),
            line: None,
            says_at: now + seat.pace.mul_f64(seat.rng.f64()),
            back_at: now,
            away: None,
            deaf_until: now,
            failures: 0,
            was_online: false,
            seat,
        }
    }

    /// Lives until all is over, and gives its account.
    pub fn live(mut self) -> History {
        while !self.world.over.load(Relaxed) {
            while let Ok(order) = self.seat.orders.try_recv() {
                self.obey(order);
            }
            if self.is_done() {
                self.note(Event::Done { up_to: self.timeline.up_to() });
                break;
            }
            self.talk();
            match self.line.is_some() {
                _ if self.seat.slow => self.go_slow(),
                true => self.listen(),
                false => self.come_back(),
            }
            self.seat.status.pending.store(self.outbox.len(), Relaxed);
            self.seat.status.up_to.store(self.timeline.up_to(), Relaxed);
        }
        self.history
    }

    fn is_done(&self) -> bool {
        let last = self.seat.place.last.load(Relaxed);
        last > 0 && self.timeline.up_to() >= last && self.outbox.len() == 0
    }

    fn is_ending(&self) -> bool {
        self.world.ending.load(Relaxed)
    }

    fn note(&mut self, event: Event) {
        self.history.events.push(event);
    }

    fn obey(&mut self, order: Order) {
        let now = Instant::now();
        match order {
            Order::Cut => self.cut(),
            Order::StopReading(time) => self.deaf_until = now + time,
            Order::Away(entries, time) => {
                self.cut();
                self.away = Some((self.timeline.up_to() + entries, now + time));
            }
            Order::Burst(many) => (0..many).for_each(|_| self.say(false)),
            Order::Loud(many) => (0..many).for_each(|_| self.say(true)),
        }
    }

    fn cut(&mut self) {
        if let Some(line) = self.line.take() {
            line.socket.cut();
            self.lost();
        }
    }

    fn talk(&mut self) {
        let now = Instant::now();
        if now < self.says_at {
            return;
        }
        self.says_at = now + self.seat.pace.mul_f64(2.0 * self.seat.rng.f64());
        if !self.world.hush.load(Relaxed) {
            self.say(false);
        }
    }

    fn say(&mut self, loud: bool) {
        if self.is_ending() || self.outbox.len() >= PENDING_MOST {
            return;
        }
        let (id, wanted) = self.mouth.next(&mut self.seat.rng, loud);
        self.outbox.add(&id, &wanted);
        self.note(Event::Said { id, wanted });
    }
}
