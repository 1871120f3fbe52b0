//! Import drafts: uploaded files that wait for somebody to confirm them. They are gone after a day.

use routing::{AccountId, Version};

use crate::db::Store;
use crate::random_id::random_id;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result, UnixMs};

/// How long a draft waits.
const DRAFT_KEPT_MS: i64 = 24 * 60 * 60 * 1000;

random_id!(
    /// A draft's id.
    DraftId,
    Noun::Draft
);

/// An uploaded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// The name that it was uploaded under.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// The account's version that its dry run was shown for.
    pub as_of: Version,
    /// When it was uploaded.
    pub created_at: UnixMs,
}

#[derive(sqlx::FromRow)]
struct DraftRow {
    name: String,
    bytes: Vec<u8>,
    as_of: i64,
    created_at: i64,
}

impl DraftRow {
    fn into_domain(self, id: DraftId) -> Draft {
        Draft {
            id,
            name: self.name,
            bytes: self.bytes,
            as_of: Version(self.as_of),
            created_at: UnixMs(self.created_at),
        }
    }
}

impl Store {
    /// Keeps an uploaded file for a day, and removes those that are older. It is no change of the account.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such account.
    pub async fn save_draft(
        &self,
        account: AccountId,
        name: &str,
        bytes: Vec<u8>,
        as_of: Version,
    ) -> Result<DraftId> {
        let id = DraftId::random()?;
        let now = UnixMs::now();
        let mut tx = self.transact().await?;
        let mut conn = tx.conn();
        let sql = Sql::new(
            "remove old imports",
            "delete from import_drafts where account_id = $1 and created_at < $2",
        )
        .bind(account.0)
        .bind(now.minus_ms(DRAFT_KEPT_MS).0);
        conn.run(sql).await?;
        let sql = Sql::new(
            "keep an import",
            "insert into import_drafts (account_id, id, name, bytes, as_of, created_at)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(account.0)
        .bind(id.to_string())
        .bind(name)
        .bind(bytes)
        .bind(as_of.0)
        .bind(now.0);
        let no_account =
            |error: Error| if error.breaks_foreign_key() { Error::NotFound(Noun::Account) } else { error };
        conn.run(sql).await.map_err(no_account)?;
        tx.commit("keep an import").await?;
        Ok(id)
    }

    /// A draft of the account that is not older than a day.
    ///
    /// # Errors
    /// The database failed.
    pub async fn draft(&self, account: AccountId, id: DraftId) -> Result<Option<Draft>> {
        find(&mut self.reader().await?.conn(), account, id).await
    }
}

pub(crate) async fn find(conn: &mut Conn<'_>, account: AccountId, id: DraftId) -> Result<Option<Draft>> {
    let sql = Sql::new(
        "read an import",
        "select name, bytes, as_of, created_at from import_drafts
         where account_id = $1 and id = $2 and created_at >= $3",
    )
    .bind(account.0)
    .bind(id.to_string())
    .bind(UnixMs::now().minus_ms(DRAFT_KEPT_MS).0);
    Ok(conn.optional::<DraftRow>(sql).await?.map(|row| row.into_domain(id)))
}

pub(crate) async fn delete(conn: &mut Conn<'_>, account: AccountId, id: DraftId) -> Result<()> {
    let sql = Sql::new("remove an import", "delete from import_drafts where account_id = $1 and id = $2")
        .bind(account.0)
        .bind(id.to_string());
    match conn.run(sql).await? {
        1 => Ok(()),
        _ => Err(Error::NotFound(Noun::Draft)),
    }
}
