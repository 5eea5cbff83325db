//! After twelve seconds of silence a room's object is gone from memory, its sockets open. Nobody may notice.

use crate::client::{eventually_within, guest_at, room, Client, Room};
use crate::live::Live;
use crate::rooms::row;
use crate::server::{Build, Server};
use serde_json::{json, Value};
use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// The runtime lets an object sleep after about ten seconds.
const SILENCE: Duration = Duration::from_secs(12);

/// A room that has fallen asleep, as its people left it.
struct Scene {
    room: Room,
    /// Two tabs.
    ann: Client,
    anns: [Live; 2],
    bob: Client,
    bobs: Live,
    /// Reads along without having joined.
    visitor: Live,
    /// A member who is not there.
    carol: Client,
    /// Said before the silence, three by Ann.
    said: Vec<Value>,
    /// The object that fell asleep.
    instance: Value,
}

const SCENES: usize = 7;

/// One of the scenes, which all share one silence. In the first of them a page's heart goes on beating.
#[track_caller]
fn asleep(number: usize) -> Scene {
    static ALL: LazyLock<Mutex<Vec<Option<Scene>>>> = LazyLock::new(|| {
        let server = Server::start(Build::WithHooks, &[]);
        let cast = || ["Ann", "鲍勃", "Carol", "Visitor"].map(|name| guest_at(&server, name));
        let mut scenes: Vec<_> = thread::scope(|scope| {
            let set: Vec<_> = (0..SCENES).map(|_| scope.spawn(|| Scene::set(cast()))).collect();
            set.into_iter().map(|scene| scene.join().unwrap()).collect()
        });
        scenes.iter_mut().rev().for_each(Scene::talk);
        let started = Instant::now();
        while started.elapsed() < SILENCE {
            // The one wait that nothing can be waited for in.
            thread::sleep(SILENCE / 4);
            scenes[0].bobs.only_heartbeat();
        }
        Mutex::new(scenes.into_iter().map(Some).collect())
    });
    ALL.lock().unwrap()[number].take().expect("each scene is played once")
}

fn instance(who: &Client, room: &Room) -> Value {
    who.post(&room.at("hook/counts"), &json!({})).expect(200)["instance"].take()
}

impl Scene {
    fn set([ann, bob, carol, visitor]: [Client; 4]) -> Self {
        let room = room(&ann);
        bob.join(&room);
        carol.join(&room);
        let (mut anns, mut bobs, mut visitor) =
            ([ann.connect(&room), ann.connect(&room)], bob.connect(&room), visitor.connect(&room));
        // Whatever presence is still to come comes before the silence: at most one frame, within a second.
        let carols = carol.connect(&room);
        let is_carol = |person: &Value| person["id"] == carol.id();
        anns.iter_mut().chain([&mut bobs, &mut visitor]).for_each(|live| {
            live.expect_presence(|frame| frame["came"].as_array().unwrap().iter().any(is_carol));
        });
        carols.close();
        anns.iter_mut().chain([&mut bobs, &mut visitor]).for_each(|live| {
            live.expect_presence(|frame| frame["went"] == json!([carol.id()]));
        });
        Self { room, ann, anns, bob, bobs, visitor, carol, said: Vec::new(), instance: Value::Null }
    }

    fn talk(&mut self) {
        self.said = (1..=3).map(|n| self.anns[0].says(&format!("before the silence {n}"))).collect();
        for live in [&mut self.anns[1], &mut self.bobs, &mut self.visitor] {
            live.wait_for(|frame| frame["seq"] == 3);
        }
        self.instance = instance(&self.ann, &self.room);
        assert_eq!(instance(&self.ann, &self.room), self.instance, "awake, or the number proves nothing");
    }

    #[track_caller]
    fn expect_slept(&self) {
        assert_ne!(instance(&self.ann, &self.room), self.instance, "the object did not sleep");
    }
}

#[test]
fn heartbeats_are_answered_and_neither_keep_a_room_awake_nor_wake_it() {
    let mut scene = asleep(0);
    // Waking, it would have said the last messages again, to all tabs.
    scene.anns[0].only_heartbeat();
    scene.bobs.only_heartbeat();
    scene.visitor.only_heartbeat();
    scene.expect_slept();
}

#[test]
fn the_list_hears_what_was_said_before_the_silence_within_half_a_minute() {
    let scene = asleep(1);
    let activity = &scene.said[2]["at"];
    let half_a_minute = Duration::from_secs(30);
    eventually_within(half_a_minute, "the alarm comes", || {
        (row(&scene.ann, &scene.room)["activity"] == *activity).then_some(())
    });
}

#[test]
fn numbering_goes_on_and_what_comes_again_is_what_was() {
    let mut scene = asleep(2);
    let id = scene.anns[0].send("after the silence");
    let mut again = Vec::new();
    let ack = scene.anns[0].wait_for(|frame| {
        let is_it = frame["id"] == id;
        assert!(
            is_it || scene.said.iter().any(|said| said["seq"] == frame["seq"] && said["at"] == frame["at"]),
            "{frame}"
        );
        is_it
    });
    assert_eq!(ack["seq"], 4);
    assert!(ack["at"].as_i64() > scene.said[2]["at"].as_i64());
    for live in [&mut scene.anns[1], &mut scene.bobs, &mut scene.visitor] {
        let heard = live.wait_for(|frame| {
            let is_message = frame["type"] == "message";
            if is_message && frame["seq"].as_i64() < Some(4) {
                again.push(frame.clone());
            }
            is_message && frame["id"] == id
        });
        assert_eq!((&heard["seq"], &heard["text"]), (&json!(4), &json!("after the silence")));
        assert_eq!(heard["author"]["name"], "Ann");
    }
    assert!(again.iter().all(|message| scene.said.contains(message)), "{again:?}");
    scene.expect_slept();
}

#[test]
fn counts_names_and_tabs_are_still_right() {
    let mut scene = asleep(3);
    let carols = scene.carol.connect(&scene.room);
    let welcome = &carols.welcome;
    assert_eq!((&welcome["online"], &welcome["members"], &welcome["seq"]), (&json!(3), &json!(3), &json!(3)));
    let names: BTreeSet<_> =
        welcome["people"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, BTreeSet::from(["Ann", "Carol", "鲍勃"]));
    scene.bobs.expect_presence(|frame| frame["came"][0]["id"] == scene.carol.id() && frame["online"] == 3);

    let [first_tab, mut second_tab] = scene.anns;
    first_tab.close();
    scene.bobs.close();
    let went = second_tab.expect_presence(|frame| frame["went"] != json!([]));
    assert_eq!((&went["went"], &went["online"]), (&json!([scene.bob.id()]), &json!(2)), "Ann has another tab");
}

#[test]
fn an_id_from_before_is_still_the_same_message() {
    let mut scene = asleep(4);
    let said = scene.said[1].clone();
    let (id, text) = (said["id"].as_str().unwrap(), said["text"].as_str().unwrap());
    scene.anns[1].send_as(id, text);
    let ack = scene.anns[1].wait_for(|frame| frame["type"] == "ack" && frame["id"] == id);
    assert_eq!((&ack["seq"], &ack["at"]), (&said["seq"], &said["at"]));
    assert_eq!(scene.ann.say(&scene.room, id, text).expect(200), ack);
    scene.ann.say(&scene.room, id, "another text").expect_refusal(409, "id_reused");
    assert_eq!(scene.ann.view(&scene.room)["seq"], 3);
    scene.expect_slept();
}

#[test]
fn roles_are_still_known() {
    let mut scene = asleep(5);
    scene.visitor.send("may I?");
    scene.visitor.wait_for(|frame| frame["type"] == "error" && frame["code"] == "not_a_member");
    scene.bobs.says_after_waking("I may");
    scene.expect_slept();
}

#[test]
fn a_log_out_wakes_the_room_and_closes_all_tabs() {
    let mut scene = asleep(6);
    scene.ann.delete("/api/session").expect(204);
    for tab in &mut scene.anns {
        assert_eq!(tab.expect_close(), (1008, "signed_out".to_owned()));
    }
    scene.bobs.expect_presence(|frame| frame["left"] == json!([scene.ann.id()]) && frame["online"] == 1);
}
