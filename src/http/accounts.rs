//! Making an account, and setting its password: with the old one, the recovery code, or an admin's token.

use super::reply::{self, Answer};
use super::session::Visit;
use super::sessions::{leave, say_farewell, tell};
use super::{body, busy};
use crate::auth::password;
use crate::config::Settings;
use crate::directory::accounts::{Account, Login, Proof, Registration};
use crate::directory::home::Connected;
use crate::directory::{Accounts, DirectoryError};
use crate::domain::credential::{Key, Params, Secret, ROUNDS};
use crate::domain::id::{PersonId, RecoveryCode, SessionId};
use crate::domain::membership::{Ended, Promoted};
use crate::domain::person::{Kind, Person, Viewer, SESSION};
use crate::domain::text::{PersonKey, PersonName};
use crate::limits::door::Attempt;
use crate::protocol::account::{ChangePassword, NewSecret, Recover, Register, Registered, Reset};
use crate::protocol::code::{Code, Refusal};
use crate::protocol::views::ViewerView;
use crate::random;
use crate::room::call::RoomCall;
use base64::prelude::{Engine, BASE64_STANDARD};
use worker::Request;

/// `POST /api/accounts`: make an account. A guest stays the person they are, and keeps rooms and authorship.
pub async fn register(visit: &Visit<'_>, request: &mut Request) -> Answer {
    let Register { username, new, setup_token } = Register::parse(&body::read(request).await?)?;
    let setup = allow_registration(visit.settings, &username, setup_token.as_deref())?;
    allow_secret(visit.settings, &new.secret)?;
    visit.admit(Attempt::Registration).await?;
    let login = new_login(visit, &new)?;
    let code = RecoveryCode::from_random(random::bytes().map_err(reply::internal)?);
    let guest = visit.viewer().ok().filter(|viewer| viewer.person.kind == Kind::Guest);
    let id = match guest {
        Some(guest) => guest.person.id.clone(),
        None => PersonId::from_random(random::bytes().map_err(reply::internal)?),
    };
    let (viewer, session) = visit.begin(Person { id, name: username, kind: Kind::Account }, setup, request)?;
    let wanted = Registration {
        person: viewer.person.clone(),
        login,
        recovery: password::fingerprint(code.as_str()),
        setup,
        session,
        guest: guest.map(|guest| guest.session.clone()),
    };
    let directory = visit.directory()?;
    let rooms = directory.register(&wanted, visit.now).await.map_err(|error| match error {
        DirectoryError::Taken => Refusal::from(Code::NameTaken).of("username"),
        error => error.into(),
    })?;
    match guest {
        // The account is made whatever a room says now; one that did not hear learns it from the account's own requests.
        Some(guest) => {
            if let Err(refusal) = tell(visit, &rooms, &renewed(visit, &viewer.person, &guest.session)).await {
                busy(format!("a room did not hear of an account: {}", refusal.code.as_str()));
            }
        }
        None => leave(visit, &directory).await,
    }
    visit.keep(&viewer)?;
    visit.keep_device(&viewer.person.name.key())?;
    let recovery_code = code.grouped();
    reply::json(201, &Registered { viewer: ViewerView::from(&viewer), recovery_code })
}

/// An admin's name is registered with the deployer's token only, and with it even where registration is closed.
/// Says whether it is: who has taken the name before it became an admin's is none.
fn allow_registration(settings: &Settings, username: &PersonName, setup_token: Option<&str>) -> Result<bool, Refusal> {
    match (settings.is_kept_for_admins(username), setup_token) {
        (true, None) => Err(Refusal::from(Code::ReservedName).of("username")),
        (true, Some(token)) => match &settings.admin_setup_token {
            Some(wanted) if password::same(token, wanted) => Ok(true),
            _ => Err(Refusal::from(Code::BadValue).of("setup_token")),
        },
        (false, _) if !settings.registration => Err(Code::RegistrationClosed.into()),
        (false, _) => Ok(false),
    }
}

/// `POST /api/account/password`: a new password for who knows the old one. All other sessions end, and this one goes
/// on under another id: whoever copied its cookie is out too.
pub async fn change_password(visit: &Visit<'_>, request: &mut Request) -> Answer {
    let ChangePassword { old, new } = ChangePassword::parse(&body::read(request).await?)?;
    allow_secret(visit.settings, &old)?;
    allow_secret(visit.settings, &new.secret)?;
    let directory = visit.directory()?;
    let viewer = visit.open_viewer(&directory).await?;
    if viewer.person.kind != Kind::Account {
        return Err(Code::Forbidden.into());
    }
    let account = prove_own(visit, &directory, viewer, &old).await?;
    let (renewed_viewer, session) = visit.begin(viewer.person.clone(), viewer.admin, request)?;
    let proof = Proof::Record {
        person: viewer.person.id.clone(),
        record: account.login.record,
        session: viewer.session.clone(),
        renewed: session.id,
    };
    let farewell = directory.set_login(&proof, &new_login(visit, &new)?, visit.now).await?;
    visit.keep(&renewed_viewer)?;
    // First, as it tells this session's sockets to come back; those that are left are told that they are signed out.
    tell(visit, &farewell.rooms, &renewed(visit, &viewer.person, &viewer.session)).await?;
    say_farewell(visit, farewell).await?;
    reply::no_content()
}

/// `POST /api/account/recovery`: a new password for who has the recovery code.
pub async fn recover(visit: &Visit<'_>, request: &mut Request) -> Answer {
    let Recover { username, code, new } = Recover::parse(&body::read(request).await?)?;
    allow_secret(visit.settings, &new.secret)?;
    let (name, directory) = (username.key(), visit.directory()?);
    let admitted = visit.admit(Attempt::Recovery(&name)).await?;
    let account = directory.account(&name).await?;
    let kept = account.as_ref().map(|account| account.recovery.as_str()).unwrap_or_default();
    let shown = code.as_ref().map(|code| password::fingerprint(code.as_str())).unwrap_or_default();
    let right = password::same(&shown, kept) && code.is_some();
    let account = account.filter(|_| right).ok_or_else(|| Code::WrongLogin.into());
    let account = visit.settle(admitted, account).await?;
    let answer = set(visit, &directory, &Proof::Recovery(account.person.id, account.login.record), &new).await?;
    // So the owner gets in next also while others guess.
    visit.keep_device(&name)?;
    Ok(answer)
}

/// `POST /api/account/reset`: a new password for who has an admin's token.
pub async fn reset(visit: &Visit<'_>, request: &mut Request) -> Answer {
    let Reset { token, new } = Reset::parse(&body::read(request).await?)?;
    allow_secret(visit.settings, &new.secret)?;
    let token = token.ok_or(Code::WrongLogin)?;
    let directory = visit.directory()?;
    let proof = Proof::Reset(password::fingerprint(token.as_str()));
    let admitted = visit.admit(Attempt::Reset).await?;
    let answer = set(visit, &directory, &proof, &new).await;
    visit.settle(admitted, answer).await
}

async fn set(visit: &Visit<'_>, directory: &Connected, proof: &Proof, new: &NewSecret) -> Answer {
    let farewell = directory.set_login(proof, &new_login(visit, new)?, visit.now).await.map_err(wrong_login)?;
    say_farewell(visit, farewell).await?;
    reply::no_content()
}

/// The account of this name, if the secret is its. Unknown names cost as much as wrong secrets.
pub async fn prove(
    visit: &Visit<'_>,
    directory: &Connected,
    name: &PersonKey,
    secret: &Secret,
) -> Result<Account, Refusal> {
    let account = directory.account(name).await?;
    let made_up = password::made_up_params(&visit.keys.current, name);
    let params = account.as_ref().and_then(|account| params_of(&account.login)).or(made_up);
    let params = params.ok_or_else(|| reply::internal("no params"))?;
    let key = key_of(visit, secret, &params)?;
    let right = password::verify(&key, account.as_ref().map(|account| account.login.record.as_str()));
    account.filter(|_| right).ok_or_else(|| Code::WrongLogin.into())
}

/// The same for whoever has a session of the account already, which may be stolen.
pub async fn prove_own(
    visit: &Visit<'_>,
    directory: &Connected,
    viewer: &Viewer,
    secret: &Secret,
) -> Result<Account, Refusal> {
    let name = viewer.person.name.key();
    let admitted = visit.admit(Attempt::Proof(&viewer.person.id)).await?;
    let account = prove(visit, directory, &name, secret).await;
    visit.settle(admitted, account).await
}

/// A proof that does not hold is told like a wrong password.
pub fn wrong_login(error: DirectoryError) -> Refusal {
    match error {
        DirectoryError::Ended => Code::WrongLogin.into(),
        error => error.into(),
    }
}

/// Passwords are taken only where the deployer allows it: deriving a key takes a third of a second.
pub fn allow_secret(settings: &Settings, secret: &Secret) -> Result<(), Refusal> {
    match secret {
        Secret::Password(_) if !settings.plain_passwords => Err(Code::KeyRequired.into()),
        _ => Ok(()),
    }
}

/// The key of a secret that is allowed.
fn key_of(visit: &Visit<'_>, secret: &Secret, params: &Params) -> Result<Key, Refusal> {
    allow_secret(visit.settings, secret)?;
    match secret {
        Secret::Key(key) => Ok(*key),
        Secret::Password(password) => Ok(password::derive(password, params)),
    }
}

fn params_of(login: &Login) -> Option<Params> {
    let salt = BASE64_STANDARD.decode(&login.salt).ok()?.try_into().ok()?;
    Some(Params { salt, rounds: login.rounds })
}

fn new_login(visit: &Visit<'_>, new: &NewSecret) -> Result<Login, Refusal> {
    let params = match new.params {
        Some(params) => params,
        None => Params { salt: random::bytes().map_err(reply::internal)?, rounds: ROUNDS },
    };
    let key = key_of(visit, &new.secret, &params)?;
    let record = password::record(&key, &random::bytes().map_err(reply::internal)?);
    Ok(Login { salt: BASE64_STANDARD.encode(params.salt), rounds: params.rounds, record })
}

/// What rooms are told when a person goes on under another session.
fn renewed(visit: &Visit<'_>, person: &Person, before: &SessionId) -> RoomCall {
    let ended = Ended { session: before.clone(), expires: visit.now + SESSION };
    RoomCall::Promote(Promoted { person: person.clone(), ended })
}
