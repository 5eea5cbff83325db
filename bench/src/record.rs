//! What a measurement came to, as it is kept in `docs/bench/raw/`: a JSON file each.

use crate::judge::Counts;
use crate::scenario;
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// One contestant in one cell of a scenario.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    pub contestant: String,
    pub scenario: String,
    pub rooms: usize,
    pub members: usize,
    /// Messages a second in each room.
    pub rate: f64,
    pub cuts_a_second: f64,
    /// How long it was counted, and how long the load ran before.
    pub seconds: f64,
    pub seconds_before: f64,
    pub seed: u64,
    /// The day, UTC.
    pub date: String,
    pub machine: String,
    pub versions: BTreeMap<String, String>,
    /// Server and client had a core each.
    pub pinned: bool,
    pub counts: Counts,
    /// What else was heard: refusals, gaps, connections that the server ended.
    pub troubles: BTreeMap<String, u64>,
    pub figures: Figures,
    /// Those of each round, where there were several: `figures` are their medians, and all else is of all of them together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<Figures>,
    /// Microseconds from when a message was due until a client had it, to a hundredth, and how many took so long: `1500:3 1510:1`.
    pub latency: String,
}

/// What was measured; nothing where it could not be.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Figures {
    /// From when a message was due until a client had it.
    pub p50_ms: Option<f64>,
    pub p95_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    pub max_ms: Option<f64>,
    /// CPU time of the server's processes while it was counted, of user and system, for each delivery.
    pub cpu_us_a_delivery: Option<f64>,
    /// In seconds, and of which program.
    pub cpu_s: BTreeMap<String, f64>,
    /// How long it was counted, with what came after the last message was sent.
    pub counted_s: f64,
    /// What the server holds with everybody connected more than with nobody, by the number of connections.
    pub memory_kb_a_connection: Option<f64>,
    /// From the first connection's beginning until everybody was in their room.
    pub join_s: Option<f64>,
    /// From the first connection's beginning until everybody had a first message, said when all were there.
    pub first_message_s: Option<f64>,
    pub bytes_a_delivery: Option<f64>,
    pub frames_a_delivery: Option<f64>,
    /// Of its core.
    pub client_cpu_share: Option<f64>,
    /// How long after its time a message was sent, of a hundred the second latest.
    pub client_late_p99_ms: Option<f64>,
    /// The client was slow itself, so times and CPU are not the server's alone.
    pub client_was_limit: bool,
}

/// The client is a limit when it uses more of its core.
const CLIENT_SHARE_MOST: f64 = 0.8;
/// Or when it says things later, in milliseconds.
const CLIENT_LATE_MOST: f64 = 5.0;

impl Figures {
    /// Puts the latencies in, which are in microseconds.
    pub fn time(&mut self, latency: &Histogram<u64>) {
        if latency.is_empty() {
            return;
        }
        let at = |quantile| Some(latency.value_at_quantile(quantile) as f64 / 1e3);
        (self.p50_ms, self.p95_ms, self.p99_ms, self.max_ms) = (at(0.5), at(0.95), at(0.99), at(1.0));
    }

    /// Puts in what the client itself did, and whether it was the limit.
    pub fn client(&mut self, cpu_share: Option<f64>, late: &Histogram<u64>) {
        self.client_cpu_share = cpu_share;
        self.client_late_p99_ms = (!late.is_empty()).then(|| late.value_at_quantile(0.99) as f64 / 1e3);
        self.client_was_limit = cpu_share.is_some_and(|share| share > CLIENT_SHARE_MOST)
            || self.client_late_p99_ms.is_some_and(|late| late > CLIENT_LATE_MOST);
    }

    /// Of each figure the median, so that no round in which the machine had other things to do counts; of the longest time the
    /// longest.
    fn medians(rounds: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> Option<f64>| median(rounds.iter().filter_map(figure).collect());
        let programs: BTreeSet<&String> = rounds.iter().flat_map(|round| round.cpu_s.keys()).collect();
        let spent = |program: &String| {
            let each = rounds.iter().filter_map(|round| round.cpu_s.get(program).copied());
            Some((program.clone(), median(each.collect())?))
        };
        Self {
            p50_ms: of(|round| round.p50_ms),
            p95_ms: of(|round| round.p95_ms),
            p99_ms: of(|round| round.p99_ms),
            max_ms: rounds.iter().filter_map(|round| round.max_ms).max_by(f64::total_cmp),
            cpu_us_a_delivery: of(|round| round.cpu_us_a_delivery),
            cpu_s: programs.into_iter().filter_map(spent).collect(),
            counted_s: of(|round| Some(round.counted_s)).unwrap_or_default(),
            memory_kb_a_connection: of(|round| round.memory_kb_a_connection),
            join_s: of(|round| round.join_s),
            first_message_s: of(|round| round.first_message_s),
            bytes_a_delivery: of(|round| round.bytes_a_delivery),
            frames_a_delivery: of(|round| round.frames_a_delivery),
            client_cpu_share: of(|round| round.client_cpu_share),
            client_late_p99_ms: of(|round| round.client_late_p99_ms),
            client_was_limit: rounds.iter().any(|round| round.client_was_limit),
        }
    }
}

/// The middle one; of an even number the mean of both.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = values.len() / 2;
    match values.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(values[upper]),
        _ => Some((values[upper - 1] + values[upper]) / 2.0),
    }
}

impl Record {
    /// Several rounds of one contestant in one cell as one record.
    pub fn of_rounds(mut rounds: Vec<Self>) -> Self {
        if rounds.len() == 1 {
            return rounds.remove(0);
        }
        let figures: Vec<Figures> = rounds.iter().map(|round| round.figures.clone()).collect();
        let (mut counts, mut troubles, mut latency) = (Counts::default(), BTreeMap::new(), BTreeMap::new());
        for round in &rounds {
            counts += round.counts.clone();
            add(&mut troubles, round.troubles.clone());
            add(&mut latency, read_pairs(&round.latency));
        }
        let latency: Vec<String> = latency.iter().map(|(value, count)| format!("{value}:{count}")).collect();
        let (latency, one) = (latency.join(" "), rounds.remove(0));
        Self { counts, troubles, latency, figures: Figures::medians(&figures), rounds: figures, ..one }
    }

    /// What it was a measurement of.
    pub fn cell(&self) -> String {
        scenario::name(&self.scenario, self.members, self.rate)
    }

    /// What the file is called.
    pub fn name(&self) -> String {
        format!("{}-{}", self.cell(), self.contestant)
    }

    /// Writes it into this folder.
    pub fn keep(&self, folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        let text = serde_json::to_string_pretty(self).unwrap();
        fs::write(folder.join(format!("{}.json", self.name())), text + "\n").unwrap();
    }
}

fn add<K: Ord>(sums: &mut BTreeMap<K, u64>, more: impl IntoIterator<Item = (K, u64)>) {
    more.into_iter().for_each(|(key, count)| *sums.entry(key).or_default() += count);
}

fn read_pairs(pairs: &str) -> impl Iterator<Item = (u64, u64)> + '_ {
    pairs.split_whitespace().map(|pair| {
        let (value, count) = pair.split_once(':').unwrap();
        (value.parse().unwrap(), count.parse().unwrap())
    })
}

/// A histogram as pairs of a value, to a hundredth, and how often it was.
pub fn pairs(histogram: &Histogram<u64>) -> String {
    let mut coarse: Histogram<u64> = Histogram::new(2).unwrap();
    histogram
        .iter_recorded()
        .for_each(|step| coarse.record_n(step.value_iterated_to(), step.count_at_value()).unwrap());
    let pair = |step: hdrhistogram::iterators::IterationValue<u64>| {
        format!("{}:{}", step.value_iterated_to(), step.count_at_value())
    };
    coarse.iter_recorded().map(pair).collect::<Vec<_>>().join(" ")
}
