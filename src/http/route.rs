//! Addresses: from a path and a query to a typed route. Pure, so that the table is tested on the host.

use crate::domain::id::{Epoch, PersonId, Seq, SessionId};
use crate::domain::text::{PersonKey, PersonName, RoomName, Wanted};
use crate::protocol::code::{Code, Refusal};
use crate::room::core::{Since, FOUND_PAGE};
use percent_encoding::percent_decode_str;

/// How many messages a page of history holds, unless asked for fewer or more.
const HISTORY_PAGE: usize = 50;
/// How many it holds at most.
const HISTORY_MOST: usize = 100;
/// How many messages an answer to `since` holds at most: as many as a resume.
const SINCE_MOST: usize = 500;

/// An address of the API.
#[derive(Debug, Clone, PartialEq)]
pub enum Route {
    /// `/api/config`
    Config,
    /// `/api/guest`
    Guest,
    /// `/api/session`
    Session,
    /// `/api/session/params`
    Params,
    /// `/api/sessions`
    Sessions,
    /// `/api/sessions/{id}`
    OneSession(SessionId),
    /// `/api/accounts`
    Accounts,
    /// `/api/account`
    Account,
    /// `/api/account/password`
    Password,
    /// `/api/account/recovery`
    Recovery,
    /// `/api/account/reset`
    Reset,
    /// `/api/people/{person}/reset`
    OfferReset(PersonId),
    /// `/api/people/{person}/block`
    Block(PersonId),
    /// `/api/imported/{name}`
    Imported(PersonKey),
    /// `/healthz`
    Health,
    /// `/api/rooms`
    Rooms,
    /// `/api/rooms/{room}`
    Room(RoomName),
    /// `/api/rooms/{room}/members`
    Members(RoomName),
    /// `/api/rooms/{room}/membership`
    Membership(RoomName),
    /// `/api/rooms/{room}/messages`
    Messages(RoomName),
    /// `/api/rooms/{room}/entries`
    Entries(RoomName),
    /// `/api/rooms/{room}/read`
    Read(RoomName),
    /// `/api/rooms/{room}/search`
    Search(RoomName),
    /// `/api/rooms/{room}/members/{person}`
    Member(RoomName, PersonId),
    /// `/api/rooms/{room}/invites`
    Invites(RoomName),
    /// `/api/rooms/{room}/invites/{id or token}`
    Invite(RoomName, String),
    /// `/api/rooms/{room}/live`
    Live(RoomName),
    /// `/avatar/{name}`
    Avatar(PersonName),
    /// `/api/rooms/{room}/hook/{what}`
    #[cfg(feature = "test-hooks")]
    Hook(RoomName, String),
}

/// A route, what may be done there, and the query.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The route.
    pub route: Route,
    /// The methods this address answers.
    pub methods: &'static [&'static str],
    /// The query.
    pub query: Query,
}

/// Every address and its methods. `public/openapi.json` is held to it.
pub const TABLE: &[(&str, &[&str])] = &[
    ("/api/config", &["GET", "HEAD"]),
    ("/api/guest", &["POST"]),
    ("/api/session", &["GET", "HEAD", "POST", "DELETE"]),
    ("/api/session/params", &["POST"]),
    ("/api/sessions", &["GET", "HEAD", "DELETE"]),
    ("/api/sessions/{id}", &["DELETE"]),
    ("/api/accounts", &["POST"]),
    ("/api/account", &["DELETE"]),
    ("/api/account/password", &["POST"]),
    ("/api/account/recovery", &["POST"]),
    ("/api/account/reset", &["POST"]),
    ("/api/people/{person}/reset", &["POST"]),
    ("/api/people/{person}/block", &["PUT", "DELETE"]),
    ("/api/imported/{name}", &["DELETE"]),
    ("/api/rooms", &["GET", "HEAD", "POST"]),
    ("/api/rooms/{room}", &["GET", "HEAD", "PATCH", "DELETE"]),
    ("/api/rooms/{room}/members", &["GET", "HEAD"]),
    ("/api/rooms/{room}/members/{person}", &["DELETE"]),
    ("/api/rooms/{room}/membership", &["PUT", "DELETE"]),
    ("/api/rooms/{room}/messages", &["GET", "HEAD", "POST"]),
    ("/api/rooms/{room}/entries", &["POST"]),
    ("/api/rooms/{room}/read", &["PUT"]),
    ("/api/rooms/{room}/search", &["GET", "HEAD"]),
    ("/api/rooms/{room}/invites", &["GET", "HEAD", "POST"]),
    ("/api/rooms/{room}/invites/{invite}", &["GET", "HEAD", "DELETE"]),
    ("/api/rooms/{room}/live", &["GET", "HEAD"]),
    ("/avatar/{name}", &["GET", "HEAD"]),
    ("/healthz", &["GET", "HEAD"]),
    #[cfg(feature = "test-hooks")]
    ("/api/rooms/{room}/hook/{what}", &["POST"]),
];

/// Reads a path, as it stands in the URL, and a query.
pub fn parse(path: &str, query: &str) -> Result<Target, Refusal> {
    let found = TABLE.iter().find_map(|(template, methods)| Some((*template, *methods, holes(template, path)?)));
    let (template, methods, holes) = found.ok_or(Code::NotFound)?;
    let (one, other) = (holes.first().copied().unwrap_or_default(), holes.get(1).copied().unwrap_or_default());
    let route = match template {
        "/api/config" => Route::Config,
        "/api/guest" => Route::Guest,
        "/api/session" => Route::Session,
        "/api/session/params" => Route::Params,
        "/api/sessions" => Route::Sessions,
        "/api/sessions/{id}" => Route::OneSession(SessionId::try_from(one.to_owned()).map_err(|_| Code::NotFound)?),
        "/api/accounts" => Route::Accounts,
        "/api/account" => Route::Account,
        "/api/account/password" => Route::Password,
        "/api/account/recovery" => Route::Recovery,
        "/api/account/reset" => Route::Reset,
        "/api/people/{person}/reset" => Route::OfferReset(person(one)?),
        "/api/people/{person}/block" => Route::Block(person(one)?),
        "/api/imported/{name}" => Route::Imported(PersonName::shown(&decoded(one)?).key()),
        "/healthz" => Route::Health,
        "/api/rooms" => Route::Rooms,
        "/api/rooms/{room}" => Route::Room(room(one)?),
        "/api/rooms/{room}/members" => Route::Members(room(one)?),
        "/api/rooms/{room}/members/{person}" => Route::Member(room(one)?, person(other)?),
        "/api/rooms/{room}/membership" => Route::Membership(room(one)?),
        "/api/rooms/{room}/messages" => Route::Messages(room(one)?),
        "/api/rooms/{room}/entries" => Route::Entries(room(one)?),
        "/api/rooms/{room}/read" => Route::Read(room(one)?),
        "/api/rooms/{room}/search" => Route::Search(room(one)?),
        "/api/rooms/{room}/invites" => Route::Invites(room(one)?),
        "/api/rooms/{room}/invites/{invite}" => Route::Invite(room(one)?, other.to_owned()),
        "/api/rooms/{room}/live" => Route::Live(room(one)?),
        "/avatar/{name}" => Route::Avatar(PersonName::parse(&decoded(one)?).map_err(|_| Code::NotFound)?),
        #[cfg(feature = "test-hooks")]
        "/api/rooms/{room}/hook/{what}" => Route::Hook(room(one)?, other.to_owned()),
        _ => return Err(Code::NotFound.into()),
    };
    Ok(Target { route, methods, query: Query::parse(query) })
}

/// What a path has where the template has a hole, if it fits.
fn holes<'a>(template: &str, path: &'a str) -> Option<Vec<&'a str>> {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    let mut holes = Vec::new();
    loop {
        match (template.next(), path.next()) {
            (None, None) => return Some(holes),
            (Some(hole), Some(given)) if hole.starts_with('{') => holes.push(given),
            (Some(word), Some(given)) if word == given => {}
            _ => return None,
        }
    }
}

fn decoded(segment: &str) -> Result<String, Refusal> {
    match percent_decode_str(segment).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(Code::BadPath.into()),
    }
}

/// A name that no room can have is the name of no room.
fn room(segment: &str) -> Result<RoomName, Refusal> {
    RoomName::parse(&decoded(segment)?).map_err(|_| Code::UnknownRoom.into())
}

fn person(segment: &str) -> Result<PersonId, Refusal> {
    PersonId::try_from(segment.to_owned()).map_err(|_| Code::UnknownPerson.into())
}

/// The parameters of a query. Unknown ones are let be, as everywhere on the web.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query(Vec<(String, String)>);

/// What a request for messages wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Messages {
    /// A page before a place, or the newest.
    Before(Option<Seq>, i64),
    /// What came after a place.
    Since(Since, usize),
}

impl Query {
    fn parse(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Whether it asks for the viewer's own: `of=me`.
    pub fn of_me(&self) -> Result<bool, Refusal> {
        match self.get("of") {
            None => Ok(false),
            Some("me") => Ok(true),
            Some(_) => Err(Refusal::from(Code::BadQuery).of("of")),
        }
    }

    /// An opaque cursor.
    pub fn cursor(&self) -> Option<&str> {
        self.get("cursor")
    }

    /// `since` and `epoch`.
    pub fn since(&self) -> Result<Option<Since>, Refusal> {
        let Some(seq) = self.seq("since")? else {
            return Ok(None);
        };
        let epoch = self.get("epoch").map(|epoch| Epoch::try_from(epoch.to_owned())).transpose();
        let epoch = epoch.map_err(|_| Refusal::from(Code::BadQuery).of("epoch"))?;
        Ok(Some(Since { seq, epoch }))
    }

    /// Whether several frames may come as one: `batch=1`.
    pub fn batches(&self) -> Result<bool, Refusal> {
        match self.get("batch") {
            None => Ok(false),
            Some("1") => Ok(true),
            Some(_) => Err(Refusal::from(Code::BadQuery).of("batch")),
        }
    }

    /// `before` or `since`, and `limit`.
    pub fn messages(&self) -> Result<Messages, Refusal> {
        match (self.since()?, self.seq("before")?) {
            (Some(_), Some(_)) => Err(Refusal::from(Code::BadQuery).of("before")),
            (Some(since), None) => Ok(Messages::Since(since, self.limit(SINCE_MOST, SINCE_MOST)?)),
            (None, before) => {
                let limit = self.limit(HISTORY_PAGE, HISTORY_MOST)?;
                Ok(Messages::Before(before, i64::try_from(limit).unwrap_or(1)))
            }
        }
    }

    /// `q` and `limit`.
    pub fn search(&self) -> Result<(Wanted, usize), Refusal> {
        let wanted = Wanted::parse(self.get("q").unwrap_or_default());
        Ok((wanted.map_err(|error| Refusal::from(error).of("q"))?, self.limit(FOUND_PAGE, FOUND_PAGE)?))
    }

    fn limit(&self, default: usize, most: usize) -> Result<usize, Refusal> {
        match self.number("limit")?.map(usize::try_from) {
            None => Ok(default),
            Some(Ok(limit)) if (1..=most).contains(&limit) => Ok(limit),
            Some(_) => Err(Refusal::from(Code::BadQuery).of("limit")),
        }
    }

    fn seq(&self, name: &'static str) -> Result<Option<Seq>, Refusal> {
        Ok(self.number(name)?.map(Seq))
    }

    /// A whole number from 0 that JavaScript holds exactly.
    fn number(&self, name: &'static str) -> Result<Option<i64>, Refusal> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        let plain = !text.is_empty() && text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| plain);
        number.map(Some).ok_or_else(|| Refusal::from(Code::BadQuery).of(name))
    }
}

#[cfg(test)]
mod tests;
