//! Rows from one database to the other. A row travels as the JSON array that the one database writes and the other reads,
//! thousands in a statement: no code here knows a table.

use futures_util::TryStreamExt;

use super::catalog::{Holds, Table};
use crate::sql::{Conn, Sql};
use crate::{DatabaseKind, ROWS_PER_STATEMENT, Result};

/// Rows are sent when they have come to this much: one may hold an uploaded file.
const BYTES_PER_STATEMENT: usize = 4 << 20;

/// Fills the tables of the second database, which are empty, from the first one. Each pair is a table as the first and as
/// the second one describes it.
pub(super) async fn rows(from: &mut Conn<'_>, into: &mut Conn<'_>, tables: &[(Table, Table)]) -> Result<()> {
    for (theirs, ours) in tables {
        let mut rows = from.stream::<(String,)>(select(from.kind(), theirs));
        let mut batch = Batch::default();
        while let Some((row,)) = rows.try_next().await? {
            batch.add(&row);
            if batch.is_full() {
                into.run(insert(into.kind(), ours, batch.take())).await?;
            }
        }
        if batch.rows > 0 {
            into.run(insert(into.kind(), ours, batch.take())).await?;
        }
    }
    Ok(())
}

/// Rows on their way, as the inside of a JSON array.
#[derive(Default)]
struct Batch {
    text: String,
    rows: usize,
}

impl Batch {
    fn add(&mut self, row: &str) {
        self.text.push(if self.rows == 0 { '[' } else { ',' });
        self.text.push_str(row);
        self.rows += 1;
    }

    fn is_full(&self) -> bool {
        self.rows >= ROWS_PER_STATEMENT || self.text.len() >= BYTES_PER_STATEMENT
    }

    fn take(&mut self) -> String {
        self.rows = 0;
        let mut text = std::mem::take(&mut self.text);
        text.push(']');
        text
    }
}

/// Every row of a table as a JSON array of its columns.
fn select(kind: DatabaseKind, table: &Table) -> Sql {
    let mut sql = Sql::new("read a table", "select ");
    sql.push(match kind {
        DatabaseKind::Sqlite => "json_array(",
        DatabaseKind::Postgres => "cast(json_build_array(",
    });
    listed(&mut sql, &table.columns, |sql, _, column| match (kind, column.holds) {
        (DatabaseKind::Sqlite, Holds::Bytes) => {
            // SQLite makes an empty text of null.
            sql.push("iif(").push_name(&column.name).push(" is null, null, hex(");
            sql.push_name(&column.name).push("))");
        }
        (DatabaseKind::Postgres, Holds::Bytes) => {
            sql.push("encode(").push_name(&column.name).push(", 'hex')");
        }
        (_, Holds::Integer | Holds::Text | Holds::Boolean) => {
            sql.push_name(&column.name);
        }
    });
    sql.push(match kind {
        DatabaseKind::Sqlite => ") from ",
        DatabaseKind::Postgres => ") as text) from ",
    });
    sql.push_name(&table.name);
    sql
}

/// Rows from a JSON array of such arrays, with the keys that they had.
fn insert(kind: DatabaseKind, table: &Table, rows: String) -> Sql {
    let mut sql = Sql::new("write a table", "insert into ");
    sql.push_name(&table.name).push(" (");
    listed(&mut sql, &table.columns, |sql, _, column| {
        sql.push_name(&column.name);
    });
    sql.push(match kind {
        DatabaseKind::Sqlite => ") select ",
        DatabaseKind::Postgres => ") overriding system value select ",
    });
    listed(&mut sql, &table.columns, |sql, at, column| {
        let (before, after) = match (kind, column.holds) {
            (DatabaseKind::Sqlite, Holds::Bytes) => ("unhex(value ->> ", ")"),
            // Types are kept: a number is a number, and true is 1.
            (DatabaseKind::Sqlite, _) | (DatabaseKind::Postgres, Holds::Text) => ("value ->> ", ""),
            (DatabaseKind::Postgres, Holds::Integer) => ("cast(value ->> ", " as bigint)"),
            (DatabaseKind::Postgres, Holds::Boolean) => ("cast(value ->> ", " as boolean)"),
            (DatabaseKind::Postgres, Holds::Bytes) => ("decode(value ->> ", ", 'hex')"),
        };
        sql.push(before).push_number(at).push(after);
    });
    sql.push(" from ").push_json_rows(kind, rows);
    sql
}

/// Says something for each item, with commas between.
fn listed<T>(sql: &mut Sql, items: &[T], each: impl Fn(&mut Sql, usize, &T)) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            sql.push(", ");
        }
        each(sql, at, item);
    }
}
