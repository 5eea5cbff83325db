//! Telling Redis of the room: what the Directory hears, and the log for its Archive.

use super::publish::{publication, TELLINGS};
use super::{clock, Core, Shell};
use crate::archive::entry;
use crate::directory::home::Connected;
use crate::directory::{Batch, DirectoryError, Publication};
use crate::domain::id::{Epoch, Seq};
use crate::domain::membership::Change;
use crate::domain::time::{Millis, DAY, SECOND};
use crate::protocol::server::Message;
use crate::redis::{Endpoint, Redis};
use crate::room::core::ARCHIVE_BATCH;
use crate::sql::durable::DurableSql;
use crate::sql::SqlError;
use std::cell::RefCell;
use std::rc::Rc;
use worker::console_error;

/// How often the index in Redis hears of a room whose messages are all there is to tell. Every command is billed; in
/// between the Directory's object knows.
const INDEX_EVERY: Millis = 30 * 60 * SECOND;

/// What this isolate knows of a room's Archive. It outlives the sleep of the room, which may be after every message, and
/// what is lost with the isolate is asked again.
#[derive(Clone, Copy, Default)]
struct Known {
    /// Up to where the Archive has the log; the log itself notes that less often.
    archived: Seq,
    /// When the index was told, and the epoch looked at.
    told: Millis,
    /// The last telling may have been done or not: the next one replaces.
    uncertain: bool,
    /// Whether the Directory's object was told that the Archive falls behind. Not known: it may have been.
    behind: Option<bool>,
}

thread_local! {
    static KNOWN: RefCell<Vec<(Epoch, Known)>> = const { RefCell::new(Vec::new()) };
}

fn known(epoch: &Epoch) -> Known {
    KNOWN.with_borrow(|all| all.iter().find(|(one, _)| one == epoch).map(|(_, known)| *known).unwrap_or_default())
}

fn keep(epoch: &Epoch, known: Known) {
    KNOWN.with_borrow_mut(|all| {
        all.retain(|(one, _)| one != epoch);
        all.push((epoch.clone(), known));
    });
}

/// One telling.
enum Telling {
    /// To whoever is the Directory, with what goes to the Archive in the same step.
    Publish(Box<Publication>),
    /// New messages only.
    Messages(Vec<(String, String)>),
}

/// Redis gets messages too, and the Directory's object who is online.
pub(super) async fn tell_redis(
    shell: &Rc<Shell>,
    directory: &Connected,
    redis: &Redis<Endpoint>,
) -> Result<bool, DirectoryError> {
    let (name, epoch, live, due) = shell.with_log(|core, now| {
        core.take_report(now);
        core.log_mut().tell_all()?;
        let born = core.log().born();
        Ok((born.name.clone(), born.epoch.clone(), core.live(), core.head()))
    })?;
    directory.0.tell_live(&name, live).await;
    for _ in 0..TELLINGS {
        let before = known(&epoch);
        let Some((telling, place, up_to)) = shell.with_log(|core, now| next(core, before, due, now))? else {
            return Ok(false);
        };
        // Noted before the answer, which may never come.
        keep(&epoch, Known { uncertain: true, ..before });
        let told = match &telling {
            Telling::Messages(entries) => {
                redis.add_messages(&name, entries).await?;
                before.told
            }
            Telling::Publish(publication) => {
                shell.carry_out(directory, publication).await?;
                clock::now()
            }
        };
        keep(&epoch, Known { archived: up_to, told, uncertain: false, ..before });
        shell.with_log(|core, _| {
            place.map_or(Ok(()), |place| core.log().published(place))?;
            // A row written costs as much as a message does: what is not noted is sent again after a crash, and
            // replaces itself.
            let is_far = up_to.since(core.log().archived()) >= ARCHIVE_BATCH;
            match is_far || (told != before.told && up_to > core.log().archived()) {
                true => core.log_mut().note_archived(up_to),
                false => Ok(()),
            }
        })?;
    }
    Ok(true)
}

/// What the room no longer keeps is removed on its own: a full database refuses everything that also adds.
pub(super) async fn make_room(shell: &Rc<Shell>, redis: &Redis<Endpoint>) {
    let oldest = shell.with_log(|core, now| {
        let from = core.log().kept().map(|kept| kept.score.clone());
        Ok(oldest_kept(core, now)?.map(|oldest| (core.log().born().name.clone(), from, oldest)))
    });
    if let Ok(Some((name, from, oldest))) = oldest {
        if let Err(error) = redis.remove_messages(&name, from.as_deref(), &oldest).await {
            console_error!("old messages can't be removed: {error}");
        }
    }
}

/// What is next for Redis, up to which place of the outbox, and up to which Seq the Archive is then. What was said after
/// `due` waits for company, unless there is enough of it: each command is billed.
#[allow(clippy::type_complexity)]
fn next(
    core: &mut Core<DurableSql>,
    known: Known,
    due: Seq,
    now: Millis,
) -> Result<Option<(Telling, Option<i64>, Seq)>, SqlError> {
    let log = core.log();
    let (place, changes) = log.outbox()?.unzip();
    let changes = changes.unwrap_or_default();
    let from = known.archived.max(log.archived());
    let messages = log.after(from, ARCHIVE_BATCH)?;
    let up_to = messages.last().map_or(from, |message| message.seq);
    let entries: Vec<_> = messages.iter().map(entry::write).collect();
    let is_index_old = known.told.saturating_add(INDEX_EVERY) <= now;
    let is_news = messages.first().is_none_or(|first| first.seq > due) && !is_full(&messages);
    if is_news && changes.is_empty() && !known.uncertain && known.told > 0 {
        return Ok(None);
    }
    if changes.is_empty() && !known.uncertain && !is_index_old {
        return Ok(Some((Telling::Messages(entries), place, up_to)));
    }
    let born = log.born();
    let batch = Batch {
        epoch: born.epoch.as_str().to_owned(),
        owner: born.owner.clone(),
        revised: revised(core, &changes, up_to)?,
        oldest: oldest_kept(core, now)?,
        kept_until: log.kept().map(|kept| kept.score.clone()),
        entries,
    };
    let mut publication = publication(core, changes, now);
    // Who is online is for the Directory's object: here it would be out of date at once.
    (publication.row.online, publication.row.people) = (0, Vec::new());
    publication.batch = Some(batch);
    Ok(Some((Telling::Publish(Box::new(publication)), place, up_to)))
}

fn is_full(messages: &[Message]) -> bool {
    i64::try_from(messages.len()).is_ok_and(|count| count >= ARCHIVE_BATCH)
}

/// Archived messages that have changed since, as they are now.
fn revised(core: &Core<DurableSql>, changes: &[Change], up_to: Seq) -> Result<Vec<(String, String)>, SqlError> {
    let seqs = changes.iter().filter_map(|change| match change {
        Change::Revised(seq) if *seq <= up_to => Some(*seq),
        _ => None,
    });
    let messages = seqs.filter_map(|seq| core.log().message(seq).transpose());
    messages.map(|message| message.map(|message| entry::write(&message))).collect()
}

/// The score of the oldest message to keep, if older ones may be there. Of what is older than an imported log only the age
/// is known.
fn oldest_kept(core: &Core<DurableSql>, now: Millis) -> Result<Option<String>, SqlError> {
    if core.log().older().is_some() {
        return Ok(Some(entry::score(now.saturating_sub(core.retention().days.saturating_mul(DAY)))));
    }
    let oldest = core.log().oldest()?.filter(|oldest| oldest.seq > Seq(1));
    Ok(oldest.map(|oldest| entry::score(oldest.at)))
}

impl Shell {
    /// Says once that the Archive falls behind, and once that it no longer does.
    pub(super) async fn say_whether_behind(self: &Rc<Self>, directory: &Connected, error: Option<&DirectoryError>) {
        let is_full = matches!(error, Some(DirectoryError::Full));
        if let Ok(effects) = self.with(|core, _| core.archive_is_full(is_full)) {
            self.perform(effects);
        }
        let Ok(born) = self.with(|core, _| core.log().born().clone()) else { return };
        let before = known(&born.epoch);
        if before.behind != Some(error.is_some()) {
            let told = directory.0.tell_behind(&born.name, error.map(|_| clock::now())).await;
            keep(&born.epoch, Known { behind: told.then_some(error.is_some()), ..before });
        }
    }
}
