//! What every Directory must do. One function a claim, over any of them; each store runs them all.

use crate::support::sql::HostSql;
use crate::support::world::{viewer, START};
use hihichat::directory::embedded::store::Store;
use hihichat::directory::{Directory, DirectoryError, Publication, Reservation, RESERVATION};
use hihichat::domain::listing::{RoomRow, LIST_PAGE};
use hihichat::domain::membership::{Change, Departed};
use hihichat::domain::person::PersonView;
use hihichat::domain::text::{Description, RoomName};
use hihichat::domain::time::Millis;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Runs a future that never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a store on the host waited"),
    }
}

fn embedded() -> impl Directory {
    Store::open(HostSql::empty()).unwrap()
}

fn reservation(name: &str, by: u8) -> Reservation {
    let name = RoomName::parse(name).unwrap();
    Reservation { key: name.key(), skeleton: name.skeleton(), by: viewer("Ann", by).person.id }
}

fn publication(name: &str, activity: Millis, changes: Vec<Change>) -> Publication {
    let name = RoomName::parse(name).unwrap();
    let row = RoomRow {
        name: name.clone(),
        description: Description::parse("about").unwrap(),
        created: START,
        activity,
        members: 1,
        online: 1,
        people: vec![PersonView::from(&viewer("Ann", 1).person)],
    };
    Publication { key: name.key(), skeleton: name.skeleton(), row, changes }
}

fn publish(directory: &impl Directory, name: &str, activity: Millis) {
    now(directory.publish(&publication(name, activity, vec![]), START)).unwrap();
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
    };
}

conformance! {
    of_two_who_want_one_name_the_first_gets_it
    a_reservation_lapses_and_may_be_repeated_by_its_owner
    a_name_that_looks_like_a_room_is_taken
    a_reserved_name_is_not_in_the_list
    the_list_is_by_activity_and_pages_without_doubles
    a_room_said_twice_is_there_once_and_as_said_last
    a_log_out_learns_the_rooms_of_its_person
    a_change_that_a_log_out_has_overtaken_is_answered_with_it
    changes_said_twice_change_nothing
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

fn departed(number: u8) -> Departed {
    let viewer = viewer("Bo", number);
    Departed { person: viewer.person.id, session: viewer.session, expires: viewer.expires }
}

fn a_log_out_learns_the_rooms_of_its_person(directory: &impl Directory) {
    let bo = departed(2);
    let other = departed(3).person;
    let say = |name, changes| now(directory.publish(&publication(name, START, changes), START)).unwrap();
    say("joined", vec![Change::Joined(bo.person.clone()), Change::Joined(other)]);
    say("visited", vec![Change::Visited(bo.person.clone())]);
    say("left", vec![Change::Joined(bo.person.clone()), Change::Left(bo.person.clone())]);
    let mut rooms: Vec<String> =
        now(directory.depart(&bo, START)).unwrap().iter().map(|room| room.as_str().to_owned()).collect();
    rooms.sort();
    assert_eq!(rooms, ["joined", "visited"]);
}

fn a_change_that_a_log_out_has_overtaken_is_answered_with_it(directory: &impl Directory) {
    let bo = departed(2);
    assert!(now(directory.depart(&bo, START)).unwrap().is_empty());
    let late = publication("Lobby", START, vec![Change::Joined(bo.person.clone())]);
    assert_eq!(now(directory.publish(&late, START)), Ok(vec![bo.clone()]));
    let left = publication("Lobby", START, vec![Change::Left(bo.person.clone())]);
    assert_eq!(now(directory.publish(&left, START)), Ok(vec![]));
}

fn changes_said_twice_change_nothing(directory: &impl Directory) {
    let bo = departed(2);
    let changes = vec![Change::Joined(bo.person.clone()), Change::Visited(bo.person.clone())];
    for _ in 0..2 {
        now(directory.publish(&publication("Lobby", START, changes.clone()), START)).unwrap();
    }
    assert_eq!(now(directory.depart(&bo, START)).unwrap().len(), 1);
}

#[test]
fn the_signing_key_is_made_once_and_kept() {
    let sql = HostSql::empty();
    let first = Store::open(sql.clone()).unwrap().signing_key(|| "one".to_owned());
    let second = Store::open(sql).unwrap().signing_key(|| "two".to_owned());
    assert_eq!((first, second), (Ok("one".to_owned()), Ok("one".to_owned())));
}
