//! The protocol against its golden files, and the prose against both.

use hihichat::domain::id::Seq;
use hihichat::domain::reaction::Reaction;
use hihichat::protocol::client::{ClientFrame, CreateRoom, EnterAsGuest};
use hihichat::protocol::code::{Code, Refusal};
use hihichat::protocol::entry::{NewEntry, Revise, Send, Wanted};
use hihichat::protocol::server::ServerFrame;
use hihichat::room::outgoing::batch;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The golden files of a direction, by name.
fn golden(direction: &str) -> BTreeMap<String, String> {
    let folder = root().join("tests/golden/frames").join(direction);
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .collect()
}

/// Total over the enum: a new frame does not compile until it has a name here, and fails until it has a golden file.
fn server_name(frame: &ServerFrame) -> &'static str {
    match frame {
        ServerFrame::Welcome(_) => "welcome",
        ServerFrame::Message(_) => "message",
        ServerFrame::Edited(_) => "edited",
        ServerFrame::Deleted(_) => "deleted",
        ServerFrame::Reacted(_) => "reacted",
        ServerFrame::Erased(_) => "erased",
        ServerFrame::Read { .. } => "read",
        ServerFrame::Ack(_) => "ack",
        ServerFrame::Presence(_) => "presence",
        ServerFrame::Gap(_) => "gap",
        ServerFrame::Room(_) => "room",
        ServerFrame::Typing { .. } => "typing",
        ServerFrame::Notice(_) => "notice",
        ServerFrame::Error(_) => "error",
    }
}

fn client_name(frame: &ClientFrame) -> &'static str {
    match frame {
        ClientFrame::Entry(NewEntry::Send(_)) => "send",
        ClientFrame::Entry(NewEntry::Revise(Revise { change: Wanted::Edit(..), .. })) => "edit",
        ClientFrame::Entry(NewEntry::Revise(Revise { change: Wanted::Delete, .. })) => "delete",
        ClientFrame::Entry(NewEntry::Revise(Revise { change: Wanted::React(..), .. })) => "react",
        ClientFrame::Read { .. } => "read",
        ClientFrame::Since { .. } => "since",
        ClientFrame::Typing => "typing",
    }
}

#[test]
fn every_frame_of_the_room_is_written_as_its_golden_file_says() {
    let mut golden = golden("server");
    let several: Value = serde_json::from_str(&golden.remove("batch").unwrap()).unwrap();
    let frames: Vec<_> = several["frames"].as_array().unwrap().iter().map(Value::to_string).collect();
    let frames: Vec<_> = frames.iter().map(String::as_str).collect();
    assert_eq!(serde_json::from_str::<Value>(&batch(&frames)).unwrap(), several);
    assert_eq!(
        golden.keys().collect::<Vec<_>>(),
        [
            "ack", "deleted", "edited", "erased", "error", "gap", "message", "notice", "presence", "reacted", "read",
            "room", "typing", "welcome"
        ]
    );
    for (name, text) in golden {
        let frame: ServerFrame = serde_json::from_str(&text).unwrap();
        assert_eq!(server_name(&frame), name);
        let sent: Value = serde_json::from_str(&frame.text().unwrap()).unwrap();
        assert_eq!(sent, serde_json::from_str::<Value>(&text).unwrap(), "{name}");
    }
}

#[test]
fn every_frame_of_a_client_is_read_as_its_golden_file_says() {
    let golden = golden("client");
    assert_eq!(golden.keys().collect::<Vec<_>>(), ["delete", "edit", "react", "read", "send", "since", "typing"]);
    for (name, text) in &golden {
        assert_eq!(client_name(&ClientFrame::parse(text).unwrap()), name);
    }
    assert_eq!(ClientFrame::parse(&golden["since"]), Ok(ClientFrame::Since { seq: Seq(41) }));
}

fn refusal(text: &str) -> (Code, Option<String>) {
    let Refusal { code, field, .. } = ClientFrame::parse(text).unwrap_err();
    (code, field.map(String::from))
}

#[test]
fn each_thing_wrong_with_a_frame_has_its_own_code() {
    let deep = "[".repeat(100_000);
    for broken in ["", "null", "[]", "7", "\"send\"", "{", "{\"type\":1e400}", "{} {}", &deep] {
        assert_eq!(refusal(broken).0, Code::BadJson, "{broken:.40}");
    }
    let at = |field: &str| Some(field.to_owned());
    for (text, code, field) in [
        (r#"{}"#, Code::MissingField, at("type")),
        (r#"{"type":7}"#, Code::WrongType, at("type")),
        (r#"{"type":"shout"}"#, Code::UnknownType, None),
        (r#"{"type":"send"}"#, Code::MissingField, at("id")),
        (r#"{"type":"send","id":"a b","text":"x"}"#, Code::BadId, at("id")),
        (r#"{"type":"send","id":"a"}"#, Code::MissingField, at("text")),
        (r#"{"type":"send","id":"a","text":null}"#, Code::WrongType, at("text")),
        (r#"{"type":"send","id":"a","text":["x"]}"#, Code::WrongType, at("text")),
        (r#"{"type":"send","id":"a","text":" \u200b\u3000 "}"#, Code::Blank, at("text")),
        (r#"{"type":"send","id":"a","text":"a\u0000b"}"#, Code::ForbiddenCharacters, at("text")),
        (r#"{"type":"send","id":"a","text":"a\u202eb"}"#, Code::ForbiddenCharacters, at("text")),
        (r#"{"type":"send","id":"a","text":"x","author":"Bo"}"#, Code::UnknownField, at("author")),
        (r#"{"type":"send","id":"a","text":"x","__proto__":{}}"#, Code::UnknownField, at("__proto__")),
        (r#"{"type":"send","id":"a","text":"x","reply_to":"1"}"#, Code::WrongType, at("reply_to")),
        (r#"{"type":"send","id":"a","text":"x","mentions":"Bo"}"#, Code::WrongType, at("mentions")),
        (r#"{"type":"send","id":"a","text":"x","mentions":[7]}"#, Code::WrongType, at("mentions")),
        (r#"{"type":"send","id":"a","text":"x","mentions":["Bo"]}"#, Code::UnknownPerson, at("mentions")),
        (r#"{"type":"edit","id":"a","text":"x"}"#, Code::MissingField, at("seq")),
        (r#"{"type":"edit","id":"a","seq":1}"#, Code::MissingField, at("text")),
        (r#"{"type":"edit","id":"a","seq":1,"text":" "}"#, Code::Blank, at("text")),
        (r#"{"type":"delete","id":"a"}"#, Code::MissingField, at("seq")),
        (r#"{"type":"delete","id":"a","seq":1,"text":"x"}"#, Code::UnknownField, at("text")),
        (r#"{"type":"react","id":"a","seq":1,"on":true}"#, Code::MissingField, at("reaction")),
        (r#"{"type":"react","id":"a","seq":1,"reaction":"👎","on":true}"#, Code::BadValue, at("reaction")),
        (r#"{"type":"react","id":"a","seq":1,"reaction":"👍"}"#, Code::MissingField, at("on")),
        (r#"{"type":"react","id":"a","seq":1,"reaction":"👍","on":1}"#, Code::WrongType, at("on")),
        (r#"{"type":"read"}"#, Code::MissingField, at("seq")),
        (r#"{"type":"typing","seq":1}"#, Code::UnknownField, at("seq")),
        (r#"{"type":"since","seq":-1}"#, Code::WrongType, at("seq")),
        (r#"{"type":"since","seq":1.5}"#, Code::WrongType, at("seq")),
        (r#"{"type":"since","seq":9007199254740992}"#, Code::WrongType, at("seq")),
    ] {
        assert_eq!(refusal(text), (code, field), "{text}");
    }
}

#[test]
fn a_refused_message_is_named_and_its_limit_told() {
    let text = serde_json::json!({ "type": "send", "id": "m1", "text": "好".repeat(4001) }).to_string();
    let refusal = ClientFrame::parse(&text).unwrap_err();
    assert_eq!((refusal.code, refusal.limit), (Code::TooLong, Some(4000)));
    assert_eq!(refusal.id.unwrap().as_str(), "m1");
    let fits = serde_json::json!({ "id": "m1", "text": "好".repeat(4000) }).to_string();
    assert!(Send::parse(&fits).is_ok());
}

#[test]
fn bodies_are_read_field_by_field() {
    assert_eq!(EnterAsGuest::parse(r#"{"name":" Ann "}"#).unwrap().name.as_str(), "Ann");
    assert_eq!(EnterAsGuest::parse(r#"{"name":"Ann","admin":true}"#).unwrap_err().code, Code::UnknownField);
    assert_eq!(EnterAsGuest::parse(r#"{"name":"\u3000"}"#).unwrap_err().code, Code::Blank);
    assert_eq!(CreateRoom::parse(r#"{"name":"lobby"}"#).unwrap().description.as_str(), "");
    let long = serde_json::json!({ "name": "lobby", "description": "x".repeat(281) }).to_string();
    let refusal = CreateRoom::parse(&long).unwrap_err();
    assert_eq!(
        (refusal.code, refusal.field.as_deref(), refusal.limit),
        (Code::TooLong, Some("description"), Some(280))
    );
}

#[test]
fn the_name_of_an_unknown_field_comes_back_cut() {
    let text = format!(r#"{{"type":"typing","{}":1}}"#, "x".repeat(60_000));
    assert_eq!(refusal(&text).1.unwrap().len(), 32);
}

/// The codes and statuses in `docs/protocol.md`: rows like "| `blank` | 422 | … |".
fn documented_codes(doc: &str) -> BTreeMap<String, u16> {
    let cells = doc
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let rows =
        cells.filter_map(|cells| Some((cells.get(1)?.trim_matches('`').to_owned(), cells.get(2)?.parse().ok()?)));
    rows.collect()
}

#[test]
fn the_prose_has_every_code_with_its_status_and_no_other() {
    let doc = fs::read_to_string(root().join("docs/protocol.md")).unwrap();
    let ours: BTreeMap<String, u16> = Code::ALL.iter().map(|code| (code.as_str().to_owned(), code.status())).collect();
    assert_eq!(documented_codes(&doc), ours);
    let golden: BTreeMap<String, u16> =
        serde_json::from_str(&fs::read_to_string(root().join("tests/golden/codes.json")).unwrap()).unwrap();
    assert_eq!(golden, ours, "tests/golden/codes.json, which the pages' sentences are held to");
}

#[test]
fn the_prose_shows_every_golden_frame_and_no_other() {
    let doc = fs::read_to_string(root().join("docs/protocol.md")).unwrap();
    let shown: BTreeSet<String> = doc
        .split("```json\n")
        .skip(1)
        .filter_map(|block| serde_json::from_str::<Value>(block.split("```").next()?).ok())
        .filter(|value| value.get("type").is_some())
        .map(|value| value.to_string())
        .collect();
    let golden: BTreeSet<String> = ["client", "server"]
        .iter()
        .flat_map(|direction| golden(direction).into_values())
        .map(|text| serde_json::from_str::<Value>(&text).unwrap().to_string())
        .collect();
    assert_eq!(shown, golden);
}

#[test]
fn more_mentions_than_a_message_holds_are_refused_and_the_limit_told() {
    let people = vec!["k3f9a0m2c4e6g8j1p5r7"; 21];
    let text = serde_json::json!({ "type": "send", "id": "m1", "text": "x", "mentions": people }).to_string();
    let refusal = ClientFrame::parse(&text).unwrap_err();
    assert_eq!((refusal.code, refusal.limit, refusal.id.is_some()), (Code::TooLong, Some(20), true));
}

#[test]
fn the_reactions_are_those_that_the_page_offers() {
    let golden: Vec<String> =
        serde_json::from_str(&fs::read_to_string(root().join("tests/golden/reactions.json")).unwrap()).unwrap();
    assert_eq!(Reaction::ALL.iter().map(|(_, emoji)| *emoji).collect::<Vec<_>>(), golden);
    for emoji in golden {
        let reaction = Reaction::parse(&emoji).unwrap();
        assert_eq!(serde_json::to_value(reaction).unwrap(), emoji);
    }
}
