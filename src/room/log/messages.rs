//! Messages in the log: appended, found again, read in ranges, trimmed.

use super::{Head, Log};
use crate::domain::id::{ClientMessageId, PersonId, Seq};
use crate::domain::person::{Person, PersonView};
use crate::domain::text::MessageText;
use crate::domain::time::Millis;
use crate::protocol::client::Send;
use crate::protocol::server::Message;
use crate::sql::{json, Row, Sql, SqlError, Value};

/// How many messages one step of trimming looks at.
const TRIM_BATCH: i64 = 1_000;

const COLUMNS: &str = "SELECT seq, at, id, person, text FROM messages";

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
    /// The newest message's place and time.
    pub fn head(&self) -> Result<Head, SqlError> {
        let newest = self.sql.first("SELECT seq, at FROM messages ORDER BY seq DESC LIMIT 1", &[])?;
        newest.map_or(Ok(Head::default()), |row| Ok(Head { seq: Seq(row.integer(0)?), at: row.integer(1)? }))
    }

    /// Appends a message after `head`, or finds it. Its time is `now`, but always later than the one before it,
    /// so that order by time is order by Seq when clocks stand still or step back.
    pub fn append(&self, head: Head, now: Millis, author: &Person, send: &Send) -> Result<Appended, SqlError> {
        if let Some(stored) = self.find(&author.id, &send.id)? {
            let same = stored.text == send.text.as_str();
            return Ok(if same { Appended::Again(stored) } else { Appended::IdReused });
        }
        let message = Message {
            seq: head.seq.next(),
            at: now.max(head.at.saturating_add(1)),
            id: send.id.clone(),
            author: PersonView::from(author),
            text: MessageText::as_str(&send.text).to_owned(),
        };
        self.insert(&message, author)?;
        Ok(Appended::New(message))
    }

    pub(super) fn insert(&self, message: &Message, author: &Person) -> Result<(), SqlError> {
        let row: [Value; 6] = [
            message.seq.0.into(),
            message.at.into(),
            author.id.as_str().into(),
            message.id.as_str().into(),
            json(author),
            message.text.as_str().into(),
        ];
        let statement = "INSERT INTO messages (seq, at, author, id, person, text) VALUES (?, ?, ?, ?, ?, ?)";
        self.sql.run(statement, &row).map(drop)
    }

    /// The message of this Seq.
    pub fn message(&self, seq: Seq) -> Result<Option<Message>, SqlError> {
        self.sql.first(&format!("{COLUMNS} WHERE seq = ?"), &[seq.0.into()])?.map(message).transpose()
    }

    fn find(&self, author: &PersonId, id: &ClientMessageId) -> Result<Option<Message>, SqlError> {
        let wanted = [author.as_str().into(), id.as_str().into()];
        self.sql.first(&format!("{COLUMNS} WHERE author = ? AND id = ?"), &wanted)?.map(message).transpose()
    }

    /// The place and time of the oldest message that retention can take.
    pub fn oldest(&self) -> Result<Option<Head>, SqlError> {
        let oldest = "SELECT seq, at FROM messages WHERE seq > ? ORDER BY seq LIMIT 1";
        let oldest = self.sql.first(oldest, &[self.kept_seq().0.into()])?;
        oldest.map(|row| Ok(Head { seq: Seq(row.integer(0)?), at: row.integer(1)? })).transpose()
    }

    /// The messages after `seq`, by rising Seq, at most `limit`.
    pub fn after(&self, seq: Seq, limit: i64) -> Result<Vec<Message>, SqlError> {
        let rows =
            self.sql.run(&format!("{COLUMNS} WHERE seq > ? ORDER BY seq LIMIT ?"), &[seq.0.into(), limit.into()])?;
        rows.into_iter().map(message).collect()
    }

    /// The newest `limit` messages before `seq`, by rising Seq.
    pub fn before(&self, seq: Seq, limit: i64) -> Result<Range, SqlError> {
        let wanted = [seq.0.into(), (limit + 1).into()];
        let mut rows = self.sql.run(&format!("{COLUMNS} WHERE seq < ? ORDER BY seq DESC LIMIT ?"), &wanted)?;
        let limit = usize::try_from(limit).unwrap_or_default();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let messages = rows.into_iter().rev().map(message).collect::<Result<_, _>>()?;
        Ok(Range { messages, more })
    }

    fn kept_seq(&self) -> Seq {
        self.kept().map_or(Seq(0), |kept| kept.seq)
    }

    /// Removes messages older than `before_at`, and those more than `keep` back, some at a time. Says whether
    /// there may be more to remove. The newest message always stays: the next Seq counts from it.
    pub fn trim(&self, head: Head, before_at: Millis, keep: i64) -> Result<bool, SqlError> {
        let last_too_many = head.seq.0.saturating_sub(keep.max(1));
        let goes = |seq: i64, at: Millis| seq < head.seq.0 && (seq <= last_too_many || at < before_at);
        if !self.oldest()?.is_some_and(|oldest| goes(oldest.seq.0, oldest.at)) {
            return Ok(false);
        }
        let kept: Value = self.kept_seq().0.into();
        let oldest = "SELECT seq, at FROM messages WHERE seq > ? ORDER BY seq LIMIT ?";
        let oldest = self.sql.run(oldest, &[kept.clone(), TRIM_BATCH.into()])?;
        let mut last_to_go = None;
        for row in &oldest {
            let (seq, at) = (row.integer(0)?, row.integer(1)?);
            if goes(seq, at) {
                last_to_go = Some(seq);
            }
        }
        let Some(last) = last_to_go else {
            return Ok(false);
        };
        self.sql.run("DELETE FROM messages WHERE seq > ? AND seq <= ?", &[kept, last.into()])?;
        Ok(oldest.last().map(|row| row.integer(0)).transpose()? == Some(last))
    }
}

fn message(row: Row) -> Result<Message, SqlError> {
    let author: Person = row.json(3, "author")?;
    Ok(Message {
        seq: Seq(row.integer(0)?),
        at: row.integer(1)?,
        id: row.parsed(2, "message id")?,
        author: PersonView::from(&author),
        text: row.text(4)?.to_owned(),
    })
}
