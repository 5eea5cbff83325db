//! [`Sql`] over a Durable Object's storage.

use super::{Row, Sql, SqlError, Value};
#[cfg(feature = "test-hooks")]
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use wasm_bindgen::closure::ScopedClosure;
use wasm_bindgen::prelude::*;
use worker::{js_sys, SqlStorage, SqlStorageValue, Storage};

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

/// The SQLite database of one Durable Object.
pub struct DurableSql {
    storage: Storage,
    sql: SqlStorage,
    /// Rows read and written since the object woke, for the tests that hold the budget.
    #[cfg(feature = "test-hooks")]
    pub counts: std::cell::Cell<(usize, usize)>,
}

/// Rows read and written by all objects of this isolate, since it began.
#[cfg(feature = "test-hooks")]
pub static EVER: [AtomicUsize; 2] = [AtomicUsize::new(0), AtomicUsize::new(0)];

impl DurableSql {
    /// The database behind `storage`.
    pub fn new(storage: Storage) -> Self {
        Self {
            sql: storage.sql(),
            storage,
            #[cfg(feature = "test-hooks")]
            counts: Default::default(),
        }
    }
}

impl Sql for DurableSql {
    fn run(&self, statement: &str, values: &[Value]) -> Result<Vec<Row>, SqlError> {
        let failed = |error: worker::Error| SqlError::Failed(error.to_string());
        let values: Vec<SqlStorageValue> = values.iter().map(bound).collect();
        let cursor = self.sql.exec(statement, values).map_err(failed)?;
        // Only `raw` reports an error of a row; iterating on after one would run the statement again.
        let rows = cursor.raw().map(|row| row.map_err(failed).and_then(read)).collect::<Result<Vec<_>, _>>()?;
        #[cfg(feature = "test-hooks")]
        {
            let (read, written) = self.counts.get();
            self.counts.set((read + cursor.rows_read(), written + cursor.rows_written()));
            EVER[0].fetch_add(cursor.rows_read(), Relaxed);
            EVER[1].fetch_add(cursor.rows_written(), Relaxed);
        }
        Ok(rows)
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

fn bound(value: &Value) -> SqlStorageValue {
    match value {
        Value::Null => SqlStorageValue::Null,
        Value::Integer(number) => SqlStorageValue::Integer(*number),
        Value::Text(text) => SqlStorageValue::String(text.clone()),
    }
}

fn read(row: Vec<SqlStorageValue>) -> Result<Row, SqlError> {
    row.into_iter()
        .map(|value| match value {
            SqlStorageValue::Null => Ok(Value::Null),
            SqlStorageValue::Integer(number) => Ok(Value::Integer(number)),
            // JavaScript has one number type; our columns hold whole numbers only.
            SqlStorageValue::Float(number) if number.fract() == 0.0 => Ok(Value::Integer(number as i64)),
            SqlStorageValue::String(text) => Ok(Value::Text(text)),
            _ => Err(SqlError::Shape("a column of a type that is not used here")),
        })
        .collect::<Result<_, _>>()
        .map(Row)
}
