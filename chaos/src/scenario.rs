//! A run: who talks where, what breaks meanwhile, and how it ends.

use crate::checker::{judge, Violation};
use crate::client::{Client, Seat};
use crate::cluster;
use crate::history::{Entry, Event, History, RoomRun, Wanted};
use crate::nemesis::{Fault, Nemesis};
use crate::stranger;
use crate::world::{Order, Person, Place, Status, World};
use fastrand::Rng;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{channel, Sender};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long everybody may take to see through what they said, and to hear all.
const SETTLING: Duration = Duration::from_secs(90);
/// How long the Archive may take: the Worker's longest wait after a failure, and some.
const ARCHIVING: Duration = Duration::from_secs(150);

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Plan {
    pub name: &'static str,
    pub time: Duration,
    pub seed: u64,
    pub faults: Vec<Fault>,
    /// How many messages a room keeps.
    pub keeps: usize,
    pub with_redis: bool,
    pub rooms: Vec<RoomPlan>,
}

/// A room to make.
#[derive(Debug, Clone)]
pub struct RoomPlan {
    pub name: &'static str,
    pub access: &'static str,
    pub clients: usize,
    /// How many of them are old ones.
    pub old: usize,
    /// Whether one of them has requests only, for want of a WebSocket.
    pub by_requests: bool,
    /// The mean time between two things that one of them says.
    pub pace: Duration,
}

/// What came of it.
pub struct Outcome {
    pub clients: usize,
    pub world: Arc<World>,
    pub struck: BTreeMap<Fault, usize>,
    pub slept: usize,
    /// How long it took, after the last repair, until everybody's words were answered, everybody had everything, and the
    /// Archive too.
    pub recovery: [Duration; 3],
    pub violations: Vec<Violation>,
}

/// Everybody who takes part.
struct Cast {
    world: Arc<World>,
    places: Vec<(Arc<Place>, Person)>,
    seats: Vec<(Arc<Place>, Arc<Status>, JoinHandle<History>)>,
    orders: Vec<Sender<Order>>,
}

/// Carries a plan out. Prints a line a minute.
pub fn run(plan: &Plan) -> Outcome {
    let mut rng = Rng::with_seed(plan.seed);
    let cast = Cast::enter(plan, &mut rng);
    let (world, hidden, somebody) = (Arc::clone(&cast.world), cast.hidden(), cast.world.guest("Stranger"));
    let stranger = thread::spawn(move || stranger::look(&world, &somebody, &hidden));
    let panics: Vec<_> =
        cast.places.iter().map(|(place, owner)| (format!("{}/hook/panic", place.path), owner.cookie.clone())).collect();
    let mut nemesis = Nemesis::new(&cast.world, &cast.orders, &panics, rng);
    (nemesis.faults, nemesis.keeps) = (plan.faults.clone(), plan.keeps);
    let (began, mut told) = (Instant::now(), Instant::now());
    while began.elapsed() < plan.time {
        match plan.name {
            "cuts" => nemesis.cut_five_a_second(),
            _ => nemesis.strike(),
        }
        if told.elapsed() >= Duration::from_secs(60) {
            told = Instant::now();
            println!("{} min: {}", began.elapsed().as_secs() / 60, cast.world.counts.line());
        }
    }
    nemesis.heal();
    let (struck, slept) = (nemesis.struck, nemesis.slept);
    cast.end(plan, struck, slept, stranger)
}

impl Cast {
    fn enter(plan: &Plan, rng: &mut Rng) -> Self {
        let world = Arc::new(cluster::start(plan.keeps, plan.with_redis));
        let most = plan.rooms.iter().map(|room| room.clients).max().unwrap_or(0);
        // The same people are in several rooms, and the last of each room has two tabs open.
        let people: Vec<_> = (1..most).map(|n| world.guest(&format!("Guest {n}"))).collect();
        let mut cast = Self { world, places: Vec::new(), seats: Vec::new(), orders: Vec::new() };
        for room in &plan.rooms {
            let members = &people[..room.clients - 1];
            let place = cast.world.room(&members[0], members, room.name, room.access);
            for n in 0..room.clients {
                let (sender, orders) = channel();
                let status = Arc::new(Status::default());
                let seat = Seat {
                    number: cast.seats.len() + 1,
                    place: Arc::clone(&place),
                    person: members[n.min(members.len() - 1)].clone(),
                    status: Arc::clone(&status),
                    orders,
                    old: n > room.clients - 2 - room.old && n < room.clients - 1,
                    moderates: n == 0,
                    slow: room.by_requests && n == 1,
                    pace: room.pace,
                    rng: rng.fork(),
                };
                let client = Client::new(&cast.world, seat);
                cast.seats.push((Arc::clone(&place), status, thread::spawn(move || client.live())));
                cast.orders.push(sender);
            }
            cast.places.push((place, members[0].clone()));
        }
        cast
    }

    fn hidden(&self) -> Vec<Arc<Place>> {
        self.places.iter().map(|(place, _)| Arc::clone(place)).filter(|place| place.is_private).collect()
    }

    fn end(
        self,
        plan: &Plan,
        struck: BTreeMap<Fault, usize>,
        slept: usize,
        stranger: JoinHandle<BTreeMap<String, Vec<String>>>,
    ) -> Outcome {
        let world = Arc::clone(&self.world);
        world.ending.store(true, Relaxed);
        let repaired = Instant::now();
        wait_until(repaired + SETTLING, || self.seats.iter().all(|(_, status, _)| is_settled(status)));
        let settled = repaired.elapsed();
        // One more word in each room, so that whoever lacks what came before it sees a hole.
        let last_words: Vec<_> = self.places.iter().map(|(place, owner)| last_word(&world, place, owner)).collect();
        let until = Instant::now() + SETTLING;
        let has_all = |place: &Place, status: &Status| status.up_to.load(Relaxed) >= place.last.load(Relaxed);
        wait_until(until, || self.seats.iter().all(|(place, status, _)| has_all(place, status)));
        let complete = repaired.elapsed();
        // A client that has all needs a moment to say so; one that lacks something never will.
        let until = Instant::now() + Duration::from_secs(2);
        wait_until(until, || self.seats.iter().all(|(.., thread)| thread.is_finished()));
        world.over.store(true, Relaxed);
        let clients = self.seats.len();
        let mut histories: BTreeMap<String, Vec<History>> = BTreeMap::new();
        for (place, _, thread) in self.seats {
            histories.entry(place.name.clone()).or_default().push(thread.join().unwrap());
        }
        let mut shown = stranger.join().unwrap();
        wait_until(Instant::now() + ARCHIVING, || {
            let all = || self.places.iter().all(|(place, owner)| is_archived(&world, place, owner));
            !plan.with_redis || all()
        });
        let recovery = [settled, complete, repaired.elapsed()];
        // What counts is what is on disk.
        world.server.kill();
        world.server.start_again();
        let rooms: Vec<_> = (self.places.iter().zip(last_words))
            .map(|((place, owner), last_word)| RoomRun {
                name: place.name.clone(),
                clients: with(histories.remove(&place.name).unwrap_or_default(), last_word),
                keeps: plan.keeps,
                head: place.last.load(Relaxed),
                log: world.log(owner, place),
                archive: plan.with_redis.then(|| world.archive(place)),
                shown_to_strangers: shown.remove(&place.name).unwrap_or_default(),
            })
            .collect();
        Outcome { clients, world, struck, slept, recovery, violations: judge(&rooms) }
    }
}

/// Says one more thing as the room's owner, and gives the account of it.
fn last_word(world: &World, place: &Place, owner: &Person) -> Vec<Event> {
    let (id, text) = ("last-word".to_owned(), "That is all".to_owned());
    let body = json!({ "id": id, "text": text });
    let ack = world.ask(Some(owner), "POST", &format!("{}/messages", place.path), Some(body)).map(|answer| answer.body);
    let ack = ack.unwrap_or_default();
    let seq = ack["seq"].as_u64().unwrap_or_else(|| panic!("no last word in {}: {ack}", place.name));
    place.last.store(seq, Relaxed);
    let at = ack["at"].as_i64().unwrap_or_default();
    vec![Event::Said { id: id.clone(), wanted: Wanted::Send { text } }, Event::Acked { id, seq, at }]
}

/// The owner's first client, with what the owner said beside.
fn with(mut histories: Vec<History>, events: Vec<Event>) -> Vec<History> {
    if let Some(owner) = histories.first_mut() {
        owner.events.extend(events);
    }
    histories
}

fn is_settled(status: &Status) -> bool {
    status.is_online.load(Relaxed) && status.pending.load(Relaxed) == 0
}

/// Whether the Archive has the whole log as it is, each message once: what a late request has brought back is replaced
/// when nothing of it can still be on its way.
fn is_archived(world: &World, place: &Place, owner: &Person) -> bool {
    let archive = world.archive(place);
    let entries = archive.len();
    let archive: BTreeMap<_, Entry> = archive.into_iter().map(|entry| (entry.seq, entry)).collect();
    archive.len() == entries && world.log(owner, place).iter().all(|entry| archive.get(&entry.seq) == Some(entry))
}

fn wait_until(at_most: Instant, mut is_so: impl FnMut() -> bool) {
    while !is_so() && Instant::now() < at_most {
        thread::sleep(Duration::from_millis(100));
    }
}
