//! Somebody who belongs in none of the private rooms, and tries every way to look into them.

use crate::socket::{NoSocket, Socket};
use crate::world::{Person, Place, World};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

const WAYS: [&str; 6] = ["", "/messages", "/messages?since=0", "/members", "/search?q=says", "/live?since=0"];

/// Tries until the end, and gives all answers of each room but "no such room".
pub fn look(world: &World, stranger: &Person, hidden: &[Arc<Place>]) -> BTreeMap<String, Vec<String>> {
    let mut shown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let all: Vec<_> = WAYS.iter().flat_map(|way| hidden.iter().map(move |place| (way, place))).collect();
    for (way, place) in all.iter().cycle() {
        if world.ending.load(Relaxed) {
            break;
        }
        thread::sleep(Duration::from_millis(700));
        if world.hush.load(Relaxed) {
            continue;
        }
        let path = format!("{}{way}", place.path);
        if let Some(answer) = ask(world, stranger, &path) {
            shown.entry(place.name.clone()).or_default().push(format!("{path}: {answer}"));
        }
    }
    shown
}

/// What was answered, if it is not what is said of a room that never was. While things break there may be no answer.
fn ask(world: &World, stranger: &Person, path: &str) -> Option<String> {
    let (status, body) = if path.contains("/live") {
        match Socket::open(&world.server.authority(), path, &stranger.cookie) {
            Ok(_) => (101, "a socket".to_owned()),
            Err(NoSocket::Refused(status, body, _)) => (status, body),
            Err(NoSocket::Gone) => return None,
        }
    } else {
        let answer = world.ask(Some(stranger), "GET", path, None)?;
        (answer.status, answer.body.to_string())
    };
    let is_unknown = status == 404 && (body.is_empty() || body.contains("unknown_room"));
    (!is_unknown && status < 429).then(|| format!("{status} {body}"))
}
