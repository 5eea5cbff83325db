//! A panic, by the test-only hook. It ends the WASM instance that all rooms of the isolate live in: nobody may hang for
//! that, and nothing acknowledged may be missing.

use crate::client::{eventually, guest, guest_at, room, Client};
use crate::live::Live;
use crate::server::{Build, Server};
use serde_json::{json, Value};
use std::fs;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// In `src/room/object/hooks.rs`.
const MARK: &[u8] = b"hihi-test-hook-panic";

#[test]
fn after_a_panic_its_caller_is_answered_other_rooms_go_on_and_nothing_acknowledged_is_missing() {
    const ROUNDS: usize = 5;
    let server = Server::start(Build::WithHooks, &[]);
    let [ann, bob, carol] = ["Ann", "Bob", "Carol"].map(|name| guest_at(&server, name));
    let (broken, other) = (room(&ann), room(&bob));
    carol.join(&other);
    let (mut anns, mut bobs) = (ann.connect(&broken), bob.connect(&other));
    let (mut acked, mut own) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        own.push(anns.says_after_waking(&format!("before panic {round}"))["seq"].clone());
        let sent: Vec<_> = (0..20).map(|n| bobs.send(&format!("in flight {round} {n}"))).collect();
        let posted: Vec<_> = (0..6).map(|n| (format!("post-{round}-{n}"), format!("posted {round} {n}"))).collect();
        let gate = Barrier::new(posted.len() + 3);
        let post = |id: &str, text: &str| {
            gate.wait();
            bob.say(&other, id, text)
        };
        let connect = || {
            gate.wait();
            Live::try_open(&carol, &other.at("live"), &[])
        };
        thread::scope(|scope| {
            let sockets = [scope.spawn(connect), scope.spawn(connect)];
            let posts: Vec<_> = posted.iter().map(|(id, text)| scope.spawn(move || post(id, text))).collect();
            gate.wait();
            // The client gives up after ten seconds, so an answer is an answer in time.
            let answer = ann.request("POST", &broken.at("hook/panic")).send();
            assert!(answer.status >= 500, "{answer:?}");
            answer.expect(answer.status)["error"]["code"].as_str().expect("a code");
            for socket in sockets {
                match socket.join().unwrap() {
                    Ok(mut carols) => drop(carols.says_after_waking("I am in")),
                    Err(status) => assert_eq!(status, 503),
                }
            }
            for (post, (id, text)) in posts.into_iter().zip(&posted) {
                let answer = post.join().unwrap();
                if answer.status == 503 {
                    answer.expect_refusal(503, "busy");
                    // Whether the log has it or not: the same id again is one message.
                    assert!(matches!(bob.say(&other, id, text).status, 200 | 201));
                } else {
                    answer.expect(201);
                }
            }
        });
        // The sockets from before are open, and every frame on them is answered.
        for id in sent {
            acked.push(bobs.wait_for(|frame| frame["type"] == "ack" && frame["id"] == id));
        }
        anns.heartbeat();
    }
    eventually("Carol is gone, however her connecting ended", || (bob.view(&other)["online"] == 1).then_some(()));
    let last = bob.say(&other, "last", "after it all").expect(201);
    let page = bob.get(&other.at("messages?since=0")).expect(200);
    let kept = page["messages"].as_array().unwrap();
    assert!(kept.iter().map(|message| message["seq"].as_u64().unwrap()).eq(1..=last["seq"].as_u64().unwrap()));
    let kept_of = |who: &Client| kept.iter().filter(|message| message["author"]["id"] == who.id()).count();
    assert_eq!(kept_of(&bob), ROUNDS * (20 + 6) + 1, "each message once");
    for ack in &acked {
        let message = kept.iter().find(|message| message["seq"] == ack["seq"]).unwrap();
        assert_eq!((&message["id"], &message["at"]), (&ack["id"], &ack["at"]));
    }
    let page = ann.get(&broken.at("messages")).expect(200);
    let kept: Vec<&Value> = page["messages"].as_array().unwrap().iter().map(|message| &message["seq"]).collect();
    assert_eq!(kept, own.iter().collect::<Vec<_>>(), "also in the room that panicked");
    assert_eq!(ann.view(&broken)["online"], 1);
}

#[test]
fn after_a_panic_over_a_frame_who_waits_is_answered_at_once_and_the_talk_goes_on() {
    let server = Server::start(Build::WithHooks, &[]);
    let [ann, bob] = ["Ann", "Bob"].map(|name| guest_at(&server, name));
    let (broken, other) = (room(&ann), room(&bob));
    let mut anns = ann.connect(&broken);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let since = Instant::now();
            (bob.request("POST", &other.at("hook/hang")).send(), since.elapsed())
        });
        // Its room is asked before the frame comes, or after it, and then the next frame ends its wait.
        eventually("who waits is answered", || {
            // Awake again, so that the frame is heard at once and not in a promise.
            anns.says_after_waking("between");
            anns.send(std::str::from_utf8(MARK).unwrap());
            waiting.is_finished().then_some(())
        });
        let (answer, waited) = waiting.join().unwrap();
        answer.expect_refusal(503, "busy");
        assert!(waited < Duration::from_secs(5), "the last resort is 9.5 seconds, this took {waited:?}");
    });
    anns.says_after_waking("after");
    bob.say(&other, "last", "after it all").expect(201);
}

#[test]
fn who_waits_is_answered_at_once_also_where_the_instance_ends_without_a_panic() {
    let server = Server::start(Build::WithHooks, &[]);
    let [ann, bob] = ["Ann", "Bob"].map(|name| guest_at(&server, name));
    let (broken, other) = (room(&ann), room(&bob));
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let since = Instant::now();
            (bob.request("POST", &other.at("hook/hang")).send(), since.elapsed())
        });
        eventually("who waits is answered", || {
            let answer = ann.request("POST", &broken.at("hook/trap")).send();
            assert!(answer.status >= 500, "{answer:?}");
            waiting.is_finished().then_some(())
        });
        let (answer, waited) = waiting.join().unwrap();
        answer.expect_refusal(503, "busy");
        assert!(waited < Duration::from_secs(5), "the last resort is 9.5 seconds, this took {waited:?}");
    });
    bob.say(&other, "last", "after it all").expect(201);
}

#[test]
fn the_hooks_are_not_in_the_worker_that_is_deployed() {
    let has_mark = |build: Build| {
        let wasm = fs::read(build.folder().join("index_bg.wasm")).unwrap();
        wasm.windows(MARK.len()).any(|piece| piece == MARK)
    };
    assert!(has_mark(Build::WithHooks), "or this test looks for the wrong thing");
    assert!(!has_mark(Build::Deployed));
    let ann = guest("Ann");
    let lobby = room(&ann);
    for hook in ["hook/panic", "hook/counts"] {
        ann.post(&lobby.at(hook), &json!({})).expect_refusal(404, "not_found");
    }
}
