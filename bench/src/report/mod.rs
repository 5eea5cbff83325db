//! `docs/benchmarks.md` and its plots, made of the records alone: cells can be measured again one by one.

mod plot;
pub mod plots;
mod tables;
mod targets;
mod words;

use crate::contestant::Contestant;
use crate::record::Record;
use std::fs;
use std::path::Path;

/// What stays the same; `{{name}}` is where a part of the report goes.
const PAGE: &str = include_str!("page.md");

/// Every record there is.
pub struct Records(Vec<Record>);

impl Records {
    /// These.
    #[cfg(test)]
    pub fn of(records: Vec<Record>) -> Self {
        Self(records)
    }

    /// Those in this folder.
    pub fn read(folder: &Path) -> Self {
        let files = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
        let records = files.filter(|file| file.extension().is_some_and(|kind| kind == "json"));
        let read = |file| serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        Self(records.map(read).collect())
    }

    /// The one of this contestant in this cell: a scenario, and its size as [`Record::cell`] has it.
    pub fn find(&self, cell: &str, contestant: Contestant) -> Option<&Record> {
        self.0.iter().find(|record| record.cell() == cell && record.contestant == contestant.name())
    }

    /// All contestants' in this cell, in their usual order.
    pub fn of_cell<'a>(&'a self, cell: &'a str) -> impl Iterator<Item = (Contestant, &'a Record)> {
        Contestant::ALL.into_iter().filter_map(move |contestant| Some((contestant, self.find(cell, contestant)?)))
    }
}

/// Writes the page and the plots into `docs`, of the records in this folder.
pub fn write(records: &Path, docs: &Path) {
    let records = Records::read(records);
    fs::create_dir_all(docs.join("bench")).unwrap();
    for (name, svg) in plots::all(&records) {
        fs::write(docs.join(format!("bench/{name}.svg")), svg).unwrap();
    }
    fs::write(docs.join("benchmarks.md"), page(&records)).unwrap();
}

/// The page.
pub fn page(records: &Records) -> String {
    let mut page = PAGE.to_owned();
    let mut put = |name: &str, part: String| page = page.replace(&format!("{{{{{name}}}}}"), part.trim_end());
    put("targets", targets::table(records));
    put("measured", tables::measured(records));
    for cell in ["A", "B", "C", "D-20", "D-40", "D-80", "D-160", "R"] {
        put(cell, tables::load(records, cell));
    }
    put("J", tables::joins(records));
    put("I", tables::idle(records));
    page
}
