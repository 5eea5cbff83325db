//! The judge judged: a clean history passes, and each thing that can go wrong is found under its name.

use super::{judge, Kind};
use crate::history::{Entry, Event, History, RoomRun, Seq, State, Wanted, What};
use std::collections::BTreeSet;
use std::sync::Arc;

const PEOPLE: [&str; 3] = ["ann", "bo", "cy"];

/// Who says what, in the order of Seq.
fn script(room: &str) -> Vec<(usize, Wanted)> {
    let send = |text: &str| Wanted::Send { text: format!("{text} in {room}") };
    vec![
        (0, send("hello")),
        (1, send("hi")),
        (0, Wanted::Edit { target: 1, text: format!("hello all in {room}") }),
        (1, Wanted::React { target: 1, reaction: "👍".to_owned(), on: true }),
        (1, Wanted::Delete { target: 2 }),
        (2, send("bye")),
    ]
}

fn at(seq: Seq) -> i64 {
    1_000 + seq as i64
}

fn id(room: &str, seq: Seq) -> String {
    format!("{room}-{seq}")
}

/// What is sent when it is said.
fn entry(room: &str, seq: Seq, (author, wanted): &(usize, Wanted)) -> Entry {
    let what = match wanted.clone() {
        Wanted::Send { text } => What::Message(State { text, ..State::default() }),
        Wanted::Edit { target, text } => What::Edited { target, text },
        Wanted::Delete { target } => What::Deleted { target },
        Wanted::React { target, reaction, on } => What::Reacted { target, reaction, on },
    };
    Entry { seq, at: at(seq), author: PEOPLE[*author].to_owned(), id: id(room, seq), what }
}

fn message(room: &str, seq: Seq, author: usize, state: State) -> Entry {
    Entry { seq, at: at(seq), author: PEOPLE[author].to_owned(), id: id(room, seq), what: What::Message(state) }
}

/// The messages as they are at the end.
fn last_states(room: &str) -> Vec<Entry> {
    let reactions = BTreeSet::from([("👍".to_owned(), "bo".to_owned())]);
    let first = State { text: format!("hello all in {room}"), edited: Some(at(3)), deleted: None, reactions };
    let second = State { deleted: Some(at(5)), ..State::default() };
    let last = State { text: format!("bye in {room}"), ..State::default() };
    vec![message(room, 1, 0, first), message(room, 2, 1, second), message(room, 6, 2, last)]
}

fn client(room: &str, me: usize) -> History {
    let mut events = vec![Event::Welcomed { since: 0, seq: 0 }];
    for (seq, said) in (1..).zip(script(room)) {
        if said.0 == me {
            events.push(Event::Said { id: id(room, seq), wanted: said.1.clone() });
            events.push(Event::Acked { id: id(room, seq), seq, at: at(seq) });
        }
        events.push(Event::Heard(Arc::new(entry(room, seq, &said))));
    }
    events.push(Event::Done { up_to: 6 });
    History { client: me + 1, person: PEOPLE[me].to_owned(), old: false, events }
}

fn room(name: &str) -> RoomRun {
    RoomRun {
        name: name.to_owned(),
        clients: (0..3).map(|me| client(name, me)).collect(),
        keeps: 100,
        head: 6,
        log: last_states(name),
        archive: Some(last_states(name)),
        shown_to_strangers: Vec::new(),
    }
}

/// The kinds of what is found when the lobby is changed so.
fn found(change: impl FnOnce(&mut RoomRun)) -> BTreeSet<Kind> {
    let mut rooms = [room("lobby"), room("den")];
    change(&mut rooms[0]);
    judge(&rooms).into_iter().map(|violation| violation.kind).collect()
}

#[track_caller]
fn finds(kinds: &[Kind], change: impl FnOnce(&mut RoomRun)) {
    assert_eq!(found(change), BTreeSet::from_iter(kinds.iter().copied()));
}

/// Where a client hears of this Seq.
fn place(run: &RoomRun, client: usize, seq: Seq) -> usize {
    let heard = |event: &Event| matches!(event, Event::Heard(entry) if entry.seq == seq);
    run.clients[client].events.iter().position(heard).unwrap()
}

fn forget(run: &mut RoomRun, client: usize, seq: Seq) {
    let place = place(run, client, seq);
    run.clients[client].events.remove(place);
}

#[test]
fn a_clean_history_passes() {
    finds(&[], |_| {});
}

#[test]
fn an_acknowledged_message_that_one_client_never_gets_is_lost() {
    finds(&[Kind::Lost], |run| forget(run, 2, 1));
}

#[test]
fn a_message_that_was_not_acknowledged_and_reached_only_some_is_lost_to_the_others() {
    finds(&[Kind::Lost], |run| {
        run.clients[2].events.retain(|event| !matches!(event, Event::Acked { .. }));
        forget(run, 0, 6);
    });
}

#[test]
fn a_lost_edit_shows_as_lost_and_as_a_client_that_shows_something_else() {
    finds(&[Kind::Lost, Kind::Disagreed], |run| forget(run, 2, 3));
}

#[test]
fn a_message_that_takes_two_places_is_doubled() {
    finds(&[Kind::Doubled, Kind::NotInLog], |run| {
        run.head = 7;
        for client in &mut run.clients {
            let again = Entry { seq: 7, at: at(7), ..entry("lobby", 6, &script("lobby")[5]) };
            client.events.push(Event::Heard(Arc::new(again)));
            client.events.push(Event::Done { up_to: 7 });
        }
    });
}

#[test]
fn a_message_that_is_acknowledged_at_two_places_is_doubled() {
    let found = found(|run| run.clients[0].events.push(Event::Acked { id: id("lobby", 1), seq: 4, at: at(4) }));
    assert!(found.contains(&Kind::Doubled), "{found:?}");
}

#[test]
fn the_same_entry_sent_again_is_dropped_and_harms_nothing() {
    finds(&[], |run| {
        let place = place(run, 1, 3);
        let again = run.clients[1].events[place].clone();
        run.clients[1].events.insert(place + 2, again);
    });
}

#[test]
fn entries_that_come_in_the_wrong_order_are_swapped() {
    let swap = |run: &mut RoomRun| {
        let (one, next) = (place(run, 2, 2), place(run, 2, 3));
        run.clients[2].events.swap(one, next);
    };
    finds(&[Kind::Swapped], swap);
    // An answer to what was asked for is not.
    finds(&[], |run| {
        swap(run);
        let place = place(run, 2, 2);
        run.clients[2].events.insert(place, Event::Asked { since: 1 });
    });
    // Nor is what an older connection had.
    finds(&[], |run| {
        swap(run);
        let place = place(run, 2, 2);
        run.clients[2].events.insert(place, Event::Welcomed { since: 1, seq: 6 });
    });
}

#[test]
fn a_text_that_says_something_else_at_one_client_is_altered() {
    finds(&[Kind::Altered, Kind::Disagreed], |run| {
        let place = place(run, 1, 6);
        let state = State { text: "buy in lobby".to_owned(), ..State::default() };
        run.clients[1].events[place] = Event::Heard(Arc::new(message("lobby", 6, 2, state)));
    });
}

#[test]
fn another_author_at_the_same_seq_is_altered() {
    let found = found(|run| {
        let place = place(run, 1, 6);
        run.clients[1].events[place] = Event::Heard(Arc::new(entry("lobby", 6, &(1, script("lobby")[5].1.clone()))));
    });
    assert!(found.contains(&Kind::Altered), "{found:?}");
}

#[test]
fn another_entry_at_the_same_seq_is_altered() {
    let found = found(|run| {
        let place = place(run, 1, 4);
        let other = Entry { seq: 4, ..entry("lobby", 6, &script("lobby")[5]) };
        run.clients[1].events[place] = Event::Heard(Arc::new(other));
    });
    assert!(found.contains(&Kind::Altered), "{found:?}");
}

#[test]
fn an_edit_with_another_text_is_altered() {
    finds(&[Kind::Altered], |run| {
        let place = place(run, 2, 3);
        let other = Wanted::Edit { target: 1, text: "hullo".to_owned() };
        run.clients[2].events[place] = Event::Heard(Arc::new(entry("lobby", 3, &(0, other))));
    });
}

#[test]
fn what_nobody_has_said_is_altered() {
    let found = found(|run| {
        let ghost = Entry { id: "ghost".to_owned(), ..last_states("lobby").remove(2) };
        run.clients[0].events.push(Event::Heard(Arc::new(Entry { seq: 7, at: at(7), ..ghost })));
    });
    assert_eq!(found, BTreeSet::from([Kind::Altered]));
}

#[test]
fn a_message_of_another_room_is_leaked() {
    let found = found(|run| {
        let other = entry("den", 6, &script("den")[5]);
        run.clients[0].events.push(Event::Heard(Arc::new(Entry { seq: 7, at: at(7), ..other })));
    });
    assert_eq!(found, BTreeSet::from([Kind::Leaked]));
}

#[test]
fn an_answer_to_a_stranger_is_leaked() {
    finds(&[Kind::Leaked], |run| run.shown_to_strangers.push("200 {}".to_owned()));
}

#[test]
fn a_seq_that_nobody_was_ever_told_of_is_skipped() {
    finds(&[Kind::Skipped], |run| {
        run.head = 7;
        run.clients.iter_mut().for_each(|client| client.events.push(Event::Done { up_to: 7 }));
    });
}

#[test]
fn what_a_gap_leaves_out_is_not_lost() {
    let gap = |run: &mut RoomRun, reason: &str| {
        run.keeps = 3;
        [1, 2, 3, 4].into_iter().for_each(|seq| forget(run, 2, seq));
        let gap = Event::Gap { from: 1, to: 4, reason: reason.to_owned() };
        run.clients[2].events.splice(..1, [Event::Welcomed { since: 0, seq: 4 }, gap]);
    };
    finds(&[], |run| gap(run, "trimmed"));
    // Fewer than are kept, or than a resume carries, or no reason here.
    finds(&[Kind::NeedlessGap], |run| {
        gap(run, "trimmed");
        run.keeps = 50;
    });
    finds(&[Kind::NeedlessGap], |run| gap(run, "too_many"));
    finds(&[Kind::NeedlessGap], |run| gap(run, "epoch"));
}

#[test]
fn a_revision_that_the_page_after_a_gap_leaves_out_may_come_later() {
    finds(&[], |run| {
        run.keeps = 3;
        forget(run, 2, 1);
        let gap = Event::Gap { from: 1, to: 1, reason: "trimmed".to_owned() };
        run.clients[2].events.splice(..1, [Event::Welcomed { since: 0, seq: 6 }, gap]);
        let (revision, last) = (place(run, 2, 4), place(run, 2, 6));
        let revision = run.clients[2].events.remove(revision);
        run.clients[2].events.insert(last, revision);
    });
}

#[test]
fn an_acknowledged_message_that_the_log_lacks_is_found() {
    finds(&[Kind::NotInLog], |run| {
        run.log.remove(1);
        run.archive.as_mut().unwrap().remove(1);
    });
}

#[test]
fn a_log_that_begins_later_than_it_may_is_found() {
    finds(&[Kind::NotInLog], |run| drop(run.log.remove(0)));
    finds(&[], |run| {
        run.log.remove(0);
        run.keeps = 2;
    });
}

#[test]
fn a_message_that_the_archive_lacks_or_has_twice_is_found() {
    finds(&[Kind::NotInArchive], |run| drop(run.archive.as_mut().unwrap().remove(2)));
    finds(&[Kind::Doubled], |run| run.archive.as_mut().unwrap().push(last_states("lobby").remove(2)));
    // Without hosted Redis there is none.
    finds(&[], |run| run.archive = None);
}

#[test]
fn a_log_or_an_archive_that_missed_an_edit_disagrees() {
    let old = || message("lobby", 1, 0, State { text: "hello in lobby".to_owned(), ..State::default() });
    finds(&[Kind::Disagreed], |run| run.log[0] = old());
    finds(&[Kind::Disagreed], |run| run.archive.as_mut().unwrap()[0] = old());
}

#[test]
fn what_was_refused_and_is_there_nevertheless_is_found() {
    finds(&[Kind::Refused], |run| {
        let refused = Event::Refused { id: id("lobby", 6), code: "forbidden".to_owned() };
        run.clients[2].events.push(refused);
    });
}

#[test]
fn a_client_that_never_comes_to_the_end_is_found() {
    finds(&[Kind::TurnedAway], |run| drop(run.clients[1].events.pop()));
}

#[test]
fn an_old_client_that_takes_no_edits_is_no_contradiction() {
    finds(&[Kind::Disagreed, Kind::Lost], |run| forget(run, 2, 5));
    finds(&[Kind::Lost], |run| {
        forget(run, 2, 5);
        run.clients[2].old = true;
    });
}
