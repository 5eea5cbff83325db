//! Guessing a password: slowed by account and by address, also over many addresses, and its owner is not kept out.

use super::{at_most, expect_slow_down, until_refused};
use crate::accounts::{account_at, key, new_person, register_as, registration, Account};
use crate::client::{stranger_at, stranger_from, Answer, Client};
use crate::server::{shared, Build, Server};
use crate::PATIENCE;
use hihichat::limits::rates;
use serde_json::{json, Value};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Instant;

/// A network of 200 addresses that no other test asks from.
fn address(network: u8, n: usize) -> String {
    format!("198.18.{network}.{n}")
}

fn try_to_log_in(at: &Client, name: &str, password: &str) -> Answer {
    at.post("/api/session", &json!({ "username": name, "key": key(password) }))
}

/// What an answer says that its device is known by from then on.
#[track_caller]
fn device(answer: &Answer) -> String {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let mut devices = cookies.filter(|cookie| cookie.starts_with("hihi-device="));
    let cookie = devices.next().expect("a device cookie");
    assert!(cookie.contains("; Max-Age=31536000; HttpOnly; SameSite=Strict"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

/// Somebody at an address of their own whose browser has this device cookie.
fn on_device(server: &Arc<Server>, address: &str, device: &str) -> Client {
    Client { cookie: Some(device.to_owned()), ..stranger_from(server, address) }
}

/// The codes of so many wrong guesses, each from another address.
fn guess_from_everywhere(server: &Arc<Server>, network: u8, name: &str) -> Vec<u16> {
    (0..200).map(|n| try_to_log_in(&stranger_from(server, address(network, n)), name, "wrong").status).collect()
}

#[test]
fn guesses_over_200_addresses_are_slowed_while_the_owner_logs_in_on_a_known_device() {
    let server = shared();
    let ann = account_at(&server, "Ann");
    let known = device(&try_to_log_in(&stranger_at(&server), &ann.name, "first"));
    let started = Instant::now();
    let guesses = guess_from_everywhere(&server, 1, &ann.name);
    let wrong = guesses.iter().filter(|status| **status == 401).count();
    let most = at_most(100, rates::LOG_INS_TO_ACCOUNT, started);
    assert!((100..=most).contains(&wrong), "{wrong} of 200 guesses were looked at");

    // Also with the right password, from wherever the account is not known.
    assert!(expect_slow_down(&try_to_log_in(&stranger_from(&server, address(1, 250)), &ann.name, "first")) <= 60);
    let answer = try_to_log_in(&on_device(&server, &address(1, 251), &known), &ann.name, "first");
    answer.expect(200);
    device(&answer);
    // Also from an address that guesses.
    try_to_log_in(&on_device(&server, &address(1, 7), &known), &ann.name, "first").expect(200);
    // And the way back in for who has no device is open.
    let mut body = registration(&ann.name, "second");
    body["code"] = json!(ann.recovery_code);
    let recovered = stranger_from(&server, address(1, 252)).post("/api/account/recovery", &body);
    recovered.expect(204);
    try_to_log_in(&on_device(&server, &address(1, 252), &device(&recovered)), &ann.name, "second").expect(200);
}

#[test]
fn a_name_without_an_account_is_slowed_in_the_same_way() {
    let server = shared();
    let ann = account_at(&server, "Ann");
    let nobody = new_person("Nobody");
    let seen = |network, name: &str| {
        let refusals = (0..200).map(|n| {
            let answer = try_to_log_in(&stranger_from(&server, address(network, n)), name, "wrong");
            let mut error: Value = serde_json::from_str(&answer.text).unwrap();
            // By when one comes back, which is each minute.
            assert!(error["error"]["retry_after"].take().as_u64().is_none_or(|seconds| (1..=60).contains(&seconds)));
            (answer.status, error, answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>())
        });
        let mut refusals: Vec<_> = refusals.collect();
        // Here one may have come back.
        refusals.drain(100..110);
        refusals
    };
    let [known, unknown] = [seen(2, &ann.name), seen(3, &nobody)];
    let kinds = |of: &[(u16, Value, Vec<String>)]| of.iter().map(|(status, ..)| *status).collect::<Vec<_>>();
    assert_eq!(kinds(&known[..100]), kinds(&unknown[..100]));
    for status in [401, 429] {
        let one = |of: &[(u16, Value, Vec<String>)]| of.iter().find(|one| one.0 == status).cloned().unwrap();
        assert_eq!(one(&known), one(&unknown));
    }
}

#[test]
fn one_address_has_ten_guesses_for_an_account_and_sixty_for_all() {
    let server = shared();
    let (ann, bob) = (account_at(&server, "Ann"), account_at(&server, "Bob"));
    let here = stranger_from(&server, address(4, 1));
    for _ in 0..10 {
        try_to_log_in(&here, &ann.name, "wrong").expect_refusal(401, "wrong_login");
    }
    let wait = expect_slow_down(&try_to_log_in(&here, &ann.name, "wrong"));
    assert!((240..=300).contains(&wait), "{wait}");
    try_to_log_in(&here, &bob.name, "first").expect(200);
    try_to_log_in(&stranger_from(&server, address(4, 2)), &ann.name, "first").expect(200);

    let elsewhere = stranger_from(&server, address(4, 3));
    let guess = |_| try_to_log_in(&elsewhere, &new_person("Nobody"), "wrong");
    assert!(expect_slow_down(&until_refused(rates::LOG_INS, guess)) <= 10);
    // What was tried at an account counts for its address as well.
    let started = Instant::now();
    let guess = || try_to_log_in(&here, &new_person("Nobody"), "wrong").status;
    let tried = (0..100).take_while(|_| guess() != 429).count();
    assert!(tried <= at_most(50, rates::LOG_INS, started), "{tried}");
}

#[test]
fn a_log_in_that_succeeds_takes_nothing() {
    let server = shared();
    let ann = account_at(&server, "Ann");
    let here = stranger_from(&server, address(5, 1));
    for _ in 0..25 {
        try_to_log_in(&here, &ann.name, "first").expect(200);
    }
}

#[test]
fn a_known_device_has_ten_guesses_of_its_own_and_is_known_to_its_account_alone() {
    let server = shared();
    let (ann, bob) = (account_at(&server, "Ann"), account_at(&server, "Bob"));
    let anns = device(&try_to_log_in(&stranger_at(&server), &ann.name, "first"));
    let here = on_device(&server, &address(6, 1), &anns);
    for _ in 0..10 {
        try_to_log_in(&here, &ann.name, "wrong").expect_refusal(401, "wrong_login");
    }
    assert!(expect_slow_down(&try_to_log_in(&here, &ann.name, "first")) <= 60);
    // Nobody else pays for it.
    try_to_log_in(&stranger_from(&server, address(6, 2)), &ann.name, "first").expect(200);

    // A device of Ann's, or a made-up one, is a stranger to Bob.
    for (n, cookie) in [anns.as_str(), "hihi-device=AAAAAAAAAAAAAAAAAAAAAA.AAAA"].iter().enumerate() {
        let there = on_device(&server, &address(6, 10 + n), cookie);
        for _ in 0..10 {
            try_to_log_in(&there, &bob.name, "wrong").expect_refusal(401, "wrong_login");
        }
        assert!(expect_slow_down(&try_to_log_in(&there, &bob.name, "wrong")) > 60, "by account and address");
    }
}

#[test]
fn what_an_account_has_spent_is_not_forgotten_with_the_process() {
    let server = Server::start(Build::Deployed, &[]);
    let ann: Account = account_at(&server, "Ann");
    let known = device(&try_to_log_in(&stranger_at(&server), &ann.name, "first"));
    guess_from_everywhere(&server, 7, &ann.name);
    let started = Instant::now();
    server.kill();
    server.start_again();
    let guesses = guess_from_everywhere(&server, 8, &ann.name);
    let wrong = guesses.iter().filter(|status| **status == 401).count();
    assert!(wrong <= at_most(1, rates::LOG_INS_TO_ACCOUNT, started), "{wrong} more guesses were looked at");
    try_to_log_in(&on_device(&server, "192.0.2.7", &known), &ann.name, "first").expect(200);
}

#[test]
fn who_has_a_session_guesses_its_password_no_faster() {
    let server = shared();
    let ann = register_as(&stranger_at(&server), &new_person("Ann"));
    let wrong = json!({ "key": key("wrong"), "salt": registration("", "")["salt"], "rounds": 600_000, "new_key": key("second") });
    for n in 0..10 {
        let answer = match n % 2 {
            0 => ann.client.post("/api/account/password", &wrong),
            _ => {
                let body = json!({ "key": key("wrong"), "messages": "keep" });
                ann.client.request("DELETE", "/api/account").json(&body).send()
            }
        };
        answer.expect_refusal(401, "wrong_login");
    }
    assert!(expect_slow_down(&ann.client.post("/api/account/password", &wrong)) <= 60);
}

#[test]
fn recovery_codes_and_reset_links_are_guessed_no_faster() {
    let server = shared();
    let ann = account_at(&server, "Ann");
    let here = stranger_from(&server, address(9, 1));
    let mut body = registration(&ann.name, "second");
    body["code"] = json!("1111-1111-1111-1111-1111-1111");
    for _ in 0..10 {
        here.post("/api/account/recovery", &body).expect_refusal(401, "wrong_login");
    }
    assert!(expect_slow_down(&here.post("/api/account/recovery", &body)) > 60);

    let mut body = registration("", "second");
    body["token"] = json!("a".repeat(32));
    body.as_object_mut().unwrap().remove("username");
    let guess = |_| here.post("/api/account/reset", &body);
    assert!(expect_slow_down(&until_refused(rates::LOG_INS, guess)) <= 10);
}

#[test]
fn fifty_log_ins_at_once_with_passwords_of_a_megabyte_are_not_even_read() {
    let server = Server::start(Build::Deployed, &[("PLAIN_PASSWORDS", "on")]);
    let ann = account_at(&server, "Ann");
    // Each says how much will come, and sends the beginning: it is answered before the rest.
    let start = format!(
        "POST /api/session HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n\
         {{\"username\": {:?}, \"password\": \"xxxx",
        server.authority(),
        1 << 20,
        ann.name
    );
    let mut sockets: Vec<_> = (0..50).map(|_| TcpStream::connect(server.authority()).unwrap()).collect();
    for socket in &mut sockets {
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket.write_all(start.as_bytes()).unwrap();
    }
    for socket in &mut sockets {
        let mut status = [0; 12];
        socket.read_exact(&mut status).unwrap();
        assert_eq!(String::from_utf8_lossy(&status), "HTTP/1.1 413");
    }
    // They were no guesses.
    let here = stranger_from(&server, "192.0.2.50");
    try_to_log_in(&here, &ann.name, "first").expect(200);
}
