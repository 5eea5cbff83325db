//! What admins do to people: a link for a new password, a block.

use super::reply::{self, Answer};
use super::session::Visit;
use super::sessions::say_farewell;
use crate::auth::password;
use crate::directory::home::Connected;
use crate::directory::Accounts;
use crate::domain::id::{PersonId, ResetToken};
use crate::domain::text::PersonKey;
use crate::protocol::account::ResetView;
use crate::protocol::code::{Code, Refusal};
use crate::random;

/// The Directory, for an admin whose session is open this very moment.
async fn directory_for_admin(visit: &Visit<'_>) -> Result<Connected, Refusal> {
    if !visit.viewer()?.admin {
        return Err(Code::Forbidden.into());
    }
    let directory = visit.directory()?;
    visit.open_viewer(&directory).await?;
    Ok(directory)
}

/// `POST /api/people/{person}/reset`: a token that sets a new password once, for an hour.
pub async fn offer_reset(visit: &Visit<'_>, person: &PersonId) -> Answer {
    let directory = directory_for_admin(visit).await?;
    let token = ResetToken::from_random(random::bytes().map_err(reply::internal)?);
    let expires = directory.offer_reset(person, &password::fingerprint(token.as_str()), visit.now).await?;
    reply::json(201, &ResetView { token, expires })
}

/// `PUT /api/people/{person}/block`: their sessions end, and none begins.
pub async fn block(visit: &Visit<'_>, person: &PersonId) -> Answer {
    let directory = directory_for_admin(visit).await?;
    // Only an admin takes a block back.
    if visit.viewer()?.person.id == *person {
        return Err(Code::Forbidden.into());
    }
    say_farewell(visit, directory.block(person, visit.now).await?).await?;
    reply::no_content()
}

/// `DELETE /api/imported/{name}`: a name that only old messages carry may be taken again.
pub async fn release_imported(visit: &Visit<'_>, name: &PersonKey) -> Answer {
    directory_for_admin(visit).await?.release_imported(name).await?;
    reply::no_content()
}

/// `DELETE /api/people/{person}/block`: they may come back.
pub async fn unblock(visit: &Visit<'_>, person: &PersonId) -> Answer {
    directory_for_admin(visit).await?.unblock(person).await?;
    reply::no_content()
}
