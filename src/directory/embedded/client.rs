//! The embedded Directory as the Worker and the rooms call it.

use super::Call;
use crate::deadline::within_limit;
use crate::directory::{Directory, DirectoryError, ListPage, Publication, Reservation};
use crate::domain::listing::ListPlace;
use crate::domain::membership::Departed;
use crate::domain::text::RoomKey;
use crate::domain::time::Millis;
use serde::de::DeserializeOwned;
use worker::{Env, Method, Request, RequestInit, Stub};

/// The Directory's object, from outside it.
pub struct Embedded {
    stub: Stub,
}

impl Embedded {
    /// The one Directory of this deployment.
    pub fn connect(env: &Env) -> Result<Self, DirectoryError> {
        let stub = env.durable_object("DIRECTORY").and_then(|objects| objects.get_by_name("directory"));
        stub.map(|stub| Self { stub }).map_err(unavailable)
    }

    /// The key that signs session tokens when no secret is set: base64 of 32 bytes.
    pub async fn signing_key(&self) -> Result<String, DirectoryError> {
        self.call(&Call::SigningKey).await
    }

    async fn call<T: DeserializeOwned>(&self, call: &Call) -> Result<T, DirectoryError> {
        let body = serde_json::to_string(call).map_err(unavailable)?;
        let mut init = RequestInit::new();
        init.with_method(Method::Post).with_body(Some(body.into()));
        let request = Request::new_with_init("https://directory/", &init).map_err(unavailable)?;
        let answer = async {
            let mut response = self.stub.fetch_with_request(request).await?;
            response.text().await
        };
        let text = within_limit(answer).await.ok_or_else(|| unavailable("no answer in time"))?.map_err(unavailable)?;
        serde_json::from_str::<Result<T, DirectoryError>>(&text).map_err(unavailable)?
    }
}

fn unavailable(error: impl ToString) -> DirectoryError {
    DirectoryError::Unavailable(error.to_string())
}

impl Directory for Embedded {
    async fn reserve(&self, wanted: &Reservation, _now: Millis) -> Result<(), DirectoryError> {
        self.call(&Call::Reserve(wanted.clone())).await
    }

    async fn publish(&self, publication: &Publication, _now: Millis) -> Result<Vec<Departed>, DirectoryError> {
        self.call(&Call::Publish(Box::new(publication.clone()))).await
    }

    async fn rooms(&self, after: Option<&ListPlace>) -> Result<ListPage, DirectoryError> {
        self.call(&Call::Rooms(after.cloned())).await
    }

    async fn depart(&self, departed: &Departed, _now: Millis) -> Result<Vec<RoomKey>, DirectoryError> {
        self.call(&Call::Depart(departed.clone())).await
    }
}
