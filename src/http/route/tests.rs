#![allow(clippy::unwrap_used)]
use super::*;

fn route(path: &str) -> Result<Route, Code> {
    parse(path, "").map(|target| target.route).map_err(|refusal| refusal.code)
}

fn messages(query: &str) -> Result<Messages, Option<String>> {
    let target = parse("/api/rooms/a/messages", query).unwrap();
    target.query.messages().map_err(|refusal| refusal.field.map(String::from))
}

#[test]
fn a_room_may_be_called_anything_that_is_a_name() {
    let names = [
        ("%E4%BD%A0%E5%A5%BD%20lobby", "你好 lobby"),
        ("a%2Fb", "a/b"),
        ("100%25", "100%"),
        ("%F0%9F%98%80", "😀"),
        ("live", "live"),
        ("messages", "messages"),
    ];
    for (segment, name) in names {
        let room = RoomName::parse(name).unwrap();
        assert_eq!(route(&format!("/api/rooms/{segment}")), Ok(Route::Room(room.clone())));
        assert_eq!(route(&format!("/api/rooms/{segment}/live")), Ok(Route::Live(room)));
    }
}

#[test]
fn what_cannot_be_a_name_is_no_room_and_no_panic() {
    for segment in ["", "%00", "%E2%80%8B", "%2E%2E", &"x".repeat(65)] {
        assert_eq!(route(&format!("/api/rooms/{segment}")), Err(Code::UnknownRoom), "{segment:?}");
    }
    assert_eq!(route("/api/rooms/%FF"), Err(Code::BadPath));
}

#[test]
fn unknown_addresses_are_not_found() {
    for path in [
        "/",
        "",
        "/api",
        "/api/",
        "/api/nothing",
        "/api/rooms/a/b",
        "/api/rooms/a/live/x",
        "/api/rooms/a/hooks/x",
        "/avatar/",
    ] {
        assert_eq!(route(path), Err(Code::NotFound), "{path:?}");
    }
}

#[test]
fn a_history_query_is_a_place_and_a_limit_in_range() {
    assert_eq!(messages(""), Ok(Messages::Before(None, 50)));
    assert_eq!(messages("before=7&limit=100"), Ok(Messages::Before(Some(Seq(7)), 100)));
    assert_eq!(messages("since=7"), Ok(Messages::Since(Since { seq: Seq(7), epoch: None }, 500)));
    for (query, field) in [
        ("before=-1", "before"),
        ("before=1e3", "before"),
        ("before=", "before"),
        ("since=99999999999999999999", "since"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=1000000000", "limit"),
        ("since=1&epoch=x", "epoch"),
        ("since=1&before=2", "before"),
    ] {
        assert_eq!(messages(query), Err(Some(field.to_owned())), "{query}");
    }
}

#[test]
fn every_address_of_the_table_is_a_route_with_its_methods() {
    for (template, methods) in TABLE {
        let id = "0123456789abcdefghjk";
        let path = template.replace("{room}", "a").replace("{name}", "a").replace("{person}", id).replace("{id}", id);
        let target = parse(&path, "").unwrap();
        assert_eq!(target.methods, *methods, "{path}");
    }
}
