//! One message in the Archive: a member of `msg-{room}` with its time as score, as the tutorial chat wrote them, with
//! what that one lacked beside it.

use crate::domain::id::{ClientMessageId, PersonId, Seq};
use crate::domain::person::{Kind, Person};
use crate::domain::text::PersonName;
use crate::domain::time::Millis;
use crate::json;
use crate::protocol::server::{About, Message};
use serde::{Deserialize, Serialize};

/// A member of the sorted set. The tutorial chat has `username` and `msg` only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Member {
    username: String,
    msg: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    seq: Option<Seq>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    id: Option<ClientMessageId>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    person: Option<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    kind: Option<Kind>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    about: Option<About>,
}

/// A time as a score: seconds, with milliseconds as their fraction.
pub fn score(at: Millis) -> String {
    format!("{}.{:03}", at.div_euclid(1_000), at.rem_euclid(1_000))
}

/// A score as a time.
pub fn time(score: &str) -> Option<Millis> {
    // What Redis prints is JSON too, and Rust's own reader of floats brings a table of 10 KB.
    let seconds: f64 = json::read(score).ok()?;
    // Far beyond any clock and well within what a double counts.
    (seconds.abs() < 1e12).then(|| (seconds * 1_000.0).round() as Millis)
}

/// A message as it is archived: score and member.
pub fn write(message: &Message) -> (String, String) {
    let member = Member {
        username: message.author.name.to_string(),
        msg: message.text.clone(),
        seq: Some(message.seq),
        id: Some(message.id.clone()),
        person: Some(message.author.id.clone()),
        kind: Some(message.author.kind),
        about: Some(message.about.stored()).filter(|about| *about != About::default()),
    };
    // Texts and numbers always serialise.
    (score(message.at), serde_json::to_string(&member).unwrap_or_default())
}

/// A message as it was archived, by whomever.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its place, if one of us gave it one.
    pub seq: Option<Seq>,
    /// Its sender's name for it, if it has one.
    pub id: Option<ClientMessageId>,
    /// Who said it. Without a PersonId it is a name only.
    pub author: Person,
    /// What.
    pub text: String,
    /// When.
    pub at: Millis,
    /// What there is to know of it beside.
    pub about: About,
}

/// Reads a member; nothing if it is not one.
pub fn read(member: &str, score: &str) -> Option<Entry> {
    let Member { username, msg, seq, id, person, kind, about } = json::read(member).ok()?;
    let name = PersonName::shown(&username);
    let author = match (person, kind) {
        (Some(id), Some(kind)) => Person { id, name, kind },
        _ => imported(name),
    };
    Some(Entry {
        seq,
        id,
        author,
        text: crate::domain::text::shown(&msg),
        at: time(score)?,
        about: about.unwrap_or_default(),
    })
}

/// Who is known by a name only: the same one for the same name.
pub fn imported(name: PersonName) -> Person {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(format!("imported {}", name.key()));
    let mut bytes = [0; PersonId::LENGTH];
    bytes.iter_mut().zip(digest).for_each(|(byte, random)| *byte = random);
    Person { id: PersonId::from_random(bytes), name, kind: Kind::Imported }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::person::PersonView;

    fn message(text: &str, at: Millis) -> Message {
        let name = PersonName::parse("Ann 安").unwrap();
        let author = Person { id: PersonId::from_random([7; 20]), name, kind: Kind::Guest };
        let id = ClientMessageId::try_from("c-1".to_owned()).unwrap();
        let about = About { edited: Some(at + 1), ..About::default() };
        Message { seq: Seq(3), at, id, author: PersonView::from(&author), text: text.to_owned(), about }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for (text, at) in [("hi", 1_700_000_000_123), ("\u{1f600}\"\\\n", 1_700_000_000_000), ("a", 5)] {
            let message = message(text, at);
            let (score, member) = write(&message);
            let entry = read(&member, &score).unwrap();
            assert_eq!((entry.at, entry.text.as_str(), entry.seq), (at, text, Some(Seq(3))));
            assert_eq!((entry.author.id, entry.author.kind), (message.author.id, Kind::Guest));
            assert_eq!(entry.about, message.about);
        }
    }

    #[test]
    fn scores_are_seconds_with_three_digits_and_sort_as_the_times() {
        assert_eq!(score(1_700_000_000_007), "1700000000.007");
        // As Redis prints what it has stored.
        assert_eq!(time("1700000000.0069999"), Some(1_700_000_000_007));
        assert_eq!(time("1.7e9"), Some(1_700_000_000_000));
        for wrong in ["", "nan", "inf", "1e300", "x"] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_tutorial_message_is_from_a_name_only_the_same_for_the_same_name() {
        let read = |member| read(member, "1500000000.5").unwrap();
        let bob = read(r#"{"username": "bob", "msg": "<b>hi</b>"}"#);
        assert_eq!((bob.author.kind, bob.text.as_str(), bob.at), (Kind::Imported, "<b>hi</b>", 1_500_000_000_500));
        assert_eq!(read(r#"{"username": "BOB", "msg": ""}"#).author.id, bob.author.id);
        assert_ne!(read(r#"{"username": "bo", "msg": ""}"#).author.id, bob.author.id);
    }

    #[test]
    fn what_is_no_message_is_none() {
        for member in ["", "hello", "[]", "{}", r#"{"username":"a"}"#, r#"{"username":1,"msg":"a"}"#, "null"] {
            assert_eq!(read(member, "1"), None, "{member}");
        }
    }
}
