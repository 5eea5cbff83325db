//! What every Directory must do. One function a claim, over any of them; each store runs them all.

mod accounts;
mod deletions;

use crate::support::redis::Redis;
use crate::support::sql::HostSql;
use crate::support::wire::HostWire;
use crate::support::world::{viewer, START};
use accounts::*;
use deletions::*;
use hihichat::directory::client::Client;
use hihichat::directory::embedded::store::Store;
use hihichat::directory::{Accounts, Directory, DirectoryError, Publication, Reservation, RESERVATION};
use hihichat::domain::id::PersonId;
use hihichat::domain::listing::{RoomRow, LIST_PAGE};
use hihichat::domain::membership::Change;
use hihichat::domain::person::{Kind, Person, PersonView, SESSION};
use hihichat::domain::rights::Access;
use hihichat::domain::text::{Description, PersonName, RoomKey, RoomName};
use hihichat::domain::time::Millis;
use hihichat::sql::Sql;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Runs a future that never waits.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a store on the host waited"),
    }
}

fn embedded() -> impl Directory {
    Store::open(HostSql::empty()).unwrap()
}

pub fn in_redis(redis: &Redis) -> Client<hihichat::redis::Redis<HostWire>> {
    Client(hihichat::redis::Redis(HostWire::to(redis)))
}

fn reservation(name: &str, by: u8) -> Reservation {
    let name = RoomName::parse(name).unwrap();
    Reservation { name: name.clone(), key: name.key(), skeleton: name.skeleton(), by: viewer("Ann", by).person.id }
}

pub fn publication(name: &str, activity: Millis, changes: Vec<Change>) -> Publication {
    let name = RoomName::parse(name).unwrap();
    let row = RoomRow {
        name: name.clone(),
        description: Description::parse("about").unwrap(),
        access: Access::Open,
        created: START,
        activity,
        messages: 0,
        members: 1,
        online: 1,
        people: vec![PersonView::from(&viewer("Ann", 1).person)],
        read: None,
        mentions: None,
    };
    Publication { key: name.key(), skeleton: name.skeleton(), row, changes, batch: None, spent: None }
}

/// Somebody has become a member.
pub fn joined(person: &PersonId) -> Change {
    let name = PersonName::parse("Bo").unwrap();
    Change::Joined { person: Person { id: person.clone(), name, kind: Kind::Guest }, at: START, read: 0 }
}

fn publish(directory: &impl Directory, name: &str, activity: Millis) {
    now(directory.publish(&publication(name, activity, vec![]), START)).unwrap();
}

/// The same for a private room.
fn publish_private(directory: &impl Directory, name: &str, activity: Millis, changes: Vec<Change>) {
    let mut publication = publication(name, activity, changes);
    publication.row.access = Access::Private;
    now(directory.publish(&publication, START)).unwrap();
}

fn key(name: &str) -> RoomKey {
    RoomName::parse(name).unwrap().key()
}

fn names(directory: &impl Directory) -> Vec<String> {
    let page = now(directory.rooms(None)).unwrap();
    page.rooms.iter().map(|row| row.name.to_string()).collect()
}

macro_rules! conformance {
    ($($claim:ident)*) => {
        mod on_the_embedded_one {
            $(#[test] fn $claim() { super::$claim(&super::embedded()); })*
        }

        mod on_redis {
            $(#[test]
            fn $claim() {
                let redis = crate::support::redis::Redis::start();
                super::$claim(&super::in_redis(&redis));
            })*
        }
    };
}

conformance! {
    of_two_who_want_one_name_the_first_gets_it
    a_reservation_lapses_and_may_be_repeated_by_its_owner
    a_name_that_looks_like_a_room_is_taken
    a_reserved_name_is_not_in_the_list
    the_list_is_by_activity_and_pages_without_doubles
    a_room_said_twice_is_there_once_and_as_said_last
    a_private_room_is_in_no_list_and_keeps_its_name
    a_member_finds_their_rooms_private_ones_too_by_activity
    a_closing_room_is_in_no_list_whatever_it_says_and_keeps_its_name
    a_closed_room_leaves_its_name_and_nobody_has_it
    a_log_out_learns_the_rooms_of_its_person
    a_change_that_a_log_out_has_overtaken_is_answered_with_it
    a_departure_is_forgotten_when_no_token_of_it_can_be_valid
    changes_said_twice_change_nothing
    a_member_s_own_rooms_tell_what_they_have_read_and_who_mentions_them
    a_new_room_of_an_old_name_begins_unread
    only_so_many_mentions_are_told_apart

    a_name_is_taken_once_whatever_its_case_width_or_look
    an_account_is_found_by_its_name_in_any_case
    a_guest_may_not_have_an_account_s_name_or_one_like_it
    a_guest_who_registers_is_the_same_person_and_their_rooms_are_told
    a_guest_s_session_that_ended_or_was_used_makes_no_account
    a_log_in_checked_against_a_record_that_is_gone_opens_nothing
    a_session_lasts_a_month_from_its_last_use
    a_session_that_ended_is_in_no_list_and_not_touched_again
    one_s_own_sessions_only
    logging_out_everywhere_ends_all_and_the_last_is_said
    ending_a_session_again_tells_the_rooms_again
    a_new_password_renews_its_own_session_and_ends_the_others
    an_old_password_s_proof_sets_nothing
    a_recovery_ends_every_session
    a_reset_token_is_good_once_and_for_an_hour
    a_newer_reset_token_or_password_ends_the_older_token
    whoever_is_blocked_has_no_session_and_gets_none
    a_guest_can_be_blocked_by_who_they_are
    nobody_unknown_is_reset_or_blocked

    a_deleted_account_is_gone_and_its_name_is_free
    a_deletion_needs_the_record_that_it_was_checked_against
    whoever_is_blocked_does_not_escape_by_deleting_themselves
    a_deletion_that_is_asked_for_again_is_fine
    a_deletion_is_an_errand_to_each_room_that_the_person_is_or_was_in
    what_a_guest_has_left_is_remembered_when_they_register
    an_errand_is_given_out_again_ever_later_until_it_is_done
    errands_are_given_out_so_many_at_a_time
    a_room_that_a_deleted_account_gets_into_learns_what_becomes_of_it
    a_deleted_account_leaves_no_trace_of_the_rooms_it_was_in
}

fn of_two_who_want_one_name_the_first_gets_it(directory: &impl Directory) {
    assert_eq!(now(directory.reserve(&reservation("Lobby", 1), START)), Ok(()));
    assert_eq!(now(directory.reserve(&reservation("LOBBY", 2), START)), Err(DirectoryError::Taken));
    publish(directory, "Lobby", START);
    assert_eq!(now(directory.reserve(&reservation("lobby", 1), START + 2 * RESERVATION)), Err(DirectoryError::Taken));
}

fn a_reservation_lapses_and_may_be_repeated_by_its_owner(directory: &impl Directory) {
    assert_eq!(now(directory.reserve(&reservation("Lobby", 1), START)), Ok(()));
    assert_eq!(now(directory.reserve(&reservation("Lobby", 1), START + 1)), Ok(()));
    assert_eq!(now(directory.reserve(&reservation("Lobby", 2), START + RESERVATION)), Err(DirectoryError::Taken));
    assert_eq!(now(directory.reserve(&reservation("Lobby", 2), START + 1 + RESERVATION)), Ok(()));
}

fn a_name_that_looks_like_a_room_is_taken(directory: &impl Directory) {
    publish(directory, "paypal", START);
    // The first letter is Cyrillic.
    assert_eq!(now(directory.reserve(&reservation("рaypal", 2), START)), Err(DirectoryError::Taken));
}

fn a_reserved_name_is_not_in_the_list(directory: &impl Directory) {
    now(directory.reserve(&reservation("Lobby", 1), START)).unwrap();
    assert!(names(directory).is_empty());
    publish(directory, "Lobby", START);
    assert_eq!(names(directory), ["Lobby"]);
}

fn the_list_is_by_activity_and_pages_without_doubles(directory: &impl Directory) {
    let count = LIST_PAGE * 2 + 3;
    for number in 0..count {
        // Pairs share their activity, so that a page can end between two that are equal.
        publish(directory, &format!("room {number:03}"), START + number as Millis / 2);
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = now(directory.rooms(after.as_ref())).unwrap();
        assert!(page.rooms.len() <= LIST_PAGE);
        seen.extend(page.rooms.into_iter().map(|row| (row.activity, row.name.to_string())));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let mut expected = seen.clone();
    expected.sort_by(|one, other| other.cmp(one));
    expected.dedup();
    assert_eq!(seen.len(), count);
    assert_eq!(seen, expected);
}

fn a_room_said_twice_is_there_once_and_as_said_last(directory: &impl Directory) {
    publish(directory, "Lobby", START);
    publish(directory, "Other", START + 1);
    publish(directory, "Lobby", START + 2);
    assert_eq!(names(directory), ["Lobby", "Other"]);
}

fn a_private_room_is_in_no_list_and_keeps_its_name(directory: &impl Directory) {
    publish(directory, "Lobby", START);
    publish_private(directory, "Board", START, vec![]);
    assert_eq!(names(directory), ["Lobby"]);
    assert_eq!(now(directory.reserve(&reservation("board", 2), START)), Err(DirectoryError::Taken));
    publish(directory, "Board", START + 1);
    assert_eq!(names(directory), ["Board", "Lobby"], "opened");
}

fn rooms_of(directory: &impl Directory, person: &PersonId) -> Vec<String> {
    now(directory.rooms_of(person)).unwrap().iter().map(|row| row.name.to_string()).collect()
}

fn a_member_finds_their_rooms_private_ones_too_by_activity(directory: &impl Directory) {
    let bo = guest(2);
    let say = |name, activity, changes| {
        now(directory.publish(&publication(name, activity, changes), START)).map(drop).unwrap()
    };
    say("old", START, vec![joined(&bo)]);
    publish_private(directory, "board", START + 2, vec![joined(&bo)]);
    say("visited", START + 1, vec![Change::Visited(bo.clone())]);
    say("left", START + 1, vec![joined(&bo), Change::Left(bo.clone())]);
    publish(directory, "another's", START);
    assert_eq!(rooms_of(directory, &bo), ["board", "old"]);
    say("old", START + 3, vec![]);
    assert_eq!(rooms_of(directory, &bo), ["old", "board"]);
}

fn a_closing_room_is_in_no_list_whatever_it_says_and_keeps_its_name(directory: &impl Directory) {
    let bo = guest(2);
    now(directory.publish(&publication("Lobby", START, vec![joined(&bo)]), START)).unwrap();
    now(directory.hide(&key("Lobby"))).unwrap();
    for _ in 0..2 {
        assert!(names(directory).is_empty() && rooms_of(directory, &bo).is_empty());
        let reserved = now(directory.reserve(&reservation("lobby", 2), START + 2 * RESERVATION));
        assert_eq!(reserved, Err(DirectoryError::Taken));
        // A report that was on its way.
        publish(directory, "Lobby", START + 1);
    }
}

fn a_closed_room_leaves_its_name_and_nobody_has_it(directory: &impl Directory) {
    let bo = guest(2);
    for name in ["Lobby", "Other"] {
        now(directory.publish(&publication(name, START, vec![joined(&bo)]), START)).unwrap();
    }
    now(directory.hide(&key("Lobby"))).unwrap();
    for _ in 0..2 {
        now(directory.free(&key("Lobby"))).unwrap();
    }
    assert_eq!(rooms_of(directory, &bo), ["Other"]);
    assert_eq!(now(directory.reserve(&reservation("Lobby", 3), START)), Ok(()));
    publish(directory, "Lobby", START);
    assert_eq!(rooms_of(directory, &bo), ["Other"], "the same name is another room");
}

fn a_log_out_learns_the_rooms_of_its_person(directory: &impl Directory) {
    let (bo, other) = (guest(2), guest(3));
    let say = |name, changes| now(directory.publish(&publication(name, START, changes), START)).unwrap();
    say("joined", vec![joined(&bo), joined(&other)]);
    say("visited", vec![Change::Visited(bo.clone())]);
    say("left", vec![joined(&bo), Change::Left(bo.clone())]);
    let farewell = log_out(directory, 2);
    let mut rooms: Vec<&str> = farewell.rooms.iter().map(RoomKey::as_str).collect();
    rooms.sort();
    assert_eq!(rooms, ["joined", "visited"]);
    assert!(farewell.departed.last, "a guest has one session");
}

fn a_change_that_a_log_out_has_overtaken_is_answered_with_it(directory: &impl Directory) {
    let bo = guest(2);
    let farewell = log_out(directory, 2);
    assert!(farewell.rooms.is_empty());
    let late = publication("Lobby", START, vec![joined(&bo)]);
    assert_eq!(now(directory.publish(&late, START)), Ok(vec![farewell.departed]));
    let left = publication("Lobby", START, vec![Change::Left(bo)]);
    assert_eq!(now(directory.publish(&left, START)), Ok(vec![]));
}

fn a_departure_is_forgotten_when_no_token_of_it_can_be_valid(directory: &impl Directory) {
    log_out(directory, 2);
    let late = publication("Lobby", START, vec![joined(&guest(2))]);
    assert_eq!(now(directory.publish(&late, START + SESSION - 1)).map(|departed| departed.len()), Ok(1));
    assert_eq!(now(directory.publish(&late, START + SESSION)), Ok(vec![]));
}

fn changes_said_twice_change_nothing(directory: &impl Directory) {
    let bo = guest(2);
    let changes = vec![joined(&bo), Change::Visited(bo)];
    for _ in 0..2 {
        now(directory.publish(&publication("Lobby", START, changes.clone()), START)).unwrap();
    }
    assert_eq!(log_out(directory, 2).rooms.len(), 1);
}

fn mark_of(directory: &impl Directory, person: &PersonId) -> (i64, Vec<i64>) {
    let rooms = now(directory.rooms_of(person)).unwrap();
    (rooms[0].read.unwrap(), rooms[0].mentions.clone().unwrap())
}

fn a_member_s_own_rooms_tell_what_they_have_read_and_who_mentions_them(directory: &impl Directory) {
    let bo = guest(2);
    let say = |changes: &[Change]| {
        // Each twice, as after an answer that was lost.
        for _ in 0..2 {
            now(directory.publish(&publication("Lobby", START, changes.to_vec()), START)).unwrap();
        }
    };
    let person = Person { id: bo.clone(), name: PersonName::parse("Bo").unwrap(), kind: Kind::Guest };
    say(&[Change::Joined { person, at: START, read: 40 }]);
    assert_eq!(mark_of(directory, &bo), (40, vec![]));
    say(&[Change::Mentioned(bo.clone(), 42), Change::Mentioned(bo.clone(), 44), Change::Mentioned(guest(3), 44)]);
    assert_eq!(mark_of(directory, &bo), (40, vec![42, 44]));
    say(&[Change::Read(bo.clone(), 43)]);
    assert_eq!(mark_of(directory, &bo), (43, vec![44]));
    say(&[Change::Mentioned(bo.clone(), 41)]);
    assert_eq!(mark_of(directory, &bo), (43, vec![44]), "what they have read is no news");
    let listed = now(directory.rooms(None)).unwrap();
    assert_eq!((listed.rooms[0].read, listed.rooms[0].mentions.as_ref()), (None, None), "nobody's business");
    // An account that logs out leaves the room, and comes back.
    say(&[Change::Left(bo.clone())]);
    say(&[Change::Read(bo.clone(), 50)]);
    assert!(rooms_of(directory, &bo).is_empty());
}

fn a_new_room_of_an_old_name_begins_unread(directory: &impl Directory) {
    let bo = guest(2);
    let person = Person { id: bo.clone(), name: PersonName::parse("Bo").unwrap(), kind: Kind::Guest };
    for (read, closes) in [(90, true), (0, false)] {
        let joined = Change::Joined { person: person.clone(), at: START, read };
        now(directory.publish(&publication("Lobby", START, vec![joined]), START)).unwrap();
        assert_eq!(mark_of(directory, &bo), (read, vec![]));
        if closes {
            now(directory.hide(&key("Lobby"))).unwrap();
            now(directory.free(&key("Lobby"))).unwrap();
        }
    }
}

fn only_so_many_mentions_are_told_apart(directory: &impl Directory) {
    let bo = guest(2);
    let mentions = (1..=150).map(|message| Change::Mentioned(bo.clone(), message));
    let changes: Vec<_> = [joined(&bo)].into_iter().chain(mentions).collect();
    now(directory.publish(&publication("Lobby", START, changes), START)).unwrap();
    assert_eq!(mark_of(directory, &bo), (0, (1..=100).collect()));
}

#[test]
fn a_directory_of_a_version_that_nobody_knows_is_left_alone() {
    let sql = HostSql::empty();
    Store::open(sql.clone()).unwrap();
    let made = sql.first("SELECT version FROM schema", &[]).unwrap().unwrap().integer(0).unwrap();
    for (version, is_known) in [(-1, false), (0, false), (1, false), (made + 1, false), (made, true)] {
        sql.run("UPDATE schema SET version = ?", &[version.into()]).unwrap();
        assert_eq!(Store::open(sql.clone()).is_ok(), is_known, "{version}");
    }
}

#[test]
fn the_signing_key_is_made_once_and_kept() {
    let sql = HostSql::empty();
    let first = Store::open(sql.clone()).unwrap().signing_key(|| "one".to_owned());
    let second = Store::open(sql).unwrap().signing_key(|| "two".to_owned());
    assert_eq!((first, second), (Ok("one".to_owned()), Ok("one".to_owned())));
}

#[test]
fn a_directory_of_rooms_only_is_taken_over() {
    let sql = HostSql::empty();
    let first_shape = [
        "CREATE TABLE rooms (
            key TEXT PRIMARY KEY, skeleton TEXT NOT NULL, row TEXT, activity INTEGER NOT NULL, reserved_by TEXT)",
        "CREATE TABLE departed (
            person TEXT NOT NULL, session TEXT NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (person, session))",
        "INSERT INTO rooms VALUES ('lobby', 'lobby', '{\"name\":\"Lobby\",\"description\":\"\",\"created\":1,
            \"activity\":1,\"members\":1,\"online\":0,\"people\":[]}', 1, NULL)",
    ];
    for statement in first_shape {
        sql.run(statement, &[]).unwrap();
    }
    for _ in 0..2 {
        assert_eq!(names(&Store::open(sql.clone()).unwrap()), ["Lobby"]);
    }
}

#[test]
fn what_changes_while_the_directory_moves_is_copied_after_it() {
    let store = Store::open(HostSql::empty()).unwrap();
    let ann = ann(&store);
    let move_all = || {
        let pieces = std::iter::from_fn(|| {
            let piece = store.next_piece().unwrap()?;
            store.copied_up_to(piece.up_to).unwrap();
            Some(piece.json)
        });
        pieces.collect::<String>()
    };
    assert!(move_all().contains(ann.as_str()));
    assert_eq!(move_all(), "", "all of it is copied");
    now(store.offer_reset(&ann, "a reset link", START)).unwrap();
    assert!(move_all().contains("a reset link"));
    now(store.touch(&ann, &session_id(1), START + 5)).unwrap();
    assert!(move_all().contains(&(START + 5).to_string()), "a session that was used");
    publish(&store, "Lobby", START);
    assert!(move_all().contains("Lobby"));
    now(store.publish(&publication("Lobby", START, vec![Change::Read(ann.clone(), 987)]), START)).unwrap();
    assert!(move_all().contains("987"), "what somebody has read");
    assert!(store.finish_move("this site").unwrap());
}
