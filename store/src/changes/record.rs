//! Writing the log: change rows as they come, then the operation that they belong to.

use routing::{AccountId, Version};

use super::{JsonText, NewChange};
use crate::Result;
use crate::audit::{ChangeFields, ChangesHash, LoggedOperation};
use crate::sql::{Column, Conn, Sql};

/// Writes change rows, after those that were hashed before.
pub(crate) async fn record(
    conn: &mut Conn<'_>,
    account: AccountId,
    version: Version,
    hash: &mut ChangesHash,
    new: &[NewChange],
) -> Result<()> {
    for new in new.chunks(conn.kind().table_rows()) {
        let (mut seqs, mut kinds, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        let (mut labels, mut befores, mut afters) = (Vec::new(), Vec::new(), Vec::new());
        for change in new {
            let (subject_kind, subject_id) = change.subject.to_db(account);
            let text = |side: &Option<JsonText>| side.as_ref().map(|json| json.0.clone());
            let (seq, before, after) = (hash.count(), text(&change.before), text(&change.after));
            hash.add(ChangeFields {
                seq,
                subject_kind,
                subject_id,
                label: change.label.as_str(),
                before: before.as_deref(),
                after: after.as_deref(),
            });
            seqs.push(seq);
            kinds.push(subject_kind.to_owned());
            ids.push(subject_id);
            labels.push(change.label.clone());
            befores.push(before);
            afters.push(after);
        }
        let mut sql = Sql::with_table(
            conn.kind(),
            "record changes",
            "insert into changes (seq, subject_kind, subject_id, label, before, after, account_id, version)
             select recorded.*, ",
        );
        sql.push_bind(account.0).push(", ").push_bind(version.0).push(" from ");
        let columns = [
            Column::ints("seq", seqs),
            Column::texts("subject_kind", kinds),
            Column::ints("subject_id", ids),
            Column::texts("label", labels),
            Column::texts("before", befores),
            Column::texts("after", afters),
        ];
        sql.push_table(columns).push(" as recorded");
        conn.run(sql).await?;
    }
    Ok(())
}

pub(crate) async fn insert_operation(
    conn: &mut Conn<'_>,
    account: AccountId,
    operation: LoggedOperation,
) -> Result<()> {
    let sql = Sql::new(
        "record the operation",
        "insert into operations (account_id, version, at, actor, via, kind, reason, changed, refused, details)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(account.0)
    .bind(operation.version.0)
    .bind(operation.at.0)
    .bind(operation.actor)
    .bind(operation.via)
    .bind(operation.kind)
    .bind(operation.reason)
    .bind(operation.changed)
    .bind(operation.refused)
    .bind(operation.details);
    conn.run(sql).await.map(drop)
}
