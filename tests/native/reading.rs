//! Read markers, told as stories.

use crate::support::world::*;
use hihichat::domain::id::Seq;
use hihichat::domain::membership::{Change, Departed, Ended};
use hihichat::domain::person::Viewer;
use hihichat::domain::time::SECOND;
use hihichat::protocol::server::{Reading, ServerFrame};
use hihichat::room::attachment::ConnectionId;

fn said(world: &mut World, count: usize) {
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    for number in 0..count {
        let id = format!("m{}-{number}", world.core.head().0);
        world.say(ann, &id, "text");
    }
    world.cut(ann);
}

fn read(world: &mut World, id: ConnectionId, seq: i64) {
    world.frame(id, &format!("{{\"type\":\"read\",\"seq\":{seq}}}"));
}

fn reading(world: &World, viewer: &Viewer) -> Reading {
    world.core.view(viewer, world.now).unwrap().reading
}

fn marker(world: &World, viewer: &Viewer) -> (i64, i64) {
    let Reading { read, unread, .. } = reading(world, viewer);
    (read.unwrap().0, unread.unwrap())
}

fn told(world: &World) -> Vec<i64> {
    let changes = world.core.log().outbox().unwrap().map(|(_, changes)| changes).unwrap_or_default();
    changes
        .into_iter()
        .filter_map(|change| if let Change::Read(_, count) = change { Some(count) } else { None })
        .collect()
}

#[test]
fn whoever_joins_has_nothing_unread_and_then_what_comes() {
    let mut world = World::new();
    said(&mut world, 3);
    let bo = viewer("Bo", 2);
    assert_eq!(reading(&world, &bo), Reading { messages: 3, read: None, unread: None }, "a visitor has no marker");
    world.join(&bo);
    assert_eq!(marker(&world, &bo), (3, 0));
    said(&mut world, 2);
    assert_eq!(marker(&world, &bo), (3, 2));
}

#[test]
fn a_marker_goes_forward_only_and_not_beyond_what_there_is() {
    let mut world = World::new();
    let (bos, bo) = world.member("Bo", 2);
    said(&mut world, 5);
    read(&mut world, bo, 4);
    read(&mut world, bo, 2);
    assert_eq!(marker(&world, &bos), (4, 1));
    read(&mut world, bo, 900);
    assert_eq!(marker(&world, &bos), (5, 0));
    said(&mut world, 1);
    assert_eq!(marker(&world, &bos), (5, 1));
}

#[test]
fn my_other_connections_learn_what_i_read_and_nobody_else_does() {
    let mut world = World::new();
    let (bos, phone) = world.member("Bo", 2);
    let laptop = world.connect(&bos, None);
    let (_, cy) = world.member("Cy", 3);
    said(&mut world, 2);
    for id in [phone, laptop, cy] {
        world.read(id);
    }
    read(&mut world, phone, 2);
    assert_eq!(world.read(laptop), [ServerFrame::Read { seq: Seq(2) }]);
    assert!(world.read(phone).is_empty() && world.read(cy).is_empty());
}

#[test]
fn a_marker_outlives_sleep_and_costs_the_log_nothing_until_its_person_goes() {
    let mut world = World::new();
    let (bos, bo) = world.member("Bo", 2);
    let tab = world.connect(&bos, None);
    said(&mut world, 5);
    for seq in 1..=3 {
        read(&mut world, bo, seq);
    }
    assert_eq!(told(&world), [] as [i64; 0]);
    world.sleep_and_wake();
    assert_eq!(marker(&world, &bos), (3, 2));
    world.cut(tab);
    assert_eq!(told(&world), [] as [i64; 0], "another tab is still there");
    world.cut(bo);
    assert_eq!(told(&world), [3]);
    world.sleep_and_wake();
    assert_eq!(marker(&world, &bos), (3, 2));
}

#[test]
fn a_marker_that_moves_is_kept_every_five_minutes() {
    let mut world = World::new();
    let (_, bo) = world.member("Bo", 2);
    said(&mut world, 9);
    read(&mut world, bo, 1);
    world.pass(299 * SECOND);
    read(&mut world, bo, 2);
    assert_eq!(told(&world), [] as [i64; 0]);
    world.pass(SECOND);
    read(&mut world, bo, 3);
    read(&mut world, bo, 4);
    assert_eq!(told(&world), [3]);
}

#[test]
fn a_visit_without_news_writes_nothing() {
    let mut world = World::new();
    let (bos, bo) = world.member("Bo", 2);
    said(&mut world, 1);
    read(&mut world, bo, 1);
    world.cut(bo);
    assert_eq!(told(&world), [1]);
    let again = world.connect(&bos, None);
    read(&mut world, again, 1);
    world.cut(again);
    assert_eq!(told(&world), [1]);
}

#[test]
fn a_page_without_a_socket_is_heard_too() {
    let mut world = World::new();
    let bo = viewer("Bo", 2);
    world.join(&bo);
    said(&mut world, 4);
    for seq in [3, 1] {
        world.core.read(&bo, Seq(seq), world.now).unwrap();
    }
    assert_eq!((marker(&world, &bo), told(&world)), ((3, 1), vec![3]));
    let tab = world.connect(&bo, None);
    world.read(tab);
    let effects = world.core.read(&bo, Seq(4), world.now).unwrap();
    world.perform(effects);
    assert_eq!(world.read(tab), [ServerFrame::Read { seq: Seq(4) }]);
    let visitor = viewer("Cy", 3);
    assert!(world.core.read(&visitor, Seq(4), world.now).unwrap().is_empty());
}

#[test]
fn an_account_that_logs_out_finds_its_marker_when_it_comes_back_and_a_guest_begins_anew() {
    for (kind, expected) in
        [(hihichat::domain::person::Kind::Account, (2, 5)), (hihichat::domain::person::Kind::Guest, (7, 0))]
    {
        let mut world = World::new();
        let mut bo = viewer("Bo", 2);
        bo.person.kind = kind;
        world.join(&bo);
        let tab = world.connect(&bo, None);
        said(&mut world, 4);
        read(&mut world, tab, 2);
        let ended = Ended { session: bo.session.clone(), expires: bo.expires };
        let departed = Departed { person: bo.person.id.clone(), sessions: vec![ended], last: true, erased: None };
        let effects = world.core.depart(&departed, world.now).unwrap();
        world.perform(effects);
        said(&mut world, 3);
        bo.session = viewer("Bo", 9).session;
        world.join(&bo);
        assert_eq!(marker(&world, &bo), expected, "{kind:?}");
    }
}

#[test]
fn the_directory_is_told_in_messages_not_in_places() {
    let mut world = World::new();
    let (_, bo) = world.member("Bo", 2);
    said(&mut world, 1);
    for number in 0..5 {
        let on = number % 2 == 0;
        world.frame(bo, &format!(r#"{{"type":"react","id":"r{number}","seq":1,"reaction":"👍","on":{on}}}"#));
    }
    said(&mut world, 1);
    read(&mut world, bo, 7);
    world.cut(bo);
    assert_eq!(told(&world), [2]);
    assert_eq!(world.core.take_report(world.now).messages, 2);
}

#[test]
fn a_redis_that_is_new_to_the_room_learns_who_is_in_it_and_what_they_have_read() {
    let mut world = World::new();
    let (_, bo) = world.member("Bo", 2);
    said(&mut world, 1);
    world.frame(bo, r#"{"type":"react","id":"r1","seq":1,"reaction":"👍","on":true}"#);
    said(&mut world, 2);
    read(&mut world, bo, 3);
    world.cut(bo);
    let (place, _) = world.core.log().outbox().unwrap().unwrap();
    world.core.log().published(place).unwrap();
    for _ in 0..2 {
        world.core.log_mut().tell_all().unwrap();
    }
    let (_, changes) = world.core.log().outbox().unwrap().unwrap();
    let told: Vec<_> = changes
        .iter()
        .map(|change| match change {
            Change::Joined { person, read, .. } => (person.name.as_str(), *read),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, [("Ann", 0), ("Bo", 2)], "once, and in messages");
}
