//! The golden table of texts against the built Worker, where the runtime's own Unicode tables are at work.

use crate::client::{guest_at, new_name, room, stranger_at, Answer};
use crate::live::new_id;
use crate::server::{Build, Server};
use serde_json::{json, Value};
use std::fs;

/// The whole text of a cell, which may be a piece and how often it comes.
fn whole(cell: &Value) -> String {
    match cell {
        Value::String(text) => text.clone(),
        cell => cell["repeat"].as_str().unwrap().repeat(cell["times"].as_u64().unwrap() as usize),
    }
}

#[track_caller]
fn check(case: &Value, answer: &Answer, shown: impl FnOnce() -> Value) {
    let name = &case["case"];
    match &case["error"] {
        Value::Null => {
            assert!(matches!(answer.status, 200 | 201), "{name}: {answer:?}");
            assert_eq!(shown(), json!(whole(&case["value"])), "{name}");
        }
        expected => {
            let error = &serde_json::from_str::<Value>(&answer.text).unwrap()["error"];
            assert_eq!((&error["code"], &error["limit"]), (&expected["code"], &expected["limit"]), "{name}");
        }
    }
}

#[test]
fn every_row_of_the_table_of_texts_holds_in_the_worker() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/text.json");
    let table: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    // Names of rooms that other tests make are in the table too.
    let server = Server::start(Build::Deployed, &[]);
    let ann = guest_at(&server, "Ann");
    let lobby = room(&ann);
    let mut rows = 0;
    for case in table["cases"].as_array().unwrap().iter().filter(|case| case.get("input").is_some()) {
        let input = whole(&case["input"]);
        if json!(input).to_string().len() > 60_000 {
            continue; // no body holds it
        }
        let (answer, field) = match case["kind"].as_str().unwrap() {
            "person" => (stranger_at(&server).post("/api/guest", &json!({ "name": input })), "name"),
            // Each made by somebody else, who makes thirty at most.
            "room" => (guest_at(&server, "Bob").post("/api/rooms", &json!({ "name": input })), "name"),
            "description" => {
                let body = json!({ "name": new_name(), "description": input });
                (guest_at(&server, "Bob").post("/api/rooms", &body), "description")
            }
            _ => (ann.post(&lobby.at("messages"), &json!({ "id": new_id(), "text": input })), "text"),
        };
        rows += 1;
        if answer.status == 409 {
            continue; // two rows make one room
        }
        check(case, &answer, || match field {
            "text" => ann.get(&lobby.at("messages?limit=1")).expect(200)["messages"][0]["text"].clone(),
            field => serde_json::from_str::<Value>(&answer.text).unwrap()[field].clone(),
        });
    }
    assert!(rows > 200, "{rows}");
}
