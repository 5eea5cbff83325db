//! The search in a room, told as stories.

use crate::support::world::*;
use hihichat::domain::id::Seq;
use hihichat::domain::membership::{Erased, Erasure};
use hihichat::domain::text::TextError;
use hihichat::domain::text::Wanted;
use hihichat::protocol::code::Code;
use hihichat::protocol::server::ServerFrame;

fn find(world: &mut World, typed: &str) -> Vec<i64> {
    let owner = world.owner.clone();
    let page = world.core.search(&owner, &wanted(typed), None, 20, world.now).unwrap();
    seqs(&page.messages)
}

fn seqs(found: &[ServerFrame]) -> Vec<i64> {
    messages(found).into_iter().map(|message| message.seq.0).collect()
}

/// A room where these were said, by Ann.
fn room(texts: impl IntoIterator<Item = String>) -> World {
    let mut world = World::new();
    let owner = world.owner.clone();
    for (number, text) in texts.into_iter().enumerate() {
        world.core.post(&owner, &send(&format!("m{number}"), &text), world.now).unwrap();
    }
    world
}

#[test]
fn words_are_found_in_any_script_case_and_width_also_in_part() {
    let texts = [
        "Straße nach Ελλάδα",
        "今天天气很好，我们去公园吧",
        "カタカナとひらがな",
        "안녕하세요 여러분",
        "ＡＢＣ full width",
        "plain abc",
        "İstanbul ISTANBUL istanbul",
        "emoji ❤️ here",
        "a\u{200b}b hidden",
    ];
    let mut world = room(texts.map(str::to_owned));
    for (typed, expected) in [
        ("STRASSE", vec![1]),
        ("ελλάδα", vec![1]),
        ("公园", vec![2]),
        ("天气", vec![2]),
        ("吧", vec![2]),
        ("ｶﾀｶﾅ", vec![3]),
        ("ひらが", vec![3]),
        ("여러", vec![4]),
        ("abc", vec![6, 5]),
        ("ａｂｃ", vec![6, 5]),
        ("WIDTH full", vec![5]),
        ("❤", vec![8]),
        ("❤️", vec![8]),
        ("AB hid", vec![9]),
        ("stanbul", vec![7]),
        ("nowhere", vec![]),
        ("abc nowhere", vec![]),
    ] {
        assert_eq!(find(&mut world, typed), expected, "{typed}");
    }
}

#[test]
fn what_can_t_be_searched_for_is_refused() {
    for (typed, error) in [
        ("", TextError::Blank),
        (" \u{3000}\u{200b} ", TextError::Blank),
        (&"x".repeat(101), TextError::TooLong { limit: 100 }),
        (&"x".repeat(2_000), TextError::TooLong { limit: 100 }),
    ] {
        assert_eq!(Wanted::parse(typed), Err(error));
    }
    assert!(Wanted::parse(&"好".repeat(100)).is_ok());
}

#[test]
fn what_is_packed_and_what_is_not_are_found_alike_newest_first_and_by_pages() {
    let said = |number: usize| {
        if number.is_multiple_of(10) {
            format!("needle n{number}e")
        } else {
            format!("hay n{number}e")
        }
    };
    let mut world = room((0..1_050).map(said));
    let owner = world.owner.clone();
    let (mut found, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = world.core.search(&owner, &wanted("needle"), cursor.as_deref(), 20, world.now).unwrap();
        assert!(page.messages.len() <= 20);
        found.extend(seqs(&page.messages));
        pages += 1;
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let expected: Vec<i64> = (0..1_050).filter(|number| number % 10 == 0).map(|number| number + 1).rev().collect();
    assert_eq!((found, pages), (expected, 6));
    assert_eq!(find(&mut world, "needle n1040e"), [1041], "not packed yet");
    assert_eq!(find(&mut world, "needle n0e"), [1], "in the oldest page");
}

#[test]
fn a_page_is_full_at_a_size_too_and_long_messages_are_found() {
    let mut world = room((0..450).map(|number| format!("{} n{number}e", "长".repeat(3_900))));
    for number in [0, 21, 22, 23, 200, 449] {
        assert_eq!(find(&mut world, &format!("n{number}e")), [number + 1]);
    }
}

#[test]
fn an_edit_is_found_as_it_is_now_and_a_deletion_not_at_all_packed_or_not() {
    let mut world = room((0..300).map(|number| format!("text {number}")));
    let owner = world.owner.clone();
    let ann = world.connect(&owner, None);
    for (seq, id) in [(5, "a"), (299, "b")] {
        world.frame(ann, &format!(r#"{{"type":"edit","id":"e{id}","seq":{seq},"text":"changed {seq}"}}"#));
        assert_eq!(find(&mut world, &format!("changed {seq}")), [seq]);
        assert!(!find(&mut world, &format!("text {}", seq - 1)).contains(&seq));
        world.frame(ann, &format!(r#"{{"type":"delete","id":"d{id}","seq":{seq}}}"#));
        assert_eq!(find(&mut world, &format!("changed {seq}")), [] as [i64; 0]);
    }
}

#[test]
fn an_erased_account_s_messages_are_found_no_more() {
    let mut world = room((0..300).map(|number| format!("ann {number}")));
    let (bo, _) = world.member("Bo", 2);
    for number in 0..250 {
        world.core.post(&bo, &send(&format!("b{number}"), &format!("bo {number}")), world.now).unwrap();
    }
    assert_eq!(find(&mut world, "bo 70"), [471, 371]);
    let erased = Erased { person: bo.person.id.clone(), messages: Erasure::Deleted };
    world.core.erase(&erased, world.now).unwrap();
    assert_eq!(find(&mut world, "bo"), [] as [i64; 0]);
    assert_eq!(find(&mut world, "ann 299"), [300]);
}

#[test]
fn what_retention_took_is_not_found() {
    let mut world = room((0..500).map(|number| format!("text n{number}e")));
    world.retention.messages = 150;
    world.sleep_and_wake();
    world.core.keep_house(world.now).unwrap();
    assert_eq!(find(&mut world, "n349e"), [] as [i64; 0]);
    assert_eq!(find(&mut world, "n350e"), [351]);
    assert_eq!(find(&mut world, "n10e"), [] as [i64; 0]);
}

#[test]
fn whoever_may_not_read_finds_nothing_and_a_foreign_cursor_is_refused() {
    let mut world = room(["hello".to_owned()]);
    let owner = world.owner.clone();
    assert_eq!(refused(world.core.search(&owner, &wanted("hello"), Some("x"), 20, world.now)), Code::BadCursor);
    let bo = viewer("Bo", 2);
    assert_eq!(seqs(&world.core.search(&bo, &wanted("hello"), None, 20, world.now).unwrap().messages), [1]);
    let private = serde_json::from_str(r#""private""#).unwrap();
    let edit = hihichat::protocol::client::EditRoom { access: Some(private), ..Default::default() };
    world.core.edit(&owner, &edit, world.now).unwrap();
    assert_eq!(refused(world.core.search(&bo, &wanted("hello"), None, 20, world.now)), Code::UnknownRoom);
}

#[test]
fn a_log_from_before_there_were_pages_is_searched_whole() {
    let mut world = room((0..700).map(|number| format!("text {number}")));
    world.forget_pages();
    assert_eq!(find(&mut world, "text 3").len(), 20);
    assert_eq!(find(&mut world, "text 333"), [334]);
    assert_eq!(world.core.head(), Seq(700));
}
