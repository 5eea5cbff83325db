//! The Directory's Durable Object: reads a call, asks the store, answers. It exists in every deployment.

#![allow(missing_docs)] // of the functions that the macro makes

use super::door::Door;
use super::store::Store;
use super::{Place, ToObject};
use crate::clock::now;
use crate::config::Settings;
use crate::directory::call::Call;
use crate::directory::deletions::RETRY_FIRST;
use crate::directory::{home, Accounts as _, Deletions as _, Directory as _, DirectoryError};
use crate::domain::text::RoomKey;
use crate::domain::time::Millis;
use crate::errands;
use crate::json;
use crate::limits::budget::{Budget, Spent};
use crate::random;
use crate::redis::{Endpoint, Redis};
use crate::sql::durable::DurableSql;
use base64::prelude::{Engine, BASE64_STANDARD};
use serde::Serialize;
use std::cell::{Cell, OnceCell, RefCell};
use std::time::Duration;
use worker::{
    console_error, console_log, durable_object, Delay, DurableObject, Env, Error, Request, Response, ResponseBuilder,
    Result, State,
};

/// The object. One a deployment, named "directory".
#[durable_object(alarm)]
pub struct Directory {
    state: State,
    env: Env,
    /// Opened by the first call: that reads all the names of its tables.
    store: OnceCell<Store<DurableSql>>,
    moving: Cell<bool>,
    door: RefCell<Door>,
}

impl DurableObject for Directory {
    fn new(state: State, env: Env) -> Self {
        Self { state, env, store: OnceCell::new(), moving: Cell::default(), door: RefCell::default() }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let call: ToObject = json::read(&request.text().await?).map_err(|error| error.to_string())?;
        let store = match self.store() {
            Ok(store) => store,
            Err(error) => return answer::<()>(Err(error)),
        };
        let reported = self.reported(store, &call);
        let response = self.respond(store, call).await;
        self.count(store, reported);
        response
    }

    /// Rooms that have yet to hear of a deleted account are told, wherever the Directory is, until none is left.
    async fn alarm(&self) -> Result<Response> {
        // An alarm that fails is retried a few times and then never again: whatever goes wrong, the next one is set.
        let next = match self.run_errands().await {
            Ok(next) => next,
            Err(error) => {
                console_error!("rooms hear of a deletion later: {error}");
                Some(now() + 4 * RETRY_FIRST)
            }
        };
        if let Some(at) = next {
            if let Err(error) = self.alarm_by(at).await {
                console_error!("an alarm can't be set: {error}");
            }
        }
        Response::empty()
    }
}

impl Directory {
    fn store(&self) -> Outcome<&Store<DurableSql>> {
        if let Some(store) = self.store.get() {
            return Ok(store);
        }
        let store = Store::open(DurableSql::new(self.state.storage()))?;
        Ok(self.store.get_or_init(|| store))
    }

    async fn respond(&self, store: &Store<DurableSql>, call: ToObject) -> Result<Response> {
        match call {
            ToObject::Directory(_) if store.has_moved().unwrap_or(true) => answer::<()>(Err(DirectoryError::Elsewhere)),
            ToObject::Directory(call) => directory(store, call).await,
            ToObject::SigningKey => {
                let fresh = fresh()?;
                answer(store.signing_key(|| fresh).map_err(DirectoryError::from))
            }
            ToObject::Place => answer(self.place(store).await),
            ToObject::MoveOn => answer(self.move_on(store).await),
            ToObject::Take(tokens, adds) => {
                let taken = self.door.borrow_mut().take(store, &tokens, adds, self.budget(), now());
                answer(taken.map_err(DirectoryError::from))
            }
            ToObject::GiveBack(tokens) => {
                let given = self.door.borrow_mut().give_back(store, &tokens, now());
                answer(given.map_err(DirectoryError::from))
            }
            ToObject::Live(room, row, _) => answer(store.live(&room, row.as_ref()).map_err(DirectoryError::from)),
            ToObject::LiveOf(rooms) => answer(store.live_of(&rooms).map_err(DirectoryError::from)),
            ToObject::Behind(room, since) => answer(store.behind(&room, since).map_err(DirectoryError::from)),
            ToObject::Deleting => answer(self.alarm_by(now() + RETRY_FIRST).await),
            ToObject::LongestBehind => answer(store.longest_behind().map_err(DirectoryError::from)),
        }
    }

    fn budget(&self) -> Budget {
        Settings::of(&self.env).map(|settings| settings.budget).unwrap_or_default()
    }

    /// What a room says in this call that it has spent.
    fn reported(&self, store: &Store<DurableSql>, call: &ToObject) -> Spent {
        let (spent, said, before) = match call {
            ToObject::Directory(Call::Publish(publication)) => match publication.spent {
                Some(spent) => (spent, publication.row.messages, store.said_here(&publication.key)),
                None => return Spent::default(),
            },
            ToObject::Live(room, Some(live), Some(spent)) => (*spent, live.messages, store.said_live(room)),
            _ => return Spent::default(),
        };
        match before {
            Ok(Some(before)) => spent.at_least(said.saturating_sub(before)),
            _ => spent,
        }
    }

    /// Counts this call and what was reported in it, where there is a budget. Not counted is not worth failing for.
    fn count(&self, store: &Store<DurableSql>, reported: Spent) {
        let own = Spent { calls: 1, frames: 0, rows: store.sql().take_written() };
        if self.budget().is_set() {
            if let Err(error) = self.door.borrow_mut().spend(store, own.and(reported), now()) {
                console_error!("what was spent can't be counted: {error}");
            }
        }
    }

    async fn run_errands(&self) -> Outcome<Option<Millis>> {
        let settings = Settings::of(&self.env).map_err(DirectoryError::unavailable)?;
        errands::run(&self.env, &home::connect(&self.env, &settings)?).await
    }

    /// Sets the alarm, unless an earlier one is set.
    async fn alarm_by(&self, at: Millis) -> Outcome<()> {
        let storage = self.state.storage();
        if storage.get_alarm().await.map_err(DirectoryError::unavailable)?.is_some_and(|set| set <= at) {
            return Ok(());
        }
        let wait = Duration::from_millis(u64::try_from(at - now()).unwrap_or_default());
        storage.set_alarm(wait).await.map_err(DirectoryError::unavailable)
    }

    /// Where the Directory is. Redis has to be the one that it was copied to: with another one the site would be empty.
    async fn place(&self, store: &Store<DurableSql>) -> Outcome<Place> {
        if store.has_moved()? {
            self.redis()?.expect_site(&self.site(store)?).await?;
            return Ok(Place::Redis);
        }
        Ok(if store.is_empty()? { Place::Nowhere } else { Place::Object })
    }

    /// Copies the next piece that Redis does not have yet, one request at a time. Gives the rooms in it, or nothing when
    /// all is copied.
    async fn move_on(&self, store: &Store<DurableSql>) -> Outcome<Option<Vec<RoomKey>>> {
        // Whoever comes meanwhile waits for the piece that is on its way, which may be the last.
        let waits = self.moving.get();
        while self.moving.get() {
            Delay::from(Duration::from_millis(20)).await;
        }
        if store.has_moved()? {
            return Ok(None);
        }
        if waits || self.moving.replace(true) {
            return Ok(Some(Vec::new()));
        }
        let outcome = self.copy(store).await;
        self.moving.set(false);
        outcome
    }

    async fn copy(&self, store: &Store<DurableSql>) -> Outcome<Option<Vec<RoomKey>>> {
        let (redis, site) = (self.redis()?, self.site(store)?);
        if let Some(piece) = store.next_piece()? {
            redis.take_in(&piece.json, &site, now()).await?;
            store.copied_up_to(piece.up_to)?;
            return Ok(Some(piece.rooms));
        }
        let site = redis.settle(&site, !store.has_copied()?).await?;
        match store.finish_move(&site)? {
            true => {
                console_log!("the directory is in Redis");
                Ok(None)
            }
            false => Ok(Some(Vec::new())),
        }
    }

    fn redis(&self) -> Outcome<Redis<Endpoint>> {
        let settings = Settings::of(&self.env).map_err(DirectoryError::unavailable)?;
        settings.redis.clone().map(Redis).ok_or(DirectoryError::Elsewhere)
    }

    fn site(&self, store: &Store<DurableSql>) -> Outcome<String> {
        let fresh = fresh().map_err(DirectoryError::unavailable)?;
        Ok(store.site(|| fresh)?)
    }
}

type Outcome<T> = std::result::Result<T, DirectoryError>;

fn fresh() -> Result<String> {
    let bytes = random::bytes::<32>().map_err(|error| Error::from(error.to_string()))?;
    Ok(BASE64_STANDARD.encode(bytes))
}

async fn directory(store: &Store<DurableSql>, call: Call) -> Result<Response> {
    let now = now();
    match call {
        Call::Reserve(wanted) => answer(store.reserve(&wanted, now).await),
        Call::Publish(publication) => answer(store.publish(&publication, now).await),
        Call::Rooms(after) => answer(store.rooms(after.as_ref()).await),
        Call::RoomsOf(person) => answer(store.rooms_of(&person).await),
        Call::Hide(room) => answer(store.hide(&room).await),
        Call::Free(room) => answer(store.free(&room).await),
        Call::FreeForGuests(name) => answer(store.free_for_guests(&name).await),
        Call::Register(wanted) => answer(store.register(&wanted, now).await),
        Call::Account(name) => answer(store.account(&name).await),
        Call::Open(person, record, session) => answer(store.open(&person, &record, &session).await),
        Call::Touch(person, session) => answer(store.touch(&person, &session, now).await),
        Call::Sessions(person) => answer(store.sessions(&person, now).await),
        Call::End(person, which) => answer(store.end(&person, &which, now).await),
        Call::SetLogin(proof, login) => answer(store.set_login(&proof, &login, now).await),
        Call::OfferReset(person, token) => answer(store.offer_reset(&person, &token, now).await),
        Call::Block(person) => answer(store.block(&person, now).await),
        Call::Unblock(person) => answer(store.unblock(&person).await),
        Call::ReleaseImported(name) => answer(store.release_imported(&name).await),
        Call::Delete(person, record, messages) => answer(store.delete(&person, &record, messages, now).await),
        Call::Errands(most) => answer(store.errands(most, now).await),
        Call::Done(errands) => answer(store.done(&errands).await),
    }
}

/// What came out as 200 and JSON, or the error as 500 and JSON.
fn answer<T: Serialize>(outcome: Outcome<T>) -> Result<Response> {
    written(outcome.map(|value| serde_json::to_string(&value)))
}

/// Not as often as there are types: what each of them shares.
fn written(outcome: Outcome<serde_json::Result<String>>) -> Result<Response> {
    match outcome {
        Ok(text) => json(200, text?),
        Err(error) => {
            if matches!(error, DirectoryError::Unavailable(_) | DirectoryError::Elsewhere | DirectoryError::Superseded)
            {
                console_error!("directory: {error}");
            }
            json(500, serde_json::to_string(&error)?)
        }
    }
}

fn json(status: u16, text: String) -> Result<Response> {
    Ok(ResponseBuilder::new().with_status(status).fixed(text.into_bytes()))
}
