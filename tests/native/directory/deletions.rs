//! The claims about accounts that are deleted.

use super::accounts::{ann, guest, registration, session_id};
use super::{joined, now, publication};
use crate::support::sql::HostSql;
use crate::support::world::START;
use hihichat::directory::accounts::{Proof, Registration};
use hihichat::directory::deletions::{Errand, Errands, GUEST_LEFT, RETRY_FIRST, RETRY_LONGEST};
use hihichat::directory::embedded::store::Store;
use hihichat::directory::{Accounts, Deletions, Directory, DirectoryError};
use hihichat::domain::id::{PersonId, SessionId};
use hihichat::domain::membership::{Change, Erased, Erasure};
use hihichat::domain::person::SESSION;
use hihichat::domain::text::{PersonKey, PersonName, RoomName};
use hihichat::domain::time::Millis;
use hihichat::sql::Sql;
use serde_json::json;

fn key(name: &str) -> PersonKey {
    PersonName::parse(name).unwrap().key()
}

fn delete(directory: &impl Directory, person: &PersonId) {
    now(directory.delete(person, "first", Erasure::Deleted, START)).unwrap();
}

fn say(directory: &impl Directory, room: &str, changes: Vec<Change>) {
    now(directory.publish(&publication(room, START, changes), START)).unwrap();
}

fn errands(directory: &impl Directory, at: Millis) -> Errands {
    now(directory.errands(10, at)).unwrap()
}

fn rooms(errands: &Errands) -> Vec<&str> {
    let mut rooms: Vec<_> = errands.due.iter().map(|errand| errand.room.as_str()).collect();
    rooms.sort();
    rooms
}

pub fn a_deleted_account_is_gone_and_its_name_is_free(directory: &impl Directory) {
    let ann = ann(directory);
    now(directory.offer_reset(&ann, "a link", START)).unwrap();
    delete(directory, &ann);
    assert_eq!(now(directory.account(&key("Ann"))), Ok(None));
    assert_eq!(now(directory.sessions(&ann, START)), Ok(vec![]));
    assert_eq!(now(directory.touch(&ann, &session_id(1), START)), Err(DirectoryError::Ended));
    let link = Proof::Reset("a link".to_owned());
    let login = registration("Ann", 1).login;
    assert_eq!(now(directory.set_login(&link, &login, START)).err(), Some(DirectoryError::Ended));
    let recovery = Proof::Recovery(ann.clone(), "first".to_owned());
    assert_eq!(now(directory.set_login(&recovery, &login, START)).err(), Some(DirectoryError::Ended));
    assert_eq!(now(directory.offer_reset(&ann, "another", START)), Err(DirectoryError::Unknown));
    assert_eq!(now(directory.free_for_guests(&PersonName::parse("Ann").unwrap())), Ok(()));
    assert_eq!(now(directory.register(&registration("Ann", 2), START)), Ok(vec![]), "by somebody else");
    assert_eq!(now(directory.account(&key("Ann"))).unwrap().unwrap().person.id, guest(2));
}

pub fn a_deletion_needs_the_record_that_it_was_checked_against(directory: &impl Directory) {
    let ann = ann(directory);
    let other = now(directory.delete(&ann, "another", Erasure::Kept, START));
    assert_eq!(other, Err(DirectoryError::Ended));
    assert_eq!(now(directory.delete(&guest(9), "first", Erasure::Kept, START)), Err(DirectoryError::Ended), "nobody");
    assert!(now(directory.account(&key("Ann"))).unwrap().is_some());
    assert_eq!(now(directory.touch(&ann, &session_id(1), START)), Ok(START + SESSION));
}

pub fn whoever_is_blocked_does_not_escape_by_deleting_themselves(directory: &impl Directory) {
    let ann = ann(directory);
    now(directory.block(&ann, START)).unwrap();
    assert_eq!(now(directory.delete(&ann, "first", Erasure::Kept, START)), Err(DirectoryError::Blocked));
    assert_eq!(now(directory.register(&registration("Ann", 2), START)), Err(DirectoryError::Taken));
}

pub fn a_deletion_that_is_asked_for_again_is_fine(directory: &impl Directory) {
    let ann = ann(directory);
    say(directory, "Lobby", vec![joined(&ann)]);
    delete(directory, &ann);
    delete(directory, &ann);
    assert_eq!(errands(directory, START).due.len(), 1);
}

pub fn a_deletion_is_an_errand_to_each_room_that_the_person_is_or_was_in(directory: &impl Directory) {
    let (ann, bo) = (ann(directory), guest(2));
    say(directory, "Here", vec![joined(&ann), joined(&bo)]);
    say(directory, "Watched", vec![Change::Visited(ann.clone())]);
    say(directory, "Left 你好", vec![joined(&ann), Change::Left(ann.clone())]);
    say(directory, "Not Ann's", vec![joined(&bo), Change::Left(bo)]);
    say(directory, "Closed", vec![joined(&ann), Change::Left(ann.clone())]);
    now(directory.free(&RoomName::parse("Closed").unwrap().key())).unwrap();
    // Said again, as after a failure.
    say(directory, "Left 你好", vec![Change::Left(ann.clone())]);
    delete(directory, &ann);
    let all = errands(directory, START);
    // A room that was closed may still be named: it has nothing of hers, and says that it is done.
    assert_eq!(
        rooms(&all).into_iter().filter(|room| *room != "Closed").collect::<Vec<_>>(),
        ["Here", "Left 你好", "Watched"]
    );
    assert!(all.due.iter().all(|one| one.erased == Erased { person: ann.clone(), messages: Erasure::Deleted }));
}

pub fn what_a_guest_has_left_is_remembered_when_they_register(directory: &impl Directory) {
    let bo = guest(2);
    say(directory, "Lobby", vec![joined(&bo), Change::Left(bo.clone())]);
    let wanted = Registration { guest: Some(SessionId::of_guest(&bo)), ..registration("Bo", 2) };
    now(directory.register(&wanted, START)).unwrap();
    let much_later = START + GUEST_LEFT + 1;
    now(directory.publish(&publication("Other", START, vec![]), much_later)).unwrap();
    now(directory.delete(&bo, "first", Erasure::Kept, much_later)).unwrap();
    assert_eq!(rooms(&errands(directory, much_later)), ["Lobby"]);
}

pub fn an_errand_is_given_out_again_ever_later_until_it_is_done(directory: &impl Directory) {
    let ann = ann(directory);
    say(directory, "Lobby", vec![joined(&ann)]);
    delete(directory, &ann);
    let (mut at, mut waits) = (START, Vec::new());
    for _ in 0..9 {
        let Errands { due, next } = errands(directory, at);
        assert_eq!(due.len(), 1);
        let next = next.unwrap();
        assert_eq!(errands(directory, next - 1), Errands { due: vec![], next: Some(next) });
        waits.push(next - at);
        at = next;
    }
    assert_eq!((waits[0], waits[1], waits[8]), (RETRY_FIRST, 2 * RETRY_FIRST, RETRY_LONGEST));
    let last = errands(directory, at).due;
    for _ in 0..2 {
        now(directory.done(&last)).unwrap();
    }
    assert_eq!(errands(directory, at + RETRY_LONGEST), Errands { due: vec![], next: None });
}

pub fn errands_are_given_out_so_many_at_a_time(directory: &impl Directory) {
    let ann = ann(directory);
    for room in ["Hall", "Kitchen", "Garden"] {
        say(directory, room, vec![joined(&ann)]);
    }
    delete(directory, &ann);
    let first = now(directory.errands(2, START)).unwrap();
    assert_eq!((first.due.len(), first.next), (2, Some(START)), "the rest is due now");
    let second = now(directory.errands(2, START)).unwrap();
    assert_eq!((second.due.len(), second.next), (1, Some(START + RETRY_FIRST)));
    let mut all: Vec<Errand> = [first.due, second.due].concat();
    all.sort_by(|one, other| one.room.as_str().cmp(other.room.as_str()));
    assert_eq!(all.iter().map(|one| one.room.as_str()).collect::<Vec<_>>(), ["Garden", "Hall", "Kitchen"]);
}

pub fn a_room_that_a_deleted_account_gets_into_learns_what_becomes_of_it(directory: &impl Directory) {
    let ann = ann(directory);
    now(directory.delete(&ann, "first", Erasure::Kept, START)).unwrap();
    let late = publication("Lobby", START, vec![joined(&ann)]);
    let departed = now(directory.publish(&late, START + SESSION - 1)).unwrap();
    assert_eq!((departed.len(), departed[0].last, departed[0].erased), (1, true, Some(Erasure::Kept)));
}

pub fn a_deleted_account_leaves_no_trace_of_the_rooms_it_was_in(directory: &impl Directory) {
    let ann = ann(directory);
    say(directory, "Lobby", vec![joined(&ann)]);
    delete(directory, &ann);
    now(directory.done(&errands(directory, START).due)).unwrap();
    assert_eq!(now(directory.rooms_of(&ann)), Ok(vec![]));
    // What a room still said before it heard, and what it says then.
    say(directory, "Lobby", vec![joined(&ann), Change::Left(ann.clone())]);
    assert_eq!(now(directory.rooms_of(&ann)), Ok(vec![]));
    assert_eq!(now(directory.block(&ann, START)).err(), Some(DirectoryError::Unknown), "nobody by that id");
}

#[test]
fn what_a_guest_has_left_is_forgotten_after_a_year() {
    let sql = HostSql::empty();
    let directory = Store::open(sql.clone()).unwrap();
    say(&directory, "Lobby", vec![joined(&guest(2)), Change::Left(guest(2))]);
    let kept = |at: Millis| {
        now(directory.publish(&publication("Other", START, vec![]), at)).unwrap();
        sql.run("SELECT 1 FROM left_rooms", &[]).unwrap().len()
    };
    assert_eq!((kept(START + GUEST_LEFT), kept(START + GUEST_LEFT + 1)), (1, 0));
}

#[test]
fn redis_forgets_what_a_guest_has_left_by_itself_and_not_what_an_account_has() {
    let redis = crate::support::redis::Redis::start();
    let directory = super::in_redis(&redis);
    let (ann, bo) = (ann(&directory), guest(2));
    say(&directory, "Lobby", vec![joined(&ann), joined(&bo), Change::Left(ann.clone()), Change::Left(bo.clone())]);
    let left =
        |person: &PersonId| redis.command(json!(["PTTL", format!("hihi:left-rooms:{person}")])).as_i64().unwrap();
    assert_eq!(left(&ann), -1);
    assert!((GUEST_LEFT - 60_000..=GUEST_LEFT).contains(&left(&bo)));
    let wanted = Registration { guest: Some(SessionId::of_guest(&bo)), ..registration("Bo", 2) };
    now(directory.register(&wanted, START)).unwrap();
    assert_eq!(left(&bo), -1);
}

#[test]
fn a_directory_on_its_way_to_redis_takes_its_deletions_along() {
    let redis = crate::support::redis::Redis::start();
    let target = super::in_redis(&redis);
    let store = Store::open(HostSql::empty()).unwrap();
    let move_all = || {
        while let Some(piece) = store.next_piece().unwrap() {
            now(target.0.take_in(&piece.json, "this site", START)).unwrap();
            store.copied_up_to(piece.up_to).unwrap();
        }
    };
    let (ann, cy) = (ann(&store), guest(3));
    now(store.register(&registration("Cy", 3), START)).unwrap();
    say(&store, "Lobby", vec![joined(&ann), joined(&cy), Change::Left(cy.clone())]);
    move_all();
    // Deleted when the copy was there already.
    now(store.delete(&ann, "first", Erasure::Deleted, START)).unwrap();
    move_all();
    assert!(store.finish_move("this site").unwrap());
    assert_eq!(rooms(&errands(&target, START)), ["Lobby"]);
    assert_eq!(now(target.account(&key("Ann"))), Ok(None));
    assert_eq!(now(target.register(&registration("Ann", 4), START)), Ok(vec![]), "her name is free");
    now(target.delete(&ann, "first", Erasure::Deleted, START)).unwrap();
    // What somebody had left before goes along too.
    now(target.delete(&cy, "first", Erasure::Kept, START)).unwrap();
    assert_eq!(errands(&target, START).due.iter().map(|one| &one.erased.person).collect::<Vec<_>>(), [&cy]);
}
