//! One contestant in one cell of a scenario: start, join, load, judge.

use crate::contestant::{Contestant, Running};
use crate::driver::Driver;
use crate::machine;
use crate::record::{pairs, Figures, Record};
use crate::scenario::Cell;
use crate::schedule;
use crate::usage::Processes;
use fastrand::Rng;
use std::time::{Duration, Instant};

/// How long all may take to join, and what was said to come. What has not come then is lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// Measures it.
pub fn measure(contestant: Contestant, cell: &Cell, seed: u64, client_is_pinned: bool) -> Record {
    let server = contestant.start(cell.cuts > 0.0);
    let (rooms, guests) = server.prepare(cell.rooms, cell.members);
    let mut driver = Driver::new(server.address, contestant.speech(), seed, rooms, guests);
    let mut figures = Figures::default();
    join(&mut driver, &server, cell, &mut figures);
    match cell.scenario {
        'J' => {}
        'I' => idle(&mut driver, &server, cell, &mut figures),
        _ => load(&mut driver, &server, cell, seed, &mut figures),
    }
    figures.time(driver.latency());
    let mut troubles = driver.told().troubles.clone();
    for (why, times) in &driver.told().ended {
        troubles.insert(format!("ended: {why}"), *times);
    }
    Record {
        contestant: contestant.name().to_owned(),
        scenario: cell.scenario.to_string(),
        rooms: cell.rooms,
        members: cell.members,
        rate: cell.rate,
        cuts_a_second: cell.cuts,
        seconds: cell.time.as_secs_f64(),
        seconds_before: cell.before.as_secs_f64(),
        seed,
        date: machine::date(),
        machine: machine::kind(),
        versions: machine::versions(),
        pinned: server.pinned && client_is_pinned,
        counts: driver.verdict(),
        troubles,
        latency: pairs(driver.latency()),
        figures,
        rounds: Vec::new(),
    }
}

/// All at once; and the first message, when all are there, is for the joins.
fn join(driver: &mut Driver, server: &Running, cell: &Cell, figures: &mut Figures) {
    let (before, started) = (server.processes.memory(), Instant::now());
    let all = driver.join(PATIENCE);
    figures.join_s = all.then(|| started.elapsed().as_secs_f64());
    if cell.scenario == 'J' {
        let now = Duration::ZERO;
        driver.load(Instant::now(), &[schedule::Planned { due: now, room: 0, member: 0 }], true);
        let heard = driver.settle(PATIENCE);
        figures.first_message_s = (all && heard).then(|| started.elapsed().as_secs_f64());
    }
    driver.listen(cell.quiet);
    let clients = cell.rooms * cell.members;
    let held = server.processes.memory().saturating_sub(before);
    figures.memory_kb_a_connection = (before > 0 && clients > 0).then(|| held as f64 / 1e3 / clients as f64);
}

fn load(driver: &mut Driver, server: &Running, cell: &Cell, seed: u64, figures: &mut Figures) {
    let plan = schedule::plan(seed, cell.rooms, cell.members, cell.rate, cell.before + cell.time);
    let (before, counted) = plan.split_at(plan.partition_point(|planned| planned.due < cell.before));
    let started = Instant::now();
    let counting = started + cell.before;
    let mut rng = Rng::with_seed(seed);
    let cuts = (0..(cell.cuts * cell.time.as_secs_f64()) as u32).map(|cut| (f64::from(cut) + rng.f64()) / cell.cuts);
    driver.cut_at(cuts.map(|cut| counting + Duration::from_secs_f64(cut)));
    driver.load(started, before, false);

    let (own, at) = (Processes::own(), Instant::now());
    let (deliveries, bytes, frames) = (driver.deliveries(), driver.told().bytes, driver.told().frames);
    let (server_before, own_before) = (server.processes.cpu(), own.cpu());
    driver.load(started, counted, true);
    let busy: f64 = own.cpu().values().sum::<f64>() - own_before.values().sum::<f64>();
    let share = (!own_before.is_empty()).then(|| busy / at.elapsed().as_secs_f64());
    driver.settle(PATIENCE);

    figures.counted_s = at.elapsed().as_secs_f64();
    figures.client(share, driver.late());
    spent(server, &server_before, figures);
    let deliveries = (driver.deliveries() - deliveries) as f64;
    if deliveries > 0.0 {
        let cpu: f64 = figures.cpu_s.values().sum();
        figures.cpu_us_a_delivery = (!figures.cpu_s.is_empty()).then(|| cpu * 1e6 / deliveries);
        figures.bytes_a_delivery = Some((driver.told().bytes - bytes) as f64 / deliveries);
        figures.frames_a_delivery = Some((driver.told().frames - frames) as f64 / deliveries);
    }
}

/// Nobody says anything, everybody stays.
fn idle(driver: &mut Driver, server: &Running, cell: &Cell, figures: &mut Figures) {
    let (before, at) = (server.processes.cpu(), Instant::now());
    driver.listen(cell.time);
    figures.counted_s = at.elapsed().as_secs_f64();
    spent(server, &before, figures);
}

fn spent(server: &Running, before: &std::collections::BTreeMap<String, f64>, figures: &mut Figures) {
    let now = server.processes.cpu();
    figures.cpu_s =
        now.into_iter().map(|(name, cpu)| (name.clone(), cpu - before.get(&name).unwrap_or(&0.0))).collect();
}
