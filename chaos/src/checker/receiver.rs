//! One client's account, judged against what all accounts make.

use super::canon::{apply, Canon};
use super::{Findings, Kind};
use crate::history::{Event, History, Seq, State, Wanted, What};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many Entries a resume carries, and how many bytes of text, as docs/protocol.md says.
const RESUME_MOST: usize = 500;
const RESUME_BYTES: usize = 512 * 1024;

/// What a client holds, as far as its account went.
#[derive(Default)]
struct Held {
    had: BTreeSet<Seq>,
    /// What it was told that it lacks, both ends included.
    gaps: Vec<(Seq, Seq)>,
    /// What it last heard each message to be.
    messages: BTreeMap<Seq, State>,
    /// Revisions since the last gap.
    revisions: BTreeSet<Seq>,
    /// Of this connection: the latest that came, and the lowest that was asked for.
    highest: Seq,
    asked: Option<Seq>,
    /// Its room's Seq, if nothing but the welcome came since.
    welcomed: Option<(Seq, Seq)>,
    done: Option<Seq>,
}

/// Judges one client.
pub fn judge(client: &History, canon: &Canon, findings: &mut Findings) {
    let me = [client.client];
    let mut held = Held::default();
    let mut acks: HashMap<&str, Seq> = HashMap::new();
    for event in &client.events {
        match event {
            Event::Welcomed { since, seq } => {
                (held.highest, held.asked, held.welcomed) = (0, None, Some((*since, *seq)));
            }
            Event::Asked { since } => held.asked = Some(held.asked.map_or(*since, |asked| asked.min(*since))),
            Event::Heard(entry) => {
                held.came(client, entry.seq, findings);
                if let What::Message(state) = &entry.what {
                    held.messages.insert(entry.seq, state.clone());
                } else {
                    held.revisions.insert(entry.seq);
                }
            }
            Event::Acked { id, seq, .. } => {
                if let Some(before) = acks.insert(id, *seq).filter(|before| before != seq) {
                    findings.add(Kind::Doubled, Some(*seq), &me, format!("{id} was acknowledged at {before} too"));
                }
            }
            Event::Gap { from, to, reason } => {
                held.told(client, (*from, *to), reason, canon, findings);
            }
            Event::Refused { id, code } => refused(client, id, code, canon, findings),
            Event::TurnedAway(words) => findings.add(Kind::TurnedAway, None, &me, words.as_str()),
            Event::Done { up_to } => held.done = Some(*up_to),
            Event::Said { .. } | Event::Cut => {}
        }
    }
    held.complete(client, canon, findings);
    if !client.old {
        held.agrees(client, canon, findings);
    }
}

impl Held {
    fn came(&mut self, client: &History, seq: Seq, findings: &mut Findings) {
        self.welcomed = None;
        let is_new = self.had.insert(seq);
        // Also one's own out of a gap, in answer to having said it again.
        let is_answer = self.gaps.iter().any(|(from, to)| (from..=to).contains(&&seq));
        let was_asked = is_answer || self.asked.is_some_and(|asked| asked < seq);
        if is_new && seq < self.highest && !was_asked {
            findings.add(Kind::Swapped, Some(seq), &[client.client], format!("came after {}", self.highest));
        }
        self.highest = self.highest.max(seq);
    }

    fn told(&mut self, client: &History, (from, to): (Seq, Seq), reason: &str, canon: &Canon, findings: &mut Findings) {
        // An answer to `since` does not say where the room is.
        let missing = self.welcomed.take();
        let needless = match (reason, missing) {
            ("trimmed", Some((since, seq))) => seq.saturating_sub(since) < findings.room.keeps as u64,
            ("too_many", Some((since, seq))) => {
                let missed = canon.places.range(since + 1..=seq);
                let bytes: usize = missed.clone().map(|(seq, _)| canon.most_bytes(*seq)).sum();
                missed.count() <= RESUME_MOST && bytes <= RESUME_BYTES
            }
            ("trimmed" | "too_many", None) => false,
            // The rooms here are never replaced.
            _ => true,
        };
        if needless {
            let detail = format!("{reason}, {from} to {to}, and at the welcome since and Seq were {missing:?}");
            findings.add(Kind::NeedlessGap, Some(from), &[client.client], detail);
        }
        self.gaps.push((from, to));
        // The page that follows has messages only: the revisions among them come when they are asked for, or said again.
        self.asked = Some(self.asked.map_or(to, |asked| asked.min(to)));
        // What was held before may have been changed in the gap, and is known to be in doubt.
        self.messages.retain(|seq, _| *seq > to);
        self.revisions.clear();
    }

    /// Everything up to the room's end is here or in a gap.
    fn complete(&self, client: &History, canon: &Canon, findings: &mut Findings) {
        let me = [client.client];
        let head = findings.room.head;
        if self.done.is_none_or(|done| done < head) {
            let detail = format!("did not come to the end, which is {head}: {:?}", self.done);
            findings.add(Kind::TurnedAway, None, &me, detail);
        }
        for seq in 1..=head {
            if self.had.contains(&seq) || self.gaps.iter().any(|(from, to)| (from..=to).contains(&&seq)) {
                continue;
            }
            match canon.places.get(&seq) {
                Some(place) => {
                    let acked = if place.acked { "acknowledged" } else { "not acknowledged" };
                    findings.add(Kind::Lost, Some(seq), &me, format!("{} by {}, {acked}", place.id, place.author));
                }
                None => findings.add(Kind::Skipped, Some(seq), &me, "nobody was ever told of it"),
            }
        }
    }

    /// What its messages are at the end is what they are.
    fn agrees(&self, client: &History, canon: &Canon, findings: &mut Findings) {
        let mut shown = self.messages.clone();
        for seq in &self.revisions {
            let Some(place) = canon.places.get(seq) else { continue };
            let (Wanted::Edit { target, .. } | Wanted::Delete { target } | Wanted::React { target, .. }) =
                &place.wanted
            else {
                continue;
            };
            if let Some(state) = shown.get_mut(target) {
                apply(state, place);
            }
        }
        for (seq, state) in shown {
            if canon.at_last(seq).is_some_and(|last| *last != state) {
                let detail = format!("shown as {state:?}, and is {:?}", canon.at_last(seq));
                findings.add(Kind::Disagreed, Some(seq), &[client.client], detail);
            }
        }
    }
}

/// What was refused and never answered otherwise must not be there.
fn refused(client: &History, id: &str, code: &str, canon: &Canon, findings: &mut Findings) {
    let stands = canon.places.iter().find(|(_, place)| place.author == client.person && place.id == id);
    if let Some((seq, _)) = stands {
        findings.add(Kind::Refused, Some(*seq), &[client.client], format!("{id} was refused: {code}"));
    }
}
