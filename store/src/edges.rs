//! Our points of presence. They come with the migrations.

use routing::{Edge, EdgeId};

use crate::Result;
use crate::db::Store;
use crate::sql::{Conn, Sql};

#[derive(sqlx::FromRow)]
struct EdgeRow {
    id: i64,
    name: String,
    host: String,
}

impl EdgeRow {
    fn into_domain(self) -> Edge {
        Edge { id: EdgeId(self.id), name: self.name, host: self.host }
    }
}

impl Store {
    /// Every edge, by name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn edges(&self) -> Result<Vec<Edge>> {
        list(&mut self.reader().await?.conn()).await
    }
}

pub(crate) async fn list(conn: &mut Conn<'_>) -> Result<Vec<Edge>> {
    let sql = Sql::new("list edges", "select id, name, host from edges order by name, id");
    let rows: Vec<EdgeRow> = conn.all(sql).await?;
    Ok(rows.into_iter().map(EdgeRow::into_domain).collect())
}
