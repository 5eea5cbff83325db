//! `/healthz`, and settings that are half there.

use super::server;
use crate::client::{eventually_within, guest_at, room, stranger_at};
use crate::live::new_id;
use crate::redis::Redis;
use crate::server::{Build, Server};
use serde_json::{json, Value};
use std::time::Duration;

#[test]
fn health_tells_the_back_end_and_nothing_secret() {
    let server = server(&[]);
    let health = stranger_at(&server).get("/healthz");
    let expected = json!({
        "version": env!("CARGO_PKG_VERSION"), "status": "ok", "backend": "redis", "redis_reachable": true,
        "moving": false, "archive_lag": 0,
    });
    assert_eq!(health.expect(200), expected);
    assert!(!health.text.contains(server.redis().token()) && !health.text.contains("http"), "{}", health.text);
}

#[test]
fn health_is_degraded_while_redis_is_away_and_says_for_how_long_nothing_was_archived() {
    let server = server(&[]);
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    server.redis().kill();
    ann.say(&lobby, &new_id(), "during").expect(201);
    let health = || stranger_at(&server).get("/healthz").expect(200);
    // An answer stands for ten seconds.
    let degraded = |health: &Value| health["status"] == "degraded" && health["archive_lag"].as_i64() > Some(0);
    let seen = eventually_within(Duration::from_secs(30), "degraded", || Some(health()).filter(degraded));
    assert_eq!(seen["redis_reachable"], false);
    server.redis().start_again();
    let back = |health: &Value| health["status"] == "ok" && health["archive_lag"] == 0;
    eventually_within(super::BACK, "well again", || Some(health()).filter(back));
}

#[test]
fn without_redis_health_says_embedded() {
    let health = match std::env::var("HIHICHAT_BACKEND").as_deref() {
        Ok("redis") => return,
        _ => crate::client::stranger().get("/healthz").expect(200),
    };
    assert_eq!((&health["backend"], &health["redis_reachable"]), (&json!("embedded"), &Value::Null));
    assert_eq!((&health["status"], &health["archive_lag"]), (&json!("ok"), &Value::Null));
}

#[test]
fn half_a_configuration_is_refused_and_the_log_names_what_is_missing() {
    let redis = Redis::start();
    for (name, value, missing) in [
        ("UPSTASH_REDIS_REST_URL", redis.url(), "UPSTASH_REDIS_REST_TOKEN must be set"),
        ("UPSTASH_REDIS_REST_TOKEN", redis.token(), "UPSTASH_REDIS_REST_URL must be set"),
    ] {
        let server = Server::start_embedded(Build::Deployed, &[(name, value)]);
        stranger_at(&server).get("/api/rooms").expect_refusal(500, "internal");
        assert!(server.log().contains(missing), "{}", server.log());
        assert!(!server.log().contains(redis.token()));
    }
}

#[test]
fn a_wrong_token_is_said_in_the_log_and_never_shown() {
    let redis = Redis::start();
    let wrong = [("UPSTASH_REDIS_REST_URL", redis.url()), ("UPSTASH_REDIS_REST_TOKEN", "the-wrong-one")];
    let server = Server::start_embedded(Build::Deployed, &wrong);
    let answer = stranger_at(&server).get("/api/rooms");
    answer.expect_refusal(503, "busy");
    assert!(server.log().contains("UPSTASH_REDIS_REST_TOKEN"), "{}", server.log());
    assert!(!server.log().contains("the-wrong-one") && !answer.text.contains("the-wrong-one"));
}
