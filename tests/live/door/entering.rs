//! Entering, registering, making rooms: by address and by person.

use super::{at_most, expect_slow_down, until_refused};
use crate::accounts::{new_person, registration};
use crate::client::{guest_at, new_name, room, stranger_from, Client};
use crate::server::shared;
use hihichat::limits::rates;
use serde_json::json;
use std::time::Instant;

fn enter(at: &Client) -> crate::client::Answer {
    at.post("/api/guest", &json!({ "name": "Ann" }))
}

fn register(at: &Client) -> crate::client::Answer {
    at.post("/api/accounts", &registration(&new_person("Reg"), "first"))
}

#[test]
fn a_hall_of_150_people_behind_one_address_enters_and_talks() {
    let server = shared();
    let lobby = room(&guest_at(&server, "Olga"));
    let hall = stranger_from(&server, "192.0.2.150");
    let people: Vec<_> = (0..150)
        .map(|_| {
            let answer = enter(&hall);
            let person = answer.expect(201);
            let ann = Client { cookie: Some(answer.cookie()), person, ..hall.clone() };
            ann.join(&lobby);
            ann.connect(&lobby)
        })
        .collect();
    let mut people = people.into_iter();
    people.next().unwrap().says("All here?");
}

#[test]
fn guests_of_one_address_are_told_when_to_come_again_and_those_of_another_are_not() {
    let server = shared();
    let crowd = stranger_from(&server, "192.0.2.1");
    assert!(expect_slow_down(&until_refused(rates::GUESTS, |_| enter(&crowd))) <= 2);
    let started = Instant::now();
    let mut through = 0;
    enter(&stranger_from(&server, "192.0.2.2")).expect(201);

    // Anybody writes these; they tell nobody apart, and make nobody another.
    for name in ["x-forwarded-for", "x-real-ip", "forwarded", "true-client-ip"] {
        let forged = |at: &Client, address: &str| {
            at.request("POST", "/api/guest").header(name, address).json(&json!({ "name": "Ann" })).send().status
        };
        through += (0..20).filter(|n| forged(&crowd, &format!("198.51.100.{n}")) != 429).count();
        assert!(through <= at_most(0, rates::GUESTS, started), "{name}: {through}");
        assert_eq!(forged(&stranger_from(&server, "192.0.2.3"), "192.0.2.1"), 201, "{name}");
    }
}

#[test]
fn neighbours_in_one_ipv6_network_are_one_address() {
    let server = shared();
    let at = |network: &str, n: usize| stranger_from(&server, format!("2001:db8:0:{network}::{n:x}"));
    assert!(expect_slow_down(&until_refused(rates::REGISTRATIONS, |n| register(&at("a", n + 1)))) <= 60);
    register(&at("b", 1)).expect(201);
}

#[test]
fn a_person_makes_thirty_rooms_at_once_and_others_go_on_making_theirs() {
    let server = shared();
    let (ann, bob) = (guest_at(&server, "Ann"), guest_at(&server, "Bob"));
    let make = |who: &Client| who.post("/api/rooms", &json!({ "name": new_name() }));
    assert!(expect_slow_down(&until_refused(rates::ROOMS_OF_PERSON, |_| make(&ann))) <= 60);
    make(&bob).expect(201);
}

#[test]
fn one_address_makes_sixty_rooms_at_once_under_however_many_names() {
    let server = shared();
    let make = |address: &str| {
        let who = Client { address: Some(address.to_owned()), ..guest_at(&server, "Ann") };
        who.post("/api/rooms", &json!({ "name": new_name() }))
    };
    assert!(expect_slow_down(&until_refused(rates::ROOMS_FROM_ADDRESS, |_| make("192.0.2.60"))) <= 30);
    make("192.0.2.61").expect(201);
}

#[test]
fn questions_what_to_derive_with_are_counted_by_address() {
    let server = shared();
    let ask =
        |address: &str| stranger_from(&server, address).post("/api/session/params", &json!({ "username": "Whoever" }));
    assert_eq!(expect_slow_down(&until_refused(rates::PARAMS, |_| ask("192.0.2.120"))), 1);
    ask("192.0.2.121").expect(200);
}
