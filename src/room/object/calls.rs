//! What the Worker asks, answered: one arm a call.

use super::{clock, failed, Shell};
use crate::domain::id::Epoch;
use crate::domain::person::Viewer;
use crate::domain::text::{Description, RoomName};
use crate::http::reply::{self, Answer};
use crate::protocol::client::Send;
use crate::protocol::code::{Code, Refusal};
use crate::protocol::server::ServerFrame;
use crate::random;
use crate::room::attachment::ConnectionId;
use crate::room::call::RoomCall;
use crate::room::core::Since;
use crate::room::effect::Effect;
use crate::room::log::{Born, Log};
use crate::sql::durable::DurableSql;
use std::rc::Rc;
use worker::{Response, Result, WebSocketPair};

impl Shell {
    /// Answers one call as a client will see it.
    pub(super) async fn answer(self: &Rc<Self>, call: RoomCall, exists: bool) -> Result<Response> {
        let answer = match call {
            RoomCall::Create(viewer, name, description) if !exists => self.create(viewer, name, description).await,
            RoomCall::Create(..) => Err(Refusal::from(Code::NameTaken).of("name")),
            // A room that never was has nobody to close.
            RoomCall::Depart(_) if !exists => reply::no_content(),
            _ if !exists => Err(Code::UnknownRoom.into()),
            call => self.ask(call),
        };
        answer.or_else(|refusal| reply::refuse(&refusal))
    }

    fn ask(self: &Rc<Self>, call: RoomCall) -> Answer {
        let (response, effects) = match call {
            RoomCall::View(viewer) => (self.core(|core, now| core.view(&viewer, now)).and_then(ok)?, vec![]),
            RoomCall::Members(viewer, cursor) => {
                (self.core(|core, now| core.members(&viewer, cursor.as_deref(), now)).and_then(ok)?, vec![])
            }
            RoomCall::Before(viewer, before, limit) => {
                (self.core(|core, now| core.messages_before(&viewer, before, limit, now)).and_then(ok)?, vec![])
            }
            RoomCall::Since(viewer, since, limit) => {
                (self.core(|core, now| core.messages_since(&viewer, &since, limit, now)).and_then(ok)?, vec![])
            }
            RoomCall::Join(viewer) => {
                let (room, effects) = self.core(|core, now| core.join(&viewer, now))?;
                (ok(room)?, effects)
            }
            RoomCall::Leave(viewer) => {
                let effects = self.core(|core, now| core.leave(&viewer, now))?;
                (reply::no_content()?, effects)
            }
            RoomCall::Post(viewer, id, text) => {
                let send = Send { id, text };
                let (ack, new, effects) = self.core(|core, now| core.post(&viewer, &send, now))?;
                (reply::json(if new { 201 } else { 200 }, &ServerFrame::Ack(ack))?, effects)
            }
            RoomCall::Depart(departed) => {
                let effects = self.core(|core, now| core.depart(&departed, now).map_err(Into::into))?;
                (reply::no_content()?, effects)
            }
            RoomCall::Connect(viewer, since) => return self.connect(&viewer, since),
            RoomCall::Create(..) => return Err(Code::NameTaken.into()),
            #[cfg(feature = "test-hooks")]
            RoomCall::Hook(what) => return self.hook(&what),
        };
        self.perform(effects);
        Ok(response)
    }

    /// Asks the core, and makes a refusal of its failure.
    fn core<T>(
        self: &Rc<Self>,
        work: impl FnOnce(&mut super::Core<DurableSql>, crate::domain::time::Millis) -> crate::room::core::Outcome<T>,
    ) -> std::result::Result<T, Refusal> {
        self.with(work).map_err(reply::internal)?.map_err(Refusal::from)
    }

    async fn create(self: &Rc<Self>, owner: Viewer, name: RoomName, description: Description) -> Answer {
        let epoch = Epoch::from_random(random::bytes().map_err(reply::internal)?);
        let born = Born { epoch, name, description, owner: owner.person.clone(), created: clock::now() };
        let log = Log::create(DurableSql::new(self.state.storage()), born).map_err(reply::internal)?;
        self.begin(log).map_err(reply::internal)?;
        // Said before the answer, so that the list has the room when its maker looks; if that fails, the alarm says it.
        clock::publish_safely(self).await;
        let room = self.core(|core, now| core.view(&owner, now))?;
        reply::json(201, &room)
    }

    fn connect(self: &Rc<Self>, viewer: &Viewer, since: Option<Since>) -> Answer {
        self.close_silent().map_err(reply::internal)?;
        let id = ConnectionId(u64::from_le_bytes(random::bytes().map_err(reply::internal)?));
        let (connection, effects) = self.core(|core, now| core.connect(id, viewer, since, now))?;
        let pair = WebSocketPair::new().map_err(reply::internal)?;
        self.state.accept_web_socket(&pair.server);
        if let Some(awake) = self.awake.borrow_mut().as_mut() {
            awake.sockets.keep(connection.id, pair.server);
        }
        self.perform(vec![Effect::Attach(connection)]);
        self.perform(effects);
        Response::from_websocket(pair.client).map_err(reply::internal)
    }

    /// Closes connections that nobody is behind any more.
    pub(super) fn close_silent(self: &Rc<Self>) -> Result<()> {
        let now = clock::now();
        let silent =
            self.awake.borrow().as_ref().map(|awake| awake.sockets.silent(&self.state, now)).unwrap_or_default();
        for id in silent {
            let effects = self
                .with(|core, now| core.close(id, crate::room::effect::CloseReason::Silent, now))?
                .map_err(failed)?;
            self.perform(effects);
        }
        Ok(())
    }
}

fn ok(value: impl serde::Serialize) -> Answer {
    reply::json(200, &value)
}
