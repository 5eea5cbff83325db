//! What a day costs in money: what people do, times what was counted, at list prices. `scripts/cost --price` prints it, and a
//! test holds docs/cost.md to it.

use super::costs::{stated, Cost, Store};
use std::fmt::Write;

/// How long the people of a day are there, in seconds.
const DAY: f64 = 8.0 * 3600.0;

/// Days of a month.
const MONTH: f64 = 30.0;

/// A room reports at most once in so many seconds, and as long a message waits for the Archive (`ARCHIVE_SECONDS`).
const REPORT: f64 = 30.0;

/// After so many seconds without an event an object sleeps, and forgets when it reported.
const SLEEP: f64 = 10.0;

/// A page that is looked at says how far it was read at most once in so many seconds (`public/js/reading.js`).
const READING: f64 = 5.0;

/// A wide window that is looked at asks for both lists every so many seconds (`public/js/elements/around.js`).
const LISTS: f64 = 30.0;

/// Seconds an object runs for a message, for each of its deliveries, and for any other frame or request. Measured.
const MESSAGE: f64 = 0.000_5;
const DELIVERY: f64 = 0.000_03;
const FRAME: f64 = 0.000_2;
const REQUEST: f64 = 0.002;

/// Seconds an object waits in a telling, for Redis or the Directory's object, and for people who come or go, to tell of all at
/// once. It can't sleep meanwhile. The first is assumed.
const TELLING: f64 = 0.05;
const PRESENCE: f64 = 1.0;

/// Bytes of a message of 60 characters, with its place in the index by id. Counted.
pub const STORED: i64 = 345;

/// Bytes of a room in which nothing was said. Counted.
pub const EMPTY_ROOM: i64 = 65_536;

/// What people do on a day.
pub struct Day {
    name: &'static str,
    people: f64,
    rooms: f64,
    messages: f64,
    /// Rooms a person opens.
    opened: f64,
    /// Lists a person opens.
    lists: f64,
    /// What part of the day they are connected.
    there: f64,
    /// How often a connection of theirs is cut and comes back.
    cuts: f64,
}

/// The days of the document.
pub const DAYS: [Day; 3] = [BUSY, Day { messages: 5_000.0, name: "100 people, 5,000 messages", ..BUSY }, HALL];

/// The day of docs/scale.md: nearly all rooms are two people who talk now and then.
pub const WIDE: [Day; 1] = [Day {
    name: "100,000 rooms of two, 2 million messages",
    people: 200_000.0,
    rooms: 100_000.0,
    messages: 2_000_000.0,
    opened: 2.0,
    lists: 1.0,
    there: 1.0 / 16.0,
    cuts: 2.0,
}];

const BUSY: Day = Day {
    name: "100 people, 50,000 messages",
    people: 100.0,
    rooms: 20.0,
    messages: 50_000.0,
    opened: 10.0,
    lists: 3.0,
    there: 1.0,
    cuts: 10.0,
};

const HALL: Day = Day {
    name: "1,000 people in one room, 57,600 messages",
    people: 1_000.0,
    rooms: 1.0,
    messages: 57_600.0,
    opened: 2.0,
    lists: 1.0,
    there: 1.0,
    cuts: 5.0,
};

/// What a day spends.
#[derive(Clone, Copy)]
struct Spent {
    counted: Cost,
    /// GB-seconds that objects are awake, at 128 MB each.
    duration: f64,
}

impl Day {
    fn spent(&self, store: Store) -> Spent {
        let Self { people, rooms, messages, opened, lists, there, cuts, .. } = *self;
        let of = |what| stated(what, store);
        let rate = messages / rooms / DAY;
        let connected = people * there / rooms;

        // Whoever is connected looks half of the time.
        let read = rooms * DAY * connected / 2.0 * rate.min(1.0 / READING);
        let lists_again =
            Cost { worker: 2.0, ..of("a member of three rooms opens the list") } * (people * there / 2.0 * DAY / LISTS);
        // A message, that it is being written, and a reaction to every tenth.
        let frames = 2.1 * messages + read;
        let of_frames = Cost { objects: frames / 20.0, ..Cost::default() };
        let of_reactions = Cost { worker: 0.0, objects: 0.0, ..of("a reaction") } * (messages / 10.0);
        // The page of the search, and with Redis that a hundred are archived.
        let noted = messages / 200.0 + if store == Store::Redis { messages / 100.0 } else { 0.0 };
        let of_messages = of("a message over a socket") * messages + Cost { written: noted, ..Cost::default() };

        let (tellings, of_tellings) = match store {
            // The next message sets the alarm; after a sleep it is told at once, and once more by the alarm.
            Store::Embedded => {
                let sleeps = (-SLEEP * rate).exp();
                let cycle = (1.0 - sleeps) * REPORT + sleeps * (SLEEP + 1.0 / rate + REPORT);
                let more = 1.0 - (-REPORT * rate).exp();
                let at_once = Cost { objects: sleeps, written: 2.0 * sleeps * more, ..Cost::default() };
                (rooms * DAY / cycle, of("a telling") + at_once)
            }
            // It waits for the alarm, or for the hundredth.
            Store::Redis => (rooms * DAY / (REPORT + 1.0 / rate).min(100.0 / rate), of("a telling")),
        };
        // Half an hour after the last time, the script that looks after the index and the epoch goes in place of a batch.
        let index = match store {
            Store::Embedded => 0.0,
            Store::Redis => 7.0 * rooms * DAY / (1_800.0 + rooms * DAY / tellings),
        };

        let visits = people * opened;
        let counted = of_messages
            + of_frames
            + of_reactions
            + of_tellings * tellings
            + Cost { commands: index, ..Cost::default() }
            + lists_again
            + (of("a member opens a room") + of("and goes, having read")) * visits
            + of("and in a wide window, people and both lists") * visits
            + of("a member of three rooms opens the list") * (people * lists)
            + of("a cut connection comes back, three messages missed") * (people * cuts)
            + of("log-in on a known device") * people
            + of("an account's first request in ten minutes") * visits;
        let awake = messages * (MESSAGE + connected * DELIVERY)
            + (frames - messages) * FRAME
            + counted.worker * REQUEST
            + tellings * TELLING
            + 2.0 * (visits + people * cuts) * PRESENCE;
        Spent { counted, duration: awake * 0.128 }
    }
}

/// What is free, a day: of Workers Free and, of commands, of Upstash Free, a month's by days.
const FREE: [(&str, f64); 6] = [
    ("requests of the Worker", 100_000.0),
    ("requests of objects", 100_000.0),
    ("rows read", 5_000_000.0),
    ("rows written", 100_000.0),
    ("GB-s awake", 13_000.0),
    ("Redis commands", 500_000.0 / MONTH),
];

impl Spent {
    fn figures(&self) -> [f64; 6] {
        let Cost { worker, objects, read, written, commands } = self.counted;
        [worker, objects, read, written, self.duration, commands]
    }

    /// The limit of the free plans that is nearest, and how much of it this is.
    fn nearest(&self) -> (&'static str, f64) {
        let shares = self.figures().into_iter().zip(FREE).map(|(spent, (name, free))| (name, spent / free));
        shares.max_by(|one, two| one.1.total_cmp(&two.1)).unwrap_or_default()
    }

    /// Dollars a month of such days, on Workers Paid, and of Upstash by use if the free plan doesn't do.
    fn dollars(&self) -> (f64, f64) {
        let [worker, objects, read, written, duration, commands] = self.figures().map(|figure| figure * MONTH);
        let over = |used: f64, included: f64, a_million: f64| (used - included).max(0.0) / 1e6 * a_million;
        let cloudflare = 5.0
            + over(worker, 10e6, 0.30)
            + over(worker * REQUEST * 1_000.0, 30e6, 0.02)
            + over(objects, 1e6, 0.15)
            + over(duration, 400_000.0, 12.50)
            + over(read, 25e9, 0.001)
            + over(written, 50e6, 1.00);
        (cloudflare, if commands > 500_000.0 { commands * 2e-6 } else { 0.0 })
    }
}

impl Day {
    /// For how many people, who do as much each, the free plans last.
    fn free_up_to(&self, store: Store) -> f64 {
        let (mut least, mut most) = (0.0, 1.0);
        for _ in 0..60 {
            let part = (least + most) / 2.0;
            let rooms = (self.rooms * part).max(1.0);
            let fewer = Self { people: self.people * part, messages: self.messages * part, rooms, ..*self };
            match fewer.spent(store).nearest().1 > 1.0 {
                true => most = part,
                false => least = part,
            }
        }
        self.people * least
    }
}

/// With commas between the thousands.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// The table of these days in a document.
pub fn table(days: &[Day]) -> String {
    let stores = [(Store::Embedded, ""), (Store::Redis, ", Redis")];
    let columns: Vec<_> = days.iter().flat_map(|day| stores.map(|(store, with)| (day, store, with))).collect();
    let spent: Vec<_> = columns.iter().map(|(day, store, _)| day.spent(*store)).collect();
    let mut table = String::new();
    let mut row = |what: &str, cells: Vec<String>| {
        let _ = writeln!(table, "| {what} | {} |", cells.join(" | "));
    };
    row("a day", columns.iter().map(|(day, _, with)| format!("{}{with}", day.name)).collect());
    row("---", columns.iter().map(|_| "---".to_owned()).collect());
    for (place, (name, _)) in FREE.iter().enumerate() {
        row(name, spent.iter().map(|spent| grouped(spent.figures()[place])).collect());
    }
    let nearest = |spent: &Spent| format!("{:.1} × {}", spent.nearest().1, spent.nearest().0);
    row("nearest free limit", spent.iter().map(nearest).collect());
    let free = |(day, store, _): &(&Day, Store, &str)| grouped(day.free_up_to(*store).floor());
    row("free for so many people", columns.iter().map(free).collect());
    let (cloudflare, upstash): (Vec<_>, Vec<_>) = spent.iter().map(Spent::dollars).unzip();
    row("Workers Paid, a month", cloudflare.into_iter().map(|dollars| format!("{dollars:.2} $")).collect());
    row("Upstash, a month", upstash.into_iter().map(|dollars| format!("{dollars:.2} $")).collect());
    table
}
