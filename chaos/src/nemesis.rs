//! What breaks things, by chance from a seed.

use crate::world::{Order, World};
use fastrand::Rng;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

/// One kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Sockets are reset.
    Cuts,
    /// Clients read nothing for a while, when much is said; now and then more than the room keeps for a reader.
    StopReading,
    /// `kill -9` in a burst, and a new start on the same data.
    Kill,
    /// A stop and a new start, as a deploy does it: every socket goes at once.
    Deploy,
    /// A panic in a burst, which ends the isolate; what was said waits for the Archive meanwhile.
    Reset,
    /// Nobody says anything until the rooms sleep.
    Silence,
    /// redis-server is killed and comes back.
    RedisStopped,
    /// Redis answers late.
    RedisSlow,
    /// Redis does what it is asked and its answer is lost.
    RedisLost,
    /// Half of the answer comes.
    RedisHalf,
    /// Redis refuses.
    RedisRefuses,
    /// Clients are away for longer than the room keeps what was said.
    Away,
}

impl Fault {
    /// Each with its name on the command line and how often it comes, relative to the others.
    pub const ALL: [(Self, &'static str, u32); 12] = [
        (Self::Cuts, "cuts", 40),
        (Self::StopReading, "stop-reading", 10),
        (Self::Kill, "kill", 6),
        (Self::Deploy, "deploy", 4),
        (Self::Reset, "reset", 10),
        (Self::Silence, "silence", 1),
        (Self::RedisStopped, "redis-stopped", 4),
        (Self::RedisSlow, "redis-slow", 5),
        (Self::RedisLost, "redis-lost", 6),
        (Self::RedisHalf, "redis-half", 5),
        (Self::RedisRefuses, "redis-refuses", 3),
        (Self::Away, "away", 4),
    ];
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        let name = Self::ALL.iter().find(|(fault, ..)| fault == self).map_or("", |(_, name, _)| name);
        to.write_str(name)
    }
}

/// Breaks things in one deployment.
pub struct Nemesis<'a> {
    pub world: &'a World,
    /// A way to each client.
    pub clients: &'a [Sender<Order>],
    /// Addresses whose call panics, each with a cookie that may call it.
    pub panics: &'a [(String, String)],
    pub rng: Rng,
    pub faults: Vec<Fault>,
    /// How many messages a room keeps.
    pub keeps: usize,
    /// How often each struck.
    pub struck: BTreeMap<Fault, usize>,
    /// How many of the silences put a room to sleep.
    pub slept: usize,
    redis: Redis,
}

/// What is wrong with Redis, and until when.
enum Redis {
    Well,
    Stopped(Instant),
    Faulty(Instant),
}

impl<'a> Nemesis<'a> {
    pub fn new(world: &'a World, clients: &'a [Sender<Order>], panics: &'a [(String, String)], rng: Rng) -> Self {
        let (faults, struck) = (Vec::new(), BTreeMap::new());
        Self { world, clients, panics, rng, faults, keeps: 0, struck, slept: 0, redis: Redis::Well }
    }

    /// One fault of those that may be, and a pause after it.
    pub fn strike(&mut self) {
        if matches!(self.redis, Redis::Stopped(until) | Redis::Faulty(until) if until <= Instant::now()) {
            self.heal();
        }
        let Some(fault) = self.choose() else { return self.pause(500, 1000) };
        *self.struck.entry(fault).or_default() += 1;
        match fault {
            Fault::Cuts => {
                for _ in 0..self.rng.usize(1..6) {
                    self.anybody(Order::Cut);
                }
            }
            Fault::StopReading => {
                // One in five is a storm: more than the systems on both sides and the room hold back for a reader.
                let (volleys, least) = if self.rng.u8(..5) == 0 { (30, 8_000) } else { (1, 1_000) };
                for _ in 0..self.rng.usize(2..5) {
                    let time = self.millis(least, least + 6_000);
                    self.anybody(Order::StopReading(time));
                }
                for _ in 0..volleys {
                    let loud = self.rng.usize(20..40);
                    self.anybody(Order::Loud(loud));
                }
            }
            Fault::Kill => {
                self.burst();
                self.pause(5, 250);
                self.world.server.kill();
                self.pause(0, 300);
                self.world.server.start_again();
            }
            Fault::Deploy => {
                self.world.server.stop();
                self.world.server.start_again();
            }
            Fault::Reset => {
                self.burst();
                self.pause(5, 250);
                let one = self.rng.usize(..self.panics.len());
                let (path, cookie) = &self.panics[one];
                crate::http::ask(&self.world.server.origin(), Some(cookie), "POST", path, None);
            }
            Fault::Silence => self.silence(),
            Fault::RedisStopped => {
                self.heal();
                self.world.server.redis().kill();
                self.redis = Redis::Stopped(self.later(1_000, 8_000));
            }
            Fault::RedisSlow => {
                let delay = self.rng.u64(200..4_000);
                self.redis_is(json!({ "delay_ms": delay }));
            }
            Fault::RedisLost => self.redis_is(json!({ "lost": true })),
            Fault::RedisHalf => self.redis_is(json!({ "cut": true })),
            Fault::RedisRefuses => {
                let status = *self.rng.choice(&[500, 429, 503]).unwrap_or(&500);
                self.redis_is(json!({ "status": status }));
            }
            Fault::Away => {
                let entries = self.keeps as u64 * 5 / 4;
                self.anybody(Order::Away(entries, Duration::from_secs(300)));
            }
        }
        self.pause(100, 2_000);
    }

    /// One client, and a little less than a fifth of a second: some are on their way back and have nothing to cut.
    pub fn cut_five_a_second(&mut self) {
        *self.struck.entry(Fault::Cuts).or_default() += 1;
        self.anybody(Order::Cut);
        thread::sleep(Duration::from_millis(185));
    }

    /// Everything works again.
    pub fn heal(&mut self) {
        match std::mem::replace(&mut self.redis, Redis::Well) {
            Redis::Well => {}
            Redis::Stopped(_) => self.world.server.redis().start_again(),
            Redis::Faulty(_) => self.world.server.redis().faults(json!({})),
        }
    }

    fn choose(&mut self) -> Option<Fault> {
        let may: Vec<_> = Fault::ALL.iter().filter(|(fault, ..)| self.faults.contains(fault)).collect();
        let all: u32 = may.iter().map(|(.., weight)| weight).sum();
        let mut left = self.rng.u32(..all.max(1));
        may.into_iter().find_map(|(fault, _, weight)| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here.then_some(*fault)
        })
    }

    /// All faults but a slow answer end the call, and the Worker's next one may be a minute later.
    fn redis_is(&mut self, fault: serde_json::Value) {
        self.heal();
        self.world.server.redis().faults(fault);
        self.redis = Redis::Faulty(self.later(500, 5_000));
    }

    fn burst(&mut self) {
        for _ in 0..self.rng.usize(2..6) {
            let many = self.rng.usize(5..20);
            self.anybody(Order::Burst(many));
        }
    }

    /// Longer than workerd leaves an idle object awake, after the last word to Redis.
    fn silence(&mut self) {
        self.heal();
        self.world.hush.store(true, Relaxed);
        thread::sleep(Duration::from_secs(2));
        let before = self.instances();
        thread::sleep(Duration::from_secs(13));
        let after = self.instances();
        self.slept += before.iter().zip(&after).filter(|(one, other)| one != other).count().min(1);
        self.world.hush.store(false, Relaxed);
    }

    /// A number of each room that is another after each waking.
    fn instances(&self) -> Vec<Option<u64>> {
        let origin = self.world.server.origin();
        let counts = |(path, cookie): &(String, String)| {
            let path = path.replace("panic", "counts");
            crate::http::ask(&origin, Some(cookie), "POST", &path, None)?.body["instance"].as_u64()
        };
        self.panics.iter().map(counts).collect()
    }

    fn anybody(&mut self, order: Order) {
        if let Some(client) = self.rng.choice(self.clients) {
            // One that is done no longer listens.
            let _ = client.send(order);
        }
    }

    fn millis(&mut self, least: u64, most: u64) -> Duration {
        Duration::from_millis(self.rng.u64(least..most))
    }

    fn later(&mut self, least: u64, most: u64) -> Instant {
        Instant::now() + self.millis(least, most)
    }

    fn pause(&mut self, least: u64, most: u64) {
        thread::sleep(self.millis(least, most));
    }
}
