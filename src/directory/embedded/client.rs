//! The embedded Directory as the Worker and the rooms call it.

use super::Call;
use crate::deadline::within_limit;
use crate::directory::accounts::{Account, Farewell, Login, Proof, Registration, Session, Which};
use crate::directory::{Accounts, Directory, DirectoryError, ListPage, Publication, Reservation};
use crate::domain::id::{PersonId, SessionId};
use crate::domain::listing::{ListPlace, RoomRow};
use crate::domain::membership::Departed;
use crate::domain::text::{PersonKey, PersonName, RoomKey};
use crate::domain::time::Millis;
use crate::request;
use serde::de::DeserializeOwned;
use worker::{Env, Stub};

/// How often it was asked, by requests and not by what rooms report: for the tests that hold that to be seldom.
#[cfg(feature = "test-hooks")]
pub static QUESTIONS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

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
        self.call(Call::SigningKey).await
    }

    async fn call<T: DeserializeOwned>(&self, call: Call) -> Result<T, DirectoryError> {
        let text = self.ask(call).await?;
        serde_json::from_str(&text).map_err(unavailable)
    }

    /// Apart from [`Self::call`], which the compiler makes anew for each answer's type.
    async fn ask(&self, call: Call) -> Result<String, DirectoryError> {
        #[cfg(feature = "test-hooks")]
        if !matches!(call, Call::Publish(_)) {
            QUESTIONS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
        let body = serde_json::to_string(&call).map_err(unavailable)?;
        let request = request::post("https://directory/", &body).map_err(unavailable)?;
        let answer = async {
            let mut response = self.stub.fetch_with_request(request).await?;
            Ok::<_, worker::Error>((response.status_code(), response.text().await?))
        };
        match within_limit(answer).await.ok_or_else(|| unavailable("no answer in time"))?.map_err(unavailable)? {
            (200, text) => Ok(text),
            (_, text) => Err(serde_json::from_str(&text).unwrap_or_else(unavailable)),
        }
    }
}

fn unavailable(error: impl ToString) -> DirectoryError {
    DirectoryError::Unavailable(error.to_string())
}

impl Directory for Embedded {
    async fn reserve(&self, wanted: &Reservation, _now: Millis) -> Result<(), DirectoryError> {
        self.call(Call::Reserve(wanted.clone())).await
    }

    async fn publish(&self, publication: &Publication, _now: Millis) -> Result<Vec<Departed>, DirectoryError> {
        self.call(Call::Publish(Box::new(publication.clone()))).await
    }

    async fn rooms(&self, after: Option<&ListPlace>) -> Result<ListPage, DirectoryError> {
        self.call(Call::Rooms(after.cloned())).await
    }

    async fn rooms_of(&self, person: &PersonId) -> Result<Vec<RoomRow>, DirectoryError> {
        self.call(Call::RoomsOf(person.clone())).await
    }

    async fn hide(&self, room: &RoomKey) -> Result<(), DirectoryError> {
        self.call(Call::Hide(room.clone())).await
    }

    async fn free(&self, room: &RoomKey) -> Result<(), DirectoryError> {
        self.call(Call::Free(room.clone())).await
    }
}

impl Accounts for Embedded {
    async fn free_for_guests(&self, name: &PersonName) -> Result<(), DirectoryError> {
        self.call(Call::FreeForGuests(name.clone())).await
    }

    async fn register(&self, wanted: &Registration, _now: Millis) -> Result<Vec<RoomKey>, DirectoryError> {
        self.call(Call::Register(Box::new(wanted.clone()))).await
    }

    async fn account(&self, name: &PersonKey) -> Result<Option<Account>, DirectoryError> {
        self.call(Call::Account(name.clone())).await
    }

    async fn open(&self, person: &PersonId, record: &str, session: &Session) -> Result<(), DirectoryError> {
        self.call(Call::Open(person.clone(), record.to_owned(), session.clone())).await
    }

    async fn touch(&self, person: &PersonId, session: &SessionId, _now: Millis) -> Result<Millis, DirectoryError> {
        self.call(Call::Touch(person.clone(), session.clone())).await
    }

    async fn sessions(&self, person: &PersonId, _now: Millis) -> Result<Vec<Session>, DirectoryError> {
        self.call(Call::Sessions(person.clone())).await
    }

    async fn end(&self, person: &PersonId, which: &Which, _now: Millis) -> Result<Farewell, DirectoryError> {
        self.call(Call::End(person.clone(), which.clone())).await
    }

    async fn set_login(&self, proof: &Proof, login: &Login, _now: Millis) -> Result<Farewell, DirectoryError> {
        self.call(Call::SetLogin(proof.clone(), login.clone())).await
    }

    async fn offer_reset(&self, person: &PersonId, token: &str, _now: Millis) -> Result<Millis, DirectoryError> {
        self.call(Call::OfferReset(person.clone(), token.to_owned())).await
    }

    async fn block(&self, person: &PersonId, _now: Millis) -> Result<Farewell, DirectoryError> {
        self.call(Call::Block(person.clone())).await
    }

    async fn unblock(&self, person: &PersonId) -> Result<(), DirectoryError> {
        self.call(Call::Unblock(person.clone())).await
    }
}
