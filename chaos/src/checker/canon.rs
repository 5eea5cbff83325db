//! What stands at each Seq of a room, by everything that anybody knows of it, and what each message was at each time.

use super::{Findings, Kind};
use crate::history::{Entry, Event, RoomRun, Seq, State, Wanted, What};
use std::collections::btree_map::Entry::{Occupied, Vacant};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// An author and that author's name for it.
type Name = (String, String);

/// What stands at one Seq.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub author: String,
    pub id: String,
    pub at: i64,
    pub wanted: Wanted,
    /// Whether its author was told that the log has it.
    pub acked: bool,
}

/// The history that all accounts together make.
pub struct Canon {
    pub places: BTreeMap<Seq, Place>,
    /// All that each message was, from when it was sent to the end; never empty.
    pub states: BTreeMap<Seq, Vec<State>>,
}

impl Canon {
    /// Puts all accounts together, and says where they contradict each other.
    pub fn of(room: &RoomRun, rooms: &[RoomRun], findings: &mut Findings) -> Self {
        let said = said(room);
        let elsewhere: HashSet<Name> = rooms.iter().filter(|other| other.name != room.name).flat_map(names).collect();
        let mut places = BTreeMap::new();
        let mut take = |entry: &Entry, clients: &[usize], findings: &mut Findings| {
            let name = (entry.author.clone(), entry.id.clone());
            let Some(wanted) = said.get(&name) else {
                let (kind, words) = match elsewhere.contains(&name) {
                    true => (Kind::Leaked, "was said in another room"),
                    false => (Kind::Altered, "was said by nobody"),
                };
                findings.add(kind, Some(entry.seq), clients, format!("{} by {} {words}", entry.id, entry.author));
                return;
            };
            let Entry { seq, at, author, id, .. } = entry.clone();
            let place = Place { author, id, at, wanted: wanted.clone(), acked: false };
            match places.entry(seq) {
                Vacant(vacant) => drop(vacant.insert(place)),
                Occupied(there) if *there.get() != place => {
                    findings.add(Kind::Altered, Some(seq), clients, format!("{place:?}, elsewhere {:?}", there.get()));
                }
                Occupied(_) => {}
            }
        };
        let mut seen = HashSet::new();
        for client in &room.clients {
            for event in &client.events {
                match event {
                    // What many clients were told in the same words is one thing in memory.
                    Event::Heard(entry) if seen.insert(Arc::as_ptr(entry)) => take(entry, &[client.client], findings),
                    Event::Acked { id, seq, at } => {
                        let (author, id) = (client.person.clone(), id.clone());
                        let what = What::Deleted { target: 0 };
                        take(&Entry { seq: *seq, at: *at, author, id, what }, &[client.client], findings);
                    }
                    _ => {}
                }
            }
        }
        room.log.iter().chain(room.archive.iter().flatten()).for_each(|entry| take(entry, &[], findings));
        for client in &room.clients {
            for event in &client.events {
                let Event::Acked { id, seq, .. } = event else { continue };
                if let Some(place) = places.get_mut(seq).filter(|one| one.author == client.person && one.id == *id) {
                    place.acked = true;
                }
            }
        }
        once(&places, findings);
        timely(&places, findings);
        let states = states(&places);
        let canon = Self { places, states };
        canon.check_words(room, findings);
        canon
    }

    /// What each message is at the end.
    pub fn at_last(&self, seq: Seq) -> Option<&State> {
        self.states.get(&seq)?.last()
    }

    /// How long the text at this Seq was at most.
    pub fn most_bytes(&self, seq: Seq) -> usize {
        let states = self.states.get(&seq).into_iter().flatten().map(|state| state.text.len());
        let edit = self.places.get(&seq).map(|place| match &place.wanted {
            Wanted::Edit { text, .. } => text.len(),
            _ => 0,
        });
        states.chain(edit).max().unwrap_or(0)
    }

    /// Everything that was heard must be what it was at some time.
    fn check_words(&self, room: &RoomRun, findings: &mut Findings) {
        let mut seen = HashSet::new();
        for client in &room.clients {
            for event in &client.events {
                let Event::Heard(entry) = event else { continue };
                if seen.insert(Arc::as_ptr(entry)) && !self.is_true(entry) {
                    let detail = format!("{:?} is nothing that it ever was", entry.what);
                    findings.add(Kind::Altered, Some(entry.seq), &[client.client], detail);
                }
            }
        }
    }

    fn is_true(&self, entry: &Entry) -> bool {
        // What stands nowhere was found already.
        let Some(place) = self.places.get(&entry.seq) else { return true };
        match (&entry.what, &place.wanted) {
            (What::Message(state), Wanted::Send { .. }) => self.states[&entry.seq].contains(state),
            (What::Edited { target, text }, Wanted::Edit { target: wanted, text: said }) => {
                let is_deleted = || self.at_last(*target).is_some_and(|state| state.deleted.is_some());
                target == wanted && (text == said || (text.is_empty() && is_deleted()))
            }
            (What::Deleted { target }, Wanted::Delete { target: wanted }) => target == wanted,
            (What::Reacted { target, reaction, on }, Wanted::React { target: wanted, reaction: said, on: sign }) => {
                (target, reaction, on) == (wanted, said, sign)
            }
            _ => false,
        }
    }
}

fn said(room: &RoomRun) -> HashMap<Name, Wanted> {
    let said = room.clients.iter().flat_map(|client| {
        client.events.iter().filter_map(|event| match event {
            Event::Said { id, wanted } => Some(((client.person.clone(), id.clone()), wanted.clone())),
            _ => None,
        })
    });
    said.collect()
}

fn names(room: &RoomRun) -> impl Iterator<Item = Name> {
    said(room).into_keys()
}

/// Each thing that was said stands in one place.
fn once(places: &BTreeMap<Seq, Place>, findings: &mut Findings) {
    let mut stands: HashMap<(&str, &str), Seq> = HashMap::new();
    for (seq, place) in places {
        if let Some(first) = stands.insert((&place.author, &place.id), *seq) {
            findings.add(Kind::Doubled, Some(*seq), &[], format!("{} stands at {first} too", place.id));
        }
    }
}

/// Time grows with Seq.
fn timely(places: &BTreeMap<Seq, Place>, findings: &mut Findings) {
    for ((_, one), (seq, next)) in places.iter().zip(places.iter().skip(1)) {
        if next.at <= one.at {
            findings.add(Kind::Altered, Some(*seq), &[], format!("its time {} is not after {}", next.at, one.at));
        }
    }
}

fn states(places: &BTreeMap<Seq, Place>) -> BTreeMap<Seq, Vec<State>> {
    let mut states: BTreeMap<Seq, Vec<State>> = BTreeMap::new();
    for (seq, place) in places {
        if let Wanted::Send { text } = &place.wanted {
            states.insert(*seq, vec![State { text: text.clone(), ..State::default() }]);
        } else if let Some(all) = states.get_mut(&target(&place.wanted)) {
            let mut state = all.last().cloned().unwrap_or_default();
            apply(&mut state, place);
            all.push(state);
        }
    }
    states
}

fn target(wanted: &Wanted) -> Seq {
    match wanted {
        Wanted::Send { .. } => 0,
        Wanted::Edit { target, .. } | Wanted::Delete { target } | Wanted::React { target, .. } => *target,
    }
}

/// Makes of a message what a revision makes of it.
pub fn apply(state: &mut State, revision: &Place) {
    match &revision.wanted {
        // An edit that is said again after the deletion changes nothing.
        Wanted::Edit { text, .. } if state.deleted.is_none() => {
            (state.text, state.edited) = (text.clone(), Some(revision.at));
        }
        Wanted::Delete { .. } => *state = State { deleted: Some(revision.at), ..State::default() },
        Wanted::React { reaction, on, .. } if state.deleted.is_none() => {
            let mine = (reaction.clone(), revision.author.clone());
            match on {
                true => drop(state.reactions.insert(mine)),
                false => drop(state.reactions.remove(&mine)),
            }
        }
        _ => {}
    }
}
