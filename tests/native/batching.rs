//! How frames leave a room: when, together with which others, and to whom.

use hihichat::domain::time::Millis;
use hihichat::room::attachment::ConnectionId;
use hihichat::room::outgoing::{batch, Outgoing, To, WAITS_MOST};

const ALL: To = To::All(None);
const ANN: ConnectionId = ConnectionId(1);
const BO: ConnectionId = ConnectionId(2);

/// Says messages at these times, the first of them at noon, to so many connections. Answers each sending: when, and what
/// was said how long before.
fn say(takers: usize, times: &[Millis]) -> Vec<(Millis, Vec<Millis>)> {
    let mut outgoing = Outgoing::default();
    let mut sendings = Vec::new();
    let mut said = times.iter().copied().peekable();
    let mut timer = None;
    while said.peek().is_some() || timer.is_some() {
        let now = match (said.peek().copied(), timer) {
            (Some(next), Some(at)) if next < at => next,
            (Some(next), None) => next,
            (_, at) => at.unwrap(),
        };
        if said.next_if_eq(&now).is_some() {
            outgoing.push(ALL, now.to_string());
        }
        timer = outgoing.due(now).filter(|at| *at > now);
        if timer.is_none() && !outgoing.is_empty() {
            let parcel = outgoing.leave(takers, now);
            let waited = parcel.common().iter().map(|at| now - at.parse::<Millis>().unwrap()).collect();
            sendings.push((now, waited));
        }
    }
    sendings
}

fn every(millis: Millis, count: i64) -> Vec<Millis> {
    (0..count).map(|n| 1_800_000_000_000 + n * millis).collect()
}

fn longest_wait(sendings: &[(Millis, Vec<Millis>)]) -> Millis {
    sendings.iter().flat_map(|(_, waited)| waited).copied().max().unwrap()
}

#[test]
fn a_lone_message_leaves_at_once_however_large_the_room() {
    for takers in [1, 20, 100, 500, 2_000] {
        let sendings = say(takers, &every(500, 20));
        assert_eq!((sendings.len(), longest_wait(&sendings)), (20, 0), "{takers}");
    }
}

#[test]
fn a_room_of_a_hundred_at_twenty_messages_a_second_doesn_t_notice() {
    let sendings = say(100, &every(50, 100));
    assert_eq!((sendings.len(), longest_wait(&sendings)), (100, 0));
    // Nor when two fall together.
    let pairs: Vec<_> = every(100, 50).into_iter().flat_map(|at| [at, at + 1]).collect();
    assert_eq!(longest_wait(&say(100, &pairs)), 0);
}

#[test]
fn a_room_of_five_hundred_waits_only_where_that_saves_sendings() {
    for a_second in [10, 20, 40] {
        let sendings = say(500, &every(1_000 / a_second, 200));
        assert_eq!((sendings.len(), longest_wait(&sendings)), (200, 0), "{a_second}");
    }
    // A burst is soon forgotten.
    let noon = every(1, 1)[0];
    let burst = (0..20).map(|n| noon + 4 * n);
    let said: Vec<_> = burst.chain((0..20).map(|n| noon + 200 + 50 * n)).collect();
    let sendings = say(500, &said);
    assert!(sendings.len() < 30, "{sendings:?}");
    assert_eq!(longest_wait(&sendings[sendings.len() - 15..]), 0, "{sendings:?}");
}

#[test]
fn a_small_room_never_waits() {
    assert_eq!(longest_wait(&say(9, &every(1, 500))), 0);
}

#[test]
fn a_busy_room_sends_a_few_times_a_second_and_nothing_waits_longer_than_that() {
    for (rate, at_least) in [(80, 4.7), (160, 9.3), (1_000, 54.0)] {
        let sendings = say(500, &every(1_000 / rate, rate * 10));
        let messages: usize = sendings.iter().map(|(_, waited)| waited.len()).sum();
        assert_eq!(messages, usize::try_from(rate * 10).unwrap(), "each once");
        let together = messages as f64 / sendings.len() as f64;
        assert!(together >= at_least, "{together} at {rate} a second");
        assert!(longest_wait(&sendings) <= WAITS_MOST, "{sendings:?}");
        // Once it knows that it is busy.
        assert!(sendings[4..].windows(2).all(|pair| pair[1].0 - pair[0].0 >= 50), "{rate}: {sendings:?}");
    }
    // The largest room there is waits no longer.
    assert!(longest_wait(&say(30_000, &every(3, 1_000))) <= WAITS_MOST);
}

#[test]
fn where_nobody_takes_batches_nothing_waits() {
    assert_eq!(longest_wait(&say(0, &every(2, 500))), 0);
}

#[test]
fn a_clock_that_is_set_back_keeps_nothing_waiting() {
    let mut outgoing = Outgoing::default();
    outgoing.push(ALL, "a".to_owned());
    outgoing.leave(500, 1_800_000_000_000);
    let now = 1_700_000_000_000;
    outgoing.push(ALL, "b".to_owned());
    assert_eq!(outgoing.due(now), Some(now));
    outgoing.leave(500, now);
    outgoing.push(ALL, "c".to_owned());
    assert_eq!(outgoing.due(now), Some(now + 10), "and from then on it is as ever");
}

/// A room that has just sent two messages to five hundred.
fn busy(now: Millis) -> Outgoing {
    let mut outgoing = Outgoing::default();
    outgoing.push(ALL, "before".to_owned());
    outgoing.push(ALL, "and".to_owned());
    outgoing.leave(500, now);
    outgoing
}

#[test]
fn what_waits_keeps_its_order_for_everybody_and_acks_ride_along() {
    let mut outgoing = busy(0);
    outgoing.push(To::One(ANN), "ack".to_owned());
    outgoing.push(ALL, "message".to_owned());
    outgoing.push(To::All(Some(BO)), "bo types".to_owned());
    outgoing.push(To::One(BO), "error".to_owned());
    assert_eq!(outgoing.due(0), Some(50));
    let parcel = outgoing.leave(500, 50);
    assert_eq!(parcel.for_one(ANN, 0), ["ack", "message", "bo types"]);
    assert_eq!(parcel.for_one(BO, 0), ["message", "error"]);
    assert_eq!(parcel.common(), ["message", "bo types"]);
    assert_eq!([ANN, BO, ConnectionId(3)].map(|id| parcel.sets_apart(id)), [true, true, false]);
    assert!(outgoing.is_empty());
}

#[test]
fn who_comes_while_something_waits_hears_only_what_came_after_them() {
    let mut outgoing = busy(0);
    outgoing.push(ALL, "before Ann".to_owned());
    let before = outgoing.len();
    outgoing.push(To::One(ANN), "welcome".to_owned());
    outgoing.push(ALL, "after".to_owned());
    assert_eq!(outgoing.leave(500, 50).for_one(ANN, before), ["welcome", "after"]);
}

#[test]
fn what_is_for_one_only_waits_for_nobody_and_keeps_nobody_waiting() {
    let mut outgoing = busy(0);
    outgoing.push(To::One(ANN), "welcome".to_owned());
    assert_eq!(outgoing.due(0), Some(0));
    outgoing.leave(500, 0);
    outgoing.push(ALL, "message".to_owned());
    assert_eq!(outgoing.due(0), Some(50), "as long as without it");
}

#[test]
fn one_frame_is_no_batch() {
    assert_eq!(batch(&["{}"]), "{}");
    assert_eq!(batch(&["1", "2"]), r#"{"type":"batch","frames":[1,2]}"#);
}
