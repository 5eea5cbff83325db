//! The client of hosted Redis, against the gateway and all that it can do to an answer.

use crate::directory::now;
use crate::support::redis::Redis as Server;
use crate::support::wire::HostWire;
use hihichat::redis::{Redis, RedisError};
use serde_json::{json, Value};

fn client(server: &Server) -> Redis<HostWire> {
    Redis(HostWire::to(server))
}

fn command(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn texts_come_back_as_they_were_sent_whatever_is_in_them() {
    let server = Server::start();
    let redis = client(&server);
    for text in ["a\r\nFLUSHALL\r\n", "a\0b", "🎈 \"quoted\" \\ / ?#[]", "", "../../flushall"] {
        assert_eq!(now(redis.command(&command(&["SET", text, text]))), Ok(json!("OK")));
        assert_eq!(now(redis.command(&command(&["GET", text]))), Ok(json!(text)));
    }
    assert_eq!(now(redis.command(&command(&["GET", "nothing"]))), Ok(Value::Null));
}

#[test]
fn a_pipeline_has_a_result_for_each_command_and_a_transaction_is_one_step() {
    let server = Server::start();
    let redis = client(&server);
    let commands = [command(&["SET", "a", "1"]), command(&["LPUSH", "a", "x"]), command(&["INCR", "a"])];
    for results in [now(redis.pipeline(&commands)), now(redis.multi_exec(&commands))] {
        let results = results.unwrap();
        assert_eq!((&results[0], &results[2]), (&Ok(json!("OK")), &Ok(json!(2))));
        assert!(matches!(&results[1], Err(RedisError::Refused(error)) if error.starts_with("WRONGTYPE")));
    }
    let broken = [command(&["SET", "a", "7"]), command(&["NOSUCH"])];
    assert!(matches!(now(redis.multi_exec(&broken)), Err(RedisError::Refused(_))));
    assert_eq!(server.command(json!(["GET", "a"])), json!("2"), "nothing of it was done");
}

#[test]
fn what_may_pass_is_asked_again_and_the_rest_is_not() {
    let server = Server::start();
    let ping = command(&["PING"]);
    for (fault, passes) in [
        (json!({ "status": 500 }), true),
        (json!({ "status": 503 }), true),
        (json!({ "status": 429 }), true),
        (json!({ "down": true }), true),
        (json!({ "lost": true }), true),
        (json!({ "cut": true }), true),
        (json!({ "rubbish": true }), true),
        (json!({ "status": 401 }), false),
        (json!({ "quota": true }), false),
    ] {
        let mut twice = fault.clone();
        twice["times"] = json!(2);
        server.faults(twice);
        let redis = client(&server);
        assert_eq!(now(redis.repeat(&ping)).is_ok(), passes, "{fault}");
        assert_eq!(redis.0.waits.get(), if passes { 2 } else { 0 }, "{fault}");
        server.faults(fault.clone());
        let redis = client(&server);
        assert!(now(redis.repeat(&ping)).is_err(), "{fault} for ever");
        assert!(redis.0.waits.get() <= 2, "it ends");
        server.faults(json!({}));
    }
}

#[test]
fn each_trouble_is_its_own_error_and_none_shows_the_token() {
    let server = Server::start();
    let set = command(&["SET", "a", "b"]);
    let of = |fault: Value| {
        server.faults(fault);
        let error = now(client(&server).command(&set)).unwrap_err();
        server.faults(json!({}));
        assert!(!error.to_string().contains(server.token()), "{error}");
        error
    };
    assert_eq!(of(json!({ "status": 401 })), RedisError::Unauthorized);
    assert_eq!(of(json!({ "status": 429 })), RedisError::TooManyRequests);
    assert_eq!(of(json!({ "status": 500 })), RedisError::Trouble { status: 500 });
    assert_eq!(of(json!({ "rubbish": true })), RedisError::Rubbish { status: 200 });
    assert_eq!(of(json!({ "delay_ms": 5000 })), RedisError::TimedOut);
    assert!(matches!(of(json!({ "quota": true })), RedisError::Quota(_)));
    assert!(matches!(of(json!({ "full": true })), RedisError::Full(_)));
    assert!(matches!(of(json!({ "down": true })), RedisError::Unreachable(_)));
    assert!(matches!(of(json!({ "lost": true })), RedisError::Unreachable(_)));
    assert!(matches!(of(json!({ "cut": true })), RedisError::Unreachable(_) | RedisError::Rubbish { .. }));
    let wrong = Redis(HostWire::to(&server).with_token("the-wrong-one"));
    assert_eq!(now(wrong.command(&set)), Err(RedisError::Unauthorized));
    let large = command(&["SET", "a", &"x".repeat(11 << 20)]);
    assert!(matches!(now(client(&server).command(&large)), Err(RedisError::TooLarge(_) | RedisError::Unreachable(_))));
}
