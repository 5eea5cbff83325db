//! Where this deployment's Directory is: in Redis if that is set, else in the Directory's own object; and on the way from
//! the one to the other when Redis is set for a site that was there before.

use super::call::Call;
use super::client::{Ask, Client};
use super::embedded::client::Object;
use super::embedded::{Place, ToObject};
use super::DirectoryError;
use crate::config::Settings;
use crate::domain::listing::{LiveRow, RoomRow};
use crate::domain::text::{RoomKey, RoomName};
use crate::domain::time::Millis;
use crate::limits::budget::Spent;
use crate::redis::{Endpoint, Redis};
use std::cell::Cell;
use worker::{console_error, Env};

/// How often it was asked, by requests and not by what rooms report: for the tests that hold that to be seldom.
#[cfg(feature = "test-hooks")]
pub static QUESTIONS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

thread_local! {
    /// Whether the Directory is in Redis by now. It never goes back, so each isolate asks until it is.
    static MOVED: Cell<bool> = const { Cell::new(false) };
}

/// Asks wherever the Directory is.
pub struct Home {
    /// The Directory's object.
    pub object: Object,
    /// Redis, if it is set.
    pub redis: Option<Redis<Endpoint>>,
}

/// This deployment's Directory.
pub type Connected = Client<Home>;

/// This deployment's Directory.
pub fn connect(env: &Env, settings: &Settings) -> Result<Connected, DirectoryError> {
    Ok(Client(Home { object: Object::connect(env)?, redis: settings.redis.clone().map(Redis) }))
}

impl Ask for Home {
    async fn ask(&self, call: &Call, now: Millis) -> Result<String, DirectoryError> {
        #[cfg(feature = "test-hooks")]
        if !matches!(call, Call::Publish(_)) {
            QUESTIONS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
        match &self.redis {
            None => self.object.ask(call, now).await,
            Some(redis) => match self.place().await? {
                Place::Redis => redis.ask(call, now).await,
                // A new name could be taken on one side and then on the other.
                Place::Object if matches!(call, Call::Register(_) | Call::Reserve(_)) => Err(DirectoryError::Moving),
                Place::Object => self.object.ask(call, now).await,
                Place::Nowhere => Err(DirectoryError::Unavailable("Redis was not reached yet".to_owned())),
            },
        }
    }
}

impl Home {
    /// Whether Redis has the Directory.
    pub async fn has_moved(&self) -> Result<bool, DirectoryError> {
        Ok(self.place().await? == Place::Redis)
    }

    async fn place(&self) -> Result<Place, DirectoryError> {
        if MOVED.get() {
            return Ok(Place::Redis);
        }
        let place = self.object.call(&ToObject::Place).await?;
        MOVED.set(place == Place::Redis);
        Ok(place)
    }

    /// Moves the Directory on to Redis, which has to be set, if it is not there yet. Gives the rooms that have just gone.
    pub async fn move_on(&self) -> Result<Vec<RoomKey>, DirectoryError> {
        if MOVED.get() {
            return Ok(Vec::new());
        }
        Ok(self.object.call::<Option<Vec<RoomKey>>>(&ToObject::MoveOn).await?.unwrap_or_default())
    }

    /// Tells the object who is online in a room, where the Directory is in Redis. Not told, the list shows it later.
    /// With it goes what the room has spent, where there is a budget.
    pub async fn tell_live(&self, room: &RoomName, live: Option<LiveRow>, spent: Option<Spent>) {
        if self.redis.is_some() {
            self.tell(ToObject::Live(room.clone(), live, spent)).await;
        }
    }

    /// Tells the object since when a room can't archive, or that it can again. Says whether it heard.
    pub async fn tell_behind(&self, room: &RoomName, since: Option<Millis>) -> bool {
        self.tell(ToObject::Behind(room.clone(), since)).await
    }

    async fn tell(&self, call: ToObject) -> bool {
        let told = self.object.call::<()>(&call).await;
        told.map_err(|error| console_error!("the directory's object was not told: {error}")).is_ok()
    }

    /// Puts into rows from Redis what only the object has: who is online right now. Without it the list still stands.
    pub async fn enliven(&self, rows: &mut [RoomRow]) {
        if self.redis.is_none() || rows.is_empty() {
            return;
        }
        let names = rows.iter().map(|row| row.name.clone()).collect();
        let live = self.object.call::<Vec<Option<LiveRow>>>(&ToObject::LiveOf(names)).await;
        let live = live.unwrap_or_else(|error| {
            console_error!("who is online is not known: {error}");
            Vec::new()
        });
        for (row, live) in rows.iter_mut().zip(live) {
            if let Some(LiveRow { activity, messages, online, people }) = live {
                row.activity = row.activity.max(activity);
                row.messages = row.messages.max(messages);
                (row.online, row.people) = (online, people);
            }
        }
        rows.sort_by_cached_key(|row| -row.activity);
    }
}
