//! What a room's batch does in Redis, in one step with what the Directory hears of it.

use crate::directory::{in_redis, joined, now, publication};
use crate::support::redis::Redis;
use crate::support::wire::HostWire;
use crate::support::world::{viewer, World, START};
use hihichat::archive::doubt::Doubt;
use hihichat::directory::{Batch, Directory, DirectoryError, Publication};
use hihichat::domain::id::{Epoch, Seq};
use hihichat::domain::membership::{Erased, Erasure};
use hihichat::domain::text::RoomName;
use serde_json::json;

fn batch(entries: &[(&str, &str)]) -> Batch {
    let owned = |(score, member): &(&str, &str)| ((*score).to_owned(), (*member).to_owned());
    Batch {
        epoch: "epochepoch01".to_owned(),
        version: 7,
        owner: viewer("Ann", 1).person,
        entries: entries.iter().map(owned).collect(),
        revised: Vec::new(),
        oldest: None,
        kept_until: None,
    }
}

fn with(batch: Batch) -> Publication {
    Publication { batch: Some(batch), ..publication("Lobby", START, vec![]) }
}

#[track_caller]
fn expect(redis: &Redis, members: &[&str]) {
    assert_eq!(redis.command(json!(["ZRANGE", "msg-Lobby", 0, -1])), json!(members));
}

#[test]
fn a_batch_said_twice_is_there_once_and_replaces_what_is_in_its_range() {
    let redis = Redis::start();
    let directory = in_redis(&redis);
    let first = with(batch(&[("1.000", "a"), ("2.000", "b"), ("3.000", "c")]));
    for _ in 0..2 {
        now(directory.publish(&first, START)).unwrap();
    }
    expect(&redis, &["a", "b", "c"]);
    // The same places, one of them as it is now.
    now(directory.publish(&with(batch(&[("2.000", "b, edited"), ("3.000", "c")])), START)).unwrap();
    expect(&redis, &["a", "b, edited", "c"]);
}

#[test]
fn single_messages_are_replaced_or_taken_away_by_their_score() {
    let redis = Redis::start();
    let directory = in_redis(&redis);
    now(directory.publish(&with(batch(&[("1.000", "a"), ("2.000", "b"), ("3.000", "c")])), START)).unwrap();
    let revised = vec![("1.000".to_owned(), "a, edited".to_owned()), ("3.000".to_owned(), String::new())];
    now(directory.publish(&with(Batch { revised, ..batch(&[]) }), START)).unwrap();
    expect(&redis, &["a, edited", "b"]);
}

#[test]
fn retention_takes_what_is_older_but_not_what_came_from_elsewhere() {
    let redis = Redis::start();
    let directory = in_redis(&redis);
    let all = [("1.000", "tutorial"), ("2.000", "old"), ("3.000", "kept")];
    now(directory.publish(&with(batch(&all)), START)).unwrap();
    let trimmed = Batch { oldest: Some("3.000".to_owned()), kept_until: Some("1.000".to_owned()), ..batch(&[]) };
    now(directory.publish(&with(trimmed), START)).unwrap();
    expect(&redis, &["tutorial", "kept"]);
    let all_of_it = Batch { oldest: Some("3.000".to_owned()), ..batch(&[]) };
    now(directory.publish(&with(all_of_it), START)).unwrap();
    expect(&redis, &["kept"]);
}

#[test]
fn another_epoch_may_not_write_and_changes_nothing() {
    let redis = Redis::start();
    let directory = in_redis(&redis);
    now(directory.publish(&with(batch(&[("1.000", "a")])), START)).unwrap();
    let other = Batch { epoch: "another".to_owned(), ..batch(&[("2.000", "late")]) };
    let mut late = with(other);
    late.changes = vec![joined(&viewer("Bo", 2).person.id)];
    assert_eq!(now(directory.publish(&late, START)), Err(DirectoryError::Superseded));
    expect(&redis, &["a"]);
    assert_eq!(redis.command(json!(["ZCARD", "chat-Lobby"])), json!(0));
}

#[test]
fn a_telling_that_comes_after_a_newer_one_changes_nothing() {
    let redis = Redis::start();
    let directory = in_redis(&redis);
    now(directory.publish(&with(Batch { version: 8, ..batch(&[("1.000", "a, edited")]) }), START)).unwrap();
    let mut late = with(batch(&[("1.000", "a")]));
    late.changes = vec![joined(&viewer("Bo", 2).person.id)];
    assert_eq!(now(directory.publish(&late, START)), Err(DirectoryError::Superseded));
    expect(&redis, &["a, edited"]);
    assert_eq!(redis.command(json!(["ZCARD", "chat-Lobby"])), json!(0));
    // The same one again is fine, and so is whoever has the room next.
    now(directory.publish(&with(Batch { version: 8, ..batch(&[("1.000", "a, edited")]) }), START)).unwrap();
    let archive = hihichat::redis::Redis(HostWire::to(&redis));
    let (name, epoch) = (RoomName::parse("Lobby").unwrap(), Epoch::from_random([9; 12]));
    now(archive.find_room(&name.key(), &name, &epoch)).unwrap();
    let next = Batch { epoch: epoch.as_str().to_owned(), version: 1, ..batch(&[("2.000", "b")]) };
    now(directory.publish(&with(next), START)).unwrap();
    expect(&redis, &["a, edited", "b"]);
}

#[test]
fn a_closed_room_writes_nothing_also_when_its_name_is_free_or_another_s() {
    let redis = Redis::start();
    let directory = in_redis(&redis);
    let ours = with(batch(&[("1.000", "a")]));
    now(directory.publish(&ours, START)).unwrap();
    now(directory.hide(&ours.key)).unwrap();
    now(directory.publish(&ours, START)).unwrap();
    now(directory.free(&ours.key)).unwrap();
    // What was on its way when the room was closed.
    now(directory.publish(&ours, START)).unwrap();
    assert_eq!(redis.command(json!(["KEYS", "*obby*"])), json!([]));
    let next = with(Batch { epoch: "the next one".to_owned(), ..batch(&[("5.000", "new")]) });
    now(directory.publish(&next, START)).unwrap();
    now(directory.publish(&ours, START)).unwrap();
    expect(&redis, &["new"]);
}

#[test]
fn whoever_finds_a_room_may_write_and_nobody_else_any_more() {
    let redis = Redis::start();
    let directory = in_redis(&redis);
    now(directory.publish(&with(batch(&[("1.000", "a")])), START)).unwrap();
    let archive = hihichat::redis::Redis(HostWire::to(&redis));
    let name = RoomName::parse("LOBBY").unwrap();
    let epoch = Epoch::from_random([9; 12]);
    assert!(now(archive.find_room(&name.key(), &name, &epoch)).unwrap().is_some(), "by its key, however it is typed");
    assert_eq!(now(directory.publish(&with(batch(&[("2.000", "b")])), START)), Err(DirectoryError::Superseded));
    let nowhere = RoomName::parse("nowhere").unwrap();
    assert!(now(archive.find_room(&nowhere.key(), &nowhere, &epoch)).unwrap().is_none());
}

#[test]
fn what_is_in_doubt_covers_all_of_it_while_it_lasts_and_begins_anew_when_it_is_over() {
    let doubt = |after, up_to, until| Doubt { after: Seq(after), up_to: Seq(up_to), until };
    let (before, new) = (doubt(10, 20, 60), doubt(15, 30, 90));
    assert_eq!(Doubt::merged(Some(before), Some(new), 59), Some(doubt(10, 30, 90)));
    assert_eq!(Doubt::merged(Some(before), Some(new), 60), Some(new));
    assert_eq!(Doubt::merged(Some(before), None, 1_000), Some(before), "over, and not the same as never looked");
    assert_eq!(Doubt::merged(None, Some(new), 0), Some(new));
}

#[test]
fn only_what_was_revised_since_is_in_doubt_and_the_log_keeps_it_through_sleep() {
    let mut world = World::new();
    let (bo, id) = world.member("Bo", 2);
    (1..=4).for_each(|n| world.say(id, &format!("m{n}"), "hello"));
    world.frame(id, r#"{"type":"edit","id":"e1","seq":2,"text":"changed"}"#);
    let is_revised = |world: &World, after, up_to| world.core.log().is_revised(Seq(after), Seq(up_to)).unwrap();
    assert!(is_revised(&world, 1, 2) && is_revised(&world, 0, 9));
    assert!(!is_revised(&world, 2, 9) && !is_revised(&world, 0, 1));
    let doubt = Doubt { after: Seq(1), up_to: Seq(4), until: START + 60_000 };
    world.core.log_mut().note_doubt(Some(doubt)).unwrap();
    world.sleep_and_wake();
    assert_eq!(world.core.log().doubt(), Some(doubt));
    // Whose name is gone from a message has revised it too.
    let effects = world.core.erase(&Erased { person: bo.person.id, messages: Erasure::Kept }, world.now).unwrap();
    world.perform(effects);
    assert!(is_revised(&world, 2, 3));
}

#[test]
fn a_room_s_version_grows_with_all_that_is_told_and_never_shrinks() {
    let mut world = World::new();
    let version = |world: &World| world.core.log().version().unwrap();
    let mut last = version(&world);
    let mut grows = |world: &World, what: &str| assert!(std::mem::replace(&mut last, version(world)) < last, "{what}");
    let (bo, id) = world.member("Bo", 2);
    grows(&world, "a join");
    world.say(id, "m1", "hello");
    grows(&world, "a message");
    world.frame(id, r#"{"type":"edit","id":"e1","seq":1,"text":"changed"}"#);
    grows(&world, "an edit");
    world.leave(&bo);
    grows(&world, "a leave");
    let before = version(&world);
    let (place, _) = world.core.log().outbox().unwrap().unwrap();
    world.core.log().published(place).unwrap();
    world.sleep_and_wake();
    assert_eq!(version(&world), before, "what was told takes nothing of it away");
}
