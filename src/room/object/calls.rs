//! What the Worker asks, answered: one arm a call.

use super::{clock, failed, publish, sockets, Core, Shell};
use crate::domain::id::{Epoch, InviteToken};
use crate::domain::person::Viewer;
use crate::domain::rights::Access;
use crate::domain::text::{Description, RoomName};
use crate::domain::time::{Millis, SECOND};
use crate::http::reply::{self, Answer};
use crate::protocol::client::EditRoom;
use crate::protocol::code::{Code, Refusal};
use crate::protocol::server::{Ack, ServerFrame};
use crate::random;
use crate::room::attachment::ConnectionId;
use crate::room::call::RoomCall;
use crate::room::core::{Failure, Outcome, Since};
use crate::room::effect::{CloseReason, Effect};
use crate::room::log::{Born, Log};
use crate::sql::durable::DurableSql;
use serde::Serialize;
use std::rc::Rc;
use worker::{Response, Result, WebSocketPair};

/// How often those who are gone without a word are looked for.
const LOOK_FOR_SILENT: Millis = 10 * SECOND;

impl Shell {
    /// Answers one call as a client will see it.
    pub(super) async fn answer(self: &Rc<Self>, call: RoomCall, exists: bool) -> Result<Response> {
        let closed = exists && self.with(|core, _| core.is_closed())?;
        let limited = match call.asker() {
            Some((viewer, _)) if exists && call.is_arrival() => self.core(|core, now| core.arrives(viewer, now)),
            Some((viewer, weight)) if exists => self.core(|core, now| core.asked(viewer, weight, now)),
            _ => Ok(()),
        };
        if let Err(refusal) = limited {
            return reply::refuse(&refusal);
        }
        let answer = match call {
            RoomCall::Create(owner, name, description, access) if !exists || closed => {
                self.create(owner, name, description, access).await
            }
            RoomCall::Create(..) => Err(Refusal::from(Code::NameTaken).of("name")),
            // A room that never was has nobody to tell.
            RoomCall::Depart(_) | RoomCall::Promote(_) | RoomCall::Erase(_) | RoomCall::Archive if !exists => {
                reply::no_content()
            }
            RoomCall::Archive => self.archive_soon().await,
            #[cfg(feature = "test-hooks")]
            RoomCall::Hook(what) if what == "hang" => std::future::pending().await,
            // The same words for a room that is not and for a private one, whatever the invite.
            RoomCall::InvitedTo(_) | RoomCall::Join(_, Some(_)) if !exists => Err(Code::UnknownInvite.into()),
            _ if !exists => Err(Code::UnknownRoom.into()),
            RoomCall::Close(viewer) => self.close(&viewer).await,
            RoomCall::Before(viewer, before, limit) => self.history(&viewer, before, limit).await,
            call => self.clock.during(|| self.ask(call)),
        };
        answer.or_else(|refusal| reply::refuse(&refusal))
    }

    fn ask(self: &Rc<Self>, call: RoomCall) -> Answer {
        match call {
            RoomCall::View(viewer) => self.show(|core, now| core.view(&viewer, now)),
            RoomCall::Members(viewer, cursor) => self.show(|core, now| core.members(&viewer, cursor.as_deref(), now)),
            RoomCall::Since(viewer, since, limit) => {
                self.show(|core, now| core.messages_since(&viewer, &since, limit, now))
            }
            RoomCall::Invites(viewer) => self.show(|core, now| core.invites(&viewer, now)),
            RoomCall::InvitedTo(token) => self.show(|core, now| core.invited_to(&token, now)),
            RoomCall::Join(viewer, invite) => self.change(|core, now| core.join(&viewer, invite.as_ref(), now)),
            RoomCall::Edit(viewer, description, access, owner) => {
                let edit = EditRoom { description, access, owner };
                self.change(|core, now| core.edit(&viewer, &edit, now))
            }
            RoomCall::Leave(viewer) => self.act(|core, now| core.leave(&viewer, now)),
            RoomCall::Remove(viewer, person) => self.act(|core, now| core.remove(&viewer, &person, now)),
            RoomCall::Depart(departed) => self.act(|core, now| Ok(core.depart(&departed, now)?)),
            RoomCall::Promote(promoted) => self.act(|core, now| Ok(core.promote(&promoted, now)?)),
            RoomCall::Erase(erased) => self.act(|core, now| Ok(core.erase(&erased, now)?)),
            RoomCall::RevokeInvite(viewer, id) => {
                self.act(|core, now| core.revoke_invite(&viewer, &id, now).map(|()| Vec::new()))
            }
            RoomCall::Invite(viewer, hours) => {
                let token = InviteToken::from_random(random::bytes().map_err(reply::internal)?);
                reply::json(201, &self.core(|core, now| core.invite(&viewer, token, hours, now))?)
            }
            RoomCall::Post(viewer, send) => self.enter(|core, now| core.post(&viewer, &send, now)),
            RoomCall::Revise(viewer, revise) => self.enter(|core, now| core.revise(&viewer, &revise, now)),
            RoomCall::Read(viewer, seq) => self.act(|core, now| core.read(&viewer, seq, now)),
            RoomCall::Search(viewer, wanted, cursor, limit) => {
                self.show(|core, now| core.search(&viewer, &wanted, cursor.as_deref(), limit, now))
            }
            RoomCall::Connect(viewer, since, batches) => self.connect(&viewer, since, batches),
            RoomCall::Create(..) | RoomCall::Close(_) | RoomCall::Before(..) | RoomCall::Archive => {
                Err(Code::Internal.into())
            }
            #[cfg(feature = "test-hooks")]
            RoomCall::Hook(what) => self.hook(&what),
        }
    }

    /// 200 and what the core shows.
    fn show<T: Serialize>(self: &Rc<Self>, work: impl FnOnce(&mut Core<DurableSql>, Millis) -> Outcome<T>) -> Answer {
        reply::json(200, &self.core(work)?)
    }

    /// 200 and what the core shows after what it did is carried out.
    fn change<T: Serialize>(
        self: &Rc<Self>,
        work: impl FnOnce(&mut Core<DurableSql>, Millis) -> Outcome<(T, Vec<Effect>)>,
    ) -> Answer {
        let (shown, effects) = self.core(work)?;
        self.perform(effects);
        reply::json(200, &shown)
    }

    /// 201 and the ack of what is new, 200 and that of what was there, after it is carried out.
    fn enter(
        self: &Rc<Self>,
        work: impl FnOnce(&mut Core<DurableSql>, Millis) -> Outcome<(Ack, bool, Vec<Effect>)>,
    ) -> Answer {
        let (ack, new, effects) = self.core(work)?;
        self.perform(effects);
        reply::json(if new { 201 } else { 200 }, &ServerFrame::Ack(ack))
    }

    /// 204 after what the core did is carried out.
    fn act(self: &Rc<Self>, work: impl FnOnce(&mut Core<DurableSql>, Millis) -> Outcome<Vec<Effect>>) -> Answer {
        let effects = self.core(work)?;
        self.perform(effects);
        reply::no_content()
    }

    /// Asks the core, and makes a refusal of its failure.
    pub(super) fn core<T>(
        self: &Rc<Self>,
        work: impl FnOnce(&mut Core<DurableSql>, Millis) -> Outcome<T>,
    ) -> std::result::Result<T, Refusal> {
        self.with(work).map_err(reply::internal)?.map_err(Refusal::from)
    }

    async fn create(
        self: &Rc<Self>,
        owner: Viewer,
        name: RoomName,
        description: Description,
        access: Access,
    ) -> Answer {
        // The Directory gave the name away, so what stands here of a closed room is its tombstone only.
        self.clear().await.map_err(reply::internal)?;
        let epoch = Epoch::from_random(random::bytes().map_err(reply::internal)?);
        let born = Born { epoch, name, description, owner: owner.person.clone(), created: clock::now(), access };
        let log = Log::create(DurableSql::new(self.state.storage()), born).map_err(reply::internal)?;
        self.begin(log).map_err(reply::internal)?;
        // Said before the answer, so that the list has the room when its maker looks; if that fails, the alarm says it.
        publish::publish_safely(self).await;
        let room = self.core(|core, now| core.view(&owner, now))?;
        reply::json(201, &room)
    }

    async fn close(self: &Rc<Self>, viewer: &Viewer) -> Answer {
        let effects = self.core(|core, now| core.close_room(viewer, now))?;
        self.perform(effects);
        // Before the answer, so that the name is free when its owner looks; if that fails, the alarm does it.
        clock::demolish_safely(self).await;
        reply::no_content()
    }

    /// Not at once: all rooms of a site are told in one go.
    async fn archive_soon(self: &Rc<Self>) -> Answer {
        let [part] = random::bytes::<1>().map_err(reply::internal)?;
        clock::alarm_by(self, clock::now() + SECOND + 100 * Millis::from(part)).await.map_err(reply::internal)?;
        reply::no_content()
    }

    fn connect(self: &Rc<Self>, viewer: &Viewer, since: Option<Since>, batches: bool) -> Answer {
        self.close_silent().map_err(reply::internal)?;
        let id = ConnectionId(u64::from_le_bytes(random::bytes().map_err(reply::internal)?));
        let admitted = self.with(|core, now| core.connect(id, viewer, since, batches, now)).map_err(reply::internal)?;
        let (connection, effects) = match admitted {
            Err(Failure::Full(reason)) => return self.turn_away(reason),
            admitted => admitted?,
        };
        let pair = self.open_socket()?;
        if let Some(awake) = self.awake.borrow_mut().as_mut() {
            awake.sockets.keep(&connection, pair.server);
        }
        self.perform(vec![Effect::Attach(connection)]);
        self.perform(effects);
        Response::from_websocket(pair.client).map_err(reply::internal)
    }

    /// Of a refused upgrade a page learns nothing; of a close it learns why.
    fn turn_away(&self, reason: CloseReason) -> Answer {
        let pair = self.open_socket()?;
        sockets::close(&pair.server, reason);
        Response::from_websocket(pair.client).map_err(reply::internal)
    }

    /// Both ends of a socket that the room may sleep beside.
    fn open_socket(&self) -> std::result::Result<WebSocketPair, Refusal> {
        let pair = WebSocketPair::new().map_err(reply::internal)?;
        self.state.accept_web_socket(&pair.server);
        Ok(pair)
    }

    /// Closes connections that nobody is behind any more.
    pub(super) fn close_silent(self: &Rc<Self>) -> Result<()> {
        let now = self.clock.now();
        // A look at every socket at every join would make a thousand of them cost a million.
        if (0..LOOK_FOR_SILENT).contains(&(now - self.looked_for_silent.get())) {
            return Ok(());
        }
        self.looked_for_silent.set(now);
        let silent =
            self.awake.borrow().as_ref().map(|awake| awake.sockets.silent(&self.state, now)).unwrap_or_default();
        for id in silent {
            let effects = self.with(|core, now| core.close(id, CloseReason::Silent, now))?.map_err(failed)?;
            self.perform(effects);
        }
        Ok(())
    }
}
