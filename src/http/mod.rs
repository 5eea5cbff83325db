//! The HTTP API: routes, who is asking, and one handler each. Errors become answers in one place.

pub mod reply;
pub mod route;

mod address;
mod body;
mod rooms;
mod session;
mod stub;

use crate::auth::origin;
use crate::config::Settings;
use crate::protocol::code::{Code, Refusal};
use crate::protocol::{views, BODY_LIMIT, VERSION};
use address::Address;
use reply::Answer;
use route::{Route, Target};
use session::Visit;
use worker::{console_error, Env, Method, Request, Response, Result};

/// Answers one request.
pub async fn handle(request: Request, env: Env) -> Result<Response> {
    let settings = match Settings::read(|name| env.var(name).ok().map(|value| value.to_string())) {
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
    let method = request.method();
    if is_upgrade || !matches!(method, Method::Get | Method::Head) {
        let origin = request.headers().get("origin").ok().flatten();
        if !origin::may_speak(origin.as_deref(), address.origin, &settings.allowed_origins) {
            return Err(Code::ForeignOrigin.into());
        }
    }
    let Target { route, query } = route::parse(address.path, address.query)?;
    if !route.methods().contains(&method.as_ref()) {
        return reply::method_not_allowed(route.methods());
    }
    match route {
        Route::Config => return config(settings),
        Route::Avatar(name) => return reply::svg(&name),
        _ => {}
    }
    let mut visit = Visit::new(env, settings, &request, &address).await?;
    let method = if method == Method::Head { Method::Get } else { method };
    match (method, route) {
        (Method::Post, Route::Guest) => session::enter(&visit, &mut request).await,
        (Method::Get, Route::Session) => session::show(&mut visit),
        (Method::Delete, Route::Session) => session::end(&visit).await,
        (Method::Get, Route::Rooms) => rooms::list(&visit, &query).await,
        (Method::Post, Route::Rooms) => rooms::create(&visit, &mut request).await,
        (_, Route::Live(room)) if is_upgrade => rooms::connect(&visit, &room, &query).await,
        (_, Route::Live(_)) => Err(Code::UpgradeRequired.into()),
        (method, route) => rooms::call(&visit, &mut request, method, route, &query).await,
    }
}

/// `GET /api/config`: what a page must know before anybody enters.
fn config(settings: &Settings) -> Answer {
    reply::json(200, &views::Config::new(&settings.site_name, VERSION, BODY_LIMIT))
}

/// What went wrong that is not the client's business.
pub(crate) fn busy(detail: impl std::fmt::Display) -> Refusal {
    console_error!("busy: {detail}");
    Code::Busy.into()
}
