//! Ids never come back, so a restored database goes on counting where the old one was: above the highest id that was ever
//! given, which may be that of a row that is gone.

use super::catalog::Table;
use crate::Result;
use crate::sql::{Conn, Name, Sql};

/// A table of PostgreSQL that counts, and the column.
async fn counting(postgres: &mut Conn<'_>, tables: &[(Table, Table)]) -> Result<Vec<(Name, Name)>> {
    let sql = Sql::new(
        "list what counts",
        "select cast(table_name as text), cast(column_name as text) from information_schema.columns
         where table_schema = current_schema() and is_identity = 'YES' order by table_name, column_name",
    );
    let rows: Vec<(String, String)> = postgres.all(sql).await?;
    let known = |(table, _): &(Name, Name)| tables.iter().any(|(ours, _)| ours.name == *table);
    let named = rows.iter().filter_map(|(table, column)| Some((Name::new(table)?, Name::new(column)?)));
    Ok(named.filter(known).collect())
}

/// After the rows of a PostgreSQL were written into a SQLite file.
pub(super) async fn to_sqlite(
    from: &mut Conn<'_>,
    into: &mut Conn<'_>,
    tables: &[(Table, Table)],
) -> Result<()> {
    for (table, column) in counting(from, tables).await? {
        let sql = Sql::new(
            "read the last id",
            "select pg_sequence_last_value(cast(pg_get_serial_sequence($1, $2) as regclass))",
        );
        let (last,): (Option<i64>,) = from.one(sql.bind(table.to_string()).bind(column.to_string())).await?;
        let Some(last) = last else { continue };
        let sql = Sql::new("forget the last id", "delete from sqlite_sequence where name = $1");
        into.run(sql.bind(table.to_string())).await?;
        let sql = Sql::new("keep the last id", "insert into sqlite_sequence (name, seq) values ($1, $2)");
        into.run(sql.bind(table.to_string()).bind(last)).await?;
    }
    Ok(())
}

/// After the rows of a SQLite file were written into a PostgreSQL.
pub(super) async fn to_postgres(
    from: &mut Conn<'_>,
    into: &mut Conn<'_>,
    tables: &[(Table, Table)],
) -> Result<()> {
    for (table, column) in counting(into, tables).await? {
        let sql = Sql::new("read the last id", "select max(seq) from sqlite_sequence where name = $1");
        let (counted,): (Option<i64>,) = from.one(sql.bind(table.to_string())).await?;
        let mut sql = Sql::new("read the highest id", "select max(");
        sql.push_name(&column).push(") from ").push_name(&table);
        let (highest,): (Option<i64>,) = into.one(sql).await?;
        let Some(last) = counted.max(highest) else { continue };
        let sql = Sql::new("keep the last id", "select setval(pg_get_serial_sequence($1, $2), $3)");
        let _: (i64,) = into.one(sql.bind(table.to_string()).bind(column.to_string()).bind(last)).await?;
    }
    Ok(())
}
