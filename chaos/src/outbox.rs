//! What a client has said and the room has not answered: kept, and handed over again under the same id.

use crate::history::Wanted;
use serde_json::{json, Value};
use std::time::{Duration, Instant};

/// What has no answer in this time is handed over again, as a person does who is told so.
const PATIENCE: Duration = Duration::from_secs(10);

struct Waiting {
    id: String,
    wanted: Wanted,
    frame: String,
    /// When it is handed over, again or for the first time.
    due: Instant,
    /// Whether the room may have it: handed over on this connection, or on one before.
    handed: bool,
    handed_before: bool,
}

/// What waits, oldest first.
#[derive(Default)]
pub struct Outbox(Vec<Waiting>);

impl Outbox {
    /// Keeps it until it is settled.
    pub fn add(&mut self, id: &str, wanted: &Wanted) {
        let frame = frame(id, wanted).to_string();
        let (id, wanted, due) = (id.to_owned(), wanted.clone(), Instant::now());
        self.0.push(Waiting { id, wanted, frame, due, handed: false, handed_before: false });
    }

    /// How much waits.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// A new connection: everything is due.
    pub fn connected(&mut self) {
        for one in &mut self.0 {
            one.due = Instant::now();
            one.handed_before |= std::mem::take(&mut one.handed);
        }
    }

    /// Hands over what is due, as long as that works; while a resume has yet to say what the room has, only what it
    /// can't have.
    pub fn flush(&mut self, is_resuming: bool, mut hand: impl FnMut(&str) -> bool) {
        let now = Instant::now();
        for one in self.0.iter_mut().filter(|one| one.due <= now && !(is_resuming && one.handed_before)) {
            if !hand(&one.frame) {
                return;
            }
            (one.due, one.handed) = (now + PATIENCE, true);
        }
    }

    /// The same for who hands over by requests: what is due, and counts as handed over.
    pub fn take_due(&mut self) -> Vec<String> {
        let mut due = Vec::new();
        self.flush(false, |frame| {
            due.push(frame.to_owned());
            true
        });
        due
    }

    /// A gap was told: what was handed over before may be in it, and the room may no longer keep it when it comes again. So
    /// it is not handed over again by itself. Gives how much that is.
    pub fn give_up(&mut self, is_resuming: bool) -> usize {
        let all = self.0.len();
        self.0.retain(|one| !(one.handed_before || (one.handed && !is_resuming)));
        all - self.0.len()
    }

    /// It was answered. Gives what it was, the first time.
    pub fn settle(&mut self, id: &str) -> Option<Wanted> {
        let place = self.0.iter().position(|one| one.id == id)?;
        Some(self.0.remove(place).wanted)
    }

    /// It is to be handed over again after so long.
    pub fn again_after(&mut self, id: &str, wait: Duration) {
        self.0.iter_mut().filter(|one| one.id == id).for_each(|one| one.due = Instant::now() + wait);
    }
}

/// The frame of docs/protocol.md.
fn frame(id: &str, wanted: &Wanted) -> Value {
    match wanted {
        Wanted::Send { text } => json!({ "type": "send", "id": id, "text": text }),
        Wanted::Edit { target, text } => json!({ "type": "edit", "id": id, "seq": target, "text": text }),
        Wanted::Delete { target } => json!({ "type": "delete", "id": id, "seq": target }),
        Wanted::React { target, reaction, on } => {
            json!({ "type": "react", "id": id, "seq": target, "reaction": reaction, "on": on })
        }
    }
}
