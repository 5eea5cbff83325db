//! Counts what something costs, of all objects of a server together, in what the providers bill.

use crate::client::{eventually, eventually_within, guest_at, room, Client, Room};
use crate::costs::{stated, Cost, Store};
use crate::server::Server;
use serde_json::{json, Value};
use std::cell::Cell;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// A room reports half a minute after its last report at the latest.
const REPORTED: Duration = Duration::from_secs(45);

/// Somebody who looks, from a room where nothing else happens.
pub struct Meter {
    server: Arc<Server>,
    looker: Client,
    place: Room,
    looks: Cell<u32>,
    /// All that was spent when everything had come to rest for the last time.
    rested: Cell<Option<Cost>>,
}

impl Meter {
    /// Of a server with hooks.
    #[track_caller]
    pub fn of(server: &Arc<Server>) -> Self {
        let looker = guest_at(server, "Looker");
        let place = room(&looker);
        Self { server: Arc::clone(server), looker, place, looks: Cell::default(), rested: Cell::default() }
    }

    #[track_caller]
    fn look(&self, room: &Room) -> Value {
        self.looks.set(self.looks.get() + 1);
        self.looker.post(&room.at("hook/counts"), &json!({})).expect(200)
    }

    /// All that was spent since the server's start, but for looking.
    #[track_caller]
    fn spent(&self) -> Cost {
        let counts = self.look(&self.place);
        let count = |name: &str| counts[name].as_f64().unwrap();
        let (mut to_redis, mut commands) = (0.0, 0);
        if let Some(redis) = self.server.has_redis().then(|| self.server.redis()) {
            to_redis = redis.counts()["requests"].as_f64().unwrap();
            commands = redis.billed().into_iter().map(|(_, calls)| calls).sum();
        }
        let looks = f64::from(self.looks.get());
        Cost {
            worker: f64::from(self.server.asked.load(Relaxed)) - looks,
            objects: count("requests") - to_redis - looks + count("rung"),
            read: count("ever_read"),
            written: count("ever_written") + count("alarms"),
            commands: commands as f64,
        }
    }

    /// The same when nothing is under way any more: a dozen looks that find nothing spent.
    #[track_caller]
    fn settled(&self) -> Cost {
        let (mut spent, mut times) = (self.spent(), 0);
        eventually("everything comes to rest", || {
            let before = std::mem::replace(&mut spent, self.spent());
            times = if spent == before { times + 1 } else { 0 };
            (times == 12).then_some(())
        });
        self.rested.set(Some(spent));
        spent
    }

    /// What an act costs, with all that follows from it but for an alarm, which comes half a minute later.
    #[track_caller]
    pub fn during(&self, act: impl FnOnce()) -> Cost {
        let rested = self.rested.take().filter(|rested| self.spent() == *rested);
        let before = rested.unwrap_or_else(|| self.settled());
        act();
        self.settled() - before
    }

    /// Does what is not to be counted.
    #[track_caller]
    pub fn aside<T>(&self, act: impl FnOnce() -> T) -> T {
        let done = act();
        self.settled();
        done
    }

    /// That an act costs at most what docs/cost.md says: what is told may go along with what was told just before.
    #[track_caller]
    pub fn holds(&self, what: &str, act: impl FnOnce()) {
        self.expect(what, self.during(act));
    }

    /// The same for an act in these rooms, which are awake: what waking costs is not the act's, and ten seconds may have gone
    /// by here.
    #[track_caller]
    pub fn holds_in(&self, rooms: &[&Room], what: &str, act: impl FnOnce()) {
        for room in rooms {
            self.look(room);
        }
        self.holds(what, act);
    }

    #[track_caller]
    pub fn expect(&self, what: &str, counted: Cost) {
        println!("{:?}: {what}: {counted:?}", self.store());
        let stated = stated(what, self.store());
        assert_eq!(counted.most(stated), stated, "{what}: {counted:?} is more than docs/cost.md says");
        assert_eq!(counted.worker, stated.worker, "{what}");
    }

    /// Where the server keeps its Directory.
    pub fn store(&self) -> Store {
        if self.server.has_redis() {
            Store::Redis
        } else {
            Store::Embedded
        }
    }

    /// When a room's alarm comes, if it is set for the next hour.
    #[track_caller]
    pub fn near_alarm(&self, room: &Room) -> Option<i64> {
        let now: i64 = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis().try_into().unwrap();
        self.look(room)["alarm"].as_i64().filter(|at| *at < now + 3_600_000)
    }

    /// Waits until these rooms, and the one to look from, have told all there is to tell: no alarm of theirs comes now.
    #[track_caller]
    pub fn wait_for_quiet(&self, rooms: &[&Room]) {
        // A look while an alarm is about to ring sets the next one, and the room forgets that when it rings: the second look
        // sets it again, or else the first thing that is counted would.
        for _ in 0..2 {
            for room in rooms.iter().copied().chain([&self.place]) {
                eventually_within(REPORTED, "all is told", || self.near_alarm(room).is_none().then_some(()));
            }
            self.settled();
        }
    }

    /// Waits until so many alarms more have come, and gives what they cost. Nobody wakes the rooms meanwhile.
    #[track_caller]
    pub fn alarms(&self, count: usize) -> Cost {
        let rung = || self.look(&self.place)["rung"].as_u64().unwrap();
        let (before, awaited) = (self.settled(), rung() + count as u64);
        eventually_within(REPORTED, "the alarms come", || (rung() >= awaited).then_some(()));
        self.settled() - before
    }
}
