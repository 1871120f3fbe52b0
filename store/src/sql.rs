//! One way to say a statement to either database: literal pieces of text and bound values, nothing else.

use std::borrow::Cow;
use std::fmt::Write;

use serde::Serialize;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, FromRow, PgConnection, Postgres, Sqlite, SqliteConnection};

use crate::{DatabaseKind, Error, Result};

/// A value bound to a statement.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bool(bool),
    Bytes(Vec<u8>),
}

macro_rules! value_from {
    ($($from:ty => $into:expr),+ $(,)?) => {
        $(impl From<$from> for Value {
            fn from(value: $from) -> Value {
                ($into)(value)
            }
        })+
    };
}

value_from!(
    i64 => |value| Value::Int(Some(value)),
    Option<i64> => Value::Int,
    String => |value| Value::Text(Some(value)),
    &str => |value: &str| Value::Text(Some(value.to_owned())),
    Option<String> => Value::Text,
    bool => Value::Bool,
    Vec<u8> => Value::Bytes,
);

/// A statement under construction. Text can only come from literals, so no input can become SQL; values are
/// numbered `$1`, `$2`, …, which both databases read.
#[derive(Debug)]
pub(crate) struct Sql {
    doing: &'static str,
    text: Cow<'static, str>,
    values: Vec<Value>,
}

impl Sql {
    /// `doing` completes "could not …".
    pub(crate) fn new(doing: &'static str, text: &'static str) -> Sql {
        Sql { doing, text: Cow::Borrowed(text), values: Vec::new() }
    }

    /// Binds the next value of a statement whose text names it already.
    #[must_use]
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Sql {
        self.values.push(value.into());
        self
    }

    pub(crate) fn push(&mut self, text: &'static str) -> &mut Sql {
        self.text.to_mut().push_str(text);
        self
    }

    /// Appends a placeholder and binds its value.
    pub(crate) fn push_bind(&mut self, value: impl Into<Value>) -> &mut Sql {
        self.values.push(value.into());
        let number = self.values.len();
        // Writing to a String cannot fail.
        let _ = write!(self.text.to_mut(), "${number}");
        self
    }
}

impl Sql {
    /// Appends a table of one column, `value`, with a row for each of the given ones: a whole set of rows
    /// travels as one JSON text, so that a statement writes thousands.
    pub(crate) fn push_rows<T: Serialize>(&mut self, kind: DatabaseKind, rows: &[T]) -> Result<&mut Sql> {
        let json =
            serde_json::to_string(rows).map_err(|source| Error::Encode { doing: self.doing, source })?;
        Ok(match kind {
            DatabaseKind::Sqlite => self.push("json_each(").push_bind(json).push(")"),
            DatabaseKind::Postgres => self
                .push("jsonb_array_elements(cast(")
                .push_bind(json)
                .push(" as jsonb)) as bound_row (value)"),
        })
    }

    /// Appends a parenthesised set of integers, for `in`.
    pub(crate) fn push_set(&mut self, kind: DatabaseKind, integers: &[i64]) -> Result<&mut Sql> {
        Ok(self.push("(select cast(value as bigint) from ").push_rows(kind, integers)?.push(")"))
    }
}

/// A row of either database. Everything that derives [`FromRow`] is one.
pub(crate) trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A connection to either database, borrowed for one call.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn<'_> {
    pub(crate) fn kind(&self) -> DatabaseKind {
        match self {
            Conn::Sqlite(_) => DatabaseKind::Sqlite,
            Conn::Postgres(_) => DatabaseKind::Postgres,
        }
    }

    /// Every row.
    pub(crate) async fn all<T: Row>(&mut self, sql: Sql) -> Result<Vec<T>> {
        let Sql { doing, text, values } = sql;
        let failed = |source| Error::Database { doing, source };
        match self {
            Conn::Sqlite(conn) => {
                let arguments = sqlite_arguments(values).map_err(failed)?;
                sqlx::query_as_with::<Sqlite, T, _>(AssertSqlSafe(text), arguments)
                    .fetch_all(&mut **conn)
                    .await
            }
            Conn::Postgres(conn) => {
                let arguments = postgres_arguments(values).map_err(failed)?;
                sqlx::query_as_with::<Postgres, T, _>(AssertSqlSafe(text), arguments)
                    .fetch_all(&mut **conn)
                    .await
            }
        }
        .map_err(failed)
    }

    /// The first row, if there is one.
    pub(crate) async fn optional<T: Row>(&mut self, sql: Sql) -> Result<Option<T>> {
        Ok(self.all(sql).await?.into_iter().next())
    }

    /// The one row of a statement that always gives one, such as a count.
    pub(crate) async fn one<T: Row>(&mut self, sql: Sql) -> Result<T> {
        let doing = sql.doing;
        self.optional(sql).await?.ok_or(Error::Database { doing, source: sqlx::Error::RowNotFound })
    }

    /// Runs a statement and says how many rows it touched.
    pub(crate) async fn run(&mut self, sql: Sql) -> Result<u64> {
        let Sql { doing, text, values } = sql;
        let failed = |source| Error::Database { doing, source };
        match self {
            Conn::Sqlite(conn) => {
                let arguments = sqlite_arguments(values).map_err(failed)?;
                let query = sqlx::query_with::<Sqlite, _>(AssertSqlSafe(text), arguments);
                query.execute(&mut **conn).await.map(|done| done.rows_affected())
            }
            Conn::Postgres(conn) => {
                let arguments = postgres_arguments(values).map_err(failed)?;
                let query = sqlx::query_with::<Postgres, _>(AssertSqlSafe(text), arguments);
                query.execute(&mut **conn).await.map(|done| done.rows_affected())
            }
        }
        .map_err(failed)
    }
}

fn sqlite_arguments(values: Vec<Value>) -> Result<SqliteArguments, sqlx::Error> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        match value {
            Value::Int(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Bool(value) => arguments.add(value),
            Value::Bytes(value) => arguments.add(value),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn postgres_arguments(values: Vec<Value>) -> Result<PgArguments, sqlx::Error> {
    let mut arguments = PgArguments::default();
    for value in values {
        match value {
            Value::Int(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Bool(value) => arguments.add(value),
            Value::Bytes(value) => arguments.add(value),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}
