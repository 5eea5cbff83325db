//! The names in rooms: of members, and on messages.

use crate::plan::Room;
use hihichat::archive::entry;
use hihichat::directory::DirectoryError;
use hihichat::domain::person::Kind;
use hihichat::domain::text::{PersonKey, PersonName};
use hihichat::redis::{Redis, Wire};
use serde_json::json;
use std::collections::BTreeMap;

const READ: &str = include_str!("scripts/read.lua");
const UNKEPT: &str = include_str!("scripts/unkept.lua");

/// How many members or messages of a room are read at most.
pub const MOST: u64 = 5_000;
/// How many of them make a page.
const PAGE: u64 = 100;
/// How many pages one command asks for.
const PAGES: usize = 50;
/// An answer that is longer than this, in bytes, gets no further page.
const ANSWER: u64 = 2 << 20;

/// How many names one command asks for, or keeps.
const NAMES: usize = 500;

/// A page of members or messages, from the newest on.
struct Page<'a> {
    room: &'a Room,
    set: &'static str,
    from: u64,
}

/// What was read.
#[derive(Default)]
pub struct Heard {
    /// Each name once, as it was first seen.
    pub names: BTreeMap<PersonKey, PersonName>,
    /// How many messages.
    pub messages: usize,
    /// How many of those are none.
    pub unreadable: usize,
}

/// Reads the newest of each room's members and messages, at most [`MOST`].
pub async fn heard<W: Wire>(redis: &Redis<W>, rooms: &[Room]) -> Result<Heard, DirectoryError> {
    let mut heard = Heard::default();
    let pages: Vec<Page> = rooms.iter().flat_map(pages).collect();
    let mut left = pages.as_slice();
    while !left.is_empty() {
        let asked = left.iter().take(PAGES);
        let asked = asked.map(|page| json!({ "set": page.set, "room": page.room.row.name, "from": page.from }));
        let call = json!({ "Read": { "pages": asked.collect::<Vec<_>>(), "size": PAGE, "answer": ANSWER } });
        let answer = redis.script(READ, vec!["0".to_owned(), call.to_string()]).await?;
        let found: Vec<Vec<String>> = crate::read(&answer)?;
        // Never none, or this would go on for ever.
        let (done, rest) = left.split_at_checked(found.len().max(1)).unwrap_or((left, &[]));
        done.iter().zip(&found).for_each(|(page, found)| heard.take(page, found));
        left = rest;
    }
    Ok(heard)
}

fn pages(room: &Room) -> impl Iterator<Item = Page<'_>> {
    let sets = [("members", room.members), ("messages", room.messages)];
    sets.into_iter().flat_map(move |(set, count)| {
        let starts = (0..count.min(MOST)).step_by(PAGE as usize);
        starts.map(move |from| Page { room, set, from })
    })
}

impl Heard {
    /// Members and scores, in turn.
    fn take(&mut self, page: &Page, found: &[String]) {
        for (member, score) in found.chunks_exact(2).filter_map(|pair| Some((pair.first()?, pair.last()?))) {
            if page.set == "members" {
                self.take_name(PersonName::shown(member));
                continue;
            }
            self.messages += 1;
            match entry::read(member, score) {
                Some(entry) if entry.author.kind == Kind::Imported => self.take_name(entry.author.name),
                Some(_) => {}
                None => self.unreadable += 1,
            }
        }
    }

    fn take_name(&mut self, name: PersonName) {
        self.names.entry(name.key()).or_insert(name);
    }
}

/// Those of the names that no account has and that are not kept yet.
pub async fn unkept<W: Wire>(
    redis: &Redis<W>,
    names: &BTreeMap<PersonKey, PersonName>,
) -> Result<Vec<PersonName>, DirectoryError> {
    let keys: Vec<String> = names.keys().map(PersonKey::to_string).collect();
    let mut unkept = Vec::new();
    for keys in keys.chunks(NAMES) {
        let mut arguments = vec!["0".to_owned(), json!({ "Unkept": null }).to_string()];
        arguments.extend_from_slice(keys);
        let found: Vec<PersonKey> = crate::read(&redis.script(UNKEPT, arguments).await?)?;
        unkept.extend(found.iter().filter_map(|key| names.get(key).cloned()));
    }
    Ok(unkept)
}

/// Keeps the names from being taken, as the rooms do for those that they import.
pub async fn keep<W: Wire>(redis: &Redis<W>, names: &[PersonName]) -> Result<(), DirectoryError> {
    for names in names.chunks(NAMES) {
        redis.keep_names(names).await?;
    }
    Ok(())
}
