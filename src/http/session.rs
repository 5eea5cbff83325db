//! Who is asking: the viewer of a request, and the cookie that an answer sets. Entering as a guest.

use super::address::Address;
use super::reply::{self, Answer};
use super::{body, busy};
use crate::auth::cookie::{self, Transport};
use crate::auth::device;
use crate::auth::token::{Keys, SigningKey};
use crate::clock;
use crate::config::Settings;
use crate::directory::accounts::Session;
use crate::directory::embedded::client::Object;
use crate::directory::embedded::ToObject;
use crate::directory::home::{self, Connected};
use crate::directory::{Accounts, DirectoryError};
use crate::domain::address::ClientAddress;
use crate::domain::device::describe;
use crate::domain::id::{PersonId, SessionId};
use crate::domain::person::{Kind, Person, Viewer, SESSION};
use crate::domain::text::PersonKey;
use crate::domain::time::{Millis, DAY, SECOND};
use crate::limits::door::Attempt;
use crate::protocol::client::EnterAsGuest;
use crate::protocol::code::{Code, Refusal};
use crate::protocol::views::ViewerView;
use crate::random;
use std::cell::RefCell;
use worker::{Env, Request, Response};

/// A guest's token this old is issued anew when it is used, so that thirty days count from the last use.
const RENEW_AFTER: Millis = DAY;

/// The header that Cloudflare's edge sets, over whatever a client has sent. `X-Forwarded-For` is never read: anybody
/// writes it.
const CLIENT_ADDRESS: &str = "cf-connecting-ip";

/// An account's token is checked against its row when that is longer ago. A session that was ended is used no longer
/// than this anywhere; its person's rooms refuse it at once.
const CHECK_AFTER: Millis = 600 * SECOND;

thread_local! {
    /// The Directory's own key: asked for once an isolate.
    static SIGNING_KEY: RefCell<Option<SigningKey>> = const { RefCell::new(None) };
}

/// One request, and who it is from.
pub struct Visit<'a> {
    /// The bindings.
    pub env: &'a Env,
    /// The deployer's settings.
    pub settings: &'a Settings,
    /// When it came.
    pub now: Millis,
    /// Where it comes from, if the edge has said so.
    pub from: Option<ClientAddress>,
    /// What signs tokens.
    pub keys: Keys,
    transport: Transport,
    viewer: Result<Viewer, Code>,
    cookie: RefCell<Option<[String; 2]>>,
    device: Option<String>,
    device_cookie: RefCell<Option<String>>,
}

impl<'a> Visit<'a> {
    /// Reads the session cookie, if there is one.
    pub async fn new(
        env: &'a Env,
        settings: &'a Settings,
        request: &Request,
        address: &Address<'_>,
    ) -> Result<Self, Refusal> {
        let transport = Transport::of(address.scheme, address.host);
        let now = clock::now();
        let keys = Keys { current: signing_key(env, settings).await?, previous: settings.previous_session_key.clone() };
        let cookies = request.headers().get("cookie").ok().flatten().unwrap_or_default();
        let viewer = cookie::read(&cookies, transport).and_then(|token| keys.check(token, now));
        let from = client_address(request);
        let viewer = viewer.map(|viewer| Viewer {
            admin: viewer.admin && settings.is_admin(&viewer.person),
            address: from,
            ..viewer
        });
        let viewer = viewer.ok_or(Code::NotSignedIn);
        let device = cookie::read_device(&cookies, transport).map(str::to_owned);
        let (cookie, device_cookie) = (RefCell::default(), RefCell::default());
        Ok(Self { env, settings, now, from, keys, transport, viewer, cookie, device, device_cookie })
    }

    /// This deployment's Directory.
    pub fn directory(&self) -> Result<Connected, DirectoryError> {
        home::connect(self.env, self.settings)
    }

    /// The viewer, or `not_signed_in`, or `session_ended`.
    pub fn viewer(&self) -> Result<&Viewer, Refusal> {
        self.viewer.as_ref().map_err(|code| (*code).into())
    }

    /// The viewer; of an account only if its session is open this very moment.
    pub async fn open_viewer(&self, directory: &Connected) -> Result<&Viewer, Refusal> {
        let viewer = self.viewer()?;
        if viewer.person.kind == Kind::Account {
            directory.touch(&viewer.person.id, &viewer.session, self.now).await?;
        }
        Ok(viewer)
    }

    /// Issues a token anew that is old enough, after a look whether its session is still open.
    pub async fn renew(&mut self) -> Result<(), Refusal> {
        let Ok(viewer) = &self.viewer else { return Ok(()) };
        let age = self.now - viewer.issued;
        let expires = match viewer.person.kind {
            Kind::Guest if age >= RENEW_AFTER => self.now + SESSION,
            Kind::Account if age >= CHECK_AFTER => {
                let directory = self.directory()?;
                match directory.touch(&viewer.person.id, &viewer.session, self.now).await {
                    Ok(expires) => expires,
                    Err(DirectoryError::Ended) => {
                        self.viewer = Err(Code::SessionEnded);
                        self.forget();
                        return Ok(());
                    }
                    // Rooms go on without the Directory, and so do their people. The next request looks again.
                    Err(error) => {
                        busy(error);
                        return Ok(());
                    }
                }
            }
            _ => return Ok(()),
        };
        let viewer = Viewer { issued: self.now, expires, ..viewer.clone() };
        self.keep(&viewer)?;
        self.viewer = Ok(viewer);
        Ok(())
    }

    /// A new session for somebody, who has or has not registered with the deployer's token. Never one that a request
    /// brought along.
    pub fn begin(&self, person: Person, setup: bool, request: &Request) -> Result<(Viewer, Session), Refusal> {
        let user_agent = request.headers().get("user-agent").ok().flatten().unwrap_or_default();
        let session = Session {
            id: SessionId::from_random(random::bytes().map_err(reply::internal)?),
            device: describe(&user_agent),
            created: self.now,
            used: self.now,
            expires: self.now + SESSION,
        };
        let admin = setup && self.settings.is_admin(&person);
        let (id, expires) = (session.id.clone(), session.expires);
        Ok((Viewer { person, session: id, issued: self.now, expires, admin, address: self.from }, session))
    }

    /// Has the answer set a cookie for this viewer.
    pub fn keep(&self, viewer: &Viewer) -> Result<(), Refusal> {
        let token = self.keys.sign(viewer).ok_or_else(|| reply::internal("a token could not be signed"))?;
        self.cookie.replace(Some(cookie::keep(&token, viewer.expires - self.now, self.transport)));
        Ok(())
    }

    /// Has the answer take the cookie away.
    pub fn forget(&self) {
        self.cookie.replace(Some(cookie::forget(self.transport)));
    }

    /// The id of the device, if the owner of the account of this name has logged in on it before.
    pub fn known_device(&self, name: &PersonKey) -> Option<&str> {
        self.device.as_deref().and_then(|device| device::check(&self.keys, device, name))
    }

    /// Has the answer set the cookie that this device is known by to the account of this name.
    pub fn keep_device(&self, name: &PersonKey) -> Result<(), Refusal> {
        let fresh = || random::bytes().map(device::id).map_err(reply::internal);
        let id = self.known_device(name).map_or_else(fresh, |id| Ok(id.to_owned()))?;
        let value =
            device::issue(&self.keys, &id, name).ok_or_else(|| reply::internal("a device could not be signed"))?;
        self.device_cookie.replace(Some(cookie::keep_device(Some(&value), self.transport)));
        Ok(())
    }

    /// Has the answer take that cookie away.
    pub fn forget_device(&self) {
        self.device_cookie.replace(Some(cookie::keep_device(None, self.transport)));
    }

    /// The answer as it goes out.
    pub fn close(self, answer: Answer) -> worker::Result<Response> {
        if answer.as_ref().is_err_and(|refusal| refusal.code == Code::SessionEnded) {
            self.forget();
        }
        let response = match answer {
            Ok(response) => response,
            Err(refusal) => reply::refuse(&refusal)?,
        };
        for cookie in self.cookie.take().into_iter().flatten().chain(self.device_cookie.take()) {
            response.headers().append("set-cookie", &cookie)?;
        }
        Ok(response)
    }
}

/// Where a request comes from, if the edge has said so.
pub fn client_address(request: &Request) -> Option<ClientAddress> {
    let from = request.headers().get(CLIENT_ADDRESS).ok().flatten();
    from.and_then(|address| ClientAddress::parse(&address))
}

async fn signing_key(env: &Env, settings: &Settings) -> Result<SigningKey, Refusal> {
    if let Some(key) = &settings.session_key {
        return Ok(key.clone());
    }
    if let Some(key) = SIGNING_KEY.with_borrow(Clone::clone) {
        return Ok(key);
    }
    let secret = Object::connect(env)?.call::<String>(&ToObject::SigningKey).await?;
    let key =
        SigningKey::new(secret.into_bytes()).ok_or_else(|| reply::internal("the kept signing key is too short"))?;
    SIGNING_KEY.set(Some(key.clone()));
    Ok(key)
}

/// `POST /api/guest`: enter with a name. Always a new person and a new session, whatever cookie came along.
pub async fn enter(visit: &Visit<'_>, request: &mut Request) -> Answer {
    if !visit.settings.guests {
        return Err(Code::GuestsOff.into());
    }
    let EnterAsGuest { name } = EnterAsGuest::parse(&body::read(request).await?)?;
    if visit.settings.is_kept_for_admins(&name) {
        return Err(Refusal::from(Code::ReservedName).of("name"));
    }
    visit.admit(Attempt::Guest).await?;
    visit.directory()?.free_for_guests(&name).await?;
    let id = PersonId::from_random(random::bytes().map_err(reply::internal)?);
    let session = SessionId::of_guest(&id);
    let (viewer, _) = visit.begin(Person { id, name, kind: Kind::Guest }, false, request)?;
    let viewer = Viewer { session, ..viewer };
    visit.keep(&viewer)?;
    reply::json(201, &ViewerView::from(&viewer))
}

/// `GET /api/session`: who I am.
pub fn show(visit: &Visit<'_>) -> Answer {
    reply::json(200, &ViewerView::from(visit.viewer()?))
}
