//! Reading the history: what a connection missed, and pages of what was before.

use super::{Core, Outcome};
use crate::domain::id::{Epoch, Seq};
use crate::domain::person::Viewer;
use crate::domain::rights::Action;
use crate::domain::time::Millis;
use crate::protocol::server::{Gap, GapReason, Message, ServerFrame};
use crate::protocol::views::MessagePage;
use crate::room::log::Entry;
use crate::sql::{Sql, SqlError};
use serde::{Deserialize, Serialize};

/// How many Entries a resume carries. More is a gap.
pub const RESUME_MOST: i64 = 500;
/// How many bytes of text a resume carries, or the page after a gap: well below what may wait for a reader before it
/// counts as slow.
pub const RESUME_BYTES: usize = 512 * 1024;
/// How many messages of the newest page follow a gap.
pub const NEWEST_PAGE: i64 = 50;

/// The place a client has everything up to, in the history it knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// The newest Seq without a hole before it.
    pub seq: Seq,
    /// The history it counts in; without one, the room's own is meant.
    pub epoch: Option<Epoch>,
}

impl<S: Sql> Core<S> {
    /// Everything after a place, or a Gap and the newest page. Never a silent hole.
    pub(super) fn missed(&self, since: &Since) -> Result<Vec<ServerFrame>, SqlError> {
        let (gap, entries) = self.after(since)?;
        Ok(gap.into_iter().map(ServerFrame::Gap).chain(entries.into_iter().map(Entry::frame)).collect())
    }

    fn after(&self, since: &Since) -> Result<(Option<Gap>, Vec<Entry>), SqlError> {
        let (seq, head) = (since.seq, self.head.seq);
        let own = &self.log.born().epoch;
        let other_history = since.epoch.as_ref().is_some_and(|epoch| epoch != own) || seq > head;
        if !other_history && seq == head {
            return Ok((None, Vec::new()));
        }
        let missed = if other_history { Vec::new() } else { self.log.entries_after(seq, RESUME_MOST)? };
        let reason = match () {
            _ if other_history => GapReason::Epoch,
            _ if missed.first().is_none_or(|first| first.seq() > seq.next()) => GapReason::Trimmed,
            _ if head.since(seq) > RESUME_MOST => GapReason::TooMany,
            // What retention took may lie in the middle, after what came from elsewhere.
            _ if missed.len() as i64 != head.since(seq) => GapReason::Trimmed,
            _ if fitting(missed.iter()) < missed.len() => GapReason::TooMany,
            _ => return Ok((None, missed)),
        };
        let page: Vec<_> = self.log.before(head.next(), NEWEST_PAGE)?.messages.into_iter().map(Entry::from).collect();
        let messages = page.get(page.len() - fitting(page.iter().rev())..).unwrap_or_default();
        let shown_from = messages.first().map_or(head.next(), Entry::seq);
        let from = if other_history { Seq(1) } else { seq.next() };
        let gap = Gap { epoch: own.clone(), from, to: Seq(shown_from.0 - 1), reason };
        Ok((Some(gap), messages.to_vec()))
    }

    /// `GET …/messages?since=`: the same answer as a resume gives, cut to the first `limit`.
    pub fn messages_since(&self, viewer: &Viewer, since: &Since, limit: usize, now: Millis) -> Outcome<MessagePage> {
        self.allow(viewer, Action::Read, now)?;
        let (gap, mut entries) = self.after(since)?;
        let more = entries.len() > limit;
        entries.truncate(limit);
        Ok(self.page(gap, entries.into_iter().map(Entry::frame), more))
    }

    /// `GET …/messages?before=`: a page of history, the newest one without a place.
    pub fn messages_before(
        &self,
        viewer: &Viewer,
        before: Option<Seq>,
        limit: i64,
        now: Millis,
    ) -> Outcome<MessagePage> {
        self.allow(viewer, Action::Read, now)?;
        let range = self.log.before(before.unwrap_or(self.head.seq.next()), limit)?;
        Ok(self.page(None, range.messages.into_iter().map(frame), range.more))
    }

    /// Puts messages from the Archive before a page that the log could not fill.
    pub fn with_older(page: MessagePage, older: Vec<Message>, more: bool) -> MessagePage {
        let messages = older.into_iter().map(frame).chain(page.messages).collect();
        MessagePage { messages, more, ..page }
    }

    fn page(&self, gap: Option<Gap>, frames: impl Iterator<Item = ServerFrame>, more: bool) -> MessagePage {
        let messages = frames.collect();
        MessagePage { epoch: self.log.born().epoch.clone(), seq: self.head.seq, gap, messages, more }
    }
}

/// How many of these, from the first on, fit into a resume.
fn fitting<'a>(entries: impl Iterator<Item = &'a Entry>) -> usize {
    let sizes = entries.scan(0, |sum, entry| {
        *sum += entry.size();
        Some(*sum)
    });
    sizes.take_while(|sum| *sum <= RESUME_BYTES).count()
}

fn frame(message: Message) -> ServerFrame {
    ServerFrame::Message(Box::new(message))
}
