//! When who says something, made of a seed before anything runs: a server that is slow is not asked less for it.

use fastrand::Rng;
use std::time::Duration;

/// A message to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// After the start.
    pub due: Duration,
    pub room: usize,
    /// Which of the room's members says it.
    pub member: usize,
}

/// In each room `rate` messages a second: one in each turn of 1/rate seconds, at a random moment of it. Its members take
/// turns, in an order that is drawn anew each round, so each says as much as any other.
pub fn plan(seed: u64, rooms: usize, members: usize, rate: f64, time: Duration) -> Vec<Planned> {
    let mut rng = Rng::with_seed(seed);
    let mut all = Vec::new();
    for room in 0..rooms {
        let mut round: Vec<usize> = Vec::new();
        for turn in 0..(time.as_secs_f64() * rate).round() as u32 {
            if round.is_empty() {
                round = (0..members).collect();
                rng.shuffle(&mut round);
            }
            let due = Duration::from_secs_f64((f64::from(turn) + rng.f64()) / rate);
            all.push(Planned { due, room, member: round.pop().unwrap() });
        }
    }
    all.sort_by_key(|planned| planned.due);
    all
}
