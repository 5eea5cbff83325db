//! The Directory's Durable Object: reads a call, asks the store, answers. It exists in every deployment.

#![allow(missing_docs)] // of the functions that the macro makes

use super::store::Store;
use super::Call;
use crate::directory::{Accounts as _, Directory as _, DirectoryError};
use crate::domain::time::Millis;
use crate::random;
use crate::sql::durable::DurableSql;
use base64::prelude::{Engine, BASE64_STANDARD};
use serde::Serialize;
use worker::{
    console_error, durable_object, Date, DurableObject, Env, Request, Response, ResponseBuilder, Result, State,
};

/// The object. One a deployment, named "directory".
#[durable_object(fetch)]
pub struct Directory {
    state: State,
}

impl DurableObject for Directory {
    fn new(state: State, _env: Env) -> Self {
        Self { state }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let call: Call = serde_json::from_str(&request.text().await?)?;
        let store = match Store::open(DurableSql::new(self.state.storage())) {
            Ok(store) => store,
            Err(error) => return answer::<()>(Err(error.into())),
        };
        let now = Millis::try_from(Date::now().as_millis()).unwrap_or(Millis::MAX);
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
            Call::SigningKey => {
                let fresh = random::bytes::<32>().map_err(|error| worker::Error::from(error.to_string()))?;
                answer(store.signing_key(|| BASE64_STANDARD.encode(fresh)).map_err(DirectoryError::from))
            }
        }
    }
}

/// What came out as 200 and JSON, or the error as 500 and JSON.
fn answer<T: Serialize>(outcome: Result<T, DirectoryError>) -> Result<Response> {
    match outcome {
        Ok(value) => json(200, serde_json::to_string(&value)?),
        Err(error) => {
            if let DirectoryError::Unavailable(detail) = &error {
                console_error!("directory: {detail}");
            }
            json(500, serde_json::to_string(&error)?)
        }
    }
}

fn json(status: u16, text: String) -> Result<Response> {
    Ok(ResponseBuilder::new().with_status(status).fixed(text.into_bytes()))
}
