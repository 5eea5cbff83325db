//! The Directory's Durable Object: reads a call, asks the store, answers. It exists in every deployment.

#![allow(missing_docs)] // of the functions that the macro makes

use super::store::Store;
use super::{Place, ToObject};
use crate::clock::now;
use crate::config::Settings;
use crate::directory::call::Call;
use crate::directory::{Accounts as _, Directory as _, DirectoryError};
use crate::domain::text::RoomKey;
use crate::random;
use crate::redis::{Endpoint, Redis};
use crate::sql::durable::DurableSql;
use base64::prelude::{Engine, BASE64_STANDARD};
use serde::Serialize;
use std::cell::Cell;
use std::time::Duration;
use worker::{
    console_error, console_log, durable_object, Delay, DurableObject, Env, Error, Request, Response, ResponseBuilder,
    Result, State,
};

/// The object. One a deployment, named "directory".
#[durable_object(fetch)]
pub struct Directory {
    state: State,
    env: Env,
    moving: Cell<bool>,
}

impl DurableObject for Directory {
    fn new(state: State, env: Env) -> Self {
        Self { state, env, moving: Cell::default() }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let call: ToObject = serde_json::from_str(&request.text().await?)?;
        let store = match Store::open(DurableSql::new(self.state.storage())) {
            Ok(store) => store,
            Err(error) => return answer::<()>(Err(error.into())),
        };
        match call {
            ToObject::Directory(_) if store.has_moved().unwrap_or(true) => answer::<()>(Err(DirectoryError::Elsewhere)),
            ToObject::Directory(call) => directory(&store, call).await,
            ToObject::SigningKey => {
                let fresh = fresh()?;
                answer(store.signing_key(|| fresh).map_err(DirectoryError::from))
            }
            ToObject::Place => answer(self.place(&store).await),
            ToObject::MoveOn => answer(self.move_on(&store).await),
            ToObject::Live(room, row) => answer(store.live(&room, row.as_ref()).map_err(DirectoryError::from)),
            ToObject::LiveOf(rooms) => answer(store.live_of(&rooms).map_err(DirectoryError::from)),
            ToObject::Behind(room, since) => answer(store.behind(&room, since).map_err(DirectoryError::from)),
            ToObject::LongestBehind => answer(store.longest_behind().map_err(DirectoryError::from)),
        }
    }
}

impl Directory {
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
    }
}

/// What came out as 200 and JSON, or the error as 500 and JSON.
fn answer<T: Serialize>(outcome: Outcome<T>) -> Result<Response> {
    match outcome {
        Ok(value) => json(200, serde_json::to_string(&value)?),
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
