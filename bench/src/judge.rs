//! Counts what became of every message: it knows what was to be said, hears what each client was told, and trusts nobody.
//! The same judge stands behind a real run and behind the tests that spoil deliveries on purpose.

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::ops::AddAssign;
use std::time::Instant;

/// A message's number in the run.
pub type Number = usize;

/// What a message is to say: another text for each, as long as most that people write to each other.
pub fn text(number: Number) -> String {
    format!("This is number {number} of what is said here, about as long as people write.")
}

/// What a message is called; `run` tells it from those of another run.
pub fn id(run: u32, number: Number) -> String {
    format!("{run:x}-{number}")
}

/// What was counted. All are deliveries, one message to one client, unless it says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Every message to every client of its room.
    pub expected: u64,
    /// Of these, those that came, as they were said.
    pub delivered: u64,
    /// Of these, those that did not come while somebody waited.
    pub lost: u64,
    /// Came again.
    pub doubled: u64,
    /// Came after one that the server had put behind it, or at a place where others were told something else.
    pub disordered: u64,
    /// Came with another text, under an id that nobody gave, or in another room.
    pub altered: u64,
    /// Messages without an acknowledgement.
    pub unacknowledged: u64,
    /// Came to clients that had been away, for the first time or again, of what others heard before they were back.
    pub resent: u64,
    /// Of these, those for the first time.
    pub missed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.expected += more.expected;
        self.delivered += more.delivered;
        self.lost += more.lost;
        self.doubled += more.doubled;
        self.disordered += more.disordered;
        self.altered += more.altered;
        self.unacknowledged += more.unacknowledged;
        self.resent += more.resent;
        self.missed += more.missed;
    }
}

/// Who hears it all.
pub struct Judge {
    run: u32,
    messages: Vec<Message>,
    clients: Vec<Client>,
    /// By room and Seq: which message everybody has to hear there.
    order: HashMap<(usize, u64), Number>,
    counts: Counts,
    latency: Histogram<u64>,
}

struct Message {
    room: usize,
    /// When the schedule says that it is sent; whatever keeps it from that counts as latency.
    due: Instant,
    timed: bool,
    text: String,
    seq: Option<u64>,
    heard: Option<Instant>,
    acknowledged: bool,
}

struct Client {
    room: usize,
    came: Instant,
    last: u64,
    has: Vec<bool>,
}

impl Judge {
    /// A judge of clients in these rooms, before anything is said.
    pub fn new(run: u32, rooms: impl IntoIterator<Item = usize>) -> Self {
        let now = Instant::now();
        let client = |room| Client { room, came: now, last: 0, has: Vec::new() };
        Self {
            run,
            messages: Vec::new(),
            clients: rooms.into_iter().map(client).collect(),
            order: HashMap::new(),
            counts: Counts::default(),
            // Microseconds up to ten minutes, to a thousandth.
            latency: Histogram::new_with_bounds(1, 600_000_000, 3).unwrap(),
        }
    }

    /// Somebody says something at this time, in this room; `timed` if its latency counts.
    pub fn say(&mut self, room: usize, due: Instant, timed: bool) -> Number {
        let number = self.messages.len();
        let text = text(number);
        self.messages.push(Message { room, due, timed, text, seq: None, heard: None, acknowledged: false });
        self.counts.expected += self.clients.iter().filter(|client| client.room == room).count() as u64;
        number
    }

    /// A client is connected, or is again. What others heard before that, it had missed.
    pub fn came(&mut self, client: usize, now: Instant) {
        self.clients[client].came = now;
    }

    /// A client was told of a message.
    pub fn delivered(&mut self, client: usize, seq: u64, id: &str, text: &str, now: Instant) {
        let client = &mut self.clients[client];
        let number = number(self.run, id).filter(|number| *number < self.messages.len());
        let Some((number, message)) = number.map(|number| (number, &mut self.messages[number])) else {
            self.counts.altered += 1;
            return;
        };
        if message.room != client.room || message.text != text {
            self.counts.altered += 1;
            return;
        }
        client.has.resize(client.has.len().max(number + 1), false);
        let again = std::mem::replace(&mut client.has[number], true);
        let first_heard = *message.heard.get_or_insert(now);
        let was_away = first_heard < client.came;
        self.counts.resent += u64::from(was_away);
        self.counts.missed += u64::from(was_away && !again);
        if again {
            self.counts.doubled += u64::from(!was_away);
            return;
        }
        self.counts.delivered += 1;
        let agreed = *message.seq.get_or_insert(seq) == seq && {
            *self.order.entry((client.room, seq)).or_insert(number) == number
        };
        self.counts.disordered += u64::from(!agreed || seq < client.last);
        client.last = client.last.max(seq);
        if message.timed && !was_away {
            self.latency.saturating_record(now.saturating_duration_since(message.due).as_micros() as u64);
        }
    }

    /// A message was acknowledged to whoever said it.
    pub fn acknowledged(&mut self, id: &str) {
        if let Some(message) = number(self.run, id).and_then(|number| self.messages.get_mut(number)) {
            message.acknowledged = true;
        }
    }

    pub fn is_acknowledged(&self, number: Number) -> bool {
        self.messages[number].acknowledged
    }

    /// How many deliveries there were so far.
    pub fn deliveries(&self) -> u64 {
        self.counts.delivered
    }

    /// Whether nothing is still to come.
    pub fn is_complete(&self) -> bool {
        self.counts.delivered == self.counts.expected && self.messages.iter().all(|message| message.acknowledged)
    }

    /// The verdict: what has not come by now is lost.
    pub fn verdict(&self) -> Counts {
        let unacknowledged = self.messages.iter().filter(|message| !message.acknowledged).count() as u64;
        Counts { lost: self.counts.expected - self.counts.delivered, unacknowledged, ..self.counts.clone() }
    }

    /// From when a message was due until each client had it, in microseconds; without what was caught up on.
    pub fn latency(&self) -> &Histogram<u64> {
        &self.latency
    }
}

fn number(run: u32, id: &str) -> Option<Number> {
    let (of, number) = id.split_once('-')?;
    (u32::from_str_radix(of, 16) == Ok(run)).then(|| number.parse().ok())?
}
