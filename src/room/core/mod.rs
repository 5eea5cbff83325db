//! The live room: values in, effects out. No socket, no clock, no randomness; the log is the only thing it asks.
//!
//! It is rebuilt from the log and the attachments whenever the object wakes, so nothing that matters lives here alone.

mod erasing;
mod expiring;
mod frames;
mod here;
mod history;
mod house;
mod invites;
mod limits;
mod managing;
mod people;
mod posting;
mod presence;
mod reading;
mod report;

pub use history::Since;
pub use limits::Bounds;
pub use reading::FOUND_PAGE;
pub use report::{Report, ARCHIVE_BATCH, REPORT_EVERY};

use super::attachment::{Connection, ConnectionId, Standing};
use super::effect::{CloseReason, Effect};
use super::log::{Head, Known, Log};
use crate::domain::id::Seq;
use crate::domain::membership::Change;
use crate::domain::person::{Person, PersonView, Viewer};
use crate::domain::rights::{may, Access, Action, Role};
use crate::domain::time::{Millis, HOUR};
use crate::protocol::code::{Code, Refusal};
use crate::protocol::server::{Notice, People, ServerFrame, Welcome};
use crate::protocol::VERSION;
use crate::sql::{Sql, SqlError};
use here::Here;
use limits::Limits;
use presence::Pending;

/// How long the newest messages are said again after waking: what was durable when an isolate was reset may not
/// have been sent, and clients drop what they have.
pub const SAY_AGAIN: Millis = 15_000;

/// What an owner is told while the Archive is full.
const NOTICE: ServerFrame = ServerFrame::Notice(Notice { code: Code::StorageFull });

/// How much history a room keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Days a message is kept.
    pub days: i64,
    /// Messages kept.
    pub messages: i64,
}

/// Why a call was not carried out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Failure {
    /// The caller asked for something that is refused.
    #[error("refused: {}", .0.code.as_str())]
    Refused(Refusal),
    /// A connection has no place here.
    #[error("full: {}", .0.as_str())]
    Full(CloseReason),
    /// The log failed. Clients learn `internal`.
    #[error(transparent)]
    Log(#[from] SqlError),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

/// What a call gives.
pub type Outcome<T> = Result<T, Failure>;

/// A room that is awake.
pub struct Core<S> {
    log: Log<S>,
    head: Head,
    here: Here,
    /// Who said that they type in the last seconds, and when. Sleep forgets it, and lasts longer than it counts.
    typed: Vec<(ConnectionId, Millis)>,
    pending: Pending,
    report: report::State,
    retention: Retention,
    limits: Limits,
    archive_is_full: bool,
}

impl<S: Sql> Core<S> {
    /// Wakes a room whose sockets may have outlived it. The effects say the last seconds again.
    pub fn wake(
        log: Log<S>,
        sockets: Vec<Connection>,
        retention: Retention,
        bounds: Bounds,
        now: Millis,
    ) -> Outcome<(Self, Vec<Effect>)> {
        let head = log.head()?;
        let mut core = Self {
            log,
            head,
            here: Here::of(sockets),
            typed: Vec::new(),
            pending: Pending::default(),
            report: report::State::default(),
            retention,
            limits: Limits::new(bounds),
            archive_is_full: false,
        };
        let mut effects = core.expire(now)?;
        effects.extend(core.say_again(now)?);
        Ok((core, effects))
    }

    /// The log below.
    pub fn log(&self) -> &Log<S> {
        &self.log
    }

    /// The newest Seq.
    pub fn head(&self) -> Seq {
        self.head.seq
    }

    /// The log below, to note what became of it elsewhere.
    pub fn log_mut(&mut self) -> &mut Log<S> {
        &mut self.log
    }

    /// Everybody connected now.
    pub fn connections(&self) -> impl Iterator<Item = &Connection> {
        self.here.all()
    }

    /// How many members are online.
    pub fn online(&self) -> usize {
        self.here.online()
    }

    /// How much history the room keeps.
    pub fn retention(&self) -> Retention {
        self.retention
    }

    /// The Archive takes no more, or takes it again. Those who can do something about it are told once.
    pub fn archive_is_full(&mut self, is_full: bool) -> Vec<Effect> {
        if !is_full || std::mem::replace(&mut self.archive_is_full, is_full) {
            self.archive_is_full = is_full;
            return Vec::new();
        }
        let responsible = self.here.all().filter(|one| one.role >= Role::Owner);
        responsible.map(|one| Effect::Send(one.id, NOTICE)).collect()
    }

    /// What this viewer is here. A session that has ended is nobody, and so is whoever was removed.
    pub fn standing(&self, viewer: &Viewer, now: Millis) -> Outcome<Standing> {
        Ok(self.known(viewer, now)?.0)
    }

    /// The same, with all that the log knows of them.
    fn known(&self, viewer: &Viewer, now: Millis) -> Outcome<(Standing, Known)> {
        if self.log.is_closed() {
            return Err(Code::UnknownRoom.into());
        }
        let known = self.log.known(&viewer.person.id, &viewer.session)?;
        if viewer.expires <= now || known.session_ended {
            return Err(Code::SessionEnded.into());
        }
        // To whom a private room is unknown it stays so; the others are told why.
        if known.removed.is_some() && !viewer.admin && self.log.born().access == Access::Open {
            return Err(Code::Removed.into());
        }
        Ok((self.stands(&viewer.person, known.joined, viewer.admin), known))
    }

    fn stands(&self, person: &Person, joined: bool, admin: bool) -> Standing {
        let owner = self.log.born().owner.id == person.id;
        Standing { role: Role::of(person.kind, joined, owner, admin), joined }
    }

    /// The viewer's standing, if it may do this.
    fn allow(&self, viewer: &Viewer, action: Action, now: Millis) -> Outcome<Standing> {
        let standing = self.standing(viewer, now)?;
        self.check(standing.role, action)?;
        Ok(standing)
    }

    fn check(&self, role: Role, action: Action) -> Outcome<()> {
        let access = self.log.born().access;
        match may(role, action, access) {
            true => Ok(()),
            // Not even that it exists is told, and in the same words as if it did not.
            false if !may(role, Action::Read, access) => Err(Code::UnknownRoom.into()),
            false if action == Action::Post => Err(Code::NotAMember.into()),
            false => Err(Code::Forbidden.into()),
        }
    }

    /// Takes a new connection, which understands batches or doesn't. It is welcomed, and given what it missed since the
    /// Seq it names.
    ///
    /// Its number must be new: the close of a connection that has gone may be heard after the next one has come.
    pub fn connect(
        &mut self,
        id: ConnectionId,
        viewer: &Viewer,
        since: Option<Since>,
        batches: bool,
        now: Millis,
    ) -> Outcome<(Connection, Vec<Effect>)> {
        let (standing, known) = self.known(viewer, now)?;
        self.check(standing.role, Action::Read)?;
        if let Some(reason) = self.is_full_for(&viewer.person.id) {
            return Err(Failure::Full(reason));
        }
        let missed = since.map_or(Ok(Vec::new()), |since| self.missed(&since))?;
        let mut connection = Connection::new(id, viewer, standing, batches);
        if standing.joined {
            connection.read = self.marker(&viewer.person.id, known.read, now);
        }
        let first = self.here.of_person(&viewer.person.id).next().is_none();
        match standing.joined {
            // Their going is noted anyway; this is for a crash that leaves none to be heard, and not worth a row each time.
            true if first && known.guest_seen.is_some_and(|seen| seen.saturating_add(HOUR) <= now) => {
                self.log.guest_seen(&viewer.person.id, now)?;
            }
            false if first => self.log.put(&Change::Visited(viewer.person.id.clone()))?,
            _ => {}
        }
        self.here.insert(connection.clone());
        let people = self.here.shown();
        let mut effects = vec![Effect::Send(id, self.welcome(&connection, people)?)];
        effects.extend(missed.into_iter().map(|frame| Effect::Send(id, frame)));
        if self.archive_is_full && connection.role >= Role::Owner {
            effects.push(Effect::Send(id, NOTICE));
        }
        match standing.joined {
            true if first => self.note_came(&viewer.person),
            false if first => effects.push(Effect::Publish),
            _ => {}
        }
        self.presence_changed(now, &mut effects);
        Ok((connection, effects))
    }

    fn welcome(&self, connection: &Connection, people: People) -> Result<ServerFrame, SqlError> {
        Ok(ServerFrame::Welcome(Box::new(Welcome {
            protocol: VERSION,
            you: PersonView::from(&connection.person),
            role: connection.role,
            epoch: self.log.born().epoch.clone(),
            seq: self.head.seq,
            members: self.log.members(),
            online: self.here.online(),
            people,
            reading: self.reading(&connection.person.id, connection.joined)?,
        })))
    }

    /// A connection is gone.
    pub fn closed(&mut self, id: ConnectionId, now: Millis) -> Result<Vec<Effect>, SqlError> {
        let mut effects = Vec::new();
        self.forget(id, now)?;
        self.presence_changed(now, &mut effects);
        Ok(effects)
    }

    /// Closes a connection from our side.
    pub fn close(&mut self, id: ConnectionId, reason: CloseReason, now: Millis) -> Result<Vec<Effect>, SqlError> {
        let mut effects = self.closed(id, now)?;
        effects.push(Effect::Close(id, reason));
        Ok(effects)
    }

    fn forget(&mut self, id: ConnectionId, now: Millis) -> Result<(), SqlError> {
        let Some((connection, last)) = self.here.remove(id) else { return Ok(()) };
        self.limits.forget(id);
        if last {
            self.keep_marker(&connection)?;
        }
        if last && connection.joined {
            self.log.guest_seen(&connection.person.id, now)?;
            self.note_went(&connection.person.id);
        }
        // Also without a member's going: the room may be empty now.
        self.note_people();
        Ok(())
    }
}
