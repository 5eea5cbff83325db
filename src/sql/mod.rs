//! The little of SQLite that the log and the embedded Directory need, so that the same statements run in a
//! Durable Object and, in tests, in SQLite on the host.

pub mod durable;

/// A value bound to a statement or read from a row; in JSON as it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub enum Value {
    /// NULL.
    Null,
    /// A whole number, exact up to 2^53: the runtime binds numbers as doubles.
    Integer(i64),
    /// Text.
    Text(String),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// What the store could not do. The text is for the log, never for a client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SqlError {
    /// The statement failed.
    #[error("statement failed: {0}")]
    Failed(String),
    /// A row does not have the shape the code expects.
    #[error("a stored row can't be read: {0}")]
    Shape(&'static str),
}

/// One row of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The whole number in a column.
    pub fn integer(&self, column: usize) -> Result<i64, SqlError> {
        match self.0.get(column) {
            Some(Value::Integer(number)) => Ok(*number),
            _ => Err(SqlError::Shape("no number where one should be")),
        }
    }

    /// The text in a column.
    pub fn text(&self, column: usize) -> Result<&str, SqlError> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(SqlError::Shape("no text where one should be")),
        }
    }

    /// The text in a column, as a type that checks it.
    pub fn parsed<T: TryFrom<String>>(&self, column: usize, what: &'static str) -> Result<T, SqlError> {
        T::try_from(self.text(column)?.to_owned()).map_err(|_| SqlError::Shape(what))
    }

    /// JSON text in a column, or something in its place: one row that can't be read locks nobody out from the others.
    pub fn json_or<T: serde::de::DeserializeOwned>(&self, column: usize, otherwise: impl FnOnce() -> T) -> T {
        self.json(column, "").unwrap_or_else(|_| otherwise())
    }

    /// JSON text in a column, read into a type.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: usize, what: &'static str) -> Result<T, SqlError> {
        crate::json::read(self.text(column)?).map_err(|_| SqlError::Shape(what))
    }
}

/// A SQLite database, asked synchronously.
pub trait Sql {
    /// Runs one statement and reads all its rows.
    ///
    /// SQLite plans a statement anew at each use, which takes longer than most of them do, where its `LIMIT` is a bound value,
    /// or where a bound value is compared with a column of a table that has an index with a condition. Hence the casts.
    fn run(&self, statement: &str, values: &[Value]) -> Result<Vec<Row>, SqlError>;

    /// Runs one statement that gives no rows.
    fn write(&self, statement: &str, values: &[Value]) -> Result<(), SqlError> {
        self.run(statement, values).map(drop)
    }

    /// Runs `work` once, as one transaction: all of it holds, or after an error nothing of it.
    fn transact(&self, work: &mut dyn FnMut() -> Result<(), SqlError>) -> Result<(), SqlError>;

    /// The same for work that gives something.
    fn atomically<T>(&self, work: impl FnOnce() -> Result<T, SqlError>) -> Result<T, SqlError> {
        let (mut work, mut value) = (Some(work), None);
        self.transact(&mut || {
            value = work.take().map(|work| work()).transpose()?;
            Ok(())
        })?;
        value.ok_or(SqlError::Shape("a transaction without an outcome"))
    }

    /// The first row of an answer.
    fn first(&self, statement: &str, values: &[Value]) -> Result<Option<Row>, SqlError> {
        Ok(self.run(statement, values)?.into_iter().next())
    }
}

/// A value as JSON text for a column. Our own types always serialise.
pub fn json(value: &impl serde::Serialize) -> Value {
    Value::Text(serde_json::to_string(value).unwrap_or_default())
}
