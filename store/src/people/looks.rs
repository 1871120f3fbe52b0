//! Looks: every page of an account that support opened, for the account's owner to see. They are kept for ever.

use routing::AccountId;

use super::UserId;
use crate::db::Store;
use crate::sql::Sql;
use crate::{Result, UnixMs};

/// Somebody of the staff looked at a page of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Its place among all: the next page of the list begins below it.
    pub id: i64,
    /// Who.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// When.
    pub at: UnixMs,
    /// Which page: its path and query.
    pub address: String,
}

impl Store {
    /// Writes down that somebody looks at a page of each of these accounts.
    ///
    /// # Errors
    /// The database failed.
    pub async fn record_looks(
        &self,
        accounts: &[AccountId],
        user: UserId,
        at: UnixMs,
        address: &str,
    ) -> Result<()> {
        let ids: Vec<i64> = accounts.iter().map(|account| account.0).collect();
        let mut sql = Sql::new(
            "record a look",
            "insert into looks (account_id, user_id, at, address) select cast(value as bigint), ",
        );
        sql.push_bind(user.0).push(", ").push_bind(at.0).push(", ").push_bind(address).push(" from ");
        sql.push_rows(self.kind(), &ids)?;
        self.write_one(sql).await.map(|_| ())
    }

    /// The latest looks at an account, those below a place first if one is given.
    ///
    /// # Errors
    /// The database failed.
    pub async fn looks(&self, account: AccountId, below: Option<i64>, limit: u32) -> Result<Vec<Look>> {
        let sql = Sql::new(
            "list looks",
            "select l.id, u.email, u.name, l.at, l.address
             from looks as l join users as u on u.id = l.user_id
             where l.account_id = $1 and l.id < $2 order by l.id desc limit $3",
        )
        .bind(account.0)
        .bind(below.unwrap_or(i64::MAX))
        .bind(i64::from(limit));
        let rows: Vec<(i64, String, String, i64, String)> = self.reader().await?.conn().all(sql).await?;
        Ok(rows
            .into_iter()
            .map(|(id, email, name, at, address)| Look { id, email, name, at: UnixMs(at), address })
            .collect())
    }
}
