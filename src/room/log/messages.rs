//! Messages in the log: appended, found again, read in ranges, trimmed.

use super::{Head, Log};
use crate::domain::id::{ClientMessageId, PersonId, Seq};
use crate::domain::membership::Change;
use crate::domain::person::{Named, Person, PersonView};
use crate::domain::text::MessageText;
use crate::domain::time::Millis;
use crate::protocol::entry::Send;
use crate::protocol::server::{About, Message, Quote, QUOTE_LIMIT};
use crate::sql::{json, Row, Sql, SqlError, Value};

/// How many messages one step of trimming looks at.
const TRIM_BATCH: i64 = 1_000;

const COLUMNS: &str = "SELECT seq, at, id, person, text, about FROM messages";

/// A piece of the history, by rising Seq, and whether more lies beyond its older end.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// The messages.
    pub messages: Vec<Message>,
    /// Whether there are older ones.
    pub more: bool,
}

/// What became of a message to append.
#[derive(Debug, Clone, PartialEq)]
pub enum Appended {
    /// It is in the log now.
    New(Message),
    /// It was there already, under the same id with the same text.
    Again(Message),
    /// The same author used the id for another text.
    IdReused,
}

impl<S: Sql> Log<S> {
    /// Appends a message after `head`, or finds it. `mentions` are those it names who are members.
    pub fn append(
        &self,
        head: Head,
        now: Millis,
        author: &Person,
        send: &Send,
        mentions: Vec<Named>,
    ) -> Result<Appended, SqlError> {
        let (seq, at) = head.next(now);
        let reply = send.reply_to.map(Quote::to);
        let mut message = Message {
            seq,
            at,
            id: send.id.clone(),
            author: PersonView::from(author),
            text: MessageText::as_str(&send.text).to_owned(),
            about: About { reply, mentions, ..About::default() },
        };
        if self.revision_of(&author.id, &send.id)?.is_some() {
            return Ok(Appended::IdReused);
        }
        let inserted = match message.about.mentions.is_empty() {
            true => self.insert(&message, author),
            false => self.sql.atomically(|| {
                self.insert(&message, author)?;
                let number = self.messages_up_to(head.seq)? + 1;
                let others = message.about.mentions.iter().filter(|one| one.id != author.id);
                others.into_iter().try_for_each(|one| self.put(&Change::Mentioned(one.id.clone(), number)))
            }),
        };
        // The table has each id of an author once. To look first would cost every message a statement, half of what it
        // costs beside its sending (measured).
        if let Err(error) = inserted {
            return self.find_sent(&author.id, send)?.ok_or(error);
        }
        self.fill_quote(&mut message)?;
        Ok(Appended::New(message))
    }

    /// The message that its author sent before under the same id, if they did.
    pub fn find_sent(&self, author: &PersonId, send: &Send) -> Result<Option<Appended>, SqlError> {
        let Some(stored) = self.find(author, &send.id)? else {
            return Ok(self.revision_of(author, &send.id)?.map(|_| Appended::IdReused));
        };
        // What was changed since says nothing of what was sent.
        let is_changed = stored.about.edited.is_some() || stored.about.deleted.is_some();
        let reply = stored.about.reply.as_ref().map(|quote| quote.seq);
        let is_same = stored.text == send.text.as_str() && reply == send.reply_to;
        Ok(Some(if is_changed || is_same { Appended::Again(stored) } else { Appended::IdReused }))
    }

    pub(super) fn insert(&self, message: &Message, author: &Person) -> Result<(), SqlError> {
        let row: [Value; 7] = [
            message.seq.0.into(),
            message.at.into(),
            author.id.as_str().into(),
            message.id.as_str().into(),
            json(author),
            message.text.as_str().into(),
            json(&message.about.stored()),
        ];
        let statement = "INSERT INTO messages (seq, at, author, id, person, text, about) VALUES (?, ?, ?, ?, ?, ?, ?)";
        self.sql.write(statement, &row)
    }

    /// The message of this Seq.
    pub fn message(&self, seq: Seq) -> Result<Option<Message>, SqlError> {
        let row = self.sql.first(&format!("{COLUMNS} WHERE seq = ?"), &[seq.0.into()])?;
        Ok(self.read_all(row.into_iter().collect())?.pop())
    }

    pub(super) fn find(&self, author: &PersonId, id: &ClientMessageId) -> Result<Option<Message>, SqlError> {
        let wanted = [author.as_str().into(), id.as_str().into()];
        let row = self.sql.first(&format!("{COLUMNS} WHERE author = ? AND id = ?"), &wanted)?;
        Ok(self.read_all(row.into_iter().collect())?.pop())
    }

    /// The place and time of the oldest message that retention can take.
    pub fn oldest(&self) -> Result<Option<Head>, SqlError> {
        let oldest = "SELECT seq, at FROM messages WHERE seq > ? ORDER BY seq LIMIT 1";
        let oldest = self.sql.first(oldest, &[self.kept_seq().0.into()])?;
        oldest.map(|row| Ok(Head { seq: Seq(row.integer(0)?), at: row.integer(1)? })).transpose()
    }

    /// The messages after `seq`, by rising Seq, at most `limit`.
    pub fn after(&self, seq: Seq, limit: i64) -> Result<Vec<Message>, SqlError> {
        let rows = self.sql.run(
            &format!("{COLUMNS} WHERE seq > ? ORDER BY seq LIMIT CAST(? AS INTEGER)"),
            &[seq.0.into(), limit.into()],
        )?;
        self.read_all(rows)
    }

    /// The newest `limit` messages before `seq`, by rising Seq.
    pub fn before(&self, seq: Seq, limit: i64) -> Result<Range, SqlError> {
        let wanted = [seq.0.into(), (limit + 1).into()];
        let mut rows =
            self.sql.run(&format!("{COLUMNS} WHERE seq < ? ORDER BY seq DESC LIMIT CAST(? AS INTEGER)"), &wanted)?;
        let limit = usize::try_from(limit).unwrap_or_default();
        let more = rows.len() > limit;
        rows.truncate(limit);
        rows.reverse();
        Ok(Range { messages: self.read_all(rows)?, more })
    }

    fn read_all(&self, rows: Vec<Row>) -> Result<Vec<Message>, SqlError> {
        let mut messages = rows.into_iter().map(message).collect::<Result<Vec<_>, _>>()?;
        messages.iter_mut().try_for_each(|message| self.fill_quote(message))?;
        Ok(messages)
    }

    /// Puts into a reply what the message that it answers is now.
    fn fill_quote(&self, message: &mut Message) -> Result<(), SqlError> {
        let Some(quote) = &mut message.about.reply else { return Ok(()) };
        let target = "SELECT person, text, about FROM messages WHERE seq = ?";
        if let Some(row) = self.sql.first(target, &[quote.seq.0.into()])? {
            let author = row.json_or(0, unknown);
            let about = row.json_or(2, About::default);
            quote.author = Some(PersonView::from(&author));
            quote.deleted = about.deleted.is_some();
            quote.text = Some(one_line(row.text(1)?)).filter(|_| !quote.deleted);
        }
        Ok(())
    }

    fn kept_seq(&self) -> Seq {
        self.kept().map_or(Seq(0), |kept| kept.seq)
    }

    /// Removes messages older than `before_at`, and those more than `keep` back, some at a time. Says whether
    /// there may be more to remove. The newest Entry always stays: the next Seq counts from it.
    pub fn trim(&self, head: Head, before_at: Millis, keep: i64) -> Result<bool, SqlError> {
        let Some(oldest) = self.oldest()? else { return Ok(false) };
        let newer_than_oldest = self.messages_up_to(head.seq)?.saturating_sub(self.messages_up_to(oldest.seq)?);
        let goes = |seq: i64, at: Millis, newer: i64| seq < head.seq.0 && (newer >= keep.max(1) || at < before_at);
        if !goes(oldest.seq.0, oldest.at, newer_than_oldest) {
            return Ok(false);
        }
        let kept: Value = self.kept_seq().0.into();
        let oldest = "SELECT seq, at FROM messages WHERE seq > ? ORDER BY seq LIMIT CAST(? AS INTEGER)";
        let oldest = self.sql.run(oldest, &[kept.clone(), TRIM_BATCH.into()])?;
        let mut last_to_go = None;
        for (row, newer) in oldest.iter().zip((0..=newer_than_oldest).rev()) {
            let (seq, at) = (row.integer(0)?, row.integer(1)?);
            if goes(seq, at, newer) {
                last_to_go = Some(seq);
            }
        }
        let Some(last) = last_to_go else {
            return Ok(false);
        };
        self.sql.write("DELETE FROM messages WHERE seq > ? AND seq <= ?", &[kept, last.into()])?;
        // The newest revision knows how many there were.
        let revisions = "DELETE FROM revisions WHERE seq <= ? AND seq < (SELECT max(seq) FROM revisions)";
        self.sql.write(revisions, &[last.into()])?;
        self.trim_pages(last)?;
        Ok(oldest.last().map(|row| row.integer(0)).transpose()? == Some(last))
    }
}

fn message(row: Row) -> Result<Message, SqlError> {
    let author = row.json_or(3, unknown);
    Ok(Message {
        seq: Seq(row.integer(0)?),
        at: row.integer(1)?,
        id: row.parsed(2, "message id")?,
        author: PersonView::from(&author),
        text: row.text(4)?.to_owned(),
        about: row.json_or(5, About::default),
    })
}

/// Whoever stands in a row that can't be read.
pub(super) fn unknown() -> Person {
    Person::deleted(PersonId::nobody())
}

/// How a message begins, on one line.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > 4 * QUOTE_LIMIT {
            break;
        }
    }
    line.chars().take(QUOTE_LIMIT).collect()
}
