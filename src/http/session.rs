//! Who is asking: the viewer of a request, entering as a guest, and logging out.

use super::address::Address;
use super::reply::{self, Answer};
use super::{body, busy, stub};
use crate::auth::cookie::{self, Transport};
use crate::auth::token::{Keys, SigningKey};
use crate::config::Settings;
use crate::directory::embedded::client::Embedded;
use crate::directory::Directory;
use crate::domain::id::{PersonId, SessionId};
use crate::domain::membership::Departed;
use crate::domain::person::{Kind, Person, Viewer, SESSION};
use crate::domain::time::{Millis, DAY};
use crate::protocol::client::EnterAsGuest;
use crate::protocol::code::{Code, Refusal};
use crate::protocol::views::ViewerView;
use crate::random;
use crate::room::call::RoomCall;
use futures_util::future::join_all;
use std::cell::RefCell;
use worker::{Date, Env, Request};

/// A session this old is issued anew when it is used, so that thirty days count from the last use.
const RENEW_AFTER: Millis = DAY;

thread_local! {
    /// The Directory's own key: asked for once an isolate.
    static SIGNING_KEY: RefCell<Option<SigningKey>> = const { RefCell::new(None) };
}

/// One request, and who it is from.
pub struct Visit<'a> {
    /// The bindings.
    pub env: &'a Env,
    /// When it came.
    pub now: Millis,
    keys: Keys,
    transport: Transport,
    viewer: Option<Viewer>,
}

impl<'a> Visit<'a> {
    /// Reads the session cookie, if there is one.
    pub async fn new(
        env: &'a Env,
        settings: &Settings,
        request: &Request,
        address: &Address<'_>,
    ) -> Result<Self, Refusal> {
        let transport = Transport::of(address.scheme, address.host);
        let now = Millis::try_from(Date::now().as_millis()).unwrap_or(Millis::MAX);
        let keys = Keys { current: signing_key(env, settings).await?, previous: settings.previous_session_key.clone() };
        let cookies = request.headers().get("cookie").ok().flatten().unwrap_or_default();
        let viewer = cookie::read(&cookies, transport).and_then(|token| keys.check(token, now));
        Ok(Self { env, now, keys, transport, viewer })
    }

    /// The viewer, or `not_signed_in`.
    pub fn viewer(&self) -> Result<&Viewer, Refusal> {
        self.viewer.as_ref().ok_or_else(|| Code::NotSignedIn.into())
    }

    fn cookie(&self, viewer: &Viewer) -> Result<String, Refusal> {
        let token = self.keys.sign(viewer).ok_or_else(|| reply::internal("a token could not be signed"))?;
        Ok(cookie::keep(&token, viewer.expires - self.now, self.transport))
    }
}

async fn signing_key(env: &Env, settings: &Settings) -> Result<SigningKey, Refusal> {
    if let Some(key) = &settings.session_key {
        return Ok(key.clone());
    }
    if let Some(key) = SIGNING_KEY.with_borrow(Clone::clone) {
        return Ok(key);
    }
    let secret = Embedded::connect(env).map_err(busy)?.signing_key().await.map_err(busy)?;
    let key =
        SigningKey::new(secret.into_bytes()).ok_or_else(|| reply::internal("the kept signing key is too short"))?;
    SIGNING_KEY.set(Some(key.clone()));
    Ok(key)
}

/// `POST /api/guest`: enter with a name. Always a new person and a new session, whatever cookie came along.
pub async fn enter(visit: &Visit<'_>, request: &mut Request) -> Answer {
    let EnterAsGuest { name } = EnterAsGuest::parse(&body::read(request).await?)?;
    let id = PersonId::from_random(random::bytes().map_err(reply::internal)?);
    let viewer = Viewer {
        person: Person { id, name, kind: Kind::Guest },
        session: SessionId::from_random(random::bytes().map_err(reply::internal)?),
        issued: visit.now,
        expires: visit.now + SESSION,
    };
    let response = reply::json(201, &ViewerView::from(&viewer))?;
    response.headers().set("set-cookie", &visit.cookie(&viewer)?).map_err(reply::internal)?;
    Ok(response)
}

/// `GET /api/session`: who I am. Using a session keeps it.
pub fn show(visit: &mut Visit<'_>) -> Answer {
    let mut viewer = visit.viewer()?.clone();
    let renew = viewer.issued + RENEW_AFTER <= visit.now;
    if renew {
        viewer.issued = visit.now;
        viewer.expires = visit.now + SESSION;
    }
    let response = reply::json(200, &ViewerView::from(&viewer))?;
    if renew {
        response.headers().set("set-cookie", &visit.cookie(&viewer)?).map_err(reply::internal)?;
    }
    Ok(response)
}

/// `DELETE /api/session`: log out. The guest leaves every room and all their sockets close, before the answer.
pub async fn end(visit: &Visit<'_>) -> Answer {
    if let Ok(viewer) = visit.viewer() {
        // A renewed token of this session may live this long.
        let expires = viewer.expires.max(visit.now + SESSION);
        let departed = Departed { person: viewer.person.id.clone(), session: viewer.session.clone(), expires };
        let rooms = Embedded::connect(visit.env).map_err(busy)?.depart(&departed, visit.now).await.map_err(busy)?;
        let told = rooms.iter().map(|room| stub::call(visit.env, room, RoomCall::Depart(departed.clone())));
        for outcome in join_all(told).await {
            // Not told is not logged out: the cookie stays, and pressing again tries again.
            outcome?;
        }
    }
    let response = reply::no_content()?;
    response.headers().set("set-cookie", &cookie::forget(visit.transport)).map_err(reply::internal)?;
    Ok(response)
}
