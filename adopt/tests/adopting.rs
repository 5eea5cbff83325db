//! The built program against a real redis-server behind the gateway, with data as the tutorial chat writes it. What it
//! did is judged by the Worker's own Directory and Archive.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "../../tests/support/redis.rs"]
mod redis;
#[allow(dead_code, reason = "the native tests use more of it")]
#[path = "../../tests/native/support/wire.rs"]
mod wire;

use futures_util::FutureExt;
use hihichat::directory::accounts::{Login, Registration, Session};
use hihichat::directory::client::Client;
use hihichat::directory::{Accounts, Directory, DirectoryError, Publication, Reservation};
use hihichat::domain::id::{Epoch, PersonId, SessionId};
use hihichat::domain::listing::RoomRow;
use hihichat::domain::membership::Change;
use hihichat::domain::person::{Kind, Person, SESSION};
use hihichat::domain::rights::Access;
use hihichat::domain::text::{Description, PersonName, RoomName};
use hihichat::domain::time::Millis;
use hihichat::redis::Redis as Asked;
use redis::{Redis, TOKEN};
use serde_json::{json, Value};
use std::collections::BTreeMap;
use std::future::Future;
use std::process::{Command, Output};
use wire::HostWire;

/// After everything that the tutorial chat wrote here.
const NOW: Millis = 1_700_000_000_000;

fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("a wire that blocks answers at once")
}

/// The program in an environment that names no Redis.
fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_hihichat-adopt"));
    program.env_remove("UPSTASH_REDIS_REST_URL").env_remove("UPSTASH_REDIS_REST_TOKEN");
    program
}

/// What it says on standard output, and on standard error.
fn words(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

#[track_caller]
fn run(redis: &Redis, arguments: &[&str]) -> String {
    let output = program()
        .args(arguments)
        .env("UPSTASH_REDIS_REST_URL", redis.url())
        .env("UPSTASH_REDIS_REST_TOKEN", TOKEN)
        .output()
        .unwrap();
    let (said, complained) = words(&output);
    assert!(output.status.success() && complained.is_empty(), "{said}{complained}");
    said
}

#[track_caller]
fn failing(redis: &Redis, arguments: &[&str]) -> String {
    let output = program().args(arguments).args(["--url", redis.url(), "--token", TOKEN]).output().unwrap();
    let (said, complained) = words(&output);
    assert!(!output.status.success() && said.is_empty(), "{said}{complained}");
    complained
}

#[track_caller]
fn holds(said: &str, all: &[&str]) {
    all.iter().for_each(|one| assert!(said.contains(one), "{one:?} is not in:\n{said}"));
}

/// Somebody joins, as the tutorial chat writes it.
fn join(redis: &Redis, room: &str, name: &str, score: &str) {
    redis.command(json!(["ZADD", format!("chat-{room}"), score, name]));
}

/// Somebody says something, with the spaces of Python's JSON.
fn say(redis: &Redis, room: &str, name: &str, text: &str, score: &str) {
    let member = format!(r#"{{"username": {}, "msg": {}}}"#, json!(name), json!(text));
    redis.command(json!(["ZADD", format!("msg-{room}"), score, member]));
}

/// Everything there is, by key.
fn dump(redis: &Redis) -> BTreeMap<String, Value> {
    let keys = redis.command(json!(["KEYS", "*"]));
    let keys = keys.as_array().unwrap().iter().map(|key| key.as_str().unwrap().to_owned());
    let content = |key: &String| match redis.command(json!(["TYPE", key])).as_str().unwrap() {
        "zset" => redis.command(json!(["ZRANGE", key, 0, -1, "WITHSCORES"])),
        "set" => redis.command(json!(["SMEMBERS", key])),
        "list" => redis.command(json!(["LRANGE", key, 0, -1])),
        "string" => redis.command(json!(["GET", key])),
        _ => redis.command(json!(["HGETALL", key])),
    };
    keys.map(|key| (key.clone(), content(&key))).collect()
}

fn directory(redis: &Redis) -> Client<Asked<HostWire>> {
    Client(Asked(HostWire::to(redis)))
}

/// The room list, newest first.
fn list(redis: &Redis) -> Vec<RoomRow> {
    now(directory(redis).rooms(None)).unwrap().rooms
}

fn names(redis: &Redis) -> Vec<String> {
    list(redis).into_iter().map(|row| row.name.into()).collect()
}

fn person(number: u8) -> PersonId {
    PersonId::from_random([number; 20])
}

fn register(redis: &Redis, name: &str, number: u8) -> Result<(), DirectoryError> {
    let person = Person { id: person(number), name: PersonName::parse(name).unwrap(), kind: Kind::Account };
    let login = Login { salt: "salt".to_owned(), rounds: 600_000, record: "record".to_owned() };
    let id = SessionId::from_random([number; 20]);
    let session = Session { id, device: String::new(), created: NOW, used: NOW, expires: NOW + SESSION };
    let wanted = Registration { person, login, recovery: "recovery".to_owned(), setup: false, session, guest: None };
    now(directory(redis).register(&wanted, NOW)).map(drop)
}

/// A room of ours, with a guest in it.
fn publish(redis: &Redis, name: &str, access: Access) {
    let name = RoomName::parse(name).unwrap();
    let guest = Person { id: person(7), name: PersonName::parse("Gus").unwrap(), kind: Kind::Guest };
    let row = RoomRow {
        name: name.clone(),
        description: Description::parse("ours").unwrap(),
        access,
        created: NOW,
        activity: NOW,
        messages: 0,
        members: 1,
        online: 0,
        people: vec![],
        read: None,
        mentions: None,
    };
    let changes = vec![Change::Joined { person: guest, at: NOW, read: 0 }];
    let publication =
        Publication { key: name.key(), skeleton: name.skeleton(), row, changes, batch: None, spent: None };
    now(directory(redis).publish(&publication, NOW)).unwrap();
}

/// Two rooms: one that was talked in, and an older one that bob has only made.
fn two_rooms(redis: &Redis) {
    join(redis, "General", "alice", "1");
    join(redis, "General", "bob", "1500000100.75");
    say(redis, "General", "alice", "hello", "1500000000.5");
    say(redis, "General", "carol", "<b>hi</b>", "1600000000.25");
    join(redis, "Empty", "bob", "1");
}

#[test]
fn a_dry_run_writes_nothing_and_says_what_would_be_done() {
    let redis = Redis::start();
    two_rooms(&redis);
    redis.command(json!(["ZADD", "msg-General", "1600000001", "oops"]));
    let before = dump(&redis);
    redis.reset_counts();
    let said = run(&redis, &[]);
    let counts = redis.counts();
    assert_eq!(dump(&redis), before);
    holds(
        &said,
        &[
            "\"General\": 3 messages, 2 members",
            "\"Empty\": 0 messages, 1 members",
            "2 rooms found: 2 to be adopted, 0 in the list before, 0 left alone.",
            "3 messages read, 1 of them unreadable.",
            "3 names seen, 3 to be kept until an admin releases them.",
            "Nothing was written: --apply does it.",
            &format!("{} commands sent to Redis.", counts["commands"]),
        ],
    );
    assert_eq!(counts["by_name"], json!({ "SCAN": 2, "EVAL": 3 }));
}

#[test]
fn adopted_rooms_are_in_the_list_by_what_was_last_said() {
    let redis = Redis::start();
    two_rooms(&redis);
    let before = dump(&redis);
    let said = run(&redis, &["--apply"]);
    holds(&said, &["2 rooms found: 2 adopted, 0 in the list before, 0 left alone."]);

    let rows: Vec<_> = list(&redis).into_iter().map(|row| (row.name.to_string(), row.created, row.activity)).collect();
    let (first, last) = (1_500_000_000_500, 1_600_000_000_250);
    // When Empty was made is not known: it is as old as the oldest.
    assert_eq!(rows, [("General".to_owned(), first, last), ("Empty".to_owned(), first, first)]);

    let after = dump(&redis);
    assert!(before.iter().all(|(key, value)| after.get(key) == Some(value)), "what was there is as it was");
    let fields = redis.command(json!(["HGETALL", "room-General"]));
    let mut fields: Vec<_> = fields.as_array().unwrap().chunks(2).map(|pair| (&pair[0], &pair[1])).collect();
    fields.sort_by_key(|(field, _)| field.as_str());
    let expected = [
        ("access", "open"),
        ("created", "1500000000.500"),
        ("description", ""),
        ("key", "general"),
        ("owner", "alice"),
        ("skeleton", &RoomName::parse("General").unwrap().skeleton()),
    ];
    assert_eq!(fields, expected.map(|(field, value)| (json!(field), json!(value))).each_ref().map(|(f, v)| (f, v)));
}

#[test]
fn the_room_s_object_finds_an_adopted_room_by_its_name_in_any_case() {
    let redis = Redis::start();
    two_rooms(&redis);
    run(&redis, &["--apply"]);
    let typed = RoomName::parse("GENERAL").unwrap();
    let epoch = Epoch::from_random([1; 12]);
    let found = now(Asked(HostWire::to(&redis)).find_room(&typed.key(), &typed, &epoch)).unwrap().unwrap();
    let (imported, unread) = found.import(epoch, NOW).unwrap();
    let born = imported.born;
    assert_eq!((born.name.as_str(), born.created, born.access), ("General", 1_500_000_000_500, Access::Open));
    assert_eq!((born.owner.name.as_str(), born.owner.kind), ("alice", Kind::Imported));
    assert_eq!((imported.messages.len(), unread), (2, 0));
}

#[test]
fn a_second_run_does_nothing() {
    let redis = Redis::start();
    two_rooms(&redis);
    run(&redis, &["--apply"]);
    let once = dump(&redis);
    let said = run(&redis, &["--apply"]);
    assert_eq!(dump(&redis), once);
    holds(&said, &["2 rooms found: 0 adopted, 2 in the list before, 0 left alone.", "0 names seen, 0 kept"]);
}

#[test]
fn names_without_an_account_are_kept_until_they_are_released() {
    let redis = Redis::start();
    two_rooms(&redis);
    register(&redis, "Bob", 1).unwrap();
    holds(&run(&redis, &["--apply"]), &["3 names seen, 2 kept until an admin releases them."]);
    let taken = Err(DirectoryError::Taken);
    // A member only, an author only, and one who looks like her by a Cyrillic letter.
    for (name, number) in [("Alice", 2), ("carol", 3), ("саrol", 4)] {
        assert_eq!(register(&redis, name, number), taken, "{name}");
    }
    now(directory(&redis).release_imported(&PersonName::parse("carol").unwrap().key())).unwrap();
    assert_eq!(register(&redis, "carol", 3), Ok(()));
    // The room is in the list, so nothing takes back what was released.
    run(&redis, &["--apply"]);
    assert_eq!(
        now(directory(&redis).release_imported(&PersonName::parse("carol").unwrap().key())),
        Err(DirectoryError::Unknown)
    );
}

#[test]
fn any_name_that_a_room_can_have_here_is_listed_and_every_other_named_with_its_reason() {
    let redis = Redis::start();
    let good = ["a*b?[c]", "two words", "a/b", "聊天室", "50%25", "it's \"quoted\""];
    for (place, room) in good.iter().enumerate() {
        say(&redis, room, "ann", "hi", &format!("150000000{place}"));
    }
    let wrong = ["tail ", "line\r\n", "a\r\nb", "Ｗｉｄｅ", "cafe\u{301}", ""];
    for room in wrong {
        join(&redis, room, "ann", "1");
    }
    let said = run(&redis, &["--apply"]);
    let mut listed = names(&redis);
    listed.reverse();
    assert_eq!(listed, good);
    holds(
        &said,
        &[
            "12 rooms found: 6 adopted, 0 in the list before, 6 left alone.",
            r#""tail " is left alone: would be looked for as "tail""#,
            r#""line\r\n" is left alone: would be looked for as "line""#,
            r#""a\r\nb" is left alone: no room can be called that: has characters that are not allowed here"#,
            r#""Ｗｉｄｅ" is left alone: would be looked for as "Wide""#,
            r#"is left alone: would be looked for as "café""#,
            r#""" is left alone: no room can be called that: nothing in it can be seen"#,
        ],
    );
    assert!(!said.contains('\r'), "nothing of a name reaches the terminal as it is");
}

#[test]
fn of_rooms_that_are_or_look_the_same_the_one_with_more_messages_is_listed() {
    let redis = Redis::start();
    say(&redis, "lobby", "ann", "1", "1500000000");
    say(&redis, "Lobby", "ann", "1", "1400000000");
    say(&redis, "Lobby", "ann", "2", "1400000001");
    // The first letter is Cyrillic.
    say(&redis, "рaypal", "ann", "1", "1500000000");
    say(&redis, "paypal", "ann", "1", "1500000001");
    let said = run(&redis, &["--apply"]);
    assert_eq!(names(&redis), ["paypal", "Lobby"]);
    holds(&said, &["\"lobby\" is left alone: \"Lobby\"", "\"рaypal\" is left alone: \"paypal\""]);
    let said = run(&redis, &["--apply"]);
    holds(&said, &["4 rooms found: 0 adopted, 2 in the list before, 2 left alone.", "the list has \"Lobby\""]);
    assert_eq!(names(&redis), ["paypal", "Lobby"]);
}

#[test]
fn rooms_of_ours_private_ones_too_and_what_is_no_room_are_left_as_they_are() {
    let redis = Redis::start();
    publish(&redis, "Lobby", Access::Open);
    publish(&redis, "Board", Access::Private);
    say(&redis, "board", "ann", "a private room has this name", "1500000000");
    redis.command(json!(["RPUSH", "chat-list", "something else"]));
    redis.command(json!(["SET", "room-text", "something else"]));
    say(&redis, "text", "ann", "its room- key is taken", "1500000000");
    let before = dump(&redis);
    let said = run(&redis, &["--apply"]);
    assert_eq!(dump(&redis), before);
    holds(
        &said,
        &[
            "5 rooms found: 0 adopted, 2 in the list before, 3 left alone.",
            "\"board\" is left alone: the list has \"Board\"",
            "\"list\" is left alone: what its keys hold is no room of the tutorial chat",
            "\"text\" is left alone: what its keys hold is no room of the tutorial chat",
        ],
    );
}

#[test]
fn a_name_that_somebody_is_making_a_room_of_is_left_to_them() {
    let redis = Redis::start();
    two_rooms(&redis);
    let name = RoomName::parse("general").unwrap();
    let wanted = Reservation { key: name.key(), skeleton: name.skeleton(), by: person(1), name };
    now(directory(&redis).reserve(&wanted, NOW)).unwrap();
    let said = run(&redis, &["--apply"]);
    holds(&said, &["2 rooms found: 1 adopted", "\"General\" is left alone: somebody is making a room of that name"]);
    assert_eq!(names(&redis), ["Empty"]);
}

#[test]
fn a_room_that_was_opened_before_keeps_its_epoch() {
    let redis = Redis::start();
    two_rooms(&redis);
    redis.command(json!(["HSET", "room-General", "epoch", "abc"]));
    run(&redis, &["--apply"]);
    assert_eq!(redis.command(json!(["HMGET", "room-General", "epoch", "access"])), json!(["abc", "open"]));
}

#[test]
fn large_sites_are_read_whole_and_large_rooms_as_far_as_it_says() {
    let redis = Redis::start();
    let fill = "for room = 1, 700 do
            redis.call('ZADD', 'chat-room ' .. room, 1, 'maker ' .. room)
            redis.call('ZADD', 'msg-room ' .. room, 1500000000 + room, '{\"username\": \"ann\", \"msg\": \"hi\"}')
        end
        for place = 1, 5001 do
            local text = string.rep('x', 2000)
            local message = '{\"username\": \"talker ' .. place .. '\", \"msg\": \"' .. text .. '\"}'
            redis.call('ZADD', 'msg-room 1', 1500000000 + place, message)
        end";
    redis.command(json!(["EVAL", fill, 0]));
    let said = run(&redis, &["--apply"]);
    holds(
        &said,
        &[
            "700 rooms found: 700 adopted",
            "only the newest 5000 of each were read",
            "5699 messages read, 0 of them unreadable.",
            // 700 makers, ann, and all talkers but the first, whose message is among the two oldest.
            "5701 names seen, 5701 kept",
        ],
    );
    assert_eq!(redis.command(json!(["ZCARD", "hihi:rooms"])), 700);
    assert_eq!(redis.command(json!(["HLEN", "hihi:imported"])), 5_701);
}

#[test]
fn what_broke_off_is_finished_by_running_it_again() {
    let redis = Redis::start();
    two_rooms(&redis);
    // The first room is adopted, then the quota is used up.
    redis.faults(json!({ "quota": true, "containing": r#"\"owner\":\"alice\""# }));
    let complained = failing(&redis, &["--apply"]);
    holds(&complained, &["quota", "What was done stays, and the same again goes on from there."]);
    assert_eq!(names(&redis), ["Empty"]);
    assert_eq!(
        redis.command(json!(["HLEN", "hihi:imported"])),
        3,
        "names come before rooms, for those are not read again"
    );
    redis.faults(json!({}));
    let said = run(&redis, &["--apply"]);
    holds(&said, &["2 rooms found: 1 adopted, 1 in the list before, 0 left alone."]);
    assert_eq!(names(&redis), ["General", "Empty"]);
}

#[test]
fn an_answer_that_is_lost_is_asked_for_again() {
    let redis = Redis::start();
    two_rooms(&redis);
    redis.faults(json!({ "lost": true, "times": 1, "containing": "Adopt" }));
    holds(&run(&redis, &["--apply"]), &["2 rooms found: 2 adopted"]);
    assert_eq!(names(&redis), ["General", "Empty"]);
}

#[test]
fn half_a_configuration_is_refused_in_one_sentence() {
    let refused = |program: &mut Command| {
        let output = program.output().unwrap();
        let (said, complained) = words(&output);
        assert!(!output.status.success() && said.is_empty());
        assert_eq!(complained.lines().count(), 1, "{complained}");
        complained
    };
    let (url, token) = ("https://hidden.example", "hidden-token");
    let missing_token = refused(program().env("UPSTASH_REDIS_REST_URL", url));
    holds(&missing_token, &["UPSTASH_REDIS_REST_TOKEN must be set, because UPSTASH_REDIS_REST_URL is"]);
    let missing_url = refused(program().env("UPSTASH_REDIS_REST_TOKEN", token));
    holds(&missing_url, &["UPSTASH_REDIS_REST_URL must be set, because UPSTASH_REDIS_REST_TOKEN is"]);
    // A token of the environment is not for an address of the command line.
    let half_given = refused(program().args(["--url", url]).env("UPSTASH_REDIS_REST_TOKEN", token));
    holds(&half_given, &["--url and --token go together"]);
    holds(&refused(&mut program()), &["UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN"]);
    let plain = refused(program().args(["--url", "http://hidden.example", "--token", token]));
    holds(&plain, &["UPSTASH_REDIS_REST_URL must be the https address that Upstash shows"]);
    holds(&refused(program().arg("--force")), &["usage: scripts/adopt"]);
    for said in [missing_token, missing_url, half_given, plain] {
        assert!(!said.contains("hidden"), "{said}");
    }
}

#[test]
fn a_wrong_token_is_named_by_its_variable_and_never_shown() {
    let redis = Redis::start();
    two_rooms(&redis);
    let output = program().args(["--apply", "--url", redis.url(), "--token", "hidden-token"]).output().unwrap();
    let (said, complained) = words(&output);
    assert!(!output.status.success());
    holds(&complained, &["Redis refuses UPSTASH_REDIS_REST_TOKEN"]);
    assert!(!format!("{said}{complained}").contains("hidden-token"));
}
