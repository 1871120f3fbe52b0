//! Where an account's routes to phone numbers may ring, beside its own country.

use std::collections::BTreeSet;

use routing::{AccountId, Destination};

use crate::convert::corrupt;
use crate::db::Store;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result};

impl Store {
    /// The account's destinations beside its own country.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn destinations(&self, account: AccountId) -> Result<BTreeSet<Destination>> {
        list(&mut self.reader().await?.conn(), account).await
    }
}

pub(crate) async fn list(conn: &mut Conn<'_>, account: AccountId) -> Result<BTreeSet<Destination>> {
    let sql =
        Sql::new("list destinations", "select code from destinations where account_id = $1").bind(account.0);
    let rows: Vec<(i64,)> = conn.all(sql).await?;
    let read = |(code,): (i64,)| {
        let found = u16::try_from(code).ok().and_then(Destination::from_u16);
        found
            .ok_or_else(|| corrupt("destinations", account, "code", format_args!("{code} is no destination")))
    };
    rows.into_iter().map(read).collect()
}

/// Allows one; one that is allowed stays so.
pub(crate) async fn insert(conn: &mut Conn<'_>, account: AccountId, destination: Destination) -> Result<()> {
    let sql = Sql::new(
        "allow a destination",
        "insert into destinations (account_id, code) values ($1, $2) on conflict do nothing",
    )
    .bind(account.0)
    .bind(i64::from(destination.to_u16()));
    conn.run(sql).await.map(drop)
}

pub(crate) async fn delete(conn: &mut Conn<'_>, account: AccountId, destination: Destination) -> Result<()> {
    let sql =
        Sql::new("forbid a destination", "delete from destinations where account_id = $1 and code = $2")
            .bind(account.0)
            .bind(i64::from(destination.to_u16()));
    match conn.run(sql).await? {
        1 => Ok(()),
        _ => Err(Error::NotFound(Noun::Destination)),
    }
}
