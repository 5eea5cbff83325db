//! Telling rooms that an account was deleted: what is due, once. Whoever asks for it sees that it is asked for again.

use crate::clock;
use crate::directory::deletions::{Errand, Errands};
use crate::directory::home::Connected;
use crate::directory::{Deletions, DirectoryError};
use crate::domain::time::Millis;
use crate::http::stub;
use crate::room::call::{Asked, RoomCall};
use worker::Env;

/// How many rooms are told at once: a request may ask others only so often.
const AT_ONCE: usize = 200;

/// Tells the rooms that are due. Answers when to come again, if anything may be left then.
pub async fn run(env: &Env, directory: &Connected) -> Result<Option<Millis>, DirectoryError> {
    let Errands { due, next } = directory.errands(AT_ONCE, clock::now()).await?;
    let told = due
        .iter()
        .map(|Errand { room, erased }| (room.key(), Asked(Some(room.clone()), RoomCall::Erase(erased.clone()))));
    let told: Vec<_> = told.collect();
    let heard = due
        .into_iter()
        .zip(stub::tell_all(env, &told).await)
        .filter(|(_, answer)| answer.as_ref().is_ok_and(|it| it.status_code() == 204));
    let done: Vec<_> = heard.map(|(errand, _)| errand).collect();
    if !done.is_empty() {
        directory.done(&done).await?;
    }
    Ok(next)
}
