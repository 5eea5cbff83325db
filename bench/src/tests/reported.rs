//! What the page says is what the records say.

use crate::contestant::Contestant;
use crate::record::Record;
use crate::report::{page, plots, Records};
use crate::server;

fn record(scenario: &str, contestant: Contestant, change: impl Fn(&mut Record)) -> Record {
    let mut record: Record = serde_json::from_str(include_str!("record.json")).unwrap();
    (record.scenario, record.contestant) = (scenario.to_owned(), contestant.name().to_owned());
    record.figures.client_was_limit = false;
    change(&mut record);
    record
}

fn cpu(scenario: &str, contestant: Contestant, each: f64) -> Record {
    record(scenario, contestant, |record| record.figures.cpu_us_a_delivery = Some(each))
}

#[test]
fn a_target_is_met_or_not_or_was_not_measured() {
    let records = |ours| vec![cpu("A", Contestant::Ours, ours), cpu("A", Contestant::MinimalRow, 40.0)];
    let line = |records| {
        let page = page(&Records::of(records));
        page.lines().find(|line| line.contains("object that writes a row |")).unwrap().to_owned()
    };
    assert!(line(records(30.0)).ends_with("| 0.75 × | ≤ 1 × | met |"), "{}", line(records(30.0)));
    assert!(line(records(50.0)).ends_with("| 1.25 × | ≤ 1 × | **not met** |"));
    assert!(line(vec![cpu("A", Contestant::Ours, 30.0)]).ends_with("| – × | ≤ 1 × | not measured |"));
}

#[test]
fn a_target_of_several_rounds_says_between_what_they_were() {
    let rounds = |contestant, each: [f64; 3]| Record::of_rounds(each.map(|each| cpu("A", contestant, each)).to_vec());
    let line = |ours| {
        let page = page(&Records::of(vec![ours, rounds(Contestant::MinimalRow, [40.0, 40.0, 50.0])]));
        page.lines().find(|line| line.contains("object that writes a row |")).unwrap().to_owned()
    };
    let [same, another] = [rounds(Contestant::Ours, [60.0, 30.0, 40.0]), cpu("A", Contestant::Ours, 40.0)];
    assert!(line(same).contains("| 1.00 × (0.75 to 1.50) | ≤ 1 × | met |"));
    assert!(line(another).contains("| 1.00 × | ≤ 1 × | met |"), "rounds that were not in turns");
}

#[test]
fn what_the_client_limited_is_marked_in_table_target_and_plot() {
    let limited = record("D", Contestant::Minimal, |record| record.figures.client_was_limit = true);
    let records = Records::of(vec![record("D", Contestant::Ours, |_| {}), limited]);
    let page = page(&records);
    assert!(page.contains("| minimal object \\* | 640,000 of 640,000 | nothing |"), "{page}");
    assert!(!page.contains("| HiHi Chat \\*"));
    let (_, p99) = &plots::all(&records)[0];
    assert_eq!(p99.matches(r#"class="doubtful minimal""#).count(), 1);
    assert_eq!(p99.matches(r#"class="doubtful"#).count(), 1);
}

#[test]
fn what_came_out_wrong_is_in_the_table() {
    let wrong = record("R", Contestant::Ws, |record| (record.counts.lost, record.counts.doubled) = (1_234, 5));
    assert!(page(&Records::of(vec![wrong])).contains("| 1,234 lost, 5 doubled |"));
}

#[test]
fn plots_have_everybody_once_and_no_figure_that_is_none() {
    let all = Contestant::ALL.map(|contestant| [10.0, 80.0].map(|rate| record("D", contestant, |one| one.rate = rate)));
    let records = Records::of(all.into_iter().flatten().collect());
    let (_, p99) = &plots::all(&records)[0];
    for contestant in Contestant::ALL {
        assert_eq!(p99.matches(&format!(r#"class="name {}""#, contestant.name())).count(), 1, "{p99}");
    }
    for (name, svg) in plots::all(&records).into_iter().chain(plots::all(&Records::of(Vec::new()))) {
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}: {svg}");
    }
}

#[test]
fn the_page_in_docs_is_what_its_records_give() {
    let docs = server::root().join("docs");
    let records = Records::read(&docs.join("bench/raw"));
    let written = |file: &str| std::fs::read_to_string(docs.join(file)).unwrap();
    let wrong = "`scripts/bench --report` writes it anew";
    assert!(written("benchmarks.md") == page(&records), "{wrong}");
    for (name, svg) in plots::all(&records) {
        assert!(written(&format!("bench/{name}.svg")) == svg, "{name}: {wrong}");
    }
}
