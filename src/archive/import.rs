//! A room as its Archive has it, made into a log: a deployment that has moved, or data of the tutorial chat.

use super::entry::{self, Entry};
use crate::domain::id::{ClientMessageId, Epoch, Seq};
use crate::domain::person::{Kind, Person, PersonView};
use crate::domain::rights::Access;
use crate::domain::text::{Description, PersonName, RoomName};
use crate::domain::time::Millis;
use crate::protocol::server::Message;
use crate::room::log::{Born, Imported, Kept, Older};
use serde::Deserialize;

/// How many messages are imported; what is older is read when somebody scrolls there.
pub const NEWEST: usize = 100;

/// What the Archive answers of a room.
#[derive(Debug, Clone, Deserialize)]
pub struct Found {
    name: String,
    description: Option<String>,
    access: Option<Access>,
    created: Option<String>,
    owner: Option<Person>,
    creator: Option<String>,
    messages: i64,
    people: Vec<Member>,
    newest: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Member {
    person: Person,
    at: Millis,
}

impl Found {
    /// The room under a new epoch, and how many of its messages could not be read. Nothing if it can't have that name.
    pub fn import(self, epoch: Epoch, now: Millis) -> Option<(Imported, usize)> {
        let name = RoomName::parse(&self.name).ok()?;
        let pairs: Vec<(&str, &str)> = pairs(&self.newest).collect();
        let mut entries: Vec<Entry> = pairs.iter().filter_map(|(member, score)| entry::read(member, score)).collect();
        let unread = pairs.len() - entries.len();
        entries.reverse();
        let newest = Seq(entries.iter().filter_map(|entry| Some(entry.seq?.0)).max().unwrap_or(0).max(self.messages));
        let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
        let first = Seq(newest.0 - count + 1);
        let is_ours = |member: &str, score: &str| entry::read(member, score).is_some_and(|entry| entry.seq.is_some());
        let from_elsewhere = pairs.iter().find(|(member, score)| !is_ours(member, score));
        let last = entries.iter().rposition(|entry| entry.seq.is_none()).and_then(|place| i64::try_from(place).ok());
        let kept = from_elsewhere
            .map(|(_, score)| Kept { seq: Seq(first.0 + last.unwrap_or(-1)), score: (*score).to_owned() });
        let older = pairs.last().map(|(_, score)| Older {
            seq: first,
            score: (*score).to_owned(),
            ties: i64::try_from(pairs.iter().filter(|(_, other)| other == score).count()).unwrap_or(1),
            kept,
        });
        let messages = numbered(entries, first);
        let said_first = messages.first().map_or(now, |(message, _)| message.at);
        let first_author = messages.first().map(|(_, author)| author.name.as_str().to_owned());
        let creator = || entry::imported(PersonName::shown(&self.creator.or(first_author).unwrap_or_default()));
        let born = Born {
            epoch,
            name,
            description: Description::parse(&self.description.unwrap_or_default()).unwrap_or_default(),
            owner: self.owner.unwrap_or_else(creator),
            created: self.created.as_deref().and_then(entry::time).unwrap_or(said_first).min(now),
            access: self.access.unwrap_or_default(),
        };
        let members = self.people.into_iter().map(|member| (member.person, member.at)).collect();
        Some((Imported { born, members, messages, older }, unread))
    }
}

/// The names on messages that are names only.
pub fn imported_names(imported: &Imported) -> Vec<PersonName> {
    let authors = imported.messages.iter().map(|(_, author)| author).chain([&imported.born.owner]);
    let mut names: Vec<PersonName> = Vec::new();
    for author in authors.filter(|author| author.kind == Kind::Imported) {
        if !names.contains(&author.name) {
            names.push(author.name.clone());
        }
    }
    names
}

/// A page older than the log, by rising Seq, counted back from where the log begins.
pub fn page(before: Seq, found: &[String]) -> Vec<Message> {
    let numbered = pairs(found).zip(1..).filter_map(|((member, score), back)| {
        let entry = entry::read(member, score)?;
        let seq = Seq(before.0 - back);
        Some(message(&entry, seq, entry.at))
    });
    let mut page: Vec<Message> = numbered.filter(|message| message.seq > Seq(0)).collect();
    page.reverse();
    page
}

/// Members and scores, as Redis lists them in turn.
fn pairs(found: &[String]) -> impl Iterator<Item = (&str, &str)> {
    found.chunks_exact(2).filter_map(|pair| match pair {
        [member, score] => Some((member.as_str(), score.as_str())),
        _ => None,
    })
}

/// Gives each its place, a time later than the one before, and an id that its author has used for nothing else.
fn numbered(entries: Vec<Entry>, first: Seq) -> Vec<(Message, Person)> {
    let mut messages: Vec<(Message, Person)> = Vec::with_capacity(entries.len());
    for (entry, seq) in entries.into_iter().zip(first.0..) {
        let after = messages.last().map_or(Millis::MIN, |(last, _)| last.at.saturating_add(1));
        let mut message = message(&entry, Seq(seq), entry.at.max(after));
        let is_double = |(one, author): &(Message, Person)| author.id == entry.author.id && one.id == message.id;
        if messages.iter().any(is_double) {
            message.id = ClientMessageId::of_imported(message.seq);
        }
        messages.push((message, entry.author));
    }
    messages
}

fn message(entry: &Entry, seq: Seq, at: Millis) -> Message {
    Message {
        seq,
        at,
        id: entry.id.clone().unwrap_or_else(|| ClientMessageId::of_imported(seq)),
        author: PersonView::from(&entry.author),
        text: entry.text.clone(),
        about: entry.about.clone(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const NOW: Millis = 1_700_000_000_000;

    fn found(json: &str) -> Found {
        serde_json::from_str(json).unwrap()
    }

    fn tutorial(newest: &str, messages: i64) -> Found {
        found(&format!(
            r#"{{"name":"General","description":null,"access":null,"created":null,"owner":null,"creator":"bob",
                "messages":{messages},"people":[],"newest":{newest}}}"#
        ))
    }

    fn import(found: Found) -> (Imported, usize) {
        found.import(Epoch::from_random([1; 12]), NOW).unwrap()
    }

    #[test]
    fn seq_goes_on_above_everything_found() {
        let newest =
            r#"["{\"username\":\"bob\",\"msg\":\"two\"}","20.5","{\"username\":\"al\",\"msg\":\"one\"}","10.5"]"#;
        let (imported, unread) = import(tutorial(newest, 250));
        let places: Vec<_> = imported.messages.iter().map(|(one, _)| (one.seq.0, one.text.as_str())).collect();
        assert_eq!((places, unread), (vec![(249, "one"), (250, "two")], 0));
        assert_eq!(
            imported.older,
            Some(Older {
                seq: Seq(249),
                score: "10.5".to_owned(),
                ties: 1,
                kept: Some(Kept { seq: Seq(250), score: "20.5".to_owned() }),
            })
        );
        assert_eq!((imported.born.owner.name.as_str(), imported.born.created), ("bob", 10_500));
        let ours = r#"["{\"username\":\"Ann\",\"msg\":\"x\",\"seq\":900,\"id\":\"a\"}","20.5"]"#;
        let ours = import(tutorial(ours, 1)).0;
        assert_eq!((ours.messages[0].0.seq, ours.older.unwrap().kept), (Seq(900), None), "retention takes our own");
    }

    #[test]
    fn what_can_t_be_read_is_left_out_and_counted_and_times_still_rise() {
        let newest =
            r#"["oops","20","{\"username\":\"a\",\"msg\":\"2\"}","20","{\"username\":\"a\",\"msg\":\"1\"}","20"]"#;
        let (imported, unread) = import(tutorial(newest, 3));
        let times: Vec<_> = imported.messages.iter().map(|(one, _)| one.at).collect();
        assert_eq!((times, unread), (vec![20_000, 20_001], 1));
        let older = imported.older.unwrap();
        assert_eq!((older.seq, older.score.as_str(), older.ties), (Seq(2), "20", 3));
    }

    #[test]
    fn an_empty_room_begins_at_one() {
        let (imported, _) = import(tutorial("[]", 0));
        assert!(imported.messages.is_empty() && imported.older.is_none());
        assert_eq!(imported.born.created, NOW);
    }

    #[test]
    fn older_pages_are_counted_back_from_where_the_log_begins() {
        let newest: Vec<String> =
            ["{\"username\":\"a\",\"msg\":\"8\"}", "8", "oops", "7", "{\"username\":\"a\",\"msg\":\"6\"}", "6"]
                .map(str::to_owned)
                .to_vec();
        let places: Vec<_> = page(Seq(9), &newest).into_iter().map(|one| (one.seq.0, one.text)).collect();
        assert_eq!(places, [(6, "6".to_owned()), (8, "8".to_owned())]);
        assert_eq!(page(Seq(2), &newest).len(), 1, "nothing is older than the first");
    }
}
