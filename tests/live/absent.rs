//! What takes a minute, because that is how long it takes. It stands first in the alphabet so that it begins first.

use crate::client::{eventually, eventually_within, guest, guest_at, room};
use crate::hosted::{archived, expect_archived, server};
use crate::live::new_id;
use serde_json::json;
use std::time::{Duration, Instant};

#[test]
fn a_tab_that_falls_silent_without_a_word_is_a_person_gone_after_a_minute_and_a_half() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    bob.join(&lobby);
    // Its connection stays open: nobody has told the server that the lid was closed.
    let mut bobs = bob.connect(&lobby);
    bobs.heartbeat();
    let silent_since = Instant::now();
    // Pages come and go; a room looks for the silent when somebody comes.
    loop {
        let mut anns = ann.connect(&lobby);
        let went = anns.until_patience_ends(|frame| frame["went"] == json!([bob.id()]));
        if went || anns.welcome["online"] == 1 {
            break;
        }
        assert!(silent_since.elapsed() < Duration::from_secs(130), "Bob is still here");
    }
    assert!(silent_since.elapsed() > Duration::from_secs(80), "heartbeats are 25 seconds apart: three may be lost");
    assert_eq!(bobs.expect_close(), (1001, "silent".to_owned()));
}

#[test]
fn a_batch_that_redis_takes_long_after_its_isolate_died_brings_no_old_text_back() {
    let server = server(&[]);
    let (ann, redis) = (guest_at(&server, "Ann"), server.redis());
    let lobby = room(&ann);
    ann.say(&lobby, &new_id(), "first").expect(201);
    expect_archived(redis, &ann, &lobby);
    redis.faults(json!({ "delay_ms": 8000, "times": 1, "only": "ZADD" }));
    for id in ["a", "b"] {
        ann.say(&lobby, id, "before").expect(201);
    }
    eventually("the batch is held back", || (redis.fault() == json!({})).then_some(()));
    server.kill();
    server.start_again();
    ann.post(&lobby.at("entries"), &json!({ "type": "edit", "id": "c", "seq": 2, "text": "after" })).expect(201);
    ann.post(&lobby.at("entries"), &json!({ "type": "delete", "id": "d", "seq": 3 })).expect(201);
    expect_archived(redis, &ann, &lobby);
    let said = |text: &str| archived(redis, &lobby.name).iter().filter(|one| one["msg"] == text).count();
    eventually("the batch has come", || (said("before") > 0).then_some(()));
    eventually_within(Duration::from_secs(90), "it is gone again", || (said("before") == 0).then_some(()));
    expect_archived(redis, &ann, &lobby);
    assert_eq!((said("first"), said("after"), said("")), (1, 1, 1));
}
