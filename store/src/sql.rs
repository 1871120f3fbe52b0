//! One way to say a statement to either database: literal pieces of text and bound values, nothing else.

use std::borrow::Cow;
use std::fmt::{self, Write};

use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
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
    /// For PostgreSQL alone, as are texts.
    Ints(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
}

/// A column of a table that travels to the database.
#[derive(Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    cells: Cells,
}

#[derive(Debug, PartialEq)]
enum Cells {
    Ints(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
}

impl Column {
    pub(crate) fn ints<T: Into<Option<i64>>>(
        name: &'static str,
        cells: impl IntoIterator<Item = T>,
    ) -> Column {
        Column { name, cells: Cells::Ints(cells.into_iter().map(Into::into).collect()) }
    }

    pub(crate) fn texts<T: Into<Option<String>>>(
        name: &'static str,
        cells: impl IntoIterator<Item = T>,
    ) -> Column {
        Column { name, cells: Cells::Texts(cells.into_iter().map(Into::into).collect()) }
    }

    fn len(&self) -> usize {
        match &self.cells {
            Cells::Ints(cells) => cells.len(),
            Cells::Texts(cells) => cells.len(),
        }
    }

    /// The value of every row, if they have the same one.
    pub(crate) fn only_value(&self) -> Option<Value> {
        fn only<T: PartialEq>(cells: &[T]) -> Option<&T> {
            cells.first().filter(|first| cells.iter().all(|cell| cell == *first))
        }
        match &self.cells {
            Cells::Ints(cells) => only(cells).copied().map(Value::Int),
            Cells::Texts(cells) => only(cells).cloned().map(Value::Text),
        }
    }
}

impl Cells {
    fn take(&mut self, row: usize) -> Value {
        match self {
            Cells::Ints(cells) => Value::Int(cells[row]),
            Cells::Texts(cells) => Value::Text(cells[row].take()),
        }
    }
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

/// The name of a table or a column, as the catalog of a database gave it: of characters that cannot end it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name(String);

impl Name {
    /// `None` for what our migrations would never call anything.
    pub(crate) fn new(text: &str) -> Option<Name> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        (!text.is_empty() && text.bytes().all(plain)).then(|| Name(text.to_owned()))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A statement under construction. Text can only come from literals (and names of the schema, which are no more than
/// that), so no input can become SQL; values are numbered `$1`, `$2`, …, which both databases read (but see
/// [`Sql::with_table`]).
#[derive(Debug)]
pub(crate) struct Sql {
    doing: &'static str,
    text: Cow<'static, str>,
    values: Vec<Value>,
    /// Of a statement that is for one of them.
    kind: Option<DatabaseKind>,
    /// Whether the prepared statement is worth keeping.
    kept: bool,
    /// Whether the values decide how it is best run.
    by_values: bool,
}

impl Sql {
    /// `doing` completes "could not …".
    pub(crate) fn new(doing: &'static str, text: &'static str) -> Sql {
        Sql { doing, text: Cow::Borrowed(text), values: Vec::new(), kind: None, kept: true, by_values: false }
    }

    /// One for [`Sql::push_table`]. Its text names no value by itself: to SQLite a `$1` is a name, which is looked for
    /// among all the others, so that thousands of them take seconds. There they are but `?`, in their order.
    pub(crate) fn with_table(kind: DatabaseKind, doing: &'static str, text: &'static str) -> Sql {
        Sql { kind: Some(kind), ..Sql::new(doing, text) }
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
        if self.kind == Some(DatabaseKind::Sqlite) {
            return self.push("?");
        }
        let number = self.values.len();
        // Writing to a String cannot fail.
        let _ = write!(self.text.to_mut(), "${number}");
        self
    }

    /// Has PostgreSQL plan it for the values that it has. A statement that is kept is planned once for any, after a few
    /// times, and a search for what is rare is then run like one for what is everywhere. (SQLite plans for any.)
    pub(crate) fn plan_for_values(&mut self) -> &mut Sql {
        self.by_values = true;
        self
    }

    /// Has it planned once for any values after all, where they decide nothing.
    pub(crate) fn plan_for_any(&mut self) -> &mut Sql {
        self.by_values = false;
        self
    }

    /// Appends a name, in quotes: it may be a word of the language.
    pub(crate) fn push_name(&mut self, name: &Name) -> &mut Sql {
        let _ = write!(self.text.to_mut(), "\"{name}\"");
        self
    }

    /// Appends a number that is part of the statement, such as a place in an array.
    pub(crate) fn push_number(&mut self, number: usize) -> &mut Sql {
        let _ = write!(self.text.to_mut(), "{number}");
        self
    }
}

impl Sql {
    /// Appends a table in parentheses: its columns, which are of one length, and at most [`DatabaseKind::table_rows`]
    /// rows. PostgreSQL takes each column as an array. SQLite has none; it reads bound values in half the time that it
    /// takes for the same rows as JSON.
    pub(crate) fn push_table(&mut self, columns: impl Into<Vec<Column>>) -> &mut Sql {
        let mut columns = columns.into();
        let rows = columns.first().map_or(0, Column::len);
        debug_assert!(rows > 0 && columns.iter().all(|column| column.len() == rows), "{}", self.doing);
        self.push("(select ");
        match self.kind {
            None | Some(DatabaseKind::Sqlite) => {
                // Of each length of a rest it would be another one, as large as hundreds of rows.
                self.kept = rows == 1 || rows == DatabaseKind::Sqlite.table_rows();
                for (at, column) in columns.iter().enumerate() {
                    self.push(if at == 0 { "column" } else { ", column" }).push_number(at + 1);
                    self.push(" as ").push(column.name);
                }
                self.push(" from (values ");
                for row in 0..rows {
                    for (at, column) in columns.iter_mut().enumerate() {
                        self.push(match (row, at) {
                            (0, 0) => "(",
                            (_, 0) => "), (",
                            _ => ", ",
                        });
                        self.push_bind(column.cells.take(row));
                    }
                }
                self.push(")))")
            }
            Some(DatabaseKind::Postgres) => {
                let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
                self.push("* from unnest(");
                for (at, column) in columns.into_iter().enumerate() {
                    self.push(if at == 0 { "cast(" } else { ", cast(" });
                    match column.cells {
                        Cells::Ints(cells) => self.push_bind(Value::Ints(cells)).push(" as bigint[])"),
                        Cells::Texts(cells) => self.push_bind(Value::Texts(cells)).push(" as text[])"),
                    };
                }
                self.push(") as bound_row (");
                for (at, name) in names.into_iter().enumerate() {
                    self.push(if at == 0 { "" } else { ", " }).push(name);
                }
                self.push("))")
            }
        }
    }

    /// Appends a table of one column, `value`, with a row for each of the given ones: a whole set of rows
    /// travels as one JSON text, so that a statement writes thousands.
    pub(crate) fn push_rows<T: Serialize>(&mut self, kind: DatabaseKind, rows: &[T]) -> Result<&mut Sql> {
        let json =
            serde_json::to_string(rows).map_err(|source| Error::Encode { doing: self.doing, source })?;
        Ok(self.push_json_rows(kind, json))
    }

    /// The same of a text that is a JSON array already.
    pub(crate) fn push_json_rows(&mut self, kind: DatabaseKind, json: String) -> &mut Sql {
        match kind {
            DatabaseKind::Sqlite => self.push("json_each(").push_bind(json).push(")"),
            DatabaseKind::Postgres => self
                .push("jsonb_array_elements(cast(")
                .push_bind(json)
                .push(" as jsonb)) as bound_row (value)"),
        }
    }

    /// Appends that what stands before it is one of some integers. PostgreSQL takes them as an array, and looks each up:
    /// a table of them it may join, and for an array whose length it knows it may read all that there is. It is planned
    /// anew each time: a plan from when there were few rows would compare each of a million with each of a thousand. For
    /// rows that are not committed yet it is right only where an index says that what is looked up is unique.
    pub(crate) fn push_is_among(&mut self, kind: DatabaseKind, integers: &[i64]) -> &mut Sql {
        match kind {
            DatabaseKind::Sqlite => {
                let integers: Vec<String> = integers.iter().map(i64::to_string).collect();
                self.push(" in (select cast(value as bigint) from ");
                self.push_json_rows(kind, format!("[{}]", integers.join(","))).push(")")
            }
            DatabaseKind::Postgres => {
                let integers = integers.iter().copied().map(Some).collect();
                self.push(" = any (array(select unnest(cast(").push_bind(Value::Ints(integers));
                self.push(" as bigint[]))))").plan_for_values()
            }
        }
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
        let Sql { doing, text, values, kept, by_values, .. } = sql;
        let failed = |source| Error::Database { doing, source };
        match self {
            Conn::Sqlite(conn) => {
                let arguments = sqlite_arguments(values).map_err(failed)?;
                sqlx::query_as_with::<Sqlite, T, _>(AssertSqlSafe(text), arguments)
                    .persistent(kept)
                    .fetch_all(&mut **conn)
                    .await
            }
            Conn::Postgres(conn) => {
                let arguments = postgres_arguments(values).map_err(failed)?;
                sqlx::query_as_with::<Postgres, T, _>(AssertSqlSafe(text), arguments)
                    .persistent(kept && !by_values)
                    .fetch_all(&mut **conn)
                    .await
            }
        }
        .map_err(failed)
    }

    /// Row after row, for more of them than should be held at once.
    pub(crate) fn stream<T: Row + 'static>(&mut self, sql: Sql) -> BoxStream<'_, Result<T>> {
        let Sql { doing, text, values, kept, by_values, .. } = sql;
        let failed = move |source| Error::Database { doing, source };
        match self {
            Conn::Sqlite(conn) => match sqlite_arguments(values) {
                Ok(arguments) => sqlx::query_as_with::<Sqlite, T, _>(AssertSqlSafe(text), arguments)
                    .persistent(kept)
                    .fetch(&mut **conn)
                    .map_err(failed)
                    .boxed(),
                Err(error) => stream::once(async move { Err(failed(error)) }).boxed(),
            },
            Conn::Postgres(conn) => match postgres_arguments(values) {
                Ok(arguments) => sqlx::query_as_with::<Postgres, T, _>(AssertSqlSafe(text), arguments)
                    .persistent(kept && !by_values)
                    .fetch(&mut **conn)
                    .map_err(failed)
                    .boxed(),
                Err(error) => stream::once(async move { Err(failed(error)) }).boxed(),
            },
        }
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
        let Sql { doing, text, values, kept, by_values, .. } = sql;
        let failed = |source| Error::Database { doing, source };
        match self {
            Conn::Sqlite(conn) => {
                let arguments = sqlite_arguments(values).map_err(failed)?;
                let query = sqlx::query_with::<Sqlite, _>(AssertSqlSafe(text), arguments).persistent(kept);
                query.execute(&mut **conn).await.map(|done| done.rows_affected())
            }
            Conn::Postgres(conn) => {
                let arguments = postgres_arguments(values).map_err(failed)?;
                let query = sqlx::query_with::<Postgres, _>(AssertSqlSafe(text), arguments)
                    .persistent(kept && !by_values);
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
            Value::Ints(_) | Value::Texts(_) => Err("SQLite has no arrays".into()),
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
            Value::Ints(values) => arguments.add(values),
            Value::Texts(values) => arguments.add(values),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_letters_digits_and_underscores_and_stands_in_quotes() {
        for (text, expected) in [
            ("plan_routes", Some("\"plan_routes\"")),
            ("x2", Some("\"x2\"")),
            ("", None),
            ("a\"b", None),
            ("a b", None),
            ("Große", None),
            ("a;--", None),
        ] {
            let shown = Name::new(text).map(|name| {
                let mut sql = Sql::new("test", "");
                sql.push_name(&name);
                sql.text.into_owned()
            });
            assert_eq!(shown.as_deref(), expected, "{text}");
        }
    }
}
