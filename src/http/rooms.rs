//! Rooms over HTTP: the list, making one, and what is asked of one.

use super::reply::{self, Answer};
use super::route::{Messages, Query, Route};
use super::session::Visit;
use super::{body, looks, stub};
use crate::directory::{Directory, Reservation};
use crate::domain::id::{InviteId, InviteToken};
use crate::domain::text::RoomName;
use crate::limits::door::Attempt;
use crate::protocol::client::{self, CreateRoom, EditRoom, Join, MakeInvite};
use crate::protocol::code::Code;
use crate::protocol::cursor;
use crate::protocol::entry::{NewEntry, Send};
use crate::protocol::views::RoomPage;
use crate::room::call::RoomCall;
use worker::{Method, Request};

/// `GET /api/rooms`: open rooms by last activity, also for those who have not entered; or all of mine.
pub async fn list(visit: &Visit<'_>, query: &Query) -> Answer {
    if query.of_me()? {
        let directory = visit.directory()?;
        let mut rooms = directory.rooms_of(&visit.viewer()?.person.id).await?;
        directory.0.enliven(&mut rooms).await;
        return reply::json(200, &RoomPage { rooms, next: None });
    }
    let after = query.cursor().map(cursor::read).transpose()?;
    let directory = visit.directory()?;
    let mut page = directory.rooms(after.as_ref()).await?;
    directory.0.enliven(&mut page.rooms).await;
    reply::json(200, &RoomPage { rooms: page.rooms, next: page.next.as_ref().map(cursor::write) })
}

/// `POST /api/rooms`: make a room. The Directory keeps the name, the room's object is the room: of two who want
/// the same name at once, one makes it.
pub async fn create(visit: &Visit<'_>, request: &mut Request) -> Answer {
    let viewer = visit.viewer()?;
    if !visit.settings.room_creation.allows(viewer) {
        return Err(Code::Forbidden.into());
    }
    let CreateRoom { name, description, access } = CreateRoom::parse(&body::read(request).await?)?;
    let wanted =
        Reservation { name: name.clone(), key: name.key(), skeleton: name.skeleton(), by: viewer.person.id.clone() };
    visit.admit(Attempt::Room(&viewer.person.id)).await?;
    visit.directory()?.reserve(&wanted, visit.now).await?;
    stub::call(visit.env, &name.clone(), RoomCall::Create(viewer.clone(), name, description, access)).await
}

/// `GET /api/rooms/{room}/live`: the room's WebSocket.
pub async fn connect(visit: &Visit<'_>, room: &RoomName, query: &Query) -> Answer {
    let call = RoomCall::Connect(visit.viewer()?.clone(), query.since()?, query.batches()?);
    looks::ask(visit, room, call).await
}

/// Everything else that is asked of one room.
pub async fn call(visit: &Visit<'_>, request: &mut Request, method: Method, route: Route, query: &Query) -> Answer {
    let viewer = || visit.viewer().cloned();
    let (room, call) = match (method, route) {
        (Method::Get, Route::Room(room)) => (room, RoomCall::View(viewer()?)),
        (Method::Get, Route::Members(room)) => (room, RoomCall::Members(viewer()?, query.cursor().map(str::to_owned))),
        (Method::Patch, Route::Room(room)) => {
            let viewer = viewer()?;
            let EditRoom { description, access, owner } = EditRoom::parse(&body::read(request).await?)?;
            (room, RoomCall::Edit(viewer, description, access, owner))
        }
        (Method::Delete, Route::Room(room)) => (room, RoomCall::Close(viewer()?)),
        (Method::Delete, Route::Member(room, person)) => (room, RoomCall::Remove(viewer()?, person)),
        (Method::Get, Route::Invites(room)) => (room, RoomCall::Invites(viewer()?)),
        (Method::Post, Route::Invites(room)) => {
            let viewer = viewer()?;
            let MakeInvite { hours } = MakeInvite::parse(&body::read_optional(request).await?)?;
            (room, RoomCall::Invite(viewer, hours))
        }
        // The same address names an invite by its token to those who hold it, and by its id to those who revoke it.
        (Method::Get, Route::Invite(room, token)) => {
            let token = InviteToken::try_from(token).map_err(|_| Code::UnknownInvite)?;
            (room, RoomCall::InvitedTo(token))
        }
        (Method::Delete, Route::Invite(room, id)) => {
            let id = InviteId::try_from(id).map_err(|_| Code::UnknownInvite)?;
            (room, RoomCall::RevokeInvite(viewer()?, id))
        }
        (Method::Put, Route::Membership(room)) => {
            let viewer = viewer()?;
            let Join { invite } = Join::parse(&body::read_optional(request).await?)?;
            (room, RoomCall::Join(viewer, invite))
        }
        (Method::Delete, Route::Membership(room)) => (room, RoomCall::Leave(viewer()?)),
        (Method::Get, Route::Messages(room)) => {
            let viewer = viewer()?;
            let call = match query.messages()? {
                Messages::Before(before, limit) => RoomCall::Before(viewer, before, limit),
                Messages::Since(since, limit) => RoomCall::Since(viewer, since, limit),
            };
            (room, call)
        }
        (Method::Post, Route::Messages(room)) => {
            let viewer = viewer()?;
            (room, RoomCall::Post(viewer, Send::parse(&body::read(request).await?)?))
        }
        (Method::Post, Route::Entries(room)) => {
            let viewer = viewer()?;
            let call = match NewEntry::parse(&body::read(request).await?)? {
                NewEntry::Send(send) => RoomCall::Post(viewer, send),
                NewEntry::Revise(revise) => RoomCall::Revise(viewer, revise),
            };
            (room, call)
        }
        (Method::Put, Route::Read(room)) => {
            let viewer = viewer()?;
            (room, RoomCall::Read(viewer, client::parse_read(&body::read(request).await?)?))
        }
        (Method::Get, Route::Search(room)) => {
            let viewer = viewer()?;
            let (wanted, limit) = query.search()?;
            (room, RoomCall::Search(viewer, wanted, query.cursor().map(str::to_owned), limit))
        }
        #[cfg(feature = "test-hooks")]
        (Method::Post, Route::Hook(room, what)) => (room, RoomCall::Hook(what)),
        _ => return Err(Code::MethodNotAllowed.into()),
    };
    looks::ask(visit, &room, call).await
}
