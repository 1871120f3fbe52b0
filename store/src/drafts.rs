//! Import drafts: uploaded files that wait for somebody to confirm them, in parts. They are gone after
//! a day, or when later ones take their place.

use routing::{AccountId, Version};

use crate::convert::{count, count_to_db};
use crate::db::Store;
use crate::random_id::random_id;
use crate::sql::{Conn, Sql};
use crate::{Error, Noun, Result, UnixMs};

/// How long a draft waits.
const DRAFT_KEPT_MS: i64 = 24 * 60 * 60 * 1000;
/// Drafts of an account, the latest: nobody fills the disk by bringing a large file in again and again.
const DRAFTS_KEPT: i64 = 8;

random_id!(
    /// A draft's id.
    DraftId,
    Noun::Draft
);

/// An uploaded file that is whole. Its parts are read one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// The name that it was uploaded under.
    pub name: String,
    /// How many parts it has.
    pub parts: u64,
    /// The account's version that its dry run was shown for.
    pub as_of: Version,
    /// When its upload began.
    pub created_at: UnixMs,
}

#[derive(sqlx::FromRow)]
struct DraftRow {
    name: String,
    parts: i64,
    as_of: i64,
    created_at: i64,
}

impl DraftRow {
    fn into_domain(self, id: DraftId) -> Draft {
        Draft {
            id,
            name: self.name,
            parts: count(self.parts),
            as_of: Version(self.as_of),
            created_at: UnixMs(self.created_at),
        }
    }
}

impl Store {
    /// Begins to keep an uploaded file, for a day, and removes those that are older, or too many in the account. It is no
    /// change of the account, and nobody finds the file until it is whole.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such account.
    pub async fn begin_draft(&self, account: AccountId, name: &str) -> Result<DraftId> {
        let id = DraftId::random()?;
        let now = UnixMs::now();
        let mut tx = self.transact().await?;
        let mut conn = tx.conn();
        // Of every account: an upload that broke off may have been the last that one saw.
        let sql = Sql::new("remove old imports", "delete from import_drafts where created_at < $1")
            .bind(now.minus_ms(DRAFT_KEPT_MS).0);
        conn.run(sql).await?;
        let sql = Sql::new(
            "remove too many imports",
            "delete from import_drafts where account_id = $1 and id not in
               (select id from import_drafts where account_id = $1 order by created_at desc, id limit $2)",
        )
        .bind(account.0)
        .bind(DRAFTS_KEPT - 1);
        conn.run(sql).await?;
        let sql = Sql::new(
            "keep an import",
            "insert into import_drafts (account_id, id, name, created_at) values ($1, $2, $3, $4)",
        )
        .bind(account.0)
        .bind(id.to_string())
        .bind(name)
        .bind(now.0);
        let no_account =
            |error: Error| if error.breaks_foreign_key() { Error::NotFound(Noun::Account) } else { error };
        conn.run(sql).await.map_err(no_account)?;
        tx.commit("keep an import").await?;
        Ok(id)
    }

    /// Adds a part, the first being 0. Each is a short write of its own, so that nobody waits for a slow upload.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the upload was given up.
    pub async fn add_draft_part(
        &self,
        account: AccountId,
        id: DraftId,
        part: u64,
        bytes: Vec<u8>,
    ) -> Result<()> {
        let mut tx = self.transact().await?;
        let sql = Sql::new(
            "keep a part of an import",
            "insert into import_draft_parts (account_id, draft_id, part, bytes) values ($1, $2, $3, $4)",
        )
        .bind(account.0)
        .bind(id.to_string())
        .bind(count_to_db(part))
        .bind(bytes);
        let no_draft =
            |error: Error| if error.breaks_foreign_key() { Error::NotFound(Noun::Draft) } else { error };
        tx.conn().run(sql).await.map_err(no_draft)?;
        tx.commit("keep a part of an import").await
    }

    /// Says that all parts are there, and what version of the account the dry run is shown for.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the upload was given up.
    pub async fn complete_draft(
        &self,
        account: AccountId,
        id: DraftId,
        parts: u64,
        as_of: Version,
    ) -> Result<()> {
        let mut tx = self.transact().await?;
        let sql = Sql::new(
            "complete an import",
            "update import_drafts set parts = $3, as_of = $4 where account_id = $1 and id = $2",
        )
        .bind(account.0)
        .bind(id.to_string())
        .bind(count_to_db(parts))
        .bind(as_of.0);
        must_be_one(tx.conn().run(sql).await?)?;
        tx.commit("complete an import").await
    }

    /// Removes an uploaded file, whole or not.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn remove_draft(&self, account: AccountId, id: DraftId) -> Result<()> {
        let mut tx = self.transact().await?;
        delete(&mut tx.conn(), account, id).await?;
        tx.commit("remove an import").await
    }

    /// A draft of the account that is whole and not older than a day.
    ///
    /// # Errors
    /// The database failed.
    pub async fn draft(&self, account: AccountId, id: DraftId) -> Result<Option<Draft>> {
        let sql = Sql::new(
            "read an import",
            "select name, parts, as_of, created_at from import_drafts
             where account_id = $1 and id = $2 and created_at >= $3 and parts is not null",
        )
        .bind(account.0)
        .bind(id.to_string())
        .bind(UnixMs::now().minus_ms(DRAFT_KEPT_MS).0);
        let row = self.reader().await?.conn().optional::<DraftRow>(sql).await?;
        Ok(row.map(|row| row.into_domain(id)))
    }

    /// One part of a draft.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the draft is gone, or has no such part.
    pub async fn draft_part(&self, account: AccountId, id: DraftId, part: u64) -> Result<Vec<u8>> {
        find_part(&mut self.reader().await?.conn(), account, id, part).await
    }
}

pub(crate) async fn find_part(
    conn: &mut Conn<'_>,
    account: AccountId,
    id: DraftId,
    part: u64,
) -> Result<Vec<u8>> {
    let sql = Sql::new(
        "read a part of an import",
        "select bytes from import_draft_parts where account_id = $1 and draft_id = $2 and part = $3",
    )
    .bind(account.0)
    .bind(id.to_string())
    .bind(count_to_db(part));
    let row: Option<(Vec<u8>,)> = conn.optional(sql).await?;
    row.map(|(bytes,)| bytes).ok_or(Error::NotFound(Noun::Draft))
}

pub(crate) async fn delete(conn: &mut Conn<'_>, account: AccountId, id: DraftId) -> Result<()> {
    let sql = Sql::new("remove an import", "delete from import_drafts where account_id = $1 and id = $2")
        .bind(account.0)
        .bind(id.to_string());
    must_be_one(conn.run(sql).await?)
}

fn must_be_one(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::NotFound(Noun::Draft)) }
}
