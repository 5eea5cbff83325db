//! A line for each measurement, as it is made.

use crate::contestant::Contestant;
use crate::record::Record;

/// Over the lines.
pub const HEAD: &str = "cell         contestant    delivered/expected     lost  dbl  dis  alt unack |    p50    p95    p99     max ms | us/del \
| KB/conn | join s first s | B/del fr/del | client %, late ms";

/// One measurement in one line.
pub fn line(record: &Record) -> String {
    let (counts, figures) = (&record.counts, &record.figures);
    let number = |value: Option<f64>, digits: usize| value.map_or("-".to_owned(), |value| format!("{value:.digits$}"));
    let mut line = format!(
        "{:<12} {:<12} {:>10}/{:<10} {:>6} {:>4} {:>4} {:>4} {:>5} | {:>6} {:>6} {:>6} {:>7}    | {:>6} | {:>7} | {:>6} {:>6} | {:>5} {:>6} | {} {}{}",
        record.cell(),
        record.contestant,
        counts.delivered,
        counts.expected,
        counts.lost,
        counts.doubled,
        counts.disordered,
        counts.altered,
        counts.unacknowledged,
        number(figures.p50_ms, 1),
        number(figures.p95_ms, 1),
        number(figures.p99_ms, 1),
        number(figures.max_ms, 1),
        number(figures.cpu_us_a_delivery, 1),
        number(figures.memory_kb_a_connection, 1),
        number(figures.join_s, 3),
        number(figures.first_message_s, 3),
        number(figures.bytes_a_delivery, 0),
        number(figures.frames_a_delivery, 2),
        number(figures.client_cpu_share.map(|share| share * 100.0), 0),
        number(figures.client_late_p99_ms, 1),
        if figures.client_was_limit { " THE CLIENT WAS THE LIMIT" } else { "" },
    );
    if record.cuts_a_second > 0.0 {
        line += &format!(" | re-sent {} of {} missed", counts.resent, counts.missed);
    }
    if record.scenario == "I" {
        let cpu: f64 = figures.cpu_s.values().sum();
        line += &format!(" | CPU {cpu:.2} s in {:.0} s", figures.counted_s);
    }
    if figures.cpu_s.len() > 1 {
        line += &format!(" | CPU s {:?}", figures.cpu_s);
    }
    if !record.troubles.is_empty() {
        line += &format!(" | {:?}", record.troubles);
    }
    line
}

/// Whether nothing came out wrong that this contestant promises.
pub fn is_right(record: &Record, contestant: Contestant) -> bool {
    let counts = &record.counts;
    let came = counts.lost == 0 && counts.unacknowledged == 0;
    let promised = record.cuts_a_second == 0.0 || contestant.resumes();
    counts.doubled + counts.disordered + counts.altered == 0 && (came || !promised)
}
