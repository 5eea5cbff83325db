//! Passwords: changed, recovered, plain, and derived as the documents say.

use super::{account, account_at, key, new_person, registration, salt, Account};
use crate::client::{room, stranger, stranger_at, Answer, Client};
use crate::server::{Build, Server};
use serde_json::{json, Value};
use std::process::Command;
use std::time::Instant;

fn change(who: &Client, old: &str, new: &str) -> Answer {
    let body = json!({ "key": key(old), "salt": salt(), "rounds": 700_000, "new_key": key(new) });
    who.post("/api/account/password", &body)
}

#[test]
fn a_new_password_ends_the_other_sessions_and_renews_this_one() {
    let ann = account("Ann");
    let lobby = room(&ann.client);
    let tablet = ann.log_in("first");
    let mut tabs = [tablet.connect(&lobby), ann.client.connect(&lobby)];
    change(&ann.client, "wrong", "second").expect_refusal(401, "wrong_login");
    let answer = change(&ann.client, "first", "second");
    answer.expect(204);
    assert_eq!(tabs[0].expect_close(), (1008, "signed_out".to_owned()));
    assert_eq!(tabs[1].expect_close(), (4000, "renewed".to_owned()));
    let renewed = Client { cookie: Some(answer.cookie()), ..ann.client.clone() };
    assert_eq!(renewed.view(&lobby)["role"], "owner");
    // The cookie it had before is as good as stolen.
    for old in [&tablet, &ann.client] {
        old.get(&lobby.path).expect_refusal(401, "session_ended");
        old.get("/api/sessions").expect_refusal(401, "session_ended");
    }
    ann.cannot_log_in("first");
    ann.log_in("second");
    let params = stranger().post("/api/session/params", &json!({ "username": ann.name })).expect(200);
    assert_eq!(params["rounds"], 700_000, "a rise of rounds goes this way");
}

#[test]
fn the_recovery_code_sets_a_password_and_ends_every_session() {
    let ann = account("Ann");
    let lobby = room(&ann.client);
    let mut tab = ann.client.connect(&lobby);
    let recover = |code: &str| {
        let mut body = registration(&ann.name, "second");
        body["code"] = json!(code);
        stranger().post("/api/account/recovery", &body)
    };
    for wrong in ["", "1111-1111-1111-1111-1111-1111", "nonsense", &format!("{}0", ann.recovery_code)] {
        recover(wrong).expect_refusal(401, "wrong_login");
    }
    // As somebody may have written it down.
    recover(&ann.recovery_code.to_uppercase().replace('-', " ")).expect(204);
    assert_eq!(tab.expect_close(), (1008, "signed_out".to_owned()));
    ann.client.get("/api/sessions").expect_refusal(401, "session_ended");
    ann.cannot_log_in("first");
    assert_eq!(ann.log_in("second").id(), ann.client.id());
}

#[test]
fn a_plain_password_is_refused_on_every_route_unless_the_deployer_allows_it() {
    let ann = account("Ann");
    let plain = "correct horse battery";
    let refused = [
        stranger().post("/api/session", &json!({ "username": ann.name, "password": plain })),
        stranger().post("/api/session", &json!({ "username": new_person("Nobody"), "password": plain })),
        stranger().post("/api/accounts", &json!({ "username": new_person("Bob"), "password": plain })),
        ann.client.post("/api/account/password", &json!({ "password": plain, "new_password": plain })),
        stranger().post(
            "/api/account/recovery",
            &json!({ "username": ann.name, "code": ann.recovery_code, "password": plain }),
        ),
    ];
    for answer in refused {
        answer.expect_refusal(422, "key_required");
    }
    ann.log_in("first");
}

/// A block of the documents, by its language.
fn from_the_documents(language: &str) -> &'static str {
    let text = include_str!("../../../docs/protocol.md");
    let block = text.split(&format!("```{language}\n")).nth(1).unwrap_or_else(|| panic!("no {language}"));
    let block = block.split("```").next().unwrap();
    assert!(block.lines().count() <= 5, "five lines of {language}");
    block
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The key that JavaScript and Python derive by the lines in the documents.
fn derived(password: &str, params: &Value) -> [String; 2] {
    let (salt, rounds) = (params["salt"].as_str().unwrap(), params["rounds"].to_string());
    let script = format!("{}\nconsole.log(await derive({password:?}, {salt:?}, {rounds}));", from_the_documents("js"));
    let program = format!("{}\nprint(derive({password:?}, {salt:?}, {rounds}))", from_the_documents("python"));
    [run("node", &["--input-type=module", "--eval", &script]), run("python3", &["-c", &program])]
}

#[test]
fn scripts_may_log_in_with_a_password_where_allowed_and_derive_the_same_key_by_the_documents() {
    let server = Server::start(Build::Deployed, &[("PLAIN_PASSWORDS", "on")]);
    let stranger = stranger_at(&server);
    // Wide letters and a composed one: NFKC makes the same of them everywhere.
    let password = "ｃｏｒｒｅｃｔ 马 caf\u{e9}";
    stranger.post("/api/accounts", &json!({ "username": "Ann", "password": password })).expect(201);
    let log_in = |password: &str| stranger.post("/api/session", &json!({ "username": "Ann", "password": password }));
    log_in(password).expect(200);
    log_in("correct 马 cafe\u{301}").expect(200);
    log_in("correct horse").expect_refusal(401, "wrong_login");
    log_in("short").expect_refusal_of(422, "too_short", "password");
    let nobody = stranger.post("/api/session", &json!({ "username": "Nobody", "password": password }));
    nobody.expect_refusal(401, "wrong_login");

    let params = stranger.post("/api/session/params", &json!({ "username": "Ann" })).expect(200);
    for key in derived(password, &params) {
        stranger.post("/api/session", &json!({ "username": "Ann", "key": key })).expect(200);
    }
}

/// What a request takes at best, in the milliseconds that the Worker and its objects compute.
fn at_best(mut ask: impl FnMut()) -> f64 {
    let times = (0..20).map(|_| {
        let started = Instant::now();
        ask();
        started.elapsed().as_secs_f64() * 1_000.0
    });
    times.fold(f64::INFINITY, f64::min)
}

#[test]
fn what_a_log_in_costs_is_printed() {
    let server = Server::start(Build::Deployed, &[("PLAIN_PASSWORDS", "on")]);
    let stranger = stranger_at(&server);
    stranger.post("/api/accounts", &json!({ "username": "Ann", "password": "correct horse" })).expect(201);
    let params = stranger.post("/api/session/params", &json!({ "username": "Ann" })).expect(200);
    let [derived_key, _] = derived("correct horse", &params);
    let ask = |body: Value| at_best(|| assert!(stranger.post("/api/session", &body).status < 500));
    let read = at_best(|| assert!(stranger.post("/api/session/params", &json!({ "username": "Ann" })).status == 200));
    let refused = ask(json!({ "username": "Ann", "key": key("wrong") }));
    let logged_in = ask(json!({ "username": "Ann", "key": derived_key }));
    let plain = ask(json!({ "username": "Ann", "password": "correct horse" }));
    println!("ms at best: one read of the Directory {read:.1}, a wrong key {refused:.1}, a log-in by key {logged_in:.1}, by password {plain:.1}");
}

#[test]
fn a_password_set_in_plain_and_one_set_by_key_replace_each_other() {
    let server = Server::start(Build::Deployed, &[("PLAIN_PASSWORDS", "on")]);
    let ann: Account = account_at(&server, "Ann");
    let body = json!({ "key": key("first"), "new_password": "plain and long" });
    let answer = ann.client.post("/api/account/password", &body);
    answer.expect(204);
    let stranger = stranger_at(&server);
    stranger.post("/api/session", &json!({ "username": ann.name, "password": "plain and long" })).expect(200);
    ann.cannot_log_in("first");
    let renewed = Client { cookie: Some(answer.cookie()), ..ann.client.clone() };
    let body = json!({ "password": "plain and long", "salt": salt(), "rounds": 600_000, "new_key": key("third") });
    renewed.post("/api/account/password", &body).expect(204);
    ann.log_in("third");
}
