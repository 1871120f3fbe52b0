//! Writing the chain: a link with each operation, and once for what was done before there was a chain.

use routing::{AccountId, Version};

use super::log::Log;
use super::{ChainHash, ChangesHash, LogEntry, LoggedOperation};
use crate::sql::{Conn, Sql};
use crate::{Result, Store, accounts};

/// Adds the link of an operation, right before the operation itself is stored.
pub(crate) async fn seal(
    conn: &mut Conn<'_>,
    account: AccountId,
    operation: &LoggedOperation,
    changes: ChangesHash,
) -> Result<()> {
    let sql = Sql::new(
        "read the last hash of the history",
        "select hash from audit_chain where account_id = $1 order by version desc limit 1",
    )
    .bind(account.0);
    // Whatever it says: a chain that somebody damaged must not keep an owner from routing calls elsewhere. It stays
    // damaged where it is, and verifying says so.
    let last: Option<(String,)> = conn.optional(sql).await?;
    let previous = last.map_or_else(|| ChainHash::NONE.to_string(), |(hash,)| hash);
    insert(conn, account, &previous, operation, changes).await.map(drop)
}

async fn insert(
    conn: &mut Conn<'_>,
    account: AccountId,
    previous: &str,
    operation: &LoggedOperation,
    changes: ChangesHash,
) -> Result<String> {
    let count = changes.count();
    let hash = changes.finish(previous, account, operation).to_string();
    let sql = Sql::new(
        "hash the operation",
        "insert into audit_chain (account_id, version, changes, hash) values ($1, $2, $3, $4)",
    )
    .bind(account.0)
    .bind(operation.version.0)
    .bind(count)
    .bind(hash.as_str());
    conn.run(sql).await?;
    Ok(hash)
}

const SELECT_UNHASHED: &str = "select id from accounts where history_unhashed";

/// Hashes what was done before there was a chain. Each account in a transaction of its own, which other servers that
/// start wait for; then they find nothing left to do.
pub(crate) async fn hash_old_history(store: &Store) -> Result<()> {
    let sql = Sql::new("look for a history without hashes", SELECT_UNHASHED);
    let accounts: Vec<(i64,)> = store.reader().await?.conn().all(sql).await?;
    for (account,) in accounts {
        let account = AccountId(account);
        let mut tx = store.transact().await?;
        let mut conn = tx.conn();
        let Some(locked) = accounts::lock(&mut conn, account).await? else { continue };
        let mut sql = Sql::new("look for a history without hashes", SELECT_UNHASHED);
        sql.push(" and id = ").push_bind(account.0);
        if conn.optional::<(i64,)>(sql).await?.is_none() {
            continue;
        }
        let operations = hash_account(&mut conn, account, locked.version).await?;
        let sql = Sql::new(
            "say that the history has hashes",
            "update accounts set history_unhashed = $2 where id = $1",
        );
        conn.run(sql.bind(account.0).bind(false)).await?;
        tx.commit("hash the history").await?;
        tracing::info!(%account, operations, "the history from before the audit chain is hashed");
    }
    Ok(())
}

async fn hash_account(conn: &mut Conn<'_>, account: AccountId, until: Version) -> Result<u64> {
    let mut log = Log::new(account, until);
    let mut previous = ChainHash::NONE.to_string();
    let mut open: Option<(LoggedOperation, ChangesHash)> = None;
    let mut operations = 0;
    loop {
        let entry = log.next(conn).await?;
        if let (Some((operation, changes)), Some(LogEntry::Change(change))) = (&mut open, &entry)
            && operation.version == change.version
        {
            changes.add(change.into());
            continue;
        }
        if let Some((operation, changes)) = open.take() {
            previous = insert(conn, account, &previous, &operation, changes).await?;
            operations += 1;
        }
        match entry {
            Some(LogEntry::Operation(operation)) => open = Some((operation, ChangesHash::default())),
            // A change row without an operation: verifying says so.
            Some(LogEntry::Change(_) | LogEntry::Hash(_)) => {}
            None => return Ok(operations),
        }
    }
}
