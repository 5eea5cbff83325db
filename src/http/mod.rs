//! The HTTP API: routes, who is asking, and one handler each. Errors become answers in one place.

pub mod reply;
pub mod route;
pub mod stub;

mod accounts;
mod address;
mod avatar;
mod body;
mod deletion;
mod door;
mod edge;
mod health;
mod looks;
mod people;
mod rooms;
mod session;
mod sessions;

use crate::auth::origin;
use crate::config::Settings;
use crate::directory::home;
use crate::protocol::code::{Code, Refusal};
use crate::protocol::views;
use crate::room::call::{Asked, RoomCall};
use address::Address;
use reply::Answer;
use route::{Query, Route, Target};
use session::Visit;
use worker::{console_error, Env, Method, Request, Response, Result};

/// Answers one request.
pub async fn handle(request: Request, env: Env) -> Result<Response> {
    let settings = match Settings::of(&env) {
        Ok(settings) => settings,
        Err(wrong) => {
            console_error!("{wrong}");
            return reply::refuse(&Code::Internal.into());
        }
    };
    match answer(request, &env, &settings).await {
        Ok(response) => Ok(response),
        Err(refusal) => reply::refuse(&refusal),
    }
}

async fn answer(mut request: Request, env: &Env, settings: &Settings) -> Answer {
    let url = request.inner().url();
    let address = Address::of(&url).ok_or(Code::NotFound)?;
    // An upgrade is a GET that changes things for as long as it lasts.
    let upgrade = request.headers().get("upgrade").ok().flatten();
    let is_upgrade = upgrade.is_some_and(|value| value.eq_ignore_ascii_case("websocket"));
    // As it was sent: worker takes a method that it doesn't know for a GET.
    let method = request.inner().method();
    if is_upgrade || !matches!(method.as_str(), "GET" | "HEAD") {
        let origin = request.headers().get("origin").ok().flatten();
        if !origin::may_speak(origin.as_deref(), address.origin, &settings.allowed_origins) {
            return Err(Code::ForeignOrigin.into());
        }
    }
    let Target { route, methods, query } = route::parse(address.path, address.query)?;
    if !methods.contains(&method.as_str()) {
        return reply::method_not_allowed(methods);
    }
    edge::pass(env, session::client_address(&request), &method, &route).await?;
    match route {
        Route::Config => return config(settings),
        Route::Health => return health::show(env, settings).await,
        Route::Avatar(name) => return avatar::show(settings, address.origin, &name).await,
        _ => {}
    }
    move_on(env, settings).await;
    let mut visit = Visit::new(env, settings, &request, &address).await?;
    // A room refuses ended sessions itself, so coming back to one asks nobody else.
    if !matches!(route, Route::Live(_)) {
        visit.renew().await?;
    }
    let outcome = dispatch(&visit, &mut request, route, &query, is_upgrade).await;
    visit.close(outcome).map_err(reply::internal)
}

async fn dispatch(visit: &Visit<'_>, request: &mut Request, route: Route, query: &Query, is_upgrade: bool) -> Answer {
    let method = match request.method() {
        Method::Head => Method::Get,
        method => method,
    };
    match (method, route) {
        (Method::Post, Route::Guest) => session::enter(visit, request).await,
        (Method::Get, Route::Session) => session::show(visit),
        (Method::Post, Route::Session) => sessions::log_in(visit, request).await,
        (Method::Delete, Route::Session) => sessions::log_out(visit).await,
        (Method::Post, Route::Params) => sessions::params(visit, request).await,
        (Method::Get, Route::Sessions) => sessions::list(visit, request).await,
        (Method::Delete, Route::Sessions) => sessions::log_out_everywhere(visit).await,
        (Method::Delete, Route::OneSession(id)) => sessions::end_one(visit, &id).await,
        (Method::Post, Route::Accounts) => accounts::register(visit, request).await,
        (Method::Delete, Route::Account) => deletion::delete(visit, request).await,
        (Method::Post, Route::Password) => accounts::change_password(visit, request).await,
        (Method::Post, Route::Recovery) => accounts::recover(visit, request).await,
        (Method::Post, Route::Reset) => accounts::reset(visit, request).await,
        (Method::Post, Route::OfferReset(person)) => people::offer_reset(visit, &person).await,
        (Method::Put, Route::Block(person)) => people::block(visit, &person).await,
        (Method::Delete, Route::Block(person)) => people::unblock(visit, &person).await,
        (Method::Delete, Route::Imported(name)) => people::release_imported(visit, &name).await,
        (Method::Get, Route::Rooms) => rooms::list(visit, query).await,
        (Method::Post, Route::Rooms) => rooms::create(visit, request).await,
        (_, Route::Live(room)) if is_upgrade => rooms::connect(visit, &room, query).await,
        (_, Route::Live(_)) => Err(Code::UpgradeRequired.into()),
        (method, route) => rooms::call(visit, request, method, route, query).await,
    }
}

/// Whoever asks moves the Directory on, while it is on its way to Redis, and wakes the rooms that have gone. If that
/// fails, what they ask for fails too, in better words. Where there is no Redis, the Directory is not even looked for.
async fn move_on(env: &Env, settings: &Settings) {
    if settings.redis.is_none() {
        return;
    }
    let gone = match home::connect(env, settings) {
        Ok(directory) => directory.0.move_on().await,
        Err(error) => Err(error),
    };
    match gone {
        Ok(rooms) => {
            let told: Vec<_> = rooms.into_iter().map(|room| (room, Asked(None, RoomCall::Archive))).collect();
            stub::tell_all(env, &told).await;
        }
        Err(error) => console_error!("moving: {error}"),
    }
}

/// `GET /api/config`: what a page must know before anybody enters.
fn config(settings: &Settings) -> Answer {
    reply::json(
        200,
        &views::Config {
            site_name: settings.site_name.clone(),
            site_welcome: settings.site_welcome.clone(),
            site_links: settings.site_links.clone(),
            guests: settings.guests,
            registration: settings.registration,
            room_creation: settings.room_creation.as_str().to_owned(),
            ..views::Config::default()
        },
    )
}

/// What went wrong that is not the client's business.
pub(crate) fn busy(detail: impl std::fmt::Display) -> Refusal {
    console_error!("busy: {detail}");
    Code::Busy.into()
}
