//! [`Sql`] over a Durable Object's storage.

use super::{Row, Sql, SqlError, Value};
use serde_json::Value as Json;
use std::cell::Cell;
#[cfg(feature = "test-hooks")]
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use wasm_bindgen::closure::ScopedClosure;
use wasm_bindgen::prelude::*;
use worker::{js_sys, SqlStorage, Storage};

#[wasm_bindgen(module = "/src/sql/durable.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = run)]
    fn run_json(sql: &JsValue, statement: &str, values: &str, tally: &js_sys::Float64Array) -> Result<String, JsValue>;

    #[wasm_bindgen(catch, js_name = write)]
    fn write_json(sql: &JsValue, statement: &str, values: &str, tally: &js_sys::Float64Array) -> Result<(), JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The one call of the storage that worker 0.8.7 does not bind. Without it a failed statement leaves the
    /// ones before it in place.
    #[wasm_bindgen(extends = js_sys::Object)]
    type Transactional;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &Transactional,
        work: &ScopedClosure<dyn FnMut() -> Result<JsValue, JsValue>>,
    ) -> Result<JsValue, JsValue>;
}

/// Where the tally has the rows that were written; before them are those that were read.
const WRITTEN: u32 = 1;

/// The SQLite database of one Durable Object.
pub struct DurableSql {
    storage: Storage,
    sql: SqlStorage,
    /// Rows read and written since the object woke.
    tally: js_sys::Float64Array,
    /// How many of those written were asked for.
    told: Cell<i64>,
}

/// Rows read and written by all objects of this isolate, since it began.
#[cfg(feature = "test-hooks")]
pub static EVER: [AtomicUsize; 2] = [AtomicUsize::new(0), AtomicUsize::new(0)];

impl DurableSql {
    /// The database behind `storage`.
    pub fn new(storage: Storage) -> Self {
        Self { sql: storage.sql(), storage, tally: js_sys::Float64Array::new_with_length(2), told: Cell::default() }
    }

    /// Rows read and written since the object woke, for the tests that hold the budget.
    #[cfg(feature = "test-hooks")]
    pub fn counts(&self) -> [usize; 2] {
        [0, WRITTEN].map(|place| self.tally.get_index(place) as usize)
    }

    /// How many rows it has written since this was last asked.
    pub fn take_written(&self) -> i64 {
        let written = self.tally.get_index(WRITTEN) as i64;
        written - self.told.replace(written)
    }

    /// Does what takes these values, as JSON, and counts it.
    fn counted<T>(&self, values: &[Value], work: impl FnOnce(&str) -> Result<T, JsValue>) -> Result<T, SqlError> {
        let values = serde_json::to_string(values).map_err(|error| SqlError::Failed(error.to_string()))?;
        #[cfg(feature = "test-hooks")]
        let before = self.counts();
        let outcome = work(&values).map_err(|error| SqlError::Failed(worker::Error::from(error).to_string()))?;
        #[cfg(feature = "test-hooks")]
        for ((ever, before), now) in EVER.iter().zip(before).zip(self.counts()) {
            ever.fetch_add(now - before, Relaxed);
        }
        Ok(outcome)
    }
}

impl Sql for DurableSql {
    fn run(&self, statement: &str, values: &[Value]) -> Result<Vec<Row>, SqlError> {
        let rows = self.counted(values, |values| run_json(self.sql.as_ref(), statement, values, &self.tally))?;
        match rows.as_str() {
            "" => Ok(Vec::new()),
            rows => read(rows).ok_or(SqlError::Shape("a column of a type that is not used here")),
        }
    }

    fn write(&self, statement: &str, values: &[Value]) -> Result<(), SqlError> {
        self.counted(values, |values| write_json(self.sql.as_ref(), statement, values, &self.tally))
    }

    fn transact(&self, work: &mut dyn FnMut() -> Result<(), SqlError>) -> Result<(), SqlError> {
        let mut outcome = Err(SqlError::Shape("a transaction without an outcome"));
        let mut body = || {
            outcome = work();
            match outcome {
                Ok(()) => Ok(JsValue::UNDEFINED),
                Err(_) => Err(JsValue::from_str("rolled back")),
            }
        };
        let committed = {
            let body = ScopedClosure::borrow_mut_assert_unwind_safe(&mut body);
            self.storage.as_raw().unchecked_ref::<Transactional>().transaction_sync(&body)
        };
        outcome?;
        committed.map(drop).map_err(|error| SqlError::Failed(format!("{error:?}")))
    }
}

fn read(rows: &str) -> Option<Vec<Row>> {
    let list = |value| match value {
        Json::Array(values) => Some(values.into_iter()),
        _ => None,
    };
    list(serde_json::from_str(rows).ok()?)?.map(|row| list(row)?.map(cell).collect::<Option<_>>().map(Row)).collect()
}

fn cell(value: Json) -> Option<Value> {
    match value {
        Json::Null => Some(Value::Null),
        Json::Number(number) => number.as_i64().map(Value::Integer),
        Json::String(text) => Some(Value::Text(text)),
        _ => None,
    }
}
