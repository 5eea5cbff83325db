//! Edits, deletions, reactions, replies and mentions, told as stories.

use crate::support::world::*;
use hihichat::domain::id::{PersonId, Seq};
use hihichat::domain::membership::Change;
use hihichat::domain::person::Viewer;
use hihichat::protocol::code::Code;
use hihichat::protocol::server::{Message, ServerFrame};
use hihichat::room::attachment::ConnectionId;
use serde_json::{json, Value};

/// Ann's room with Bo in it, both connected, and what Ann said as message 1.
struct Story {
    world: World,
    ann: ConnectionId,
    bo: ConnectionId,
    bos: Viewer,
}

impl Story {
    fn new() -> Self {
        let mut world = World::new();
        let owner = world.owner.clone();
        let ann = world.connect(&owner, None);
        let (bos, bo) = world.member("Bo", 2);
        world.say(ann, "m1", "hello");
        let mut story = Self { world, ann, bo, bos };
        story.hear();
        story
    }

    /// What each was sent since this was last asked, but presence.
    fn hear(&mut self) -> [Vec<Value>; 2] {
        [self.ann, self.bo].map(|who| {
            let frames = self.world.read(who).into_iter().map(|frame| serde_json::to_value(frame).unwrap());
            frames.filter(|frame| frame["type"] != "presence").collect()
        })
    }

    fn frame(&mut self, who: ConnectionId, frame: Value) {
        self.world.frame(who, &frame.to_string());
    }

    #[track_caller]
    fn refused(&mut self, who: ConnectionId, frame: Value) -> Code {
        self.frame(who, frame.clone());
        let frames = self.world.read(who);
        let [ServerFrame::Error(refusal)] = &frames[..] else { panic!("not refused: {frames:?}") };
        assert_eq!(
            refusal.id.as_ref().map(|id| id.as_str()),
            frame["id"].as_str(),
            "the refusal names what was refused"
        );
        refusal.code
    }

    fn message(&self, seq: i64) -> Message {
        self.world.core.log().message(Seq(seq)).unwrap().unwrap()
    }
}

fn kinds(frames: &[Value]) -> Vec<&str> {
    frames.iter().map(|frame| frame["type"].as_str().unwrap()).collect()
}

fn edit(id: &str, text: &str) -> Value {
    json!({ "type": "edit", "id": id, "seq": 1, "text": text })
}

fn delete(id: &str) -> Value {
    json!({ "type": "delete", "id": id, "seq": 1 })
}

fn react(id: &str, reaction: &str, on: bool) -> Value {
    json!({ "type": "react", "id": id, "seq": 1, "reaction": reaction, "on": on })
}

#[test]
fn an_edit_is_acknowledged_told_to_everybody_and_what_the_message_says_from_then_on() {
    let mut story = Story::new();
    story.frame(story.ann, edit("e1", "hello there"));
    let [to_ann, to_bo] = story.hear();
    assert_eq!((kinds(&to_ann), kinds(&to_bo)), (vec!["ack", "edited"], vec!["edited"]));
    assert_eq!((&to_ann[0]["id"], &to_ann[0]["seq"]), (&json!("e1"), &json!(2)), "an edit has a Seq of its own");
    assert_eq!((&to_bo[0]["target"], &to_bo[0]["text"]), (&json!(1), &json!("hello there")));
    story.world.sleep_and_wake();
    let message = story.message(1);
    assert_eq!((message.text.as_str(), message.about.edited), ("hello there", to_bo[0]["at"].as_i64()));
}

#[test]
fn nobody_edits_what_somebody_else_said_not_even_the_owner() {
    let mut story = Story::new();
    assert_eq!(story.refused(story.bo, edit("e1", "mine now")), Code::Forbidden);
    story.world.say(story.bo, "b1", "Bo's");
    story.hear();
    let of_bo = json!({ "type": "edit", "id": "e2", "seq": 2, "text": "mine now" });
    assert_eq!(story.refused(story.ann, of_bo), Code::Forbidden);
}

#[test]
fn a_deletion_leaves_a_tombstone_and_nothing_of_what_was_said() {
    let mut story = Story::new();
    story.frame(story.ann, edit("e1", "a secret"));
    story.frame(story.bo, react("r1", "👍", true));
    story.frame(story.ann, delete("d1"));
    story.hear();
    story.world.sleep_and_wake();
    story.world.read(story.bo);
    let message = story.message(1);
    assert_eq!((message.text.as_str(), message.about.deleted.is_some()), ("", true));
    assert!(message.about.reactions.is_empty() && message.about.edited.is_none());
    let again = story.world.connect(&story.bos.clone(), since(0));
    let said_again = serde_json::to_string(&story.world.read(again)).unwrap();
    assert!(!said_again.contains("secret") && !said_again.contains("hello"), "{said_again}");
    assert_eq!(story.world.core.search(&story.bos, &wanted("secret"), None, 20, story.world.now).unwrap().messages, []);
}

#[test]
fn the_author_deletes_and_so_does_the_owner_but_nobody_else() {
    let mut story = Story::new();
    assert_eq!(story.refused(story.bo, delete("d1")), Code::Forbidden);
    story.world.say(story.bo, "b1", "Bo's");
    story.hear();
    story.frame(story.ann, json!({ "type": "delete", "id": "d2", "seq": 2 }));
    let [_, to_bo] = story.hear();
    assert_eq!((kinds(&to_bo), &to_bo[0]["by"]["name"]), (vec!["deleted"], &json!("Ann")));
}

#[test]
fn what_is_deleted_can_t_be_changed_any_more_and_says_so() {
    let mut story = Story::new();
    story.frame(story.ann, delete("d1"));
    story.hear();
    for frame in [edit("e1", "back"), delete("d2")] {
        assert_eq!(story.refused(story.ann, frame), Code::MessageDeleted);
    }
    assert_eq!(story.refused(story.bo, react("r1", "👍", true)), Code::MessageDeleted);
}

#[test]
fn what_is_no_message_can_t_be_changed() {
    let mut story = Story::new();
    story.frame(story.ann, edit("e1", "changed"));
    story.hear();
    // 0 was never, 2 is the edit, 3 is not yet.
    for seq in [0, 2, 3, 9_007_199_254_740_991i64] {
        let frame = json!({ "type": "delete", "id": "d1", "seq": seq });
        assert_eq!(story.refused(story.ann, frame), Code::UnknownMessage, "{seq}");
    }
}

#[test]
fn whoever_has_not_joined_or_was_removed_changes_nothing() {
    let mut story = Story::new();
    let cy = story.world.connect(&viewer("Cy", 3), None);
    story.world.read(cy);
    for frame in [edit("e1", "x"), delete("d1"), react("r1", "👍", true)] {
        assert_eq!(story.refused(cy, frame), Code::NotAMember);
    }
    let bo = story.bos.clone();
    story.world.leave(&bo);
    story.world.read(story.bo);
    assert_eq!(story.refused(story.bo, react("r1", "👍", true)), Code::NotAMember);
}

#[test]
fn a_change_sent_twice_is_one_entry_with_one_ack_also_after_waking() {
    for frame in [edit("x1", "changed"), react("x1", "🎉", true), delete("x1")] {
        let mut story = Story::new();
        story.frame(story.ann, frame.clone());
        let [first, _] = story.hear();
        story.world.sleep_and_wake();
        story.hear();
        story.frame(story.ann, frame);
        let [again, to_bo] = story.hear();
        assert_eq!(first, again);
        assert_eq!(to_bo, [] as [Value; 0], "the others have had it");
        assert_eq!(story.world.core.head(), Seq(2));
    }
}

#[test]
fn an_id_used_for_another_change_is_refused() {
    let mut story = Story::new();
    story.frame(story.ann, edit("x1", "changed"));
    story.hear();
    for frame in [edit("x1", "otherwise"), react("x1", "👍", true), delete("x1")] {
        assert_eq!(story.refused(story.ann, frame), Code::IdReused);
    }
    assert_eq!(story.refused(story.ann, json!({ "type": "send", "id": "x1", "text": "hello" })), Code::IdReused);
    assert_eq!(story.refused(story.ann, edit("m1", "the id of a message")), Code::IdReused);
    story.frame(story.bo, react("x1", "👍", true));
    assert_eq!(kinds(&story.hear()[0]), ["reacted"], "another's id is another");
}

#[test]
fn a_message_sent_again_after_it_was_edited_is_still_the_same_message() {
    let mut story = Story::new();
    story.frame(story.ann, edit("e1", "changed"));
    story.hear();
    story.world.say(story.ann, "m1", "hello");
    let [to_ann, to_bo] = story.hear();
    assert_eq!((kinds(&to_ann), kinds(&to_bo)), (vec!["ack", "message"], vec![]));
    assert_eq!((&to_ann[0]["seq"], &to_ann[1]["text"]), (&json!(1), &json!("changed")));
}

#[test]
fn reactions_are_toggles_each_once_a_person_with_who() {
    let mut story = Story::new();
    story.frame(story.ann, react("r1", "👍", true));
    story.frame(story.bo, react("r2", "👍", true));
    story.frame(story.bo, react("r3", "👍", true));
    story.frame(story.bo, react("r4", "🎉", true));
    let shown = |story: &Story| {
        let reactions = serde_json::to_value(story.message(1).about.reactions).unwrap();
        let shown = reactions.as_array().unwrap().iter().map(|one| {
            let names = one["people"].as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap());
            format!("{} {}", one["reaction"].as_str().unwrap(), names.collect::<Vec<_>>().join(","))
        });
        shown.collect::<Vec<_>>()
    };
    assert_eq!(shown(&story), ["👍 Ann,Bo", "🎉 Bo"]);
    story.frame(story.ann, react("r5", "👍", false));
    story.frame(story.bo, react("r6", "👍", false));
    story.frame(story.bo, react("r7", "👍", false));
    assert_eq!(shown(&story), ["🎉 Bo"]);
}

#[test]
fn a_message_takes_only_so_many_reactions() {
    let mut story = Story::new();
    for number in 3..202u8 {
        let person = viewer(&format!("P{number}"), number);
        story.world.join(&person);
        let id = story.world.connect(&person, None);
        story.frame(id, react("r", "👍", true));
        story.world.cut(id);
    }
    story.frame(story.ann, react("r1", "👍", true));
    story.hear();
    assert_eq!(story.refused(story.bo, react("r1", "👍", true)), Code::ReactionsFull);
    story.frame(story.ann, react("r2", "👍", false));
    story.hear();
    story.frame(story.bo, react("r2", "👍", true));
    assert_eq!(kinds(&story.hear()[0]), ["reacted"]);
}

#[test]
fn a_resume_brings_messages_and_changes_in_order() {
    let mut story = Story::new();
    story.world.cut(story.bo);
    story.frame(story.ann, edit("e1", "first edit"));
    story.world.say(story.ann, "m2", "second");
    story.frame(story.ann, edit("e2", "second edit"));
    story.frame(story.ann, json!({ "type": "delete", "id": "d1", "seq": 3 }));
    let bo = story.bos.clone();
    story.bo = story.world.connect(&bo, since(1));
    let [_, to_bo] = story.hear();
    assert_eq!(kinds(&to_bo), ["welcome", "edited", "message", "edited", "deleted"]);
    let seqs: Vec<_> = to_bo.iter().map(|frame| frame["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, [5, 2, 3, 4, 5]);
    assert_eq!(to_bo[2]["text"], "", "a message is said as it is now");
    let page = story.world.core.messages_since(&bo, &since(1).unwrap(), 500, story.world.now).unwrap();
    assert_eq!(page.messages.len(), 4, "the same by HTTP");
}

#[test]
fn waking_says_the_last_changes_and_their_acks_again() {
    let mut story = Story::new();
    story.world.losing = true;
    story.frame(story.ann, edit("e1", "changed"));
    story.world.sleep_and_wake();
    let [to_ann, to_bo] = story.hear();
    assert!(to_ann.iter().any(|frame| frame["type"] == "ack" && frame["id"] == "e1"));
    assert!(to_bo.iter().any(|frame| frame["type"] == "edited" && frame["text"] == "changed"));
}

#[test]
fn a_reply_shows_what_it_answers_as_that_is_now() {
    let mut story = Story::new();
    story.frame(story.bo, json!({ "type": "send", "id": "b1", "text": "and you?", "reply_to": 1 }));
    let [to_ann, _] = story.hear();
    assert_eq!(
        (&to_ann[0]["reply"]["seq"], &to_ann[0]["reply"]["text"], &to_ann[0]["reply"]["author"]["name"]),
        (&json!(1), &json!("hello"), &json!("Ann"))
    );
    let quote = |story: &Story| serde_json::to_value(story.message(2).about.reply).unwrap();
    story.frame(story.ann, edit("e1", &format!("two\nlines and {}", "x".repeat(200))));
    assert_eq!(quote(&story)["text"].as_str().unwrap().len(), 160);
    assert!(quote(&story)["text"].as_str().unwrap().starts_with("two lines and x"));
    story.frame(story.ann, delete("d1"));
    assert_eq!((&quote(&story)["deleted"], quote(&story).get("text")), (&json!(true), None));
    story.frame(story.bo, json!({ "type": "send", "id": "b2", "text": "what?", "reply_to": 3 }));
    let no_message = serde_json::to_value(story.message(5).about.reply).unwrap();
    assert_eq!(no_message, json!({ "seq": 3 }), "a reply to what the room has no message of still says so");
    story.hear();
    for to_come in [0, 6, 900] {
        let frame = json!({ "type": "send", "id": "b3", "text": "and?", "reply_to": to_come });
        assert_eq!(story.refused(story.bo, frame), Code::UnknownMessage, "{to_come}");
    }
}

#[test]
fn a_mention_names_members_only_and_tells_the_directory_once() {
    let mut story = Story::new();
    let stranger = PersonId::from_random([9; 20]);
    let (ann, bo) = (story.world.owner.person.id.clone(), story.bos.person.id.clone());
    let frame = json!({ "type": "send", "id": "m2", "text": "@Bo @Cy", "mentions": [bo, stranger, ann] });
    story.frame(story.ann, frame.clone());
    story.frame(story.ann, frame);
    assert_eq!(story.message(2).about.mentions.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Bo", "Ann"]);
    let (_, changes) = story.world.core.log().outbox().unwrap().unwrap();
    let told: Vec<_> = changes.into_iter().filter(|change| matches!(change, Change::Mentioned(..))).collect();
    assert_eq!(told, [Change::Mentioned(bo, 2)], "not of oneself");
}

#[test]
fn messages_are_counted_without_their_changes_also_when_retention_took_the_oldest() {
    let mut story = Story::new();
    for number in 0..20 {
        story.frame(story.ann, react(&format!("r{number}"), "👍", number % 2 == 0));
        story.world.say(story.ann, &format!("n{number}"), "text");
    }
    let count = |story: &Story, seq| story.world.core.log().messages_up_to(Seq(seq)).unwrap();
    assert_eq!((count(&story, 1), count(&story, 2), count(&story, 3), count(&story, 41)), (1, 1, 2, 21));
    story.world.retention.messages = 11;
    story.world.sleep_and_wake();
    story.world.core.keep_house(story.world.now).unwrap();
    let kept = story.world.core.log().after(Seq(0), 100).unwrap();
    assert_eq!(kept.len(), 11, "changes take nobody's place");
    assert_eq!((count(&story, 30), count(&story, 41)), (15, 21));
    story.world.sleep_and_wake();
    assert_eq!(count(&story, 41), 21);
}
