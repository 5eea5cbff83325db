//! What owners, members and strangers may do with a room, told as stories.

use crate::support::world::*;
use hihichat::domain::id::{InviteToken, PersonId, SessionId};
use hihichat::domain::membership::{Departed, Ended, Promoted};
use hihichat::domain::person::{Kind, Person, Viewer};
use hihichat::domain::rights::{Access, Role};
use hihichat::domain::text::{Description, PersonName};
use hihichat::domain::time::{HOUR, SECOND};
use hihichat::protocol::client::EditRoom;
use hihichat::protocol::code::Code;
use hihichat::protocol::server::ServerFrame;
use hihichat::room::attachment::ConnectionId;
use hihichat::room::effect::CloseReason;

/// Somebody with an account.
fn account(name: &str, number: u8) -> Viewer {
    let guest = viewer(name, number);
    Viewer { person: Person { kind: Kind::Account, ..guest.person }, ..guest }
}

fn token(number: u8) -> InviteToken {
    InviteToken::from_random([number; 32])
}

fn edit(world: &mut World, edit: EditRoom) {
    let owner = world.owner.clone();
    let (_, effects) = world.core.edit(&owner, &edit, world.now).unwrap();
    world.perform(effects);
}

fn private() -> World {
    let mut world = World::new();
    edit(&mut world, EditRoom { access: Some(Access::Private), ..EditRoom::default() });
    world
}

fn remove(world: &mut World, person: &PersonId) {
    let owner = world.owner.clone();
    let effects = world.core.remove(&owner, person, world.now).unwrap();
    world.perform(effects);
}

fn invite(world: &mut World, number: u8) -> InviteToken {
    let owner = world.owner.clone();
    world.core.invite(&owner, token(number), 1, world.now).unwrap();
    token(number)
}

fn join_by(world: &mut World, viewer: &Viewer, token: &InviteToken) -> Result<(), Code> {
    match world.core.join(viewer, Some(token), world.now) {
        Ok((_, effects)) => {
            world.perform(effects);
            Ok(())
        }
        outcome => Err(refused(outcome.map(|(room, _)| room))),
    }
}

#[test]
fn a_private_room_is_unknown_to_whoever_is_not_in_it_on_every_way() {
    let mut world = private();
    let bo = viewer("Bo", 2);
    let now = world.now;
    assert_eq!(refused(world.core.view(&bo, now)), Code::UnknownRoom);
    assert_eq!(refused(world.core.members(&bo, None, now)), Code::UnknownRoom);
    assert_eq!(refused(world.core.messages_before(&bo, None, 50, now)), Code::UnknownRoom);
    assert_eq!(refused(world.core.messages_since(&bo, &since(0).unwrap(), 50, now)), Code::UnknownRoom);
    assert_eq!(refused(world.core.post(&bo, &send("m", "x"), now)), Code::UnknownRoom);
    assert_eq!(refused(world.core.join(&bo, None, now).map(|(room, _)| room)), Code::UnknownRoom);
    assert_eq!(refused(world.core.leave(&bo, now)), Code::UnknownRoom);
    assert_eq!(
        refused(world.core.connect(ConnectionId(9), &bo, None, false, now).map(|(one, _)| one)),
        Code::UnknownRoom
    );
    assert_eq!(refused(world.core.invite(&bo, token(1), 1, now)), Code::UnknownRoom);
    assert_eq!(refused(world.core.invites(&bo, now)), Code::UnknownRoom);
    assert_eq!(refused(world.core.remove(&bo, &world.owner.person.id.clone(), now)), Code::UnknownRoom);
    assert_eq!(refused(world.core.close_room(&bo, now)), Code::UnknownRoom);
    assert_eq!(refused(world.core.edit(&bo, &EditRoom::default(), now).map(|(room, _)| room)), Code::UnknownRoom);
}

#[test]
fn an_invite_lets_somebody_into_a_private_room_until_it_ends_or_is_revoked() {
    let mut world = private();
    let token = invite(&mut world, 1);
    let shown = world.core.invited_to(&token, world.now).unwrap();
    assert_eq!((shown.room.name.as_str(), shown.inviter.name.as_str()), ("你好 lobby", "Ann"));
    let bo = viewer("Bo", 2);
    assert_eq!(join_by(&mut world, &bo, &token), Ok(()));
    world.sleep_and_wake();
    assert_eq!(world.core.view(&bo, world.now).unwrap().role, Role::GuestMember);

    world.pass(HOUR);
    assert_eq!(join_by(&mut world, &viewer("Cy", 3), &token), Err(Code::UnknownInvite));
    assert_eq!(refused(world.core.invited_to(&token, world.now)), Code::UnknownInvite);

    let other = invite(&mut world, 4);
    let owner = world.owner.clone();
    world.core.revoke_invite(&owner, &other.id(), world.now).unwrap();
    assert_eq!(join_by(&mut world, &viewer("Cy", 3), &other), Err(Code::UnknownInvite));
}

#[test]
fn a_guessed_invite_of_a_known_id_is_refused() {
    let mut world = private();
    let token = invite(&mut world, 1);
    let guess = format!("{}{}", token.id(), "0".repeat(20));
    let guess = InviteToken::try_from(guess).unwrap();
    assert_eq!(join_by(&mut world, &viewer("Bo", 2), &guess), Err(Code::UnknownInvite));
}

#[test]
fn guests_may_not_invite_and_accounts_may() {
    let mut world = World::new();
    let (guest, _) = world.member("Bo", 2);
    assert_eq!(refused(world.core.invite(&guest, token(1), 1, world.now)), Code::Forbidden);
    let member = account("Cy", 3);
    world.join(&member);
    assert!(world.core.invite(&member, token(1), 1, world.now).is_ok());
    assert_eq!(refused(world.core.invites(&member, world.now)), Code::Forbidden);
}

#[test]
fn a_removed_member_is_out_at_once_and_stays_out_until_a_newer_invite() {
    let mut world = World::new();
    let old = invite(&mut world, 1);
    let (bo_viewer, bo) = world.member("Bo", 2);
    world.pass(SECOND);
    remove(&mut world, &bo_viewer.person.id);
    assert_eq!(world.closed[&bo], CloseReason::Removed);
    world.sleep_and_wake();
    assert_eq!(refused(world.core.view(&bo_viewer, world.now)), Code::Removed);
    assert_eq!(refused(world.core.post(&bo_viewer, &send("m", "x"), world.now)), Code::Removed);
    assert_eq!(refused(world.core.join(&bo_viewer, None, world.now).map(|(room, _)| room)), Code::Removed);
    assert_eq!(join_by(&mut world, &bo_viewer, &old), Err(Code::UnknownInvite));
    world.pass(SECOND);
    let new = invite(&mut world, 3);
    assert_eq!(join_by(&mut world, &bo_viewer, &new), Ok(()));
    assert!(world.core.view(&bo_viewer, world.now).is_ok());
}

#[test]
fn a_member_removed_from_a_private_room_no_longer_learns_that_it_exists() {
    let mut world = private();
    let token = invite(&mut world, 1);
    let bo = viewer("Bo", 2);
    join_by(&mut world, &bo, &token).unwrap();
    remove(&mut world, &bo.person.id);
    assert_eq!(refused(world.core.view(&bo, world.now)), Code::UnknownRoom);
    assert_eq!(join_by(&mut world, &bo, &token), Err(Code::UnknownInvite));
}

#[test]
fn nobody_removes_the_owner_or_somebody_who_is_not_there() {
    let mut world = World::new();
    let owner = world.owner.clone();
    assert_eq!(refused(world.core.remove(&owner, &owner.person.id, world.now)), Code::Forbidden);
    let stranger = viewer("Cy", 3).person.id;
    assert_eq!(refused(world.core.remove(&owner, &stranger, world.now)), Code::UnknownPerson);
    let (bo, _) = world.member("Bo", 2);
    assert_eq!(refused(world.core.remove(&bo, &owner.person.id, world.now)), Code::Forbidden);
}

#[test]
fn a_room_made_private_ends_the_connections_of_those_who_only_read() {
    let mut world = World::new();
    let (_, bo) = world.member("Bo", 2);
    let cy = world.connect(&viewer("Cy", 3), None);
    edit(&mut world, EditRoom { access: Some(Access::Private), ..EditRoom::default() });
    assert_eq!(world.closed.get(&cy), Some(&CloseReason::Removed));
    assert_eq!(world.closed.get(&bo), None);
}

#[test]
fn a_room_handed_over_has_one_owner_also_on_open_connections() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    let (bo_viewer, bo) = world.member("Bo", 2);
    world.read(bo);
    edit(&mut world, EditRoom { owner: Some(bo_viewer.person.id.clone()), ..EditRoom::default() });
    let told = world.read(bo);
    assert!(told.iter().any(|frame| matches!(frame, ServerFrame::Room(change) if change.owner.name.as_str() == "Bo")));
    world.sleep_and_wake();
    let role = |id| world.core.connections().find(|one| one.id == id).unwrap().role;
    assert_eq!((role(ann), role(bo)), (Role::GuestMember, Role::Owner));
    assert_eq!(refused(world.core.close_room(&owner, world.now)), Code::Forbidden);
    let stranger = Some(viewer("Cy", 3).person.id);
    let to_stranger = EditRoom { owner: stranger, ..EditRoom::default() };
    let outcome = world.core.edit(&bo_viewer, &to_stranger, world.now);
    assert_eq!(refused(outcome.map(|(room, _)| room)), Code::UnknownPerson);
}

#[test]
fn a_new_description_is_told_and_kept() {
    let mut world = World::new();
    let (_, bo) = world.member("Bo", 2);
    let description = Some(Description::parse("somewhere else").unwrap());
    edit(&mut world, EditRoom { description, ..EditRoom::default() });
    assert!(world.read(bo).iter().any(|frame| matches!(frame, ServerFrame::Room(_))));
    world.sleep_and_wake();
    assert_eq!(world.core.log().born().description.as_str(), "somewhere else");
}

#[test]
fn an_admin_may_what_an_owner_may_without_having_joined() {
    let mut world = private();
    let admin = Viewer { admin: true, ..account("Root", 9) };
    assert_eq!(world.core.view(&admin, world.now).unwrap().role, Role::Admin);
    let id = world.connect(&admin, None);
    assert_eq!(world.core.online(), 0, "an admin who looks in is not a member");
    world.say(id, "m1", "hello");
    assert_eq!(texts(&world.read(id)), ["hello"]);
    assert!(world.core.close_room(&admin, world.now).is_ok());
}

#[test]
fn a_closed_room_is_unknown_in_a_burst_and_after_it() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let (bo_viewer, bo) = world.member("Bo", 2);
    world.say(bo, "m1", "before");
    let effects = world.core.close_room(&owner, world.now).unwrap();
    world.perform(effects);
    world.say(bo, "m2", "after");
    assert_eq!(world.closed[&bo], CloseReason::RoomClosed);
    for _ in 0..2 {
        assert_eq!(refused(world.core.view(&bo_viewer, world.now)), Code::UnknownRoom);
        assert_eq!(refused(world.core.post(&owner, &send("m3", "x"), world.now)), Code::UnknownRoom);
        assert_eq!(refused(world.core.join(&owner, None, world.now).map(|(room, _)| room)), Code::UnknownRoom);
        assert!(world.core.is_closed());
        world.sleep_and_wake();
    }
    world.core.wipe().unwrap();
    world.sleep_and_wake();
    assert!(world.core.is_closed(), "the tombstone outlives what was there");
    assert_eq!(world.core.log().head().unwrap().seq.0, 0);
}

#[test]
fn a_guest_who_registers_is_the_same_member_under_the_new_name() {
    let mut world = World::new();
    let (bo_viewer, bo) = world.member("Bo", 2);
    world.say(bo, "m1", "as a guest");
    let person = Person { kind: Kind::Account, name: PersonName::parse("Bo Li").unwrap(), ..bo_viewer.person.clone() };
    let ended = Ended { session: bo_viewer.session.clone(), expires: bo_viewer.expires };
    let promoted = Promoted { person: person.clone(), ended };
    for _ in 0..2 {
        let effects = world.core.promote(&promoted, world.now).unwrap();
        world.perform(effects);
    }
    assert_eq!(world.closed[&bo], CloseReason::Renewed);
    assert_eq!(refused(world.core.view(&bo_viewer, world.now)), Code::SessionEnded);
    let renewed = Viewer { person, session: SessionId::from_random([40; 20]), ..bo_viewer };
    assert_eq!(world.core.view(&renewed, world.now).unwrap().role, Role::Member);
    let page = world.core.messages_before(&renewed, None, 50, world.now).unwrap();
    assert_eq!(messages(&page.messages)[0].author.id, renewed.person.id, "authorship stays");
    let members = world.core.members(&renewed, None, world.now).unwrap().members;
    assert_eq!(members[1].person.name.as_str(), "Bo Li");
}

#[test]
fn an_owner_who_registers_still_owns_the_room() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let person = Person { kind: Kind::Account, ..owner.person.clone() };
    let ended = Ended { session: owner.session.clone(), expires: owner.expires };
    let effects = world.core.promote(&Promoted { person: person.clone(), ended }, world.now).unwrap();
    world.perform(effects);
    assert_eq!(world.core.log().born().owner, person);
}

#[test]
fn an_account_whose_last_session_ends_leaves_open_rooms_and_stays_in_private_ones() {
    for (mut world, members) in [(World::new(), 1), (private(), 2)] {
        let token = invite(&mut world, 1);
        let cy = account("Cy", 3);
        join_by(&mut world, &cy, &token).unwrap();
        let id = world.connect(&cy, None);
        let departed = Departed {
            person: cy.person.id.clone(),
            sessions: vec![Ended { session: cy.session.clone(), expires: cy.expires }],
            last: true,
            erased: None,
        };
        let effects = world.core.depart(&departed, world.now).unwrap();
        world.perform(effects);
        assert_eq!(world.closed[&id], CloseReason::SignedOut);
        assert_eq!(world.core.log().members(), members);
    }
}

#[test]
fn one_session_of_several_ends_alone() {
    let mut world = World::new();
    let phone = account("Cy", 3);
    let laptop = Viewer { session: SessionId::from_random([50; 20]), ..phone.clone() };
    world.join(&phone);
    let (on_phone, on_laptop) = (world.connect(&phone, None), world.connect(&laptop, None));
    let departed = Departed {
        person: phone.person.id.clone(),
        sessions: vec![Ended { session: phone.session.clone(), expires: phone.expires }],
        last: false,
        erased: None,
    };
    let effects = world.core.depart(&departed, world.now).unwrap();
    world.perform(effects);
    assert!(world.closed.contains_key(&on_phone) && !world.closed.contains_key(&on_laptop));
    assert_eq!((world.core.online(), world.core.log().members()), (1, 2));
}
