//! A Directory from outside it: each question goes as a [`Call`] to wherever the Directory is.

use super::accounts::{Account, Farewell, Login, Proof, Registration, Session, Which};
use super::call::Call;
use super::deletions::{Errand, Errands};
use super::{Accounts, Deletions, Directory, DirectoryError, ListPage, Publication, Reservation};
use crate::domain::id::{PersonId, SessionId};
use crate::domain::listing::{ListPlace, RoomRow};
use crate::domain::membership::{Departed, Erasure};
use crate::domain::text::{PersonKey, PersonName, RoomKey};
use crate::domain::time::Millis;
use crate::json;
use serde::de::DeserializeOwned;

/// Carries a question to a Directory and brings the answer back, as JSON.
#[allow(async_fn_in_trait)] // Worker futures are never Send; there is one thread.
pub trait Ask {
    /// Asks. `now` is 0 for what does not depend on the time.
    async fn ask(&self, call: &Call, now: Millis) -> Result<String, DirectoryError>;
}

/// The Directory behind an [`Ask`].
pub struct Client<A>(pub A);

impl<A: Ask> Client<A> {
    async fn call<T: DeserializeOwned>(&self, now: Millis, call: Call) -> Result<T, DirectoryError> {
        let text = self.0.ask(&call, now).await?;
        json::read(&text).map_err(DirectoryError::unavailable)
    }
}

impl<A: Ask> Directory for Client<A> {
    async fn reserve(&self, wanted: &Reservation, now: Millis) -> Result<(), DirectoryError> {
        self.call(now, Call::Reserve(wanted.clone())).await
    }

    async fn publish(&self, publication: &Publication, now: Millis) -> Result<Vec<Departed>, DirectoryError> {
        self.call(now, Call::Publish(Box::new(publication.clone()))).await
    }

    async fn rooms(&self, after: Option<&ListPlace>) -> Result<ListPage, DirectoryError> {
        self.call(0, Call::Rooms(after.cloned())).await
    }

    async fn rooms_of(&self, person: &PersonId) -> Result<Vec<RoomRow>, DirectoryError> {
        self.call(0, Call::RoomsOf(person.clone())).await
    }

    async fn hide(&self, room: &RoomKey) -> Result<(), DirectoryError> {
        self.call(0, Call::Hide(room.clone())).await
    }

    async fn free(&self, room: &RoomKey) -> Result<(), DirectoryError> {
        self.call(0, Call::Free(room.clone())).await
    }
}

impl<A: Ask> Accounts for Client<A> {
    async fn free_for_guests(&self, name: &PersonName) -> Result<(), DirectoryError> {
        self.call(0, Call::FreeForGuests(name.clone())).await
    }

    async fn register(&self, wanted: &Registration, now: Millis) -> Result<Vec<RoomKey>, DirectoryError> {
        self.call(now, Call::Register(Box::new(wanted.clone()))).await
    }

    async fn account(&self, name: &PersonKey) -> Result<Option<Account>, DirectoryError> {
        self.call(0, Call::Account(name.clone())).await
    }

    async fn open(&self, person: &PersonId, record: &str, session: &Session) -> Result<(), DirectoryError> {
        self.call(0, Call::Open(person.clone(), record.to_owned(), session.clone())).await
    }

    async fn touch(&self, person: &PersonId, session: &SessionId, now: Millis) -> Result<Millis, DirectoryError> {
        self.call(now, Call::Touch(person.clone(), session.clone())).await
    }

    async fn sessions(&self, person: &PersonId, now: Millis) -> Result<Vec<Session>, DirectoryError> {
        self.call(now, Call::Sessions(person.clone())).await
    }

    async fn end(&self, person: &PersonId, which: &Which, now: Millis) -> Result<Farewell, DirectoryError> {
        self.call(now, Call::End(person.clone(), which.clone())).await
    }

    async fn set_login(&self, proof: &Proof, login: &Login, now: Millis) -> Result<Farewell, DirectoryError> {
        self.call(now, Call::SetLogin(proof.clone(), login.clone())).await
    }

    async fn offer_reset(&self, person: &PersonId, token: &str, now: Millis) -> Result<Millis, DirectoryError> {
        self.call(now, Call::OfferReset(person.clone(), token.to_owned())).await
    }

    async fn block(&self, person: &PersonId, now: Millis) -> Result<Farewell, DirectoryError> {
        self.call(now, Call::Block(person.clone())).await
    }

    async fn unblock(&self, person: &PersonId) -> Result<(), DirectoryError> {
        self.call(0, Call::Unblock(person.clone())).await
    }

    async fn release_imported(&self, name: &PersonKey) -> Result<(), DirectoryError> {
        self.call(0, Call::ReleaseImported(name.clone())).await
    }
}

impl<A: Ask> Deletions for Client<A> {
    async fn delete(
        &self,
        person: &PersonId,
        record: &str,
        messages: Erasure,
        now: Millis,
    ) -> Result<(), DirectoryError> {
        self.call(now, Call::Delete(person.clone(), record.to_owned(), messages)).await
    }

    async fn errands(&self, most: usize, now: Millis) -> Result<Errands, DirectoryError> {
        self.call(now, Call::Errands(most)).await
    }

    async fn done(&self, errands: &[Errand]) -> Result<(), DirectoryError> {
        self.call(0, Call::Done(errands.to_vec())).await
    }
}
