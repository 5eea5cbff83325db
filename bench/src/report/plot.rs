//! Plots as SVG: readable at a width of 360 pixels, light or dark as their reader has it.

use super::words::figure;
use std::fmt::Write;

/// A figure; `doubtful` if the client was the limit.
pub struct Point {
    pub value: f64,
    pub doubtful: bool,
}

/// A line, with a point for each place along the bottom.
pub struct Line {
    pub name: &'static str,
    pub class: &'static str,
    pub points: Vec<Option<Point>>,
}

/// A bar.
pub struct Bar {
    pub name: &'static str,
    pub class: &'static str,
    pub value: Point,
}

const WIDTH: f64 = 360.0;
const STYLE: &str = "text{font:11px system-ui,sans-serif;fill:#333}.title{font-weight:600;font-size:12px}\
.grid{stroke:#ddd}.line{fill:none;stroke-width:1.5}.line.ours{stroke-width:3}.doubtful{fill-opacity:.25}\
.ours{stroke:#c2410c;fill:#c2410c}.ours-singles{stroke:#b45309;fill:#b45309}.ours-redis{stroke:#be185d;fill:#be185d}\
.minimal{stroke:#1d4ed8;fill:#1d4ed8}.minimal-row{stroke:#0e7490;fill:#0e7490}.socketio{stroke:#15803d;fill:#15803d}\
.ws{stroke:#6d28d9;fill:#6d28d9}.line{fill:none}text.name{stroke:none}\
@media(prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#444}.ours{stroke:#fb923c;fill:#fb923c}\
.ours-singles{stroke:#fcd34d;fill:#fcd34d}.ours-redis{stroke:#f472b6;fill:#f472b6}.minimal{stroke:#93c5fd;fill:#93c5fd}\
.minimal-row{stroke:#67e8f9;fill:#67e8f9}.socketio{stroke:#86efac;fill:#86efac}.ws{stroke:#c4b5fd;fill:#c4b5fd}.line{fill:none}}";

fn svg(height: f64, title: &str, body: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\"><title>{title}</title><style>{STYLE}</style>\n<text class=\"title\" x=\"4\" y=\"14\">{title}</text>\n{body}</svg>\n"
    )
}

/// Lines over places that are evenly apart; `logarithmic` if values go over several powers of ten.
pub fn lines(title: &str, below: &str, places: &[&str], all: &[Line], logarithmic: bool) -> String {
    const HEIGHT: f64 = 270.0;
    let (left, right, top, bottom) = (34.0, 246.0, 28.0, 226.0);
    let values = || all.iter().flat_map(|line| &line.points).flatten().map(|point| point.value);
    let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
    // Nothing measured yet.
    let (least, most) = if most > 0.0 { (least, most) } else { (1.0, 10.0) };
    let ticks = if logarithmic { powers(least, most) } else { steps(most) };
    let (first, last) = (ticks.first().copied().unwrap_or(0.0), ticks.last().copied().unwrap_or(1.0));
    let height = |value: f64| match logarithmic {
        true => (value / first).ln() / (last / first).ln(),
        false => (value - first) / (last - first),
    };
    let y = |value: f64| bottom - height(value) * (bottom - top);
    let x = |place: usize| left + 10.0 + (right - left - 20.0) * place as f64 / (places.len() - 1).max(1) as f64;

    let mut body = String::new();
    for tick in &ticks {
        let (at, label) = (y(*tick), short(*tick));
        writeln!(body, r#"<path class="grid" d="M{left} {at:.1}H{right}"/>"#).unwrap();
        writeln!(body, r#"<text x="{:.1}" y="{:.1}" text-anchor="end">{label}</text>"#, left - 4.0, at + 4.0).unwrap();
    }
    for (place, label) in places.iter().enumerate() {
        writeln!(body, r#"<text x="{:.1}" y="{}" text-anchor="middle">{label}</text>"#, x(place), bottom + 16.0)
            .unwrap();
    }
    let middle = (left + right) / 2.0;
    writeln!(body, r#"<text x="{middle}" y="{}" text-anchor="middle">{below}</text>"#, bottom + 34.0).unwrap();

    let mut names: Vec<(f64, &Line)> = Vec::new();
    for line in all {
        let points = line.points.iter().enumerate().filter_map(|(place, point)| Some((x(place), point.as_ref()?)));
        let points: Vec<(f64, f64, bool)> = points.map(|(x, point)| (x, y(point.value), point.doubtful)).collect();
        let path: Vec<String> = points.iter().map(|(x, y, _)| format!("{x:.1} {y:.1}")).collect();
        writeln!(body, r#"<path class="line {}" d="M{}"/>"#, line.class, path.join("L")).unwrap();
        for (x, y, doubtful) in &points {
            let class = if *doubtful { "doubtful " } else { "" };
            writeln!(body, r#"<circle class="{class}{}" cx="{x:.1}" cy="{y:.1}" r="3"/>"#, line.class).unwrap();
        }
        names.extend(points.last().map(|(_, y, _)| (*y, line)));
    }
    // Beside the ends of their lines, and never over each other.
    names.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut free = top - 10.0;
    for (number, (y, line)) in names.iter().enumerate() {
        let below = (names.len() - number - 1) as f64 * 13.0;
        let at = y.min(bottom - below).max(free);
        free = at + 13.0;
        writeln!(
            body,
            r#"<text class="name {}" x="{}" y="{:.1}">{}</text>"#,
            line.class,
            right + 4.0,
            at + 4.0,
            line.name
        )
        .unwrap();
    }
    svg(HEIGHT, title, &body)
}

/// Bars in groups, one under the other.
pub fn bars(title: &str, groups: &[(&str, Vec<Bar>)]) -> String {
    let (left, right) = (104.0, 310.0);
    let most = groups.iter().flat_map(|(_, bars)| bars).map(|bar| bar.value.value).fold(0.0, f64::max);
    let mut body = String::new();
    let mut y = 36.0;
    for (name, bars) in groups.iter().filter(|(_, bars)| !bars.is_empty()) {
        writeln!(body, r#"<text x="4" y="{y}">{name}</text>"#).unwrap();
        y += 6.0;
        for bar in bars {
            let width = (right - left) * bar.value.value / most;
            let class = if bar.value.doubtful { "doubtful " } else { "" };
            let (end, words) = (left + width + 4.0, figure(Some(bar.value.value)));
            writeln!(body, r#"<text x="{}" y="{}" text-anchor="end">{}</text>"#, left - 4.0, y + 10.0, bar.name)
                .unwrap();
            writeln!(
                body,
                r#"<rect class="{class}{}" x="{left}" y="{}" width="{width:.1}" height="9"/>"#,
                bar.class,
                y + 2.0
            )
            .unwrap();
            writeln!(body, r#"<text x="{end:.1}" y="{}">{words}</text>"#, y + 10.0).unwrap();
            y += 14.0;
        }
        y += 18.0;
    }
    svg(y - 10.0, title, &body)
}

/// Powers of ten with their 2 and 5, from the last one below to the first above.
fn powers(least: f64, most: f64) -> Vec<f64> {
    let all: Vec<f64> = (-3..6).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10f64.powi(power))).collect();
    let from = all.iter().rposition(|tick| *tick <= least).unwrap_or(0).min(all.len() - 2);
    let to = all.iter().position(|tick| *tick >= most).unwrap_or(all.len() - 1).max(from + 1);
    let shown = &all[from..=to];
    // Their names would stand over each other.
    let step = shown.len().div_ceil(9);
    let mut some: Vec<f64> = shown.iter().copied().step_by(step).collect();
    if some.last() != shown.last() {
        some.extend(shown.last());
    }
    some
}

/// From nothing, four or five steps that are easy to read.
fn steps(most: f64) -> Vec<f64> {
    let step = powers(most / 5.0, most / 5.0).into_iter().find(|step| step * 5.0 >= most).unwrap_or(1.0);
    (0..=((most / step).ceil() as u32).max(1)).map(|count| f64::from(count) * step).collect()
}

fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
