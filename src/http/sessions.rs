//! Logging in and out, and the list of my sessions.

use super::reply::{self, Answer};
use super::session::Visit;
use super::{accounts, body, busy, stub};
use crate::auth::password;
use crate::directory::accounts::{Account, Farewell, Session, Which};
use crate::directory::home::Connected;
use crate::directory::Accounts;
use crate::domain::device;
use crate::domain::id::SessionId;
use crate::domain::person::{Kind, Viewer};
use crate::domain::text::RoomKey;
use crate::limits::door::Attempt;
use crate::protocol::account::{parse_username, LogIn, ParamsView, SessionList, SessionView};
use crate::protocol::code::{Code, Refusal};
use crate::protocol::views::ViewerView;
use crate::room::call::{Asked, RoomCall};
use worker::Request;

/// `POST /api/session/params`: what to derive a key with. Names without an account get made-up ones.
pub async fn params(visit: &Visit<'_>, request: &mut Request) -> Answer {
    let key = parse_username(&body::read(request).await?)?.key();
    visit.admit(Attempt::Params).await?;
    let made_up = password::made_up_params(&visit.keys.current, &key).ok_or_else(|| reply::internal("no params"))?;
    let account = visit.directory()?.account(&key).await?;
    let params = account.map(|Account { login, .. }| ParamsView { salt: login.salt, rounds: login.rounds });
    reply::json(200, &params.unwrap_or_else(|| ParamsView::from(&made_up)))
}

/// `POST /api/session`: log in. Whoever the cookie spoke for before is logged out.
pub async fn log_in(visit: &Visit<'_>, request: &mut Request) -> Answer {
    let LogIn { username, secret } = LogIn::parse(&body::read(request).await?)?;
    accounts::allow_secret(visit.settings, &secret)?;
    let (name, directory) = (username.key(), visit.directory()?);
    let admitted = visit.admit(Attempt::LogIn(&name, visit.known_device(&name))).await?;
    let account = accounts::prove(visit, &directory, &name, &secret).await;
    let account = visit.settle(admitted, account).await?;
    if account.blocked {
        return Err(Code::Blocked.into());
    }
    let (viewer, session) = visit.begin(account.person, account.setup, request)?;
    directory.open(&viewer.person.id, &account.login.record, &session).await.map_err(accounts::wrong_login)?;
    leave(visit, &directory).await;
    visit.keep(&viewer)?;
    visit.keep_device(&name)?;
    reply::json(200, &ViewerView::from(&viewer))
}

/// Ends the session that the cookie brought, as another begins. That one is good whatever becomes of the old.
pub async fn leave(visit: &Visit<'_>, directory: &Connected) {
    if let Ok(viewer) = visit.viewer() {
        if let Err(refusal) = end(visit, directory, viewer, &Which::One(viewer.session.clone())).await {
            busy(format!("a session was left behind: {}", refusal.code.as_str()));
        }
    }
}

/// `DELETE /api/session`: log out. All sockets of the session close before the answer.
pub async fn log_out(visit: &Visit<'_>) -> Answer {
    if let Ok(viewer) = visit.viewer() {
        end(visit, &visit.directory()?, viewer, &Which::One(viewer.session.clone())).await?;
    }
    visit.forget();
    reply::no_content()
}

/// `DELETE /api/sessions`: log out everywhere.
pub async fn log_out_everywhere(visit: &Visit<'_>) -> Answer {
    let directory = visit.directory()?;
    let viewer = visit.open_viewer(&directory).await?;
    end(visit, &directory, viewer, &Which::All).await?;
    visit.forget();
    reply::no_content()
}

/// `DELETE /api/sessions/{id}`: end one of mine.
pub async fn end_one(visit: &Visit<'_>, id: &SessionId) -> Answer {
    let directory = visit.directory()?;
    let viewer = visit.open_viewer(&directory).await?;
    let is_current = viewer.session == *id;
    if viewer.person.kind == Kind::Guest && !is_current {
        return Err(Code::NotFound.into());
    }
    if !end(visit, &directory, viewer, &Which::One(id.clone())).await? {
        return Err(Code::NotFound.into());
    }
    if is_current {
        visit.forget();
    }
    reply::no_content()
}

/// `GET /api/sessions`: where I am logged in.
pub async fn list(visit: &Visit<'_>, request: &Request) -> Answer {
    let viewer = visit.viewer()?;
    let sessions = match viewer.person.kind {
        Kind::Guest | Kind::Imported | Kind::Deleted => vec![guests_own(visit, viewer, request)],
        Kind::Account => visit.directory()?.sessions(&viewer.person.id, visit.now).await?,
    };
    if !sessions.iter().any(|session| session.id == viewer.session) {
        return Err(Code::SessionEnded.into());
    }
    let view = |session: Session| {
        let current = session.id == viewer.session;
        SessionView { id: session.id, device: session.device, created: session.created, used: session.used, current }
    };
    reply::json(200, &SessionList { sessions: sessions.into_iter().map(view).collect() })
}

fn guests_own(visit: &Visit<'_>, viewer: &Viewer, request: &Request) -> Session {
    let user_agent = request.headers().get("user-agent").ok().flatten().unwrap_or_default();
    Session {
        id: viewer.session.clone(),
        device: device::describe(&user_agent),
        created: viewer.issued,
        used: visit.now,
        expires: viewer.expires,
    }
}

/// Ends sessions of this viewer and tells their rooms. Says whether there was one to end.
async fn end(visit: &Visit<'_>, directory: &Connected, viewer: &Viewer, which: &Which) -> Result<bool, Refusal> {
    let farewell = directory.end(&viewer.person.id, which, visit.now).await?;
    let any = !farewell.departed.sessions.is_empty();
    say_farewell(visit, farewell).await?;
    Ok(any)
}

/// Tells rooms of sessions that have ended. Not told is not ended: who asked for it asks again.
pub async fn say_farewell(visit: &Visit<'_>, farewell: Farewell) -> Result<(), Refusal> {
    match farewell.departed.sessions.is_empty() {
        true => Ok(()),
        false => tell(visit, &farewell.rooms, &RoomCall::Depart(farewell.departed)).await,
    }
}

/// Tells several rooms the same.
pub async fn tell(visit: &Visit<'_>, rooms: &[RoomKey], call: &RoomCall) -> Result<(), Refusal> {
    let told: Vec<_> = rooms.iter().map(|room| (room.clone(), Asked(None, call.clone()))).collect();
    stub::tell_all(visit.env, &told).await.into_iter().try_for_each(|outcome| outcome.map(drop))
}
