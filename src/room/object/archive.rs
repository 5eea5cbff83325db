//! Telling Redis of the room: what the Directory hears, and the log for its Archive.

use super::publish::{publication, TELLINGS};
use super::{clock, Core, Shell};
use crate::archive::doubt::{Doubt, ARRIVES_WITHIN};
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
    /// What a request that nobody waits for may still do to the Archive. Not known, of a new isolate: what the one before
    /// it has left.
    doubt: Option<Doubt>,
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

/// What is told next.
struct Next {
    telling: Telling,
    /// Up to which place of the outbox.
    place: Option<i64>,
    /// Of which messages.
    after: Seq,
    up_to: Seq,
    /// What an isolate before this one may have sent.
    left: Doubt,
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
    counts: bool,
) -> Result<bool, DirectoryError> {
    let (name, epoch, live, due) = shell.with_log(|core, now| {
        core.take_report(now);
        core.log_mut().tell_all()?;
        let born = core.log().born();
        Ok((born.name.clone(), born.epoch.clone(), core.live(), core.head()))
    })?;
    directory.0.tell_live(&name, Some(live), counts.then(|| shell.take_spent())).await;
    if let Some(doubt) = shell.with_log(|core, now| Ok(core.log().doubt().filter(|doubt| doubt.until <= now)))? {
        replace_again(shell, directory, doubt).await?;
    }
    let mut is_more = true;
    for _ in 0..TELLINGS {
        let before = known(&epoch);
        let Some(Next { telling, place, after, up_to, left }) =
            shell.with_log(|core, now| next(core, before, due, now))?
        else {
            is_more = false;
            break;
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
        let until = clock::now().saturating_add(ARRIVES_WITHIN);
        let new = match before.doubt {
            None => Some(Doubt { until, ..left }),
            Some(_) => before.uncertain.then_some(Doubt { after, up_to, until }),
        };
        let doubt = Doubt::merged(before.doubt, new, clock::now());
        keep(&epoch, Known { archived: up_to, told, uncertain: false, doubt, ..before });
        shell.with_log(|core, now| {
            place.map_or(Ok(()), |place| core.log().published(place))?;
            if let (Telling::Publish(_), Some(doubt)) = (&telling, doubt.filter(|doubt| now < doubt.until)) {
                note_doubt(core, doubt)?;
            }
            // A row written costs as much as a message does: what is not noted is sent again after a crash, and
            // replaces itself.
            let is_far = up_to.since(core.log().archived()) >= ARCHIVE_BATCH;
            match is_far || (told != before.told && up_to > core.log().archived()) {
                true => core.log_mut().note_archived(up_to),
                false => Ok(()),
            }
        })?;
    }
    if let Some(doubt) = shell.with_log(|core, _| Ok(core.log().doubt()))? {
        clock::alarm_by(shell, doubt.until).await.map_err(DirectoryError::unavailable)?;
    }
    Ok(is_more)
}

/// Only if it matters: messages that are as they were sent are what a late request would add, and it adds nothing.
fn note_doubt(core: &mut Core<DurableSql>, doubt: Doubt) -> Result<(), SqlError> {
    let noted = core.log().doubt();
    let doubt = noted.map_or(doubt, |noted| noted.with(doubt));
    if noted == Some(doubt) || !core.log().is_revised(doubt.after, doubt.up_to)? {
        return Ok(());
    }
    core.log_mut().note_doubt(Some(doubt))
}

/// Nothing of what was in doubt arrives any more: whatever it has done is replaced by what the log says.
async fn replace_again(shell: &Rc<Shell>, directory: &Connected, doubt: Doubt) -> Result<(), DirectoryError> {
    let mut after = doubt.after;
    loop {
        let (publication, last) = shell.with_log(|core, now| {
            let mut messages = core.log().after(after, ARCHIVE_BATCH)?;
            messages.retain(|message| message.seq <= doubt.up_to);
            let batch = batch(core, &messages, Vec::new(), now)?;
            Ok((in_redis(core, Vec::new(), batch, now), messages.last().map(|message| message.seq)))
        })?;
        let Some(last) = last else { break };
        shell.carry_out(directory, &publication).await?;
        after = last;
    }
    shell.with_log(|core, _| core.log_mut().note_doubt(None))
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

/// What is next for Redis. What was said after `due` waits for company, unless there is enough of it: each command is
/// billed.
fn next(core: &mut Core<DurableSql>, known: Known, due: Seq, now: Millis) -> Result<Option<Next>, SqlError> {
    let log = core.log();
    let (place, changes) = log.outbox()?.unzip();
    let changes = changes.unwrap_or_default();
    let after = known.archived.max(log.archived());
    let messages = log.after(after, ARCHIVE_BATCH)?;
    let up_to = messages.last().map_or(after, |message| message.seq);
    let left = Doubt { after: log.archived(), up_to: core.head(), until: now };
    let next = |telling| Ok(Some(Next { telling, place, after, up_to, left }));
    let is_index_old = known.told.saturating_add(INDEX_EVERY) <= now;
    let is_news = messages.first().is_none_or(|first| first.seq > due) && !is_full(&messages);
    if is_news && changes.is_empty() && !known.uncertain && known.told > 0 {
        return Ok(None);
    }
    // What may have been sent before is replaced: it may be there already, and not as it is now.
    let is_new = known.doubt.is_some_and(|doubt| doubt.up_to <= after) && !known.uncertain;
    if is_new && changes.is_empty() && !is_index_old {
        return next(Telling::Messages(messages.iter().map(entry::write).collect()));
    }
    let revised = revised(core, &changes, up_to)?;
    let batch = batch(core, &messages, revised, now)?;
    next(Telling::Publish(Box::new(in_redis(core, changes, batch, now))))
}

fn batch(
    core: &Core<DurableSql>,
    messages: &[Message],
    revised: Vec<(String, String)>,
    now: Millis,
) -> Result<Batch, SqlError> {
    let log = core.log();
    Ok(Batch {
        epoch: log.born().epoch.as_str().to_owned(),
        version: log.version()?,
        owner: log.born().owner.clone(),
        entries: messages.iter().map(entry::write).collect(),
        revised,
        oldest: oldest_kept(core, now)?,
        kept_until: log.kept().map(|kept| kept.score.clone()),
    })
}

fn in_redis(core: &mut Core<DurableSql>, changes: Vec<Change>, batch: Batch, now: Millis) -> Publication {
    let mut publication = publication(core, changes, now);
    // Who is online is for the Directory's object: here it would be out of date at once.
    (publication.row.online, publication.row.people) = (0, Vec::new());
    publication.batch = Some(batch);
    publication
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
