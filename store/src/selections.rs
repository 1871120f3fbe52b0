//! Selections: what somebody chose by a filter, kept for a day. A form names them by their id, so that what was shown is
//! what is done, and nothing of it can be forged.

use routing::{AccountId, Version};

use crate::convert::{corrupt, count, count_to_db};
use crate::db::Store;
use crate::dids::{DidFilter, count_matching};
use crate::random_id::random_id;
use crate::sql::Sql;
use crate::{Error, Noun, Result, UnixMs, accounts};

/// How long a selection is kept.
const KEPT_MS: i64 = 24 * 60 * 60 * 1000;
/// Selections of one person that are kept: more tabs than anybody has open.
const OF_ONE_PERSON_MAX: i64 = 100;

random_id!(
    /// A selection's id.
    SelectionId,
    Noun::Selection
);

/// Every DID that matched a filter at a version of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Its id.
    pub id: SelectionId,
    /// The filter.
    pub filter: DidFilter,
    /// How many matched.
    pub dids: u64,
    /// The account's version at that moment.
    pub as_of: Version,
    /// Who chose.
    pub made_by: String,
}

#[derive(sqlx::FromRow)]
struct SelectionRow {
    filter: String,
    dids: i64,
    as_of: i64,
    made_by: String,
}

impl Store {
    /// Counts what matches now, and keeps that for a day. It is no change of the account.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such account.
    pub async fn save_selection(
        &self,
        account: AccountId,
        filter: DidFilter,
        made_by: &str,
    ) -> Result<Selection> {
        let json = serde_json::to_string(&filter)
            .map_err(|source| Error::Encode { doing: "keep a selection", source })?;
        let id = SelectionId::random()?;
        // The count and the version are of one moment.
        let mut view = self.view().await?;
        let seen = accounts::find(&mut view.conn(), account).await?.ok_or(Error::NotFound(Noun::Account))?;
        let dids = count_matching(&mut view.conn(), account, &filter, None).await?;
        drop(view);
        let now = UnixMs::now();
        let mut tx = self.transact().await?;
        let sql = Sql::new(
            "remove old selections",
            "delete from selections where account_id = $1 and (created_at < $2 or id in (
                 select id from selections where account_id = $1 and made_by = $3
                 order by created_at desc, id limit $4 offset $5))",
        )
        .bind(account.0)
        .bind(now.minus_ms(KEPT_MS).0)
        .bind(made_by)
        .bind(i64::MAX)
        .bind(OF_ONE_PERSON_MAX - 1);
        tx.conn().run(sql).await?;
        let sql = Sql::new(
            "keep a selection",
            "insert into selections (account_id, id, filter, dids, as_of, made_by, created_at)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(account.0)
        .bind(id.to_string())
        .bind(json)
        .bind(count_to_db(dids))
        .bind(seen.version.0)
        .bind(made_by)
        .bind(now.0);
        tx.conn().run(sql).await?;
        tx.commit("keep a selection").await?;
        Ok(Selection { id, filter, dids, as_of: seen.version, made_by: made_by.to_owned() })
    }

    /// A selection of the account that is not older than a day.
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn selection(&self, account: AccountId, id: SelectionId) -> Result<Option<Selection>> {
        let sql = Sql::new(
            "read a selection",
            "select filter, dids, as_of, made_by from selections
             where account_id = $1 and id = $2 and created_at >= $3",
        )
        .bind(account.0)
        .bind(id.to_string())
        .bind(UnixMs::now().minus_ms(KEPT_MS).0);
        let Some(row) = self.reader().await?.conn().optional::<SelectionRow>(sql).await? else {
            return Ok(None);
        };
        let filter =
            serde_json::from_str(&row.filter).map_err(|error| corrupt("selections", id, "filter", error))?;
        let (dids, as_of) = (count(row.dids), Version(row.as_of));
        Ok(Some(Selection { id, filter, dids, as_of, made_by: row.made_by }))
    }
}
