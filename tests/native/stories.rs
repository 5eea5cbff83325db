//! What a room does, told as stories.

use crate::support::world::*;
use hihichat::domain::id::{Epoch, Seq};
use hihichat::domain::membership::{Change, Departed, Ended};
use hihichat::domain::rights::Role;
use hihichat::domain::time::{DAY, HOUR, SECOND};
use hihichat::protocol::code::Code;
use hihichat::protocol::entry::Send;
use hihichat::protocol::server::{Gap, GapReason, Presence, ServerFrame, Welcome};
use hihichat::room::attachment::ConnectionId;
use hihichat::room::core::{Report, Retention, Since};
use hihichat::room::effect::CloseReason;

fn welcome(frames: &[ServerFrame]) -> Welcome {
    match &frames[0] {
        ServerFrame::Welcome(welcome) => (**welcome).clone(),
        other => panic!("no welcome first: {other:?}"),
    }
}

fn presence(frames: &[ServerFrame]) -> Vec<Presence> {
    let told = frames.iter().filter_map(|frame| match frame {
        ServerFrame::Presence(presence) => Some((**presence).clone()),
        _ => None,
    });
    told.collect()
}

fn gaps(frames: &[ServerFrame]) -> Vec<Gap> {
    frames.iter().filter_map(|frame| if let ServerFrame::Gap(gap) = frame { Some(gap.clone()) } else { None }).collect()
}

#[test]
fn a_message_gives_its_sender_an_ack_and_everybody_the_message() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    let (_, bo) = world.member("Bo", 2);
    world.read(ann);
    world.read(bo);
    world.say(ann, "m1", "hello");
    let (to_ann, to_bo) = (world.read(ann), world.read(bo));
    assert!(matches!(&to_ann[..], [ServerFrame::Ack(ack), ServerFrame::Message(_)] if ack.seq == Seq(1)));
    assert_eq!(texts(&to_bo), ["hello"]);
    assert!(acks(&to_bo).is_empty());
}

#[test]
fn the_first_frame_says_who_i_am_and_how_the_room_stands() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    world.say(ann, "m1", "hello");
    let reader = viewer("Cy", 3);
    let cy = world.connect(&reader, None);
    let frames = world.read(cy);
    let welcome = welcome(&frames);
    assert_eq!((welcome.seq, welcome.members, welcome.online), (Seq(1), 1, 1));
    assert_eq!((welcome.role, welcome.you.name.as_str()), (Role::Visitor, "Cy"));
    assert!(messages(&frames).is_empty(), "who names no Seq gets no history by itself");
}

#[test]
fn a_message_sent_twice_is_stored_once_and_acknowledged_the_same() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    let (_, bo) = world.member("Bo", 2);
    world.say(ann, "m1", "hello");
    world.sleep_and_wake();
    world.say(ann, "m1", "hello");
    let (ack, new, _) = world.core.post(&owner, &send("m1", "hello"), world.now).unwrap();
    assert!(!new);
    assert!(acks(&world.read(ann)).iter().all(|one| *one == ack));
    let seqs: Vec<_> = messages(&world.read(bo)).iter().map(|message| message.seq).collect();
    assert!(seqs.iter().all(|seq| *seq == Seq(1)), "{seqs:?}");
}

#[test]
fn a_mention_sent_twice_is_told_once() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let (bo, _) = world.member("Bo", 2);
    let wanted = Send { mentions: vec![bo.person.id.clone()], ..send("m1", "@Bo come") };
    for is_new in [true, false, false] {
        assert_eq!(world.core.post(&owner, &wanted, world.now).unwrap().1, is_new);
    }
    let (_, changes) = world.core.log().outbox().unwrap().unwrap();
    let told = changes.iter().filter(|change| matches!(change, Change::Mentioned(..))).count();
    assert_eq!((told, world.core.log().head().unwrap().seq), (1, Seq(1)));
}

#[test]
fn an_id_used_for_another_text_is_refused_and_named() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    world.say(ann, "m1", "hello");
    world.read(ann);
    world.say(ann, "m1", "goodbye");
    let frames = world.read(ann);
    assert!(matches!(&frames[..], [ServerFrame::Error(refusal)]
        if refusal.code == Code::IdReused && refusal.id.as_ref().is_some_and(|id| id.as_str() == "m1")));
    assert_eq!(refused(world.core.post(&owner, &send("m1", "goodbye"), world.now)), Code::IdReused);
}

#[test]
fn two_people_may_use_the_same_id() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    let (_, bo) = world.member("Bo", 2);
    world.say(ann, "m1", "from Ann");
    world.say(bo, "m1", "from Bo");
    assert_eq!(texts(&world.read(ann)), ["from Ann", "from Bo"]);
}

#[test]
fn time_rises_with_seq_when_the_clock_stands_still_or_steps_back() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    world.say(ann, "m1", "one");
    world.say(ann, "m2", "two");
    world.now -= HOUR;
    world.say(ann, "m3", "three");
    world.sleep_and_wake();
    world.say(ann, "m4", "four");
    let mut messages = messages(&world.read(ann));
    messages.sort_by_key(|message| message.seq);
    messages.dedup();
    let places: Vec<_> = messages.iter().map(|message| (message.seq.0, message.at - START)).collect();
    assert_eq!(places, [(1, 0), (2, 1), (3, 2), (4, 3)]);
}

#[test]
fn a_reconnect_gets_exactly_what_was_missed() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    let (bo_viewer, bo) = world.member("Bo", 2);
    world.say(ann, "m1", "seen");
    world.cut(bo);
    world.say(ann, "m2", "missed 1");
    world.say(ann, "m3", "missed 2");
    let again = world.connect(&bo_viewer, since(1));
    let frames = world.read(again);
    assert_eq!(welcome(&frames).seq, Seq(3));
    assert_eq!(texts(&frames), ["missed 1", "missed 2"]);
    assert!(gaps(&frames).is_empty());
}

#[test]
fn too_much_to_resume_is_a_gap_and_the_newest_page() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    for number in 1..=601 {
        world.say(ann, &format!("m{number}"), "text");
    }
    let bo = world.connect(&viewer("Bo", 2), since(100));
    let frames = world.read(bo);
    let epoch = welcome(&frames).epoch;
    assert_eq!(gaps(&frames), [Gap { epoch, from: Seq(101), to: Seq(551), reason: GapReason::TooMany }]);
    let seqs: Vec<_> = messages(&frames).iter().map(|message| message.seq.0).collect();
    assert_eq!(seqs, (552..=601).collect::<Vec<_>>());

    let enough = world.connect(&viewer("Cy", 3), since(101));
    assert_eq!(messages(&world.read(enough)).len(), 500);
}

#[test]
fn a_place_in_another_history_is_a_gap_from_the_beginning() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    world.say(ann, "m1", "one");
    let other = Since { seq: Seq(1), epoch: Some(Epoch::from_random([9; 12])) };
    for place in [other, Since { seq: Seq(2), epoch: None }] {
        let bo = world.connect(&viewer("Bo", 2), Some(place));
        let frames = world.read(bo);
        assert_eq!(gaps(&frames)[0].reason, GapReason::Epoch);
        assert_eq!(texts(&frames), ["one"]);
        world.cut(bo);
    }
}

#[test]
fn a_client_away_longer_than_the_history_is_told_so() {
    let mut world = World::new();
    world.retention = Retention { days: 365, messages: 10 };
    world.sleep_and_wake();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    for number in 1..=30 {
        world.say(ann, &format!("m{number}"), "text");
    }
    let (_, effects) = world.core.keep_house(world.now).unwrap();
    world.perform(effects);
    let bo = world.connect(&viewer("Bo", 2), since(5));
    let frames = world.read(bo);
    let Gap { from, to, reason, .. } = gaps(&frames)[0].clone();
    assert_eq!((from, to, reason), (Seq(6), Seq(20), GapReason::Trimmed));
    assert_eq!(messages(&frames).len(), 10);
}

#[test]
fn numbering_goes_on_after_all_history_is_past_its_days() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    world.say(ann, "m1", "one");
    world.say(ann, "m2", "two");
    world.cut(ann);
    world.pass(366 * DAY);
    assert_eq!(world.core.keep_house(world.now).unwrap().0, None, "the newest message stays, and needs no alarm");
    world.sleep_and_wake();
    let cy = viewer("Cy", 3);
    let cy = hihichat::domain::person::Viewer { expires: world.now + DAY, ..cy };
    world.join(&cy);
    let (ack, ..) = world.core.post(&cy, &send("m3", "three"), world.now).unwrap();
    assert_eq!(ack.seq, Seq(3));
}

#[test]
fn the_last_seconds_are_said_again_after_a_reset_and_older_ones_are_not() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    let (_, bo) = world.member("Bo", 2);
    world.say(ann, "m1", "long ago");
    world.pass(20 * SECOND);
    world.read(ann);
    world.read(bo);
    // Durable, and then the isolate is reset before anything was sent.
    world.losing = true;
    world.say(ann, "m2", "durable but unsent");
    world.pass(SECOND);
    world.sleep_and_wake();
    assert_eq!(texts(&world.read(bo)), ["durable but unsent"]);
    let to_ann = world.read(ann);
    assert_eq!(acks(&to_ann).len(), 1);
    assert_eq!(texts(&to_ann), ["durable but unsent"]);
    world.pass(20 * SECOND);
    world.sleep_and_wake();
    assert!(world.read(bo).is_empty());
}

#[test]
fn three_tabs_are_one_person() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    let (bo_viewer, first) = world.member("Bo", 2);
    let (second, third) = (world.connect(&bo_viewer, None), world.connect(&bo_viewer, None));
    assert_eq!(world.core.online(), 2);
    world.pass(2 * SECOND);
    world.read(ann);
    world.cut(first);
    world.cut(third);
    world.pass(2 * SECOND);
    assert!(presence(&world.read(ann)).is_empty(), "a tab less is no going");
    world.cut(second);
    world.pass(2 * SECOND);
    let told = presence(&world.read(ann));
    assert_eq!((told.len(), told[0].online, told[0].went.len()), (1, 1, 1));
}

#[test]
fn presence_is_told_at_most_once_a_second_and_counts_are_exact() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    world.pass(2 * SECOND);
    world.read(ann);
    for number in 2..=80 {
        world.member(&format!("P{number}"), number);
    }
    world.pass(SECOND);
    let told = presence(&world.read(ann));
    assert_eq!(told.len(), 2, "the first at once, the rest together");
    assert_eq!(told[1].online, 80);
    assert_eq!(told[1].members, 80);
    assert_eq!(told[1].came.len(), 50, "names are cut, counts are not");
}

#[test]
fn whoever_comes_back_within_the_second_was_never_away() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    let (bo_viewer, bo) = world.member("Bo", 2);
    world.read(ann);
    world.cut(bo);
    world.connect(&bo_viewer, None);
    world.pass(2 * SECOND);
    let told = presence(&world.read(ann));
    assert!(told.iter().all(|one| one.went.is_empty()), "{told:?}");
}

#[test]
fn names_and_counts_of_one_frame_agree_when_somebody_joins_and_leaves_at_once() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    let bo_viewer = viewer("Bo", 2);
    let bo = world.connect(&bo_viewer, None);
    world.pass(2 * SECOND);
    world.read(ann);
    world.join(&bo_viewer);
    let told = presence(&world.read(ann));
    assert_eq!((told[0].online, told[0].came.len(), told[0].joined.len()), (2, 1, 1));
    world.leave(&bo_viewer);
    world.cut(bo);
    world.pass(2 * SECOND);
    let told = presence(&world.read(ann));
    assert_eq!((told.len(), told[0].online, told[0].went.len(), told[0].left.len()), (1, 1, 1, 1));
}

#[test]
fn presence_survives_sleep() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    let (_, bo) = world.member("Bo", 2);
    world.pass(12 * SECOND);
    world.sleep_and_wake();
    assert_eq!(world.core.online(), 2);
    world.read(ann);
    world.cut(bo);
    assert_eq!(presence(&world.read(ann))[0].went.len(), 1, "a close can be what wakes the room");
}

#[test]
fn a_visitor_reads_but_does_not_post_and_is_not_counted() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    let cy_viewer = viewer("Cy", 3);
    let cy = world.connect(&cy_viewer, None);
    assert_eq!(world.core.online(), 1);
    world.read(cy);
    world.say(cy, "m1", "let me in");
    world.frame(cy, r#"{"type":"typing"}"#);
    assert_eq!(refusals(&world.read(cy)), [Code::NotAMember, Code::NotAMember]);
    assert_eq!(refused(world.core.post(&cy_viewer, &send("m1", "x"), world.now)), Code::NotAMember);
    world.say(ann, "m1", "hello");
    assert_eq!(texts(&world.read(cy)), ["hello"]);
    world.join(&cy_viewer);
    world.say(cy, "m2", "thank you");
    assert_eq!(texts(&world.read(ann)), ["hello", "thank you"]);
}

#[test]
fn whoever_leaves_is_a_visitor_on_every_open_connection() {
    let mut world = World::new();
    let (bo_viewer, bo) = world.member("Bo", 2);
    world.leave(&bo_viewer);
    world.leave(&bo_viewer);
    world.sleep_and_wake();
    world.read(bo);
    world.say(bo, "m1", "still here?");
    assert_eq!(refusals(&world.read(bo)), [Code::NotAMember]);
    assert_eq!((world.core.online(), world.core.log().members()), (0, 1));
}

#[test]
fn an_owner_who_leaves_and_joins_again_is_the_owner() {
    let mut world = World::new();
    let owner = world.owner.clone();
    world.leave(&owner);
    assert_eq!(world.core.standing(&owner, world.now).unwrap().role, Role::Visitor);
    world.join(&owner);
    assert_eq!(world.core.standing(&owner, world.now).unwrap().role, Role::Owner);
}

#[test]
fn a_log_out_closes_every_tab_and_the_token_is_refused_from_then_on() {
    let mut world = World::new();
    let (bo_viewer, first) = world.member("Bo", 2);
    let second = world.connect(&bo_viewer, None);
    let ended = Ended { session: bo_viewer.session.clone(), expires: bo_viewer.expires };
    let departed = Departed { person: bo_viewer.person.id.clone(), sessions: vec![ended], last: true, erased: None };
    for _ in 0..2 {
        let effects = world.core.depart(&departed, world.now).unwrap();
        world.perform(effects);
    }
    for id in [first, second] {
        assert_eq!(world.closed[&id], CloseReason::SignedOut);
    }
    assert_eq!(world.core.log().members(), 1);
    world.sleep_and_wake();
    assert_eq!(refused(world.core.view(&bo_viewer, world.now)), Code::SessionEnded);
    assert_eq!(refused(world.core.join(&bo_viewer, None, world.now)), Code::SessionEnded);
    assert_eq!(
        refused(
            world.core.connect(ConnectionId(9), &bo_viewer, None, false, world.now).map(|(connection, _)| connection)
        ),
        Code::SessionEnded
    );
    assert_eq!(refused(world.core.post(&bo_viewer, &send("m", "x"), world.now)), Code::SessionEnded);
}

#[test]
fn a_session_that_expires_while_connected_is_closed_at_the_next_frame() {
    let mut world = World::new();
    let (bo_viewer, bo) = world.member("Bo", 2);
    world.pass(bo_viewer.expires - world.now);
    world.say(bo, "m1", "late");
    assert_eq!(world.closed[&bo], CloseReason::SessionExpired);
    assert_eq!(world.core.connections().count(), 0);
}

#[test]
fn whose_session_is_over_hears_nothing_more_though_they_say_nothing_awake_or_after_a_sleep() {
    for sleeps in [false, true] {
        let mut world = World::new();
        let (bo_viewer, bo) = world.member("Bo", 2);
        let ann = world.connect(&world.owner.clone(), None);
        let cy_viewer = hihichat::domain::person::Viewer { expires: bo_viewer.expires + DAY, ..viewer("Cy", 3) };
        world.join(&cy_viewer);
        let cy = world.connect(&cy_viewer, None);
        world.pass(bo_viewer.expires - 1 - world.now);
        world.say(cy, "m1", "in time");
        world.read(bo);
        assert_eq!(world.core.expiry_due(world.now), Some(bo_viewer.expires));
        world.pass(1);
        if sleeps {
            world.sleep_and_wake();
        }
        world.say(cy, "m2", "too late for Bo");
        assert!(world.read(bo).is_empty());
        for (connection, is_over) in [(bo, true), (ann, true), (cy, false)] {
            assert_eq!(world.closed.get(&connection) == Some(&CloseReason::SessionExpired), is_over);
        }
        assert_eq!(texts(&world.read(cy)).last().map(String::as_str), Some("too late for Bo"));
        assert_eq!((world.core.online(), world.core.expiry_due(world.now)), (1, None));
    }
}

#[test]
fn a_frame_over_the_limit_ends_the_connection() {
    let mut world = World::new();
    let (_, bo) = world.member("Bo", 2);
    world.frame(bo, &" ".repeat(64 * 1024 + 1));
    assert_eq!(world.closed[&bo], CloseReason::FrameTooLarge);
}

#[test]
fn a_binary_frame_is_refused_and_a_large_one_ends_the_connection() {
    let mut world = World::new();
    let (_, bo) = world.member("Bo", 2);
    world.read(bo);
    for bytes in [64 * 1024, 64 * 1024 + 1] {
        let effects = world.core.binary_frame(bo, bytes, world.now).unwrap();
        world.perform(effects);
    }
    assert_eq!(refusals(&world.read(bo)), [Code::BinaryFrame]);
    assert_eq!(world.closed[&bo], CloseReason::FrameTooLarge);
}

#[test]
fn a_guest_away_for_a_day_is_no_member_and_one_who_is_connected_is() {
    let mut world = World::new();
    let owner = world.owner.clone();
    world.connect(&owner, None);
    let (bo_viewer, bo) = world.member("Bo", 2);
    world.pass(HOUR);
    world.cut(bo);
    world.pass(DAY);
    let due = world.core.house_due(world.now).unwrap().unwrap();
    assert!(due <= world.now + 1);
    world.core.keep_house(world.now).unwrap();
    assert_eq!(world.core.log().members(), 2, "a day has not passed since Bo went");
    world.pass(SECOND);
    let (next, effects) = world.core.keep_house(world.now).unwrap();
    world.perform(effects);
    assert_eq!(world.core.log().members(), 1);
    assert!(next.is_some_and(|next| next > world.now + HOUR));
    assert_eq!(world.core.standing(&bo_viewer, world.now).unwrap().role, Role::Visitor);
}

#[test]
fn the_directory_hears_of_members_and_of_those_who_read_along() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let (bo_viewer, _) = world.member("Bo", 2);
    let cy = viewer("Cy", 3);
    world.connect(&cy, None);
    world.leave(&bo_viewer);
    let id = |viewer: &hihichat::domain::person::Viewer| viewer.person.id.clone();
    let (place, changes) = world.core.log().outbox().unwrap().unwrap();
    let [Change::Joined { person: first, at: made, .. }, Change::Joined { person: second, .. }, rest @ ..] =
        &changes[..]
    else {
        panic!("{changes:?}")
    };
    assert_eq!((first, *made, second), (&owner.person, START, &bo_viewer.person));
    assert_eq!(rest, [Change::Visited(id(&cy)), Change::Left(id(&bo_viewer))]);
    world.core.log().published(place).unwrap();
    assert_eq!(world.core.log().outbox().unwrap(), None);
}

#[test]
fn reports_are_half_a_minute_apart_but_for_the_one_of_an_empty_room() {
    let mut world = World::new();
    let owner = world.owner.clone();
    assert_eq!(world.core.report(world.now), Report::Nothing);
    let ann = world.connect(&owner, None);
    assert_eq!(world.core.report(world.now), Report::Now);
    assert_eq!(world.core.take_report(world.now).online, 1);
    world.say(ann, "m1", "hello");
    assert_eq!(world.core.report(world.now), Report::At(world.now + 30 * SECOND));
    world.pass(30 * SECOND);
    assert_eq!(world.core.report(world.now), Report::Now);
    world.core.take_report(world.now);
    world.cut(ann);
    assert_eq!(world.core.report(world.now), Report::Now);
    assert_eq!(world.core.take_report(world.now).online, 0);
}

#[test]
fn history_comes_in_pages_back_to_the_first() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    for number in 1..=7 {
        world.say(ann, &format!("m{number}"), "text");
    }
    let mut before = None;
    let mut seen = Vec::new();
    loop {
        let page = world.core.messages_before(&owner, before, 3, world.now).unwrap();
        let seqs: Vec<_> = messages(&page.messages).iter().map(|message| message.seq.0).collect();
        before = seqs.first().map(|seq| Seq(*seq));
        seen.push(seqs);
        if !page.more {
            break;
        }
    }
    assert_eq!(seen, [vec![5, 6, 7], vec![2, 3, 4], vec![1]]);
}

#[test]
fn members_come_in_pages_with_their_roles() {
    let mut world = World::new();
    let owner = world.owner.clone();
    for number in 2..=60 {
        let guest = viewer(&format!("P{number}"), number);
        world.join(&guest);
    }
    let first = world.core.members(&owner, None, world.now).unwrap();
    assert_eq!(
        (first.members.len(), first.members[0].role, first.members[1].role),
        (50, Role::Owner, Role::GuestMember)
    );
    let second = world.core.members(&owner, first.next.as_deref(), world.now).unwrap();
    assert_eq!((second.members.len(), second.next), (10, None));
    assert_eq!(refused(world.core.members(&owner, Some("rubbish"), world.now)), Code::BadCursor);
}
