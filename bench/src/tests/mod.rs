//! The bench measured: what a server does wrong is counted as exactly that, and what the client does wrong is told.

mod fake;
mod reported;

use crate::driver::{Driver, Guest};
use crate::judge::{id, text, Counts, Judge};
use crate::record::{Figures, Record};
use crate::schedule::plan;
use crate::speech::{Heard, Speech};
use fake::Spoil;
use fastrand::Rng;
use hdrhistogram::Histogram;
use std::time::{Duration, Instant};

const CLIENTS: usize = 4;
const RATE: f64 = 40.0;
const TIME: Duration = Duration::from_secs(1);
/// What comes, comes long before.
const PATIENCE: Duration = Duration::from_millis(700);

/// Four clients say forty messages in a second, each to all.
const CLEAN: Counts = Counts {
    expected: 160,
    delivered: 160,
    lost: 0,
    doubled: 0,
    disordered: 0,
    altered: 0,
    unacknowledged: 0,
    resent: 0,
    missed: 0,
};

/// A real run, as `cell` makes them, against a server that spoils this, begun so long after its time.
fn run(spoil: Spoil, late: Duration) -> Driver {
    let guests = (0..CLIENTS).map(|_| Guest { room: 0, headers: Vec::new() }).collect();
    let mut driver = Driver::new(fake::start(spoil), Speech::Plain, 7, vec!["room".to_owned()], guests);
    assert!(driver.join(PATIENCE));
    driver.load(Instant::now() - late, &plan(7, 1, CLIENTS, RATE, TIME), true);
    driver.settle(PATIENCE);
    driver
}

#[track_caller]
fn counted(spoil: Spoil) -> Counts {
    run(spoil, Duration::ZERO).verdict()
}

#[test]
fn a_server_that_does_right_is_told_so() {
    assert_eq!(counted(Spoil::Nothing), CLEAN);
}

#[test]
fn a_lost_delivery_is_lost() {
    assert_eq!(counted(Spoil::Lose), Counts { delivered: 159, lost: 1, ..CLEAN });
}

#[test]
fn a_doubled_delivery_is_doubled() {
    assert_eq!(counted(Spoil::Double), Counts { doubled: 1, ..CLEAN });
}

#[test]
fn a_delivery_after_a_later_one_is_disordered() {
    assert_eq!(counted(Spoil::Swap), Counts { disordered: 1, ..CLEAN });
}

#[test]
fn two_messages_in_another_order_than_others_have_them_are_disordered() {
    assert_eq!(counted(Spoil::Misplace).disordered, 2);
}

#[test]
fn another_text_is_altered_and_what_was_said_is_lost() {
    let altered = Counts { delivered: 159, altered: 1, lost: 1, ..CLEAN };
    assert_eq!(counted(Spoil::AlterText), altered);
    assert_eq!(counted(Spoil::AlterId), altered);
}

#[test]
fn a_message_without_its_ack_is_unacknowledged() {
    assert_eq!(counted(Spoil::NoAck), Counts { unacknowledged: 1, ..CLEAN });
}

#[test]
fn a_server_that_stalls_is_late_with_what_was_due_meanwhile() {
    let stall = Duration::from_millis(400);
    let driver = run(Spoil::Stall(stall), Duration::ZERO);
    assert_eq!(driver.verdict(), CLEAN);
    let latency = driver.latency();
    assert!(latency.max() >= 400_000, "{}", latency.max());
    // In the first half of the stall eight messages are due, whose clients had asked a server that was not busy.
    let late = latency.count_between(200_000, u64::MAX);
    assert!(late >= 7 * CLIENTS as u64, "{late}");
}

#[test]
fn a_client_that_speaks_late_says_that_it_was_the_limit() {
    let figures = |late| {
        let mut figures = Figures::default();
        figures.client(Some(0.1), run(Spoil::Nothing, late).late());
        figures
    };
    let late = figures(Duration::from_millis(500));
    assert!(late.client_was_limit && late.client_late_p99_ms.unwrap() > 400.0, "{late:?}");
}

#[test]
fn a_client_that_uses_up_its_core_says_that_it_was_the_limit() {
    let none = Histogram::new(3).unwrap();
    for (share, limit) in [(0.79, false), (0.81, true)] {
        let mut figures = Figures::default();
        figures.client(Some(share), &none);
        assert_eq!(figures.client_was_limit, limit, "{share}");
    }
}

#[test]
fn what_came_while_away_is_told_from_what_was_missed() {
    // Given two clients, of which the second comes when the first has heard two messages
    let mut judge = Judge::new(1, [0, 0]);
    let start = Instant::now();
    let at = |millis| start + Duration::from_millis(millis);
    for number in 0..2 {
        judge.say(0, start, true);
        judge.delivered(0, number as u64 + 1, &id(1, number), &text(number), at(1));
        judge.acknowledged(&id(1, number));
    }
    judge.came(1, at(2));
    // When it is told both, one of them twice
    for number in [0, 0, 1] {
        judge.delivered(1, number as u64 + 1, &id(1, number), &text(number), at(3));
    }
    // Then three were sent of which two were missed, and none of them is a latency
    let wanted = Counts { expected: 4, delivered: 4, resent: 3, missed: 2, ..Counts::default() };
    assert_eq!(judge.verdict(), wanted);
    assert_eq!(judge.latency().len(), 2);
}

#[test]
fn a_message_of_another_room_is_altered() {
    let mut judge = Judge::new(1, [0, 1]);
    judge.say(0, Instant::now(), true);
    judge.delivered(1, 1, &id(1, 0), &text(0), Instant::now());
    assert_eq!(judge.verdict(), Counts { expected: 1, lost: 1, altered: 1, unacknowledged: 1, ..Counts::default() });
}

#[test]
fn percentiles_are_those_of_a_sorted_list() {
    let mut rng = Rng::with_seed(7);
    let most: Vec<u64> = (0..10_000).map(|_| 1 << rng.u32(4..24)).collect();
    let mut sorted: Vec<u64> = most.into_iter().map(|most| rng.u64(1..=most)).collect();
    let mut histogram = Histogram::new_with_bounds(1, 600_000_000, 3).unwrap();
    sorted.iter().for_each(|value| histogram.record(*value).unwrap());
    sorted.sort_unstable();
    let mut figures = Figures::default();
    figures.time(&histogram);
    let asked = [(0.5, figures.p50_ms), (0.95, figures.p95_ms), (0.99, figures.p99_ms), (1.0, figures.max_ms)];
    for (quantile, found) in asked {
        let wanted = sorted[(sorted.len() as f64 * quantile).ceil() as usize - 1] as f64 / 1e3;
        let found = found.unwrap();
        assert!((found / wanted - 1.0).abs() <= 0.001, "{quantile}: {found} for {wanted}");
    }
}

#[test]
fn a_plan_is_its_seeds_and_asks_the_same_of_everybody() {
    let once = plan(7, 2, 5, 10.0, Duration::from_secs(3));
    assert_eq!(once, plan(7, 2, 5, 10.0, Duration::from_secs(3)));
    assert_ne!(once, plan(8, 2, 5, 10.0, Duration::from_secs(3)));
    assert!(once.is_sorted_by_key(|planned| planned.due));
    for room in 0..2 {
        for member in 0..5 {
            assert_eq!(once.iter().filter(|one| (one.room, one.member) == (room, member)).count(), 6);
        }
        for second in 0..3 {
            let due = |one: &&crate::schedule::Planned| one.room == room && one.due.as_secs() == second;
            assert_eq!(once.iter().filter(due).count(), 10);
        }
    }
}

#[test]
fn frames_of_a_batch_are_heard_in_their_order() {
    let message = r#"{"type":"message","seq":2,"id":"1-0","text":"hi"}"#;
    let batch = format!(r#"{{"type":"batch","frames":[{{"type":"ack","id":"1-0","seq":2}},{message}]}}"#);
    let ack = Heard::Ack { id: "1-0".to_owned() };
    let heard = Heard::Message { seq: 2, id: "1-0".to_owned(), text: "hi".to_owned(), place: Some("2".to_owned()) };
    assert_eq!(Speech::Ours { batch: true }.hear(&batch), [ack, heard]);
}

#[test]
fn the_frames_of_the_protocol_make_sense() {
    for entry in std::fs::read_dir(crate::server::root().join("tests/golden/frames/server")).unwrap() {
        let path = entry.unwrap().path();
        let heard = Speech::Ours { batch: true }.hear(&std::fs::read_to_string(&path).unwrap());
        assert!(!heard.contains(&Heard::Nonsense), "{}: {heard:?}", path.display());
    }
}

#[test]
fn socket_io_is_spoken_as_its_protocol_has_it() {
    let speech = Speech::SocketIo;
    assert_eq!(speech.hear("2"), [Heard::Answer { with: "3" }]);
    assert_eq!(speech.hear(r#"40{"sid":"a","pid":"b"}"#), [Heard::Joined { history: Some("b".to_owned()) }]);
    let said = r#"42["said",{"type":"message","seq":1,"id":"1-0","text":"hi"},"offset"]"#;
    let [Heard::Message { seq: 1, place: Some(place), .. }] = &speech.hear(said)[..] else { panic!() };
    assert_eq!(place, "offset");
    assert_eq!(speech.hear("nothing of it"), [Heard::Nonsense]);
}

#[test]
fn several_rounds_are_one_record_of_medians_and_sums_and_what_was_lost_once_is_lost() {
    let round = |p99: f64, max: f64, lost: u64, latency: &str| {
        let mut record: Record = serde_json::from_str(include_str!("record.json")).unwrap();
        (record.figures.p99_ms, record.figures.max_ms, record.figures.join_s) = (Some(p99), Some(max), None);
        (record.counts, record.latency) = (Counts { lost, ..CLEAN }, latency.to_owned());
        record
    };
    let rounds = vec![round(3.0, 9.0, 0, "10:1 20:2"), round(50.0, 99.0, 1, "20:1"), round(2.0, 8.0, 0, "30:1")];
    let all = Record::of_rounds(rounds.clone());
    assert_eq!((all.figures.p99_ms, all.figures.max_ms, all.figures.join_s), (Some(3.0), Some(99.0), None));
    assert_eq!((all.counts.expected, all.counts.lost), (480, 1));
    assert_eq!(all.latency, "10:1 20:3 30:1");
    assert_eq!(all.rounds.iter().map(|round| round.p99_ms.unwrap()).collect::<Vec<_>>(), [3.0, 50.0, 2.0]);
    let two = Record::of_rounds(rounds[..2].to_vec());
    assert_eq!(two.figures.p99_ms, Some(26.5));
    let one = Record::of_rounds(rounds[..1].to_vec());
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&rounds[0]).unwrap());
}

#[test]
fn a_record_is_read_as_it_was_written() {
    let text = include_str!("record.json");
    let record: Record = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string_pretty(&record).unwrap() + "\n", text);
    assert_eq!(record.name(), "D-160-minimal-row");
}
