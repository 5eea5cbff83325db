//! All clients of a run in one thread: it says what is due, hears what comes, cuts and comes back, and tells the judge.

use crate::client::{Event, Link};
use crate::judge::{Counts, Judge, Number};
use crate::schedule::Planned;
use crate::speech::{Heard, Place, Speech};
use fastrand::Rng;
use hdrhistogram::Histogram;
use mio::{Events, Poll, Token};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tungstenite::Utf8Bytes;

/// As pages do it (`public/js/connection.js`).
const HEARTBEAT: Duration = Duration::from_secs(25);
/// How exactly heartbeats, cuts and coming back keep their time.
const CHORES: Duration = Duration::from_millis(20);
/// When nothing has come for so long, nothing will.
const SILENCE: Duration = Duration::from_secs(3);
/// How long somebody is away, in milliseconds: drawn from these.
const AWAY: std::ops::Range<u64> = 250..750;
/// What everybody in a room is told is read once; so much is remembered.
const REMEMBERED: usize = 1_000;

/// Somebody who will join: in which room, and with which headers.
pub struct Guest {
    pub room: usize,
    pub headers: Vec<(&'static str, String)>,
}

/// What was heard beside messages.
#[derive(Default)]
pub struct Told {
    pub bytes: u64,
    pub frames: u64,
    /// Connections that the server ended, by its words.
    pub ended: BTreeMap<String, u64>,
    /// Codes of refusals, gaps, and what makes no sense.
    pub troubles: BTreeMap<String, u64>,
}

/// The clients of a run.
pub struct Driver {
    poll: Poll,
    target: SocketAddr,
    speech: Speech,
    run: u32,
    rooms: Vec<String>,
    clients: Vec<Client>,
    /// The clients of each room.
    members: Vec<Vec<usize>>,
    joined: usize,
    rng: Rng,
    judge: Judge,
    told: Told,
    read: HashMap<Utf8Bytes, Rc<[Heard]>>,
    chores: Instant,
    cuts: VecDeque<Instant>,
    late: Histogram<u64>,
}

struct Client {
    guest: Guest,
    link: Link,
    place: Place,
    joined: bool,
    /// What has no answer yet, and whether it was said.
    outbox: Vec<(Number, bool)>,
    heartbeat: Instant,
    back: Option<Instant>,
}

impl Driver {
    /// Clients that have not connected yet.
    pub fn new(target: SocketAddr, speech: Speech, seed: u64, rooms: Vec<String>, guests: Vec<Guest>) -> Self {
        let mut rng = Rng::with_seed(seed);
        let (now, run) = (Instant::now(), rng.u32(..));
        let judge = Judge::new(run, guests.iter().map(|guest| guest.room));
        let mut members = vec![Vec::new(); rooms.len()];
        guests.iter().enumerate().for_each(|(client, guest)| members[guest.room].push(client));
        let client = |guest| Client {
            guest,
            link: Link::default(),
            place: Place::default(),
            joined: false,
            outbox: Vec::new(),
            // Not all at once: people come at different times.
            heartbeat: now + HEARTBEAT.mul_f64(rng.f64()),
            back: None,
        };
        let clients = guests.into_iter().map(client).collect();
        Self {
            poll: Poll::new().unwrap(),
            target,
            speech,
            run,
            rooms,
            clients,
            members,
            joined: 0,
            rng,
            judge,
            told: Told::default(),
            read: HashMap::new(),
            chores: now,
            cuts: VecDeque::new(),
            late: Histogram::new_with_bounds(1, 600_000_000, 3).unwrap(),
        }
    }

    /// Everybody connects at once; whether all were in their rooms before this was over.
    pub fn join(&mut self, patience: Duration) -> bool {
        (0..self.clients.len()).for_each(|client| self.begin(client));
        self.until(Instant::now() + patience, |driver| driver.joined == driver.clients.len())
    }

    /// Says what is planned, each at its time after `start`.
    pub fn load(&mut self, start: Instant, plan: &[Planned], timed: bool) {
        for planned in plan {
            let due = start + planned.due;
            self.until(due, |_| false);
            let number = self.judge.say(planned.room, due, timed);
            self.late.saturating_record(Instant::now().saturating_duration_since(due).as_micros() as u64);
            let client = self.members[planned.room][planned.member];
            let said = self.clients[client].joined;
            self.clients[client].outbox.push((number, said));
            if said {
                self.clients[client].link.say(self.speech.post(self.run, number));
            }
        }
    }

    /// Will cut somebody at each of these times.
    pub fn cut_at(&mut self, times: impl IntoIterator<Item = Instant>) {
        self.cuts = times.into_iter().collect();
    }

    /// Waits until everything has come and everybody is back, but no longer than this, and not when nothing comes any more;
    /// whether everything has come.
    pub fn settle(&mut self, patience: Duration) -> bool {
        let end = Instant::now() + patience;
        let all_are_back = |driver: &Self| driver.cuts.is_empty() && driver.joined == driver.clients.len();
        let is_complete = |driver: &Self| all_are_back(driver) && driver.judge.is_complete();
        loop {
            let deliveries = self.deliveries();
            if self.until(end.min(Instant::now() + SILENCE), is_complete) {
                return true;
            }
            if Instant::now() >= end || (all_are_back(self) && deliveries == self.deliveries()) {
                return false;
            }
        }
    }

    /// Listens, and keeps quiet connections open.
    pub fn listen(&mut self, time: Duration) {
        self.until(Instant::now() + time, |_| false);
    }

    pub fn verdict(&self) -> Counts {
        self.judge.verdict()
    }

    pub fn deliveries(&self) -> u64 {
        self.judge.deliveries()
    }

    /// See [`Judge::latency`].
    pub fn latency(&self) -> &Histogram<u64> {
        self.judge.latency()
    }

    /// How long after its time each message was said, in microseconds.
    pub fn late(&self) -> &Histogram<u64> {
        &self.late
    }

    pub fn told(&self) -> &Told {
        &self.told
    }

    fn until(&mut self, end: Instant, enough: impl Fn(&Self) -> bool) -> bool {
        // Few: between two lots it looks whether something is due.
        let mut events = Events::with_capacity(16);
        loop {
            let now = Instant::now();
            if enough(self) {
                return true;
            }
            if now >= end {
                return false;
            }
            if now >= self.chores {
                self.do_chores(now);
            }
            // The system counts in milliseconds, rounded up; the last one is waited for by asking again and again.
            let wait = end.min(self.chores).saturating_duration_since(now).as_millis() as u64;
            self.poll.poll(&mut events, Some(Duration::from_millis(wait))).unwrap();
            for event in &events {
                let client = event.token().0;
                while let Some(event) = self.clients[client].link.next() {
                    self.happened(client, event);
                }
            }
        }
    }

    fn do_chores(&mut self, now: Instant) {
        self.chores = now + CHORES;
        while self.cuts.front().is_some_and(|due| *due <= now) {
            self.cuts.pop_front();
            let joined: Vec<usize> = (0..self.clients.len()).filter(|client| self.clients[*client].joined).collect();
            if let Some(client) = self.rng.choice(joined) {
                self.clients[client].link.cut();
                self.ended(client, now);
            }
        }
        for client in 0..self.clients.len() {
            if self.clients[client].back.is_some_and(|back| back <= now) {
                self.begin(client);
            }
            if self.clients[client].heartbeat <= now {
                self.clients[client].heartbeat = now + HEARTBEAT;
                if let Some(heartbeat) = self.speech.heartbeat() {
                    self.clients[client].link.say(heartbeat);
                }
            }
        }
    }

    fn begin(&mut self, client: usize) {
        let Client { guest, link, place, back, .. } = &mut self.clients[client];
        *back = None;
        let path = self.speech.path(&self.rooms[guest.room], place);
        link.begin(self.target, &path, &guest.headers, self.poll.registry(), Token(client));
    }

    fn ended(&mut self, client: usize, now: Instant) {
        let client = &mut self.clients[client];
        self.joined -= usize::from(std::mem::take(&mut client.joined));
        client.back = Some(now + Duration::from_millis(self.rng.u64(AWAY)));
    }

    fn happened(&mut self, client: usize, event: Event) {
        let now = Instant::now();
        match event {
            Event::Opened => {
                self.judge.came(client, now);
                let Client { guest, link, place, .. } = &mut self.clients[client];
                if let Some(greeting) = self.speech.greeting(&self.rooms[guest.room], place) {
                    link.say(greeting);
                }
                if self.speech.joins_by_opening() {
                    self.is_in(client, None);
                }
            }
            Event::Text(text) => {
                self.told.bytes += text.len() as u64;
                self.told.frames += 1;
                for heard in self.read(text).iter() {
                    self.heard(client, heard, now);
                }
            }
            Event::Ended(why) => {
                *self.told.ended.entry(why).or_default() += 1;
                self.ended(client, now);
            }
        }
    }

    fn read(&mut self, text: Utf8Bytes) -> Rc<[Heard]> {
        if let Some(heard) = self.read.get(&text) {
            return Rc::clone(heard);
        }
        if self.read.len() >= REMEMBERED {
            self.read.clear();
        }
        let heard: Rc<[Heard]> = self.speech.hear(&text).into();
        self.read.insert(text, Rc::clone(&heard));
        heard
    }

    fn heard(&mut self, client: usize, heard: &Heard, now: Instant) {
        let mut trouble = |what: &str| *self.told.troubles.entry(what.to_owned()).or_default() += 1;
        match heard {
            Heard::Joined { history } => self.is_in(client, history.as_ref()),
            Heard::Message { seq, id, text, place } => {
                self.judge.delivered(client, *seq, id, text, now);
                if place.is_some() {
                    self.clients[client].place.last.clone_from(place);
                }
            }
            Heard::Ack { id } => {
                self.judge.acknowledged(id);
                let judge = &self.judge;
                self.clients[client].outbox.retain(|(number, _)| !judge.is_acknowledged(*number));
            }
            Heard::Gap => trouble("gap"),
            Heard::Refused { code } => trouble(code),
            Heard::Answer { with } => self.clients[client].link.say(*with),
            Heard::Nonsense => trouble("nonsense"),
        }
    }

    /// A client is in its room. What it could not say it says now; what had no answer too, if that is safe.
    fn is_in(&mut self, client: usize, history: Option<&String>) {
        let Client { link, place, joined, outbox, .. } = &mut self.clients[client];
        self.joined += usize::from(!std::mem::replace(joined, true));
        if place.history.as_ref() != history {
            *place = Place { history: history.cloned(), last: None };
        }
        for (number, said) in outbox {
            if !std::mem::replace(said, true) || self.speech.may_repeat() {
                link.say(self.speech.post(self.run, *number));
            }
        }
    }
}
