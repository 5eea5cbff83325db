//! What each client said and saw, in the order it happened to that client. This is all that the checker knows.

use std::collections::BTreeSet;
use std::sync::Arc;

/// A place in a room's log: 1, 2, 3 …
pub type Seq = u64;

/// What a message is at some time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub text: String,
    /// When it was last edited.
    pub edited: Option<i64>,
    /// When it became a tombstone.
    pub deleted: Option<i64>,
    /// Reaction and person.
    pub reactions: BTreeSet<(String, String)>,
}

/// What an Entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A message, as it was when it was sent to the client.
    Message(State),
    Edited {
        target: Seq,
        text: String,
    },
    Deleted {
        target: Seq,
    },
    Reacted {
        target: Seq,
        reaction: String,
        on: bool,
    },
}

/// An Entry as a client, the log or the Archive shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub seq: Seq,
    /// Milliseconds since 1970.
    pub at: i64,
    /// The PersonId of whoever made it.
    pub author: String,
    /// Its maker's own name for it.
    pub id: String,
    pub what: What,
}

/// What a client wants to become an Entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Send { text: String },
    Edit { target: Seq, text: String },
    Delete { target: Seq },
    React { target: Seq, reaction: String, on: bool },
}

/// One thing that happened to a client.
#[derive(Debug, Clone)]
pub enum Event {
    /// It wants this, under this id, from now on until it is answered.
    Said { id: String, wanted: Wanted },
    /// The room's log has it.
    Acked { id: String, seq: Seq, at: i64 },
    /// The room won't have it, for this reason.
    Refused { id: String, code: String },
    /// A connection begins, with all it has up to `since`; the room is at `seq`.
    Welcomed { since: Seq, seq: Seq },
    /// An Entry was sent to it.
    Heard(Arc<Entry>),
    /// It was told that these will not be sent, both ends included.
    Gap { from: Seq, to: Seq, reason: String },
    /// It asked for everything after this.
    Asked { since: Seq },
    /// Its connection ended, however.
    Cut,
    /// It was refused what it may do, in these words.
    TurnedAway(String),
    /// All is over: whatever it said was answered, and it has everything up to here or knows what it lacks.
    Done { up_to: Seq },
}

/// One client from beginning to end.
#[derive(Debug, Clone)]
pub struct History {
    /// Its number in the report.
    pub client: usize,
    /// Its PersonId.
    pub person: String,
    /// It knows messages only: nothing of edits, deletions and reactions.
    pub old: bool,
    pub events: Vec<Event>,
}

/// All that is known of a room when everything is over.
#[derive(Debug, Clone)]
pub struct RoomRun {
    pub name: String,
    /// The clients that belong in it.
    pub clients: Vec<History>,
    /// How many messages its log keeps at least.
    pub keeps: usize,
    /// Its newest Seq.
    pub head: Seq,
    /// Its messages by rising Seq, as they are at the end, read from disk after a last `kill -9`.
    pub log: Vec<Entry>,
    /// The same from Redis, if the deployment has one.
    pub archive: Option<Vec<Entry>>,
    /// What strangers were answered who asked for it, when it was anything but "no such room".
    pub shown_to_strangers: Vec<String>,
}
