//! Which tables there are, in an order in which their rows can be written, and with which columns.

use std::collections::{BTreeMap, BTreeSet};

use super::BackupError;
use crate::sql::{Conn, Name, Sql};
use crate::{DatabaseKind, Error, Result};

/// Written last, as in every transaction: the database takes no change rows after their operation.
const LAST: &str = "operations";

/// What a column holds, and so how it travels in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Integer,
    Text,
    /// PostgreSQL's; SQLite has 0 and 1.
    Boolean,
    /// As hexadecimal digits.
    Bytes,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: Name,
    pub(super) holds: Holds,
}

/// A table with its columns.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: Name,
    pub(super) columns: Vec<Column>,
}

impl Table {
    fn names(&self) -> impl Iterator<Item = &Name> {
        self.columns.iter().map(|column| &column.name)
    }
}

/// The table that triggers on another one fill.
pub(super) const FILLED_BY_TRIGGERS: &str = "did_search";

/// Every table but that of the migrations, which each database writes for itself.
const SQLITE_COLUMNS: &str = r"
    select t.name, c.name, lower(c.type)
    from pragma_table_list as t join pragma_table_info(t.name) as c
    where t.schema = 'main' and t.type = 'table' and t.name <> '_sqlx_migrations' and t.name not like 'sqlite\_%' escape '\'
    order by t.name, c.cid";
const POSTGRES_COLUMNS: &str = "
    select cast(c.table_name as text), cast(c.column_name as text), cast(c.data_type as text)
    from information_schema.columns as c
    join information_schema.tables as t on t.table_schema = c.table_schema and t.table_name = c.table_name
    where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.table_name <> '_sqlx_migrations'
    order by cast(c.table_name as text) collate \"C\", c.ordinal_position";

/// Tables that must be there before others are: by foreign keys.
const SQLITE_PARENTS: &str = r#"
    select t.name, f."table" from pragma_table_list as t join pragma_foreign_key_list(t.name) as f
    where t.schema = 'main' and t.type = 'table' and f."table" <> t.name"#;

/// The tables of a database, by name.
pub(super) async fn tables(conn: &mut Conn<'_>) -> Result<BTreeMap<String, Table>, BackupError> {
    let text = match conn.kind() {
        DatabaseKind::Sqlite => SQLITE_COLUMNS,
        DatabaseKind::Postgres => POSTGRES_COLUMNS,
    };
    let rows: Vec<(String, String, String)> = conn.all(Sql::new("list the tables", text)).await?;
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for (table, column, of_type) in rows {
        if table == FILLED_BY_TRIGGERS {
            continue;
        }
        let strange = || BackupError::Schema { table: table.clone() };
        let name = Name::new(&table).ok_or_else(strange)?;
        let column = Column {
            name: Name::new(&column).ok_or_else(strange)?,
            holds: holds(&of_type).ok_or_else(strange)?,
        };
        let entry = tables.entry(table.clone()).or_insert_with(|| Table { name, columns: Vec::new() });
        entry.columns.push(column);
    }
    // Migrations added them in different places.
    tables.values_mut().for_each(|table| table.columns.sort_by(|a, b| a.name.cmp(&b.name)));
    Ok(tables)
}

fn holds(of_type: &str) -> Option<Holds> {
    Some(match of_type {
        "integer" | "bigint" | "smallint" => Holds::Integer,
        "text" => Holds::Text,
        "boolean" => Holds::Boolean,
        "blob" | "bytea" => Holds::Bytes,
        _ => return None,
    })
}

/// The tables that both databases have, as each describes them, in an order in which rows can be written.
pub(super) async fn shared(
    sqlite: &mut Conn<'_>,
    postgres: &mut Conn<'_>,
) -> Result<Vec<(Table, Table)>, BackupError> {
    let mut ours = tables(sqlite).await?;
    let mut theirs = tables(postgres).await?;
    let names: BTreeSet<String> = ours.keys().chain(theirs.keys()).cloned().collect();
    let mut pairs = Vec::new();
    for name in in_order(&names, &parents(sqlite).await?) {
        match (ours.remove(&name), theirs.remove(&name)) {
            (Some(ours), Some(theirs)) if ours.names().eq(theirs.names()) => pairs.push((ours, theirs)),
            _ => return Err(BackupError::Schema { table: name }),
        }
    }
    Ok(pairs)
}

async fn parents(sqlite: &mut Conn<'_>) -> Result<BTreeSet<(String, String)>, Error> {
    let rows: Vec<(String, String)> = sqlite.all(Sql::new("list the foreign keys", SQLITE_PARENTS)).await?;
    Ok(rows.into_iter().collect())
}

/// Each table after those that its rows name.
fn in_order(names: &BTreeSet<String>, parents: &BTreeSet<(String, String)>) -> Vec<String> {
    let mut left: BTreeSet<&String> = names.iter().collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let waits = |name: &String| {
            let named = parents.iter().any(|(child, parent)| child == name && left.contains(parent));
            named || (name == LAST && left.len() > 1)
        };
        // Tables that name each other could not be written at all; the database then says so.
        let next = left.iter().find(|name| !waits(name)).or(left.iter().next());
        let Some(next) = next.copied() else { break };
        left.remove(next);
        order.push(next.clone());
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_comes_after_those_that_it_names_and_operations_come_last() {
        let set = |names: &[&str]| names.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        let pairs = [("b", "z"), ("z", "m"), ("a", "operations")];
        let parents =
            pairs.iter().map(|(child, parent)| ((*child).to_owned(), (*parent).to_owned())).collect();
        let names = set(&["b", "m", "operations", "x", "z"]);
        assert_eq!(in_order(&names, &parents), ["m", "x", "z", "b", "operations"]);
    }
}
