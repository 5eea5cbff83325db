//! Revisions in the log: edits, deletions and reactions. Each is an Entry of its own, and changes the row of its message,
//! so that whoever reads the message later reads it as it is.

use super::messages::unknown;
use super::{Entry, Head, Log};
use crate::domain::id::{ClientMessageId, PersonId, Seq};
use crate::domain::membership::{Change, Erased};
use crate::domain::person::{Named, Person, PersonView};
use crate::domain::reaction::Reaction;
use crate::domain::time::Millis;
use crate::protocol::entry::{Revise, Wanted};
use crate::protocol::server::{self, About, Message, Reactions, Revision, ServerFrame};
use crate::sql::{json, Row, Sql, SqlError, Value};
use serde::{Deserialize, Serialize};

/// How many reactions one message takes: each stands in every frame that carries the message, at about 60 bytes.
pub const REACTIONS_MOST: usize = 200;

const COLUMNS: &str = "SELECT seq, at, id, person, target, what FROM revisions";

/// A revision as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRevision {
    /// Its place.
    pub seq: Seq,
    /// When the log took it.
    pub at: Millis,
    /// Its sender's own name for it.
    pub id: ClientMessageId,
    /// Who made it.
    pub by: Person,
    /// The message; nothing of what concerns all of a person's.
    pub target: Option<Seq>,
    /// What it changes.
    pub what: What,
}

/// What a revision changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The text, and whom it names. Taken out when the message is deleted.
    Edit(String, Vec<Named>),
    /// The message is a tombstone.
    Delete,
    /// The reaction is there, or is not.
    React(Reaction, bool),
    /// An account was deleted.
    Erase(Erased),
}

impl What {
    /// The text that it brings.
    pub fn text(&self) -> &str {
        match self {
            Self::Edit(text, _) => text,
            _ => "",
        }
    }
}

impl StoredRevision {
    /// What everybody is told.
    pub fn frame(self) -> ServerFrame {
        let Self { seq, at, id, by, target, what } = self;
        let by = PersonView::from(&by);
        let revision = Revision { seq, at, id, by, target: target.unwrap_or_default() };
        match what {
            What::Edit(text, mentions) => ServerFrame::Edited(Box::new(server::Edited { revision, text, mentions })),
            What::Delete => ServerFrame::Deleted(Box::new(server::Deleted { revision })),
            What::React(reaction, on) => ServerFrame::Reacted(Box::new(server::Reacted { revision, reaction, on })),
            What::Erase(Erased { person, messages }) => {
                let Revision { seq, at, id, .. } = revision;
                ServerFrame::Erased(Box::new(server::Erased { seq, at, id, person, messages }))
            }
        }
    }
}

/// What became of a revision.
#[derive(Debug, Clone, PartialEq)]
pub enum Revised {
    /// It is in the log now.
    New(Entry),
    /// It was there already.
    Again(Entry),
    /// The same author used the id for something else.
    IdReused,
    /// The message takes no more reactions.
    Full,
}

impl<S: Sql> Log<S> {
    /// Revises a message after `head`, or finds that it was done. `mentions` are those of an edit that are members.
    /// With an Archive, it is told.
    pub fn revise(
        &mut self,
        head: Head,
        now: Millis,
        by: &Person,
        wanted: &Revise,
        target: &Message,
        mentions: Vec<Named>,
    ) -> Result<Revised, SqlError> {
        let what = match &wanted.change {
            Wanted::Edit(text, _) => What::Edit(text.as_str().to_owned(), mentions),
            Wanted::Delete => What::Delete,
            Wanted::React(reaction, on) => What::React(*reaction, *on),
        };
        let (seq, at) = head.next(now);
        let Some((text, about)) = revised(target, &what, by, at) else { return Ok(Revised::Full) };
        let target = Some(target.seq);
        let revision = StoredRevision { seq, at, id: wanted.id.clone(), by: by.clone(), target, what };
        self.sql.atomically(|| {
            self.insert_revision(&revision)?;
            let row = [text.as_str().into(), json(&about.stored()), wanted.target.0.into()];
            self.sql.write("UPDATE messages SET text = ?, about = ? WHERE seq = ?", &row)?;
            match revision.what {
                What::Edit(..) => self.repack(wanted.target, &text)?,
                What::Delete => {
                    self.repack(wanted.target, "")?;
                    // What it said before is gone too.
                    let gone = [json(&What::Edit(String::new(), Vec::new())), wanted.target.0.into()];
                    let edits = "UPDATE revisions SET what = ? WHERE target = ? AND what LIKE '{\"edit\"%'";
                    self.sql.write(edits, &gone)?;
                }
                _ => {}
            }
            match self.has_archive {
                true => self.put(&Change::Revised(wanted.target)),
                false => Ok(()),
            }
        })?;
        self.count_revision();
        Ok(Revised::New(Entry::from(revision)))
    }

    /// The revision that its author sent before under the same id, if they did.
    pub fn find_revision(&self, by: &Person, wanted: &Revise) -> Result<Option<Revised>, SqlError> {
        let Some(stored) = self.revision_of(&by.id, &wanted.id)? else {
            return Ok(self.find(&by.id, &wanted.id)?.map(|_| Revised::IdReused));
        };
        let is_same = stored.target == Some(wanted.target)
            && match (&stored.what, &wanted.change) {
                // Of a message that was deleted since, nobody knows what it was to say.
                (What::Edit(text, _), Wanted::Edit(wanted, _)) => text.is_empty() || text == wanted.as_str(),
                (What::Delete, Wanted::Delete) => true,
                (What::React(stored, on), Wanted::React(reaction, wanted)) => (stored, on) == (reaction, wanted),
                _ => false,
            };
        Ok(Some(if is_same { Revised::Again(Entry::from(stored)) } else { Revised::IdReused }))
    }

    /// What its author named so.
    pub(super) fn revision_of(
        &self,
        author: &PersonId,
        id: &ClientMessageId,
    ) -> Result<Option<StoredRevision>, SqlError> {
        if self.revisions == 0 {
            return Ok(None);
        }
        let names = [author.as_str().into(), id.as_str().into()];
        self.sql.first(&format!("{COLUMNS} WHERE author = ? AND id = ?"), &names)?.map(revision).transpose()
    }

    pub(super) fn count_revision(&mut self) {
        self.revisions += 1;
    }

    pub(super) fn insert_revision(&self, revision: &StoredRevision) -> Result<(), SqlError> {
        let row: [Value; 8] = [
            revision.seq.0.into(),
            revision.at.into(),
            revision.by.id.as_str().into(),
            revision.id.as_str().into(),
            json(&revision.by),
            revision.target.map_or(Value::Null, |target| target.0.into()),
            json(&revision.what),
            (self.revisions + 1).into(),
        ];
        let statement = "INSERT INTO revisions (seq, at, author, id, person, target, what, nth)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        self.sql.write(statement, &row)
    }

    /// The revisions after `seq`, in order, at most `limit`.
    pub(super) fn revisions_after(&self, seq: Seq, limit: i64) -> Result<Vec<StoredRevision>, SqlError> {
        if self.revisions == 0 {
            return Ok(Vec::new());
        }
        let wanted = [seq.0.into(), limit.into()];
        let rows = self.sql.run(&format!("{COLUMNS} WHERE seq > ? ORDER BY seq LIMIT CAST(? AS INTEGER)"), &wanted)?;
        rows.into_iter().map(revision).collect()
    }
}

/// What a message says and is after a revision; nothing if it takes no more reactions.
fn revised(target: &Message, what: &What, by: &Person, at: Millis) -> Option<(String, About)> {
    let mut about = target.about.clone();
    match what {
        What::Edit(text, mentions) => {
            (about.edited, about.mentions) = (Some(at), mentions.clone());
            return Some((text.clone(), about));
        }
        What::Delete => return Some((String::new(), About { deleted: Some(at), ..About::default() })),
        What::React(reaction, on) => react(&mut about.reactions, *reaction, by, *on)?,
        What::Erase(_) => {}
    }
    Some((target.text.clone(), about))
}

fn react(reactions: &mut Vec<Reactions>, reaction: Reaction, by: &Person, on: bool) -> Option<()> {
    for one in reactions.iter_mut().filter(|one| one.reaction == reaction) {
        one.people.retain(|person| person.id != by.id);
    }
    if on {
        if reactions.iter().map(|one| one.people.len()).sum::<usize>() >= REACTIONS_MOST {
            return None;
        }
        match reactions.iter_mut().find(|one| one.reaction == reaction) {
            Some(one) => one.people.push(Named::from(by)),
            None => reactions.push(Reactions { reaction, people: vec![Named::from(by)] }),
        }
    }
    reactions.retain(|one| !one.people.is_empty());
    Some(())
}

fn revision(row: Row) -> Result<StoredRevision, SqlError> {
    Ok(StoredRevision {
        seq: Seq(row.integer(0)?),
        at: row.integer(1)?,
        id: row.parsed(2, "revision id")?,
        by: row.json_or(3, unknown),
        target: row.integer(4).ok().map(Seq),
        // Its Seq stays and nothing comes of it: nobody takes back a reaction that nobody has.
        what: row.json_or(5, || What::React(Reaction::Thumb, false)),
    })
}
