//! The limits that the Directory's object keeps, over SQLite itself.

use crate::support::sql::HostSql;
use crate::support::world::START;
use hihichat::directory::embedded::door::Door;
use hihichat::directory::embedded::store::Store;
use hihichat::domain::time::{Millis, DAY, HOUR, SECOND};
use hihichat::limits::bucket::Rate;
use hihichat::limits::budget::{Budget, Spent};
use hihichat::limits::door::{Denied, Token};
use hihichat::limits::rates;
use hihichat::sql::Sql;
use proptest::prelude::*;
use std::hash::{DefaultHasher, Hash, Hasher};

const NO_BUDGET: Budget = Budget { requests: None, rows: None };

/// The object: its tables, and what it has in memory.
struct Object {
    sql: HostSql,
    door: Door,
}

impl Object {
    fn new() -> Self {
        Self { sql: HostSql::empty(), door: Door::default() }
    }

    /// Idle for ten seconds, or killed.
    fn forget(&mut self) {
        self.door = Door::default();
    }

    fn store(&self) -> Store<HostSql> {
        Store::open(self.sql.clone()).unwrap()
    }

    fn take(&mut self, tokens: &[Token], now: Millis) -> Option<Denied> {
        let store = self.store();
        self.door.take(&store, tokens, false, NO_BUDGET, now).unwrap()
    }

    fn give_back(&mut self, tokens: &[Token], now: Millis) {
        let store = self.store();
        self.door.give_back(&store, tokens, now).unwrap();
    }

    fn spend(&mut self, spent: Spent, now: Millis) {
        let store = self.store();
        self.door.spend(&store, spent, now).unwrap();
    }

    /// What somebody new is told.
    fn newcomer(&mut self, budget: Budget, now: Millis) -> Option<Denied> {
        let store = self.store();
        self.door.take(&store, &[], true, budget, now).unwrap()
    }

    fn rows(&self) -> i64 {
        self.sql.first("SELECT count(*) FROM buckets", &[]).unwrap().unwrap().integer(0).unwrap()
    }
}

fn token(rate: Rate, whose: &str) -> Token {
    let mut hasher = DefaultHasher::new();
    (rate.burst, rate.every, whose).hash(&mut hasher);
    Token::new(hasher.finish(), rate)
}

const GRANTED: Option<Denied> = None;

/// The token at this place is not there.
fn too_often(place: usize, wait: Millis) -> Option<Denied> {
    Some(Denied { token: Some(place), wait })
}

fn budget_spent(wait: Millis) -> Option<Denied> {
    Some(Denied { token: None, wait })
}

/// The tokens of a guess at an account's password.
fn guess(address: &str, account: &str) -> [Token; 3] {
    [
        token(rates::LOG_INS, address),
        token(rates::LOG_INS_TO_ACCOUNT_FROM_ADDRESS, &format!("{address} {account}")),
        token(rates::LOG_INS_TO_ACCOUNT, account),
    ]
}

#[test]
fn all_tokens_are_taken_or_none() {
    let mut object = Object::new();
    for _ in 0..10 {
        assert_eq!(object.take(&guess("here", "ann"), START), GRANTED);
    }
    // The second is not there, so the third is not taken.
    for _ in 0..500 {
        assert_eq!(object.take(&guess("here", "ann"), START), too_often(1, 300 * SECOND));
    }
    let elsewhere = |n: i32| guess(&format!("there {n}"), "ann");
    for n in 0..90 {
        assert_eq!(object.take(&elsewhere(n), START), GRANTED, "{n}");
    }
    assert_eq!(object.take(&elsewhere(91), START), too_often(2, 60 * SECOND));
}

#[test]
fn an_object_that_was_gone_remembers_what_fills_slowly() {
    let mut object = Object::new();
    for n in 0..100 {
        assert_eq!(object.take(&guess(&n.to_string(), "ann"), START), GRANTED);
        object.forget();
    }
    let later = START + 11 * SECOND;
    assert_eq!(object.take(&guess("new", "ann"), later), too_often(2, 49 * SECOND));
}

#[test]
fn a_log_in_that_succeeds_leaves_no_row() {
    let mut object = Object::new();
    for _ in 0..1_000 {
        assert_eq!(object.take(&guess("here", "ann"), START), GRANTED);
        assert_eq!(object.rows(), 2);
        object.give_back(&guess("here", "ann"), START);
        assert_eq!(object.rows(), 0);
    }
}

#[test]
fn rows_of_buckets_that_have_filled_go_within_the_hour() {
    let mut object = Object::new();
    for n in 0..50 {
        object.take(&guess(&n.to_string(), &n.to_string()), START);
    }
    assert_eq!(object.rows(), 100);
    object.take(&guess("here", "ann"), START + HOUR);
    assert_eq!(object.rows(), 2);
}

#[test]
fn near_the_budget_nobody_new_comes_in_until_midnight_and_others_go_on() {
    let budget = Budget { requests: Some(1_000), rows: None };
    let noon = START - START % DAY + 12 * HOUR;
    let mut object = Object::new();
    assert_eq!(object.newcomer(budget, noon), GRANTED);
    object.spend(Spent { calls: 890, frames: 200, rows: 1 }, noon);
    assert_eq!(object.newcomer(budget, noon), budget_spent(12 * HOUR));
    assert_eq!(object.take(&guess("here", "ann"), noon), GRANTED);
    object.forget();
    assert_eq!(object.newcomer(budget, noon + HOUR), budget_spent(11 * HOUR), "also when it was gone");
    assert_eq!(object.newcomer(budget, noon + 12 * HOUR), GRANTED);
    assert_eq!(object.newcomer(NO_BUDGET, noon), GRANTED);
}

#[test]
fn requests_that_write_nothing_are_noted_twenty_at_a_time() {
    let budget = Budget { requests: Some(100), rows: None };
    let mut object = Object::new();
    for _ in 0..109 {
        object.spend(Spent { calls: 1, frames: 0, rows: 0 }, START);
    }
    object.forget();
    assert!(object.newcomer(budget, START).is_some(), "a hundred of them are noted");
    let noted = object.store().spent().unwrap();
    assert_eq!((noted.twentieths, noted.written), (100 * 20, 5), "in five rows");
}

proptest! {
    #[test]
    fn whatever_is_forgotten_an_account_gives_no_more_guesses_than_its_rate(
        steps in prop::collection::vec((0i64..120_000, 0u8..50, any::<bool>()), 1..300)
    ) {
        let (mut object, mut now, mut granted) = (Object::new(), START, 0);
        for (step, address, forgets) in steps {
            now += step;
            if forgets {
                object.forget();
            }
            if object.take(&guess(&address.to_string(), "ann"), now) == GRANTED {
                granted += 1;
            }
            prop_assert!(granted <= 100 + (now - START) / (60 * SECOND));
        }
    }
}
