//! Writing the log: change rows as they come, then the operation that they belong to.

use routing::{AccountId, Version};

use super::NewChange;
use crate::audit::{ChangeFields, ChangesHash, LoggedOperation};
use crate::sql::{Column, Conn, Sql};
use crate::{DatabaseKind, Result};

/// Change rows, hashed after those before them, and laid out as they are sent.
pub(crate) struct Recording {
    hash: ChangesHash,
    tables: Vec<[Column; 6]>,
}

impl Recording {
    pub(crate) fn of(
        kind: DatabaseKind,
        account: AccountId,
        mut hash: ChangesHash,
        new: impl IntoIterator<Item = NewChange>,
    ) -> Recording {
        let mut new = new.into_iter().peekable();
        let mut tables = Vec::new();
        while new.peek().is_some() {
            let (mut seqs, mut kinds, mut ids) = (Vec::new(), Vec::new(), Vec::new());
            let (mut labels, mut befores, mut afters) = (Vec::new(), Vec::new(), Vec::new());
            for NewChange { subject, label, before, after } in new.by_ref().take(kind.table_rows()) {
                let (subject_kind, subject_id) = subject.to_db(account);
                let (seq, before, after) =
                    (hash.count(), before.map(|json| json.0), after.map(|json| json.0));
                hash.add(ChangeFields {
                    seq,
                    subject_kind,
                    subject_id,
                    label: &label,
                    before: before.as_deref(),
                    after: after.as_deref(),
                });
                seqs.push(seq);
                kinds.push(subject_kind.to_owned());
                ids.push(subject_id);
                labels.push(label);
                befores.push(before);
                afters.push(after);
            }
            tables.push([
                Column::ints("seq", seqs),
                Column::texts("subject_kind", kinds),
                Column::ints("subject_id", ids),
                Column::texts("label", labels),
                Column::texts("before", befores),
                Column::texts("after", afters),
            ]);
        }
        Recording { hash, tables }
    }

    /// Writes the rows. The hash of all rows so far.
    pub(crate) async fn write(
        self,
        conn: &mut Conn<'_>,
        account: AccountId,
        version: Version,
    ) -> Result<ChangesHash> {
        for table in self.tables {
            let mut sql = Sql::with_table(
                conn.kind(),
                "record changes",
                "insert into changes (seq, subject_kind, subject_id, label, before, after, account_id, version)
                 select recorded.*, ",
            );
            sql.push_bind(account.0).push(", ").push_bind(version.0).push(" from ");
            sql.push_table(table).push(" as recorded");
            conn.run(sql).await?;
        }
        Ok(self.hash)
    }
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
