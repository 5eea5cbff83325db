//! The search: messages packed into pages of folded text, which are few rows to read, and whatever is not packed yet.
//!
//! Measured: of 100,000 messages at most 505 rows are read, in 8 to 33 ms. SQLite's own full-text search would write rows for every message,
//! and its trigrams find no Chinese word of two characters.

use super::Log;
use crate::domain::id::Seq;
use crate::domain::text::{folded, Wanted};
use crate::protocol::server::Message;
use crate::sql::{Row, Sql, SqlError, Value};

/// How many messages make a page.
const PAGE_MESSAGES: i64 = 200;
/// How large its text gets, in bytes.
const PAGE_BYTES: usize = 256 * 1024;

/// Before each message's text stands its distance from the page's first, as a character that no folded text has: the
/// last of the planes for private use.
const MARKS: u32 = 0x10_0000;
const FURTHEST: i64 = 0xFFF0;

/// Up to where messages are packed, and how many that is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Packed {
    up_to: Seq,
    messages: i64,
}

/// What a search finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The messages, newest first.
    pub messages: Vec<Message>,
    /// Where to look on, if there may be more.
    pub next: Option<Seq>,
}

impl<S: Sql> Log<S> {
    /// The newest `limit` messages before a place that have all the wanted words.
    pub fn search(&mut self, head: Seq, wanted: &Wanted, before: Seq, limit: usize) -> Result<Found, SqlError> {
        // A log from before there were pages has none of its messages packed.
        while self.may_pack(head) && self.pack()? {}
        let mut hits = self.search_unpacked(wanted, before)?;
        let mut page_before = before;
        while hits.len() <= limit {
            let Some((first, text)) = self.page_with(wanted, page_before)? else { break };
            let mut found: Vec<Seq> = records(first, &text)
                .filter(|(seq, text)| *seq < before && wanted.is_in(text))
                .map(|(seq, _)| seq)
                .collect();
            found.reverse();
            hits.extend(found);
            page_before = first;
        }
        let next = hits.get(limit).and_then(|_| hits.get(limit.checked_sub(1)?)).copied();
        hits.truncate(limit);
        let mut messages = Vec::with_capacity(hits.len());
        for seq in hits {
            // Retention takes messages one by one, pages as a whole.
            messages.extend(self.message(seq)?);
        }
        Ok(Found { messages, next })
    }

    /// The newest of the pages that begin before a place and have all words. Asked in SQL, for a page that has not is
    /// not worth bringing over.
    fn page_with(&self, wanted: &Wanted, before: Seq) -> Result<Option<(Seq, String)>, SqlError> {
        let words = wanted.words();
        let statement = format!(
            "SELECT first, text FROM pages WHERE first < ?{} ORDER BY first DESC LIMIT 1",
            " AND instr(text, ?) > 0".repeat(words.len())
        );
        let mut values: Vec<Value> = vec![before.0.into()];
        values.extend(words.iter().map(|word| word.as_str().into()));
        let page = self.sql.first(&statement, &values)?;
        page.map(|row| Ok((Seq(row.integer(0)?), row.text(1)?.to_owned()))).transpose()
    }

    fn search_unpacked(&self, wanted: &Wanted, before: Seq) -> Result<Vec<Seq>, SqlError> {
        let range = [self.packed.up_to.0.into(), before.0.into()];
        let rows =
            self.sql.run("SELECT seq, text FROM messages WHERE seq > ? AND seq < ? ORDER BY seq DESC", &range)?;
        let mut hits = Vec::new();
        for row in rows {
            if wanted.is_in(&folded(row.text(1)?)) {
                hits.push(Seq(row.integer(0)?));
            }
        }
        Ok(hits)
    }

    /// Packs a page, if there is enough for one. Says whether there was.
    pub fn pack(&mut self) -> Result<bool, SqlError> {
        let oldest = "SELECT seq, text FROM messages WHERE seq > ? ORDER BY seq LIMIT CAST(? AS INTEGER)";
        let rows = self.sql.run(oldest, &[self.packed.up_to.0.into(), PAGE_MESSAGES.into()])?;
        let is_full = i64::try_from(rows.len()).is_ok_and(|count| count == PAGE_MESSAGES);
        match packed(&rows)? {
            Some((first, last, text)) if is_full => {
                let row = [first.into(), last.into(), text.into()];
                self.sql.write("INSERT INTO pages (first, last, text) VALUES (?, ?, ?)", &row)?;
                self.packed_up_to(Seq(last))?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Whether there is enough for a page, without asking: it is looked at with each message. Changes don't count.
    pub fn may_pack(&self, head: Seq) -> bool {
        head.0.saturating_sub(self.revisions).saturating_sub(self.packed.messages) >= PAGE_MESSAGES
    }

    /// Notes up to where messages are packed. What is older than an imported log is not in it to be packed.
    pub(super) fn packed_up_to(&mut self, seq: Seq) -> Result<(), SqlError> {
        let seq = self.older.as_ref().map_or(seq, |older| seq.max(Seq(older.seq.0 - 1)));
        self.packed = Packed { up_to: seq, messages: self.messages_up_to(seq)? };
        Ok(())
    }

    /// A message has another text: so has its place in a page.
    pub(super) fn repack(&self, seq: Seq, text: &str) -> Result<(), SqlError> {
        let page = "SELECT first, last, text FROM pages WHERE first <= ? ORDER BY first DESC LIMIT 1";
        let Some(page) = self.sql.first(page, &[seq.0.into()])?.filter(|_| seq <= self.packed.up_to) else {
            return Ok(());
        };
        let first = Seq(page.integer(0)?);
        let mut repacked = String::new();
        for (place, before) in records(first, page.text(2)?) {
            match place == seq {
                true => write(&mut repacked, first, place, &folded(text)),
                false => write(&mut repacked, first, place, before),
            }
        }
        self.sql.write("UPDATE pages SET text = ? WHERE first = ?", &[repacked.into(), first.0.into()])
    }

    /// What many messages said is gone, by rising Seq.
    pub(super) fn unpack(&self, gone: &[Seq]) -> Result<(), SqlError> {
        let mut left = gone;
        while let Some(&next) = left.first().filter(|next| **next <= self.packed.up_to) {
            let page = "SELECT first, last, text FROM pages WHERE first <= ? ORDER BY first DESC LIMIT 1";
            let Some(page) = self.sql.first(page, &[next.0.into()])? else { break };
            let (first, last) = (Seq(page.integer(0)?), Seq(page.integer(1)?));
            let here = left.partition_point(|seq| *seq <= last.max(next));
            let (gone, after) = left.split_at(here);
            let mut without = String::new();
            for (seq, text) in records(first, page.text(2)?) {
                write(&mut without, first, seq, if gone.binary_search(&seq).is_ok() { "" } else { text });
            }
            self.sql.write("UPDATE pages SET text = ? WHERE first = ?", &[without.into(), first.0.into()])?;
            left = after;
        }
        Ok(())
    }

    /// Removes pages of which no message is left.
    pub(super) fn trim_pages(&self, last: i64) -> Result<(), SqlError> {
        self.sql.write("DELETE FROM pages WHERE last <= ?", &[last.into()])
    }
}

/// As many of the rows as make a page: its first and last Seq, and its text.
fn packed(rows: &[Row]) -> Result<Option<(i64, i64, String)>, SqlError> {
    let Some(first) = rows.first() else { return Ok(None) };
    let first = first.integer(0)?;
    let (mut last, mut page) = (first, String::new());
    for row in rows {
        let (seq, text) = (row.integer(0)?, folded(row.text(1)?));
        if seq > first && (page.len() + text.len() > PAGE_BYTES || seq - first > FURTHEST) {
            break;
        }
        write(&mut page, Seq(first), Seq(seq), &text);
        last = seq;
    }
    Ok(Some((first, last, page)))
}

fn write(page: &mut String, first: Seq, seq: Seq, folded: &str) {
    page.extend(u32::try_from(seq.since(first)).ok().and_then(|distance| char::from_u32(MARKS + distance)));
    page.push_str(folded);
}

fn is_mark(c: char) -> bool {
    u32::from(c) >= MARKS
}

/// The messages of a page: their Seq and folded text.
fn records(first: Seq, page: &str) -> impl Iterator<Item = (Seq, &str)> {
    page.split_inclusive(is_mark)
        .scan(None, move |mark: &mut Option<char>, piece| {
            let text = piece.trim_end_matches(is_mark);
            let of = mark.map(|mark| Seq(first.0 + i64::from(u32::from(mark) - MARKS)));
            *mark = piece.chars().last().filter(|c| is_mark(*c));
            Some(of.map(|seq| (seq, text)))
        })
        .flatten()
}
