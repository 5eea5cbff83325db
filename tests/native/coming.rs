//! What it takes to come into a room: little, for after a deploy everybody comes at once.

use crate::support::sql::PLANNED_ANEW;
use crate::support::world::*;
use hihichat::domain::id::{PersonId, Seq};
use hihichat::domain::time::{DAY, HOUR};
use hihichat::protocol::server::{ServerFrame, PEOPLE_SHOWN};
use hihichat::room::core::Since;
use proptest::prelude::*;

/// Whom the newest connection was shown, as it was written.
fn shown(world: &mut World, who: u8) -> (Vec<PersonId>, usize) {
    let id = world.connect(&viewer(&format!("P{who}"), who), None);
    let welcome = world.read(id).into_iter().next().unwrap();
    let ServerFrame::Welcome(told) = &welcome else { panic!("no welcome first: {welcome:?}") };
    let written: ServerFrame = serde_json::from_str(&welcome.text().unwrap()).unwrap();
    assert_eq!(&written, &welcome);
    world.cut(id);
    (told.people.all().iter().map(|person| person.id.clone()).collect(), told.online)
}

#[derive(Debug, Clone)]
enum Step {
    Join(u8),
    Leave(u8),
    Connect(u8),
    Cut(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = 1..80_u8;
    let step = prop_oneof![
        1 => who.clone().prop_map(Step::Join),
        1 => who.clone().prop_map(Step::Leave),
        4 => who.clone().prop_map(Step::Connect),
        2 => who.prop_map(Step::Cut),
    ];
    prop::collection::vec(step, 1..250)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn whoever_comes_is_shown_the_first_of_those_who_are_there_whatever_changed_before(steps in steps()) {
        let mut world = World::new();
        let mut open = Vec::new();
        for who in 1..70 {
            world.join(&viewer(&format!("P{who}"), who));
            open.push((who, world.connect(&viewer(&format!("P{who}"), who), None)));
        }
        for step in steps {
            match step {
                Step::Join(who) => world.join(&viewer(&format!("P{who}"), who)),
                Step::Leave(who) => world.leave(&viewer(&format!("P{who}"), who)),
                Step::Connect(who) => open.push((who, world.connect(&viewer(&format!("P{who}"), who), None))),
                Step::Cut(who) => {
                    if let Some(place) = open.iter().position(|(one, _)| *one == who) {
                        world.cut(open.remove(place).1);
                    }
                }
            }
            // A visitor, who is not counted.
            let (people, online) = shown(&mut world, 200);
            let mut there: Vec<PersonId> = world
                .core
                .connections()
                .filter(|connection| connection.joined)
                .map(|connection| connection.person.id.clone())
                .collect();
            there.sort();
            there.dedup();
            prop_assert_eq!(online, there.len());
            there.truncate(PEOPLE_SHOWN);
            prop_assert_eq!(people, there);
        }
    }
}

#[test]
fn coming_talking_and_coming_back_plan_no_statement_anew_for_its_values() {
    let mut world = World::new();
    let (bo, first) = world.member("Bo", 2);
    let come = |world: &mut World, message: &str, seq: i64| {
        let id = world.connect(&bo, Some(Since { seq: Seq(seq), epoch: None }));
        world.say(id, message, "hello");
        world.cut(id);
    };
    world.say(first, "m0", "hello");
    come(&mut world, "m1", 0);
    PLANNED_ANEW.with_borrow_mut(Vec::clear);
    come(&mut world, "m2", 0);
    come(&mut world, "m3", 1);
    PLANNED_ANEW.with_borrow(|all| assert!(all.is_empty(), "{all:?}"));
}

#[test]
fn a_guest_who_comes_back_soon_costs_no_row_and_one_whose_going_nobody_hears_stays_a_day() {
    let mut world = World::new();
    let (bo, first) = world.member("Bo", 2);
    let seen = |world: &World| world.core.log().longest_unseen_guest().unwrap().unwrap();
    let joined = world.now;
    world.core.log_mut().guest_seen(&world.owner.person.id.clone(), joined + DAY).unwrap();
    world.pass(HOUR);
    world.cut(first);
    assert_eq!(seen(&world), joined + HOUR, "a going is noted");
    world.pass(HOUR - 1);
    let second = world.connect(&bo, None);
    assert_eq!(seen(&world), joined + HOUR, "a coming within the hour is not");
    world.cut(second);
    world.pass(HOUR);
    world.connect(&bo, None);
    assert_eq!(seen(&world), joined + 3 * HOUR - 1, "a later one is, whatever is heard of it afterwards");
}
