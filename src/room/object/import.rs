//! A room that has no log here but messages in Redis: it is given a log before anything is asked of it. And its history
//! from before that.

use super::{failed, Core, Shell};
use crate::archive::import::imported_names;
use crate::config::Settings;
use crate::directory::home;
use crate::domain::id::{Epoch, Seq};
use crate::domain::person::Viewer;
use crate::domain::text::RoomName;
use crate::http::reply::{self, Answer};
use crate::protocol::code::{Code, Refusal};
use crate::random;
use crate::redis::{Endpoint, Redis};
use crate::room::call::RoomCall;
use crate::room::log::Log;
use crate::sql::durable::DurableSql;
use std::rc::Rc;
use std::time::Duration;
use worker::{console_error, Delay};

impl Shell {
    /// Looks for a room that was not made here, by the name it is asked for. Says whether there is one now.
    pub(super) async fn import(self: &Rc<Self>, name: Option<&RoomName>, call: &RoomCall) -> Result<bool, Refusal> {
        let settings = self.settings().map_err(reply::internal)?;
        let (Some(name), Some(redis)) = (name, settings.redis.clone().map(Redis)) else { return Ok(false) };
        // Whoever makes a room has asked whether the name is free.
        if matches!(call, RoomCall::Create(..)) {
            return Ok(false);
        }
        // The first does it, the others wait for what comes of it.
        while self.importing.get() {
            Delay::from(Duration::from_millis(20)).await;
        }
        if self.awake().await.map_err(reply::internal)? {
            return Ok(true);
        }
        self.importing.set(true);
        let found = self.bring_in(&settings, &redis, name).await;
        self.importing.set(false);
        found.map_err(|error| {
            // Not "there is no such room": that would be believed, and another made in its place.
            console_error!("a room can't be looked for: {error}");
            Code::Starting.into()
        })
    }

    async fn bring_in(
        self: &Rc<Self>,
        settings: &Settings,
        redis: &Redis<Endpoint>,
        name: &RoomName,
    ) -> worker::Result<bool> {
        // Not before it is known to be this site's: looking claims the room.
        if !home::connect(&self.env, settings).map_err(failed)?.0.has_moved().await.map_err(failed)? {
            return Err(failed("the directory is moving"));
        }
        let epoch = Epoch::from_random(random::bytes().map_err(failed)?);
        let Some(found) = redis.find_room(&name.key(), name, &epoch).await.map_err(failed)? else { return Ok(false) };
        let Some((imported, unread)) = found.import(epoch, super::clock::now()) else { return Ok(false) };
        if unread > 0 {
            console_error!("{unread} messages in Redis can't be read and are left out");
        }
        let names = imported_names(&imported);
        if !names.is_empty() {
            redis.keep_names(&names).await.map_err(failed)?;
        }
        let log = Log::import(DurableSql::new(self.state.storage()), imported).map_err(failed)?;
        self.begin(log)?;
        super::publish::publish_soon(self);
        Ok(true)
    }

    /// A page of history: from the log, and where an imported log begins from the Archive.
    pub(super) async fn history(self: &Rc<Self>, viewer: &Viewer, before: Option<Seq>, limit: i64) -> Answer {
        let (page, older) = self.core(|core, now| {
            let page = core.messages_before(viewer, before, limit, now)?;
            let older = core.log().older().filter(|_| !page.more).cloned();
            Ok((page, older.map(|older| (older, core.log().born().name.clone()))))
        })?;
        let settings = self.settings().map_err(reply::internal)?;
        let (Some((older, name)), Some(redis)) = (older, settings.redis.clone().map(Redis)) else {
            return reply::json(200, &page);
        };
        let wanted = limit - i64::try_from(page.messages.len()).unwrap_or(limit);
        if wanted == 0 {
            return reply::json(200, &Core::<DurableSql>::with_older(page, Vec::new(), true));
        }
        let from = before.filter(|before| *before < older.seq).unwrap_or(older.seq);
        match redis.older_messages(&name, &older, from, wanted).await {
            Ok((messages, more)) => reply::json(200, &Core::<DurableSql>::with_older(page, messages, more)),
            // What is here is shown; whoever scrolls on asks again.
            Err(error) if page.messages.is_empty() => Err(crate::http::busy(error)),
            Err(error) => {
                console_error!("older messages can't be read: {error}");
                reply::json(200, &Core::<DurableSql>::with_older(page, Vec::new(), true))
            }
        }
    }
}
