//! What a room's batch does in Redis, in one step with what the Directory hears of it.

use crate::directory::{in_redis, joined, now, publication};
use crate::support::redis::Redis;
use crate::support::wire::HostWire;
use crate::support::world::{viewer, START};
use hihichat::directory::{Batch, Directory, DirectoryError, Publication};
use hihichat::domain::id::Epoch;
use hihichat::domain::text::RoomName;
use serde_json::json;

fn batch(entries: &[(&str, &str)]) -> Batch {
    let owned = |(score, member): &(&str, &str)| ((*score).to_owned(), (*member).to_owned());
    Batch {
        epoch: "epochepoch01".to_owned(),
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
