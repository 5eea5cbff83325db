//! What becomes of a room when somebody deletes their account, told as stories.

use crate::support::world::*;
use hihichat::domain::id::{InviteToken, Seq};
use hihichat::domain::membership::{Change, Erased, Erasure};
use hihichat::domain::person::{Kind, Person, Viewer};
use hihichat::domain::rights::Role;
use hihichat::protocol::client::EditRoom;
use hihichat::protocol::code::Code;
use hihichat::protocol::server::ServerFrame;
use hihichat::room::effect::CloseReason;

/// A member with an account.
fn account(world: &mut World) -> Viewer {
    let guest = viewer("Bo", 2);
    let viewer = Viewer { person: Person { kind: Kind::Account, ..guest.person }, ..guest };
    world.join(&viewer);
    viewer
}

fn erase(world: &mut World, viewer: &Viewer) {
    let erased = Erased { person: viewer.person.id.clone(), messages: Erasure::Kept };
    let effects = world.core.erase(&erased, world.now).unwrap();
    world.perform(effects);
}

#[test]
fn whoever_deletes_their_account_is_out_on_all_their_connections_and_stays_out() {
    let mut world = World::new();
    let bo = account(&mut world);
    let on_phone = world.connect(&bo, None);
    let on_laptop = world.connect(&bo, None);
    erase(&mut world, &bo);
    for id in [on_phone, on_laptop] {
        assert_eq!(world.closed[&id], CloseReason::SignedOut);
    }
    assert_eq!(world.core.log().members(), 1);
    assert_eq!(refused(world.core.view(&bo, world.now)), Code::SessionEnded);
    assert_eq!(refused(world.core.join(&bo, None, world.now)), Code::SessionEnded);
}

#[test]
fn no_invite_lets_a_deleted_account_back_in() {
    let mut world = World::new();
    let bo = account(&mut world);
    erase(&mut world, &bo);
    let owner = world.owner.clone();
    let token = InviteToken::from_random([9; 32]);
    world.core.invite(&owner, token.clone(), 1, world.now + 1).unwrap();
    assert_eq!(refused(world.core.join(&bo, Some(&token), world.now + 2)), Code::SessionEnded);
}

#[test]
fn invites_of_a_deleted_account_end_with_it() {
    let mut world = World::new();
    let bo = account(&mut world);
    let token = InviteToken::from_random([9; 32]);
    world.core.invite(&bo, token.clone(), 1, world.now).unwrap();
    erase(&mut world, &bo);
    assert_eq!(refused(world.core.invited_to(&token, world.now)), Code::UnknownInvite);
}

#[test]
fn a_room_whose_owner_deletes_their_account_stays_and_admins_hand_it_over() {
    let mut world = World::new();
    let bo = account(&mut world);
    let on_phone = world.connect(&bo, None);
    let owner = world.owner.clone();
    world.read(on_phone);
    erase(&mut world, &owner);
    let told = world.read(on_phone).into_iter().find_map(|frame| match frame {
        ServerFrame::Room(room) => Some(room.owner),
        _ => None,
    });
    let shown = told.unwrap();
    assert_eq!((shown.kind, shown.name.as_str()), (Kind::Deleted, "deleted"));
    assert_ne!(shown.id, owner.person.id);
    let root = Viewer { admin: true, ..viewer("Root", 3) };
    let handed = EditRoom { owner: Some(bo.person.id.clone()), ..EditRoom::default() };
    world.core.edit(&root, &handed, world.now).unwrap();
    assert_eq!(world.core.view(&bo, world.now).unwrap().role, Role::Owner);
}

#[test]
fn a_deletion_that_is_told_again_changes_nothing() {
    let mut world = World::new();
    let bo = account(&mut world);
    erase(&mut world, &bo);
    world.sleep_and_wake();
    let place = world.core.log().outbox().unwrap().unwrap().0;
    erase(&mut world, &bo);
    assert_eq!(world.core.log().outbox().unwrap().unwrap().0, place);
}

/// What Bo said, and what others make of it: Ann's message 1 with Bo's reaction, Bo's 3 to 5, edited and answered.
fn talk(world: &mut World) -> Viewer {
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    let bos = account(world);
    let bo = world.connect(&bos, None);
    world.say(ann, "m1", "hello");
    world.frame(bo, r#"{"type":"react","id":"r1","seq":1,"reaction":"👍","on":true}"#);
    world.say(bo, "b1", "a secret");
    world.frame(bo, r#"{"type":"edit","id":"e1","seq":3,"text":"another secret"}"#);
    world.frame(ann, r#"{"type":"send","id":"m2","text":"really?","reply_to":3}"#);
    world.cut(bo);
    world.cut(ann);
    bos
}

fn erase_as(world: &mut World, viewer: &Viewer, messages: Erasure) {
    let erased = Erased { person: viewer.person.id.clone(), messages };
    let effects = world.core.erase(&erased, world.now).unwrap();
    world.perform(effects);
}

#[test]
fn messages_that_go_with_an_account_leave_tombstones_of_nobody() {
    let mut world = World::new();
    let bos = talk(&mut world);
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    world.read(ann);
    erase_as(&mut world, &bos, Erasure::Deleted);
    let told = serde_json::to_value(&world.read(ann)[0]).unwrap();
    assert_eq!((&told["type"], &told["seq"], &told["messages"]), (&"erased".into(), &6.into(), &"deleted".into()));
    world.sleep_and_wake();
    let again = world.connect(&owner, since(0));
    let all = serde_json::to_string(&world.read(again)).unwrap();
    assert!(!all.contains("secret") && !all.contains("\"Bo\""), "{all}");
    assert_eq!(all.matches(bos.person.id.as_str()).count(), 2, "only the Entry that says whose they were names them");
    let message = world.core.log().message(Seq(3)).unwrap().unwrap();
    assert_eq!((message.author.kind, message.text.as_str()), (Kind::Deleted, ""));
    assert!(message.about.deleted.is_some());
    assert!(all.contains(r#""reaction":"👍","on":false"#), "{all}");
    let quote = world.core.log().message(Seq(5)).unwrap().unwrap().about.reply.unwrap();
    assert!(quote.deleted && quote.text.is_none());
}

#[test]
fn a_tombstone_stays_one_also_where_its_author_had_reacted_to_it() {
    let mut world = World::new();
    let bos = account(&mut world);
    let bo = world.connect(&bos, None);
    world.say(bo, "b1", "mine");
    world.frame(bo, r#"{"type":"react","id":"r1","seq":1,"reaction":"👍","on":true}"#);
    erase_as(&mut world, &bos, Erasure::Deleted);
    let message = world.core.log().message(Seq(1)).unwrap().unwrap();
    assert!(message.about.deleted.is_some() && message.about.reactions.is_empty());
}

#[test]
fn nothing_is_kept_of_what_an_erased_person_had_read() {
    let mut world = World::new();
    let bos = talk(&mut world);
    let bo = world.connect(&bos, None);
    world.frame(bo, r#"{"type":"read","seq":5}"#);
    erase_as(&mut world, &bos, Erasure::Kept);
    assert_eq!(world.core.log().read(&bos.person.id).unwrap(), None);
}

#[test]
fn messages_that_stay_are_nobody_s_and_their_reactions_go() {
    let mut world = World::new();
    let bos = talk(&mut world);
    let owner = world.owner.clone();
    erase_as(&mut world, &bos, Erasure::Kept);
    let message = world.core.log().message(Seq(3)).unwrap().unwrap();
    assert_eq!((message.author.kind, message.text.as_str()), (Kind::Deleted, "another secret"));
    let of_ann = world.core.log().message(Seq(1)).unwrap().unwrap();
    assert!(of_ann.about.reactions.is_empty());
    let all = world.connect(&owner, since(0));
    let all = serde_json::to_string(&world.read(all)[1..]).unwrap();
    assert!(all.contains("secret") && !all.contains("\"Bo\""), "{all}");
    assert_eq!(world.core.search(&owner, &wanted("another"), None, 20, world.now).unwrap().messages.len(), 1);
}

#[test]
fn erasing_again_changes_nothing_and_whoever_said_nothing_leaves_no_entry() {
    let mut world = World::new();
    let bos = talk(&mut world);
    erase_as(&mut world, &bos, Erasure::Deleted);
    let head = world.core.head();
    erase_as(&mut world, &bos, Erasure::Deleted);
    let cy = viewer("Cy", 3);
    world.join(&cy);
    erase_as(&mut world, &cy, Erasure::Deleted);
    assert_eq!(world.core.head(), head);
}

#[test]
fn the_archive_is_told_of_every_message_that_went() {
    let mut world = World::new();
    world.core.archives_every(0);
    let bos = talk(&mut world);
    erase_as(&mut world, &bos, Erasure::Deleted);
    let (_, changes) = world.core.log().outbox().unwrap().unwrap();
    let revised: Vec<_> = changes
        .iter()
        .filter_map(|change| if let Change::Revised(seq) = change { Some(seq.0) } else { None })
        .collect();
    assert_eq!(revised, [1, 3, 3, 1], "the reaction, the edit, and then both again");
}
