//! SQLite on the host as the log's and the Directory's database.

use hihichat::sql::{Row, Sql, SqlError, Value};
use rusqlite::types::Value as Host;
use rusqlite::{params_from_iter, Connection, StatementStatus};
use std::cell::RefCell;
use std::rc::Rc;

thread_local! {
    /// Statements that SQLite planned anew because of the values they were given, which costs more than most of them do.
    pub static PLANNED_ANEW: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// One database. A clone is the same one, so it outlives a core that "sleeps".
#[derive(Clone)]
pub struct HostSql(Rc<Connection>);

impl HostSql {
    pub fn empty() -> Self {
        Self(Rc::new(Connection::open_in_memory().unwrap()))
    }
}

fn failed(error: rusqlite::Error) -> SqlError {
    SqlError::Failed(error.to_string())
}

impl Sql for HostSql {
    fn run(&self, statement: &str, values: &[Value]) -> Result<Vec<Row>, SqlError> {
        let mut statement = self.0.prepare_cached(statement).map_err(failed)?;
        let columns = statement.column_count();
        // The runtime binds numbers as doubles; so does this, so that a column that would keep one shows here.
        let bound = values.iter().map(|value| match value {
            Value::Null => Host::Null,
            Value::Integer(number) => Host::Real(*number as f64),
            Value::Text(text) => Host::Text(text.clone()),
        });
        let mut rows = statement.query(params_from_iter(bound)).map_err(failed)?;
        let mut answer = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            let cell = |column| match row.get(column) {
                Ok(Host::Null) => Ok(Value::Null),
                Ok(Host::Integer(number)) => Ok(Value::Integer(number)),
                Ok(Host::Real(number)) if number.fract() == 0.0 => Ok(Value::Integer(number as i64)),
                Ok(Host::Text(text)) => Ok(Value::Text(text)),
                other => Err(SqlError::Failed(format!("{other:?}"))),
            };
            answer.push(Row((0..columns).map(cell).collect::<Result<_, _>>()?));
        }
        drop(rows);
        let anew = statement.get_status(StatementStatus::RePrepare);
        if anew > 0 {
            statement.reset_status(StatementStatus::RePrepare);
            PLANNED_ANEW.with_borrow_mut(|all| all.extend(statement.expanded_sql()));
        }
        Ok(answer)
    }

    fn transact(&self, work: &mut dyn FnMut() -> Result<(), SqlError>) -> Result<(), SqlError> {
        let transaction = self.0.unchecked_transaction().map_err(failed)?;
        work()?;
        transaction.commit().map_err(failed)
    }
}
