//! How much one connection, person or address may ask of a room, and how many of them there may be.

use crate::support::world::*;
use hihichat::domain::address::ClientAddress;
use hihichat::domain::person::Viewer;
use hihichat::domain::rights::Access;
use hihichat::domain::time::{HOUR, SECOND};
use hihichat::protocol::client::EditRoom;
use hihichat::protocol::code::{Code, Refusal};
use hihichat::protocol::server::{GapReason, ServerFrame};
use hihichat::room::attachment::ConnectionId;
use hihichat::room::core::{Bounds, Failure, Since};
use hihichat::room::effect::CloseReason;
use serde_json::json;

/// A room as it is deployed when nothing is set.
fn world() -> World {
    world_of(Bounds { entries_per_minute: 120, connections: 2_000 })
}

fn world_of(bounds: Bounds) -> World {
    let mut world = World::new();
    world.bounds = bounds;
    world.sleep_and_wake();
    world
}

/// Somebody who comes from there.
fn from(address: &str, number: u8) -> Viewer {
    Viewer { address: ClientAddress::parse(address), ..viewer(&format!("P{number}"), number) }
}

fn slowed(frames: &[ServerFrame]) -> Vec<Refusal> {
    let refusals = frames.iter().filter_map(|frame| match frame {
        ServerFrame::Error(refusal) if refusal.code == Code::SlowDown => Some(refusal.clone()),
        _ => None,
    });
    refusals.collect()
}

/// Says this many things at once, and gives how many were acknowledged.
fn burst(world: &mut World, id: ConnectionId, name: &str, count: usize) -> usize {
    world.read(id);
    for number in 0..count {
        world.say(id, &format!("{name}-{number}"), "on and on");
    }
    acks(&world.read(id)).len()
}

#[test]
fn thirty_messages_at_once_are_taken_and_the_next_are_told_when() {
    let mut world = world();
    let (_, bo) = world.member("Bo", 2);
    for number in 0..33 {
        world.say(bo, &format!("m{number}"), "on and on");
    }
    let frames = world.read(bo);
    assert_eq!(acks(&frames).len(), 30);
    let refused = slowed(&frames);
    let ids: Vec<_> = refused.iter().filter_map(|refusal| Some(refusal.id.as_ref()?.as_str())).collect();
    assert_eq!(ids, ["m30", "m31", "m32"], "each refusal names its message");
    assert!(refused.iter().all(|refusal| refusal.retry_after == Some(1)), "{refused:?}");
    world.pass(SECOND);
    world.say(bo, "m30", "on and on");
    assert_eq!(acks(&world.read(bo)).len(), 1, "after the time that was told it is taken");
}

#[test]
fn two_messages_a_second_are_taken_for_ever() {
    let mut world = world();
    let (_, bo) = world.member("Bo", 2);
    for number in 0..600 {
        world.pass(SECOND / 2);
        world.say(bo, &format!("m{number}"), "on and on");
    }
    assert_eq!(acks(&world.read(bo)).len(), 600);
}

#[test]
fn the_tabs_of_a_person_share_what_they_may_say_and_nobody_else_does() {
    let mut world = world();
    let (person, first) = world.member("Bo", 2);
    let second = world.connect(&person, None);
    let (_, other) = world.member("Cy", 3);
    assert_eq!(burst(&mut world, first, "a", 20), 20);
    assert_eq!(burst(&mut world, second, "b", 20), 10);
    assert_eq!(burst(&mut world, other, "c", 20), 20);
    let sent = send("d", "over HTTP");
    assert_eq!(refused(world.core.post(&person, &sent, world.now)), Code::SlowDown);
}

#[test]
fn what_is_said_again_under_its_id_is_acknowledged_however_often() {
    let mut world = world();
    let (_, bo) = world.member("Bo", 2);
    assert_eq!(burst(&mut world, bo, "m", 30), 30);
    assert_eq!(burst(&mut world, bo, "m", 30), 30, "the same thirty, after a reconnect say");
}

#[test]
fn reactions_and_edits_count_as_messages_do() {
    let mut world = world();
    let (_, bo) = world.member("Bo", 2);
    world.say(bo, "m", "hello");
    world.read(bo);
    for number in 0..40 {
        let react =
            json!({ "type": "react", "id": format!("r{number}"), "seq": 1, "reaction": "👍", "on": number % 2 == 0 });
        world.frame(bo, &react.to_string());
    }
    assert_eq!(acks(&world.read(bo)).len(), 29);
}

#[test]
fn a_reaction_that_finds_no_place_counts_too() {
    let mut world = world();
    let react = |id: &str| json!({ "type": "react", "id": id, "seq": 1, "reaction": "👍", "on": true }).to_string();
    let (_, bo) = world.member("Bo", 2);
    world.say(bo, "m", "hello");
    for number in 3..203 {
        let (_, one) = world.member("P", number);
        world.frame(one, &react("r"));
        world.cut(one);
    }
    world.read(bo);
    for number in 0..40 {
        world.frame(bo, &react(&format!("r{number}")));
    }
    let frames = world.read(bo);
    let full =
        frames.iter().filter(|frame| matches!(frame, ServerFrame::Error(one) if one.code == Code::ReactionsFull));
    assert_eq!((full.count(), slowed(&frames).len()), (29, 11));
}

#[test]
fn any_frames_are_too_many_at_some_point_and_since_sooner() {
    let mut world = world();
    let (_, bo) = world.member("Bo", 2);
    for frame in [r#"{"type":"typing"}"#, r#"{"type":"read","seq":0}"#, "no JSON"] {
        world.pass(10 * SECOND);
        world.read(bo);
        for _ in 0..70 {
            world.frame(bo, frame);
        }
        assert_eq!(slowed(&world.read(bo)).len(), 10, "{frame}");
    }
    world.pass(10 * SECOND);
    world.read(bo);
    for _ in 0..13 {
        world.frame(bo, r#"{"type":"since","seq":0}"#);
    }
    assert_eq!(slowed(&world.read(bo)).len(), 1);
}

#[test]
fn whoever_goes_on_after_hundreds_of_warnings_is_cut_off_and_others_are_not() {
    let mut world = world();
    let (person, bo) = world.member("Bo", 2);
    let tab = world.connect(&person, None);
    for number in 0..500 {
        world.say(bo, &format!("m{number}"), "spam");
    }
    assert_eq!(world.closed.get(&bo), Some(&CloseReason::Flooding));
    assert_eq!((CloseReason::Flooding.code(), CloseReason::Flooding.as_str()), (1008, "flooding"));
    assert_eq!(slowed(&world.read(bo)).len(), 200);
    assert!(!world.closed.contains_key(&tab));
    world.read(tab);
    let (_, cy) = world.member("Cy", 3);
    world.say(cy, "c", "still here");
    assert_eq!(texts(&world.read(tab)), ["still here"]);
}

#[test]
fn binary_frames_are_no_way_round() {
    let mut world = world();
    let (_, bo) = world.member("Bo", 2);
    for _ in 0..300 {
        let effects = world.core.binary_frame(bo, 10, world.now).unwrap();
        world.perform(effects);
    }
    assert_eq!(world.closed.get(&bo), Some(&CloseReason::Flooding));
}

#[test]
fn a_hall_of_ten_talkers_behind_one_address_is_fine_and_an_army_of_guests_is_not() {
    let mut world = world();
    let mut said = Vec::new();
    for number in 10..22 {
        let guest = from("192.0.2.7", number);
        world.join(&guest);
        let id = world.connect(&guest, None);
        said.push(burst(&mut world, id, &format!("g{number}"), 30));
    }
    assert_eq!(said, [[30; 10].as_slice(), &[0; 2]].concat());
    let elsewhere = from("192.0.2.8", 30);
    world.join(&elsewhere);
    let id = world.connect(&elsewhere, None);
    assert_eq!(burst(&mut world, id, "e", 30), 30);
}

#[test]
fn a_full_room_turns_away_the_next_and_takes_them_when_somebody_goes() {
    let mut world = world_of(Bounds { entries_per_minute: 120, connections: 2 });
    let (_, bo) = world.member("Bo", 2);
    world.member("Cy", 3);
    let di = viewer("Di", 4);
    let turned = world.core.connect(ConnectionId(99), &di, None, false, world.now);
    assert_eq!(turned.unwrap_err(), Failure::Full(CloseReason::RoomFull));
    assert_eq!(world.core.connections().count(), 2, "who is turned away is nowhere");
    world.cut(bo);
    assert!(world.core.connect(ConnectionId(99), &di, None, false, world.now).is_ok());
}

#[test]
fn twenty_tabs_of_one_person_are_enough_and_leave_room_for_others() {
    let mut world = world();
    let (bo, _) = world.member("Bo", 2);
    for _ in 1..20 {
        world.connect(&bo, None);
    }
    let turned = world.core.connect(ConnectionId(99), &bo, None, false, world.now);
    assert_eq!(turned.unwrap_err(), Failure::Full(CloseReason::TooManyConnections));
    world.member("Cy", 3);
}

#[test]
fn coming_and_going_without_end_is_told_to_wait() {
    let mut world = world();
    let bo = viewer("Bo", 2);
    for _ in 0..30 {
        world.core.arrives(&bo, world.now).unwrap();
    }
    assert_eq!(refused(world.core.arrives(&bo, world.now)), Code::SlowDown);
    world.core.arrives(&viewer("Cy", 3), world.now).unwrap();
    world.pass(SECOND);
    world.core.arrives(&bo, world.now).unwrap();
}

#[test]
fn a_school_that_comes_back_at_once_after_a_deploy_is_let_in() {
    let mut world = world();
    let (mut in_time, from) = (0, ClientAddress::parse("192.0.2.7"));
    for number in 0..1_200u32 {
        let mut pupil = viewer("Bo", 0);
        let bytes = number.to_le_bytes();
        let id = std::array::from_fn(|place| bytes.get(place / 2).map_or(0, |byte| (byte >> (4 * (place % 2))) & 15));
        pupil.person.id = hihichat::domain::id::PersonId::from_random(id);
        pupil.address = from;
        world.now += 10;
        in_time += usize::from(world.core.arrives(&pupil, world.now).is_ok());
    }
    assert_eq!(in_time, 1_200);
}

#[test]
fn reading_over_http_has_a_limit_and_a_search_weighs_five() {
    let mut world = world();
    let bo = viewer("Bo", 2);
    let asked =
        |world: &mut World, weight| (0..1_000).take_while(|_| world.core.asked(&bo, weight, world.now).is_ok()).count();
    assert_eq!(asked(&mut world, 1), 100);
    world.pass(10 * SECOND);
    assert_eq!(asked(&mut world, 5), 20);
    // A clock that was set back is no lock.
    world.now -= HOUR;
    assert_eq!(asked(&mut world, 1), 100);
}

#[test]
fn no_limit_tells_a_stranger_that_there_is_a_private_room() {
    let mut world = world_of(Bounds { entries_per_minute: 120, connections: 1 });
    let owner = world.owner.clone();
    let private = EditRoom { access: Some(Access::Private), ..EditRoom::default() };
    let (_, effects) = world.core.edit(&owner, &private, world.now).unwrap();
    world.perform(effects);
    world.connect(&owner, None);
    let stranger = viewer("Bo", 2);
    for _ in 0..200 {
        world.core.asked(&stranger, 1, world.now).unwrap();
        world.core.arrives(&stranger, world.now).unwrap();
        assert_eq!(refused(world.core.connect(ConnectionId(99), &stranger, None, false, world.now)), Code::UnknownRoom);
    }
}

#[test]
fn a_resume_of_more_than_half_a_mebibyte_is_a_gap_and_a_page_that_fits() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    for number in 0..100 {
        world.say(ann, &format!("m{number}"), &"天".repeat(4_000));
    }
    let (_, bo) = world.member("Bo", 2);
    world.read(bo);
    world.frame(bo, r#"{"type":"since","seq":0}"#);
    let frames = world.read(bo);
    let ServerFrame::Gap(gap) = &frames[0] else { panic!("{:?}", frames.first()) };
    assert_eq!((gap.from.0, gap.to.0, gap.reason), (1, 57, GapReason::TooMany));
    assert_eq!(
        messages(&frames).iter().map(|message| message.seq.0).collect::<Vec<_>>(),
        (58..=100).collect::<Vec<_>>()
    );
    // What fits comes whole.
    let cy = viewer("Cy", 3);
    let cy = world.connect(&cy, Some(Since { seq: gap.to, epoch: None }));
    assert_eq!(messages(&world.read(cy)).len(), 43);
}
