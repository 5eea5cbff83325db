//! Deleting an account.

use super::accounts::{allow_secret, prove_own};
use super::reply::{self, Answer};
use super::session::Visit;
use super::{body, busy};
use crate::directory::embedded::ToObject;
use crate::directory::Deletions;
use crate::domain::person::Kind;
use crate::errands;
use crate::protocol::account::DeleteAccount;
use crate::protocol::code::Code;
use worker::Request;

/// `DELETE /api/account`: the account of who knows its password is gone, with its sessions. Rooms hear of it before the
/// answer; those that can't now hear of it later.
pub async fn delete(visit: &Visit<'_>, request: &mut Request) -> Answer {
    let DeleteAccount { secret, messages } = DeleteAccount::parse(&body::read(request).await?)?;
    allow_secret(visit.settings, &secret)?;
    let directory = visit.directory()?;
    let viewer = visit.open_viewer(&directory).await?;
    if viewer.person.kind != Kind::Account {
        return Err(Code::Forbidden.into());
    }
    let account = prove_own(visit, &directory, viewer, &secret).await?;
    // First, so that whatever breaks off after the deletion is taken up again.
    directory.0.object.call::<()>(&ToObject::Deleting).await?;
    directory.delete(&viewer.person.id, &account.login.record, messages, visit.now).await?;
    visit.forget();
    visit.forget_device();
    if let Err(error) = errands::run(visit.env, &directory).await {
        busy(format!("rooms hear of a deletion later: {error}"));
    }
    reply::no_content()
}
