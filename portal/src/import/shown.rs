//! What a plan says of a file whose rows go by: counts of all, and the first of each kind.

use routing::{Version, shortened};

use super::near;
use super::outcome::{ImportPlan, ImportRow, outcome};
use super::plan::{Verdict, Write};
use super::read::{Columns, SheetRow};
use crate::book::Book;
use crate::limits::IMPORT_ROWS_SHOWN;

/// What was gathered so far.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    total: u64,
    adds: u64,
    changes: u64,
    unchanged: u64,
    errors: u64,
    /// The first rows that are refused, that do something, and that do nothing.
    rows: [Vec<ImportRow>; 3],
}

impl Shown {
    pub(crate) fn take(&mut self, rows: &[SheetRow], verdicts: &[Verdict], book: &Book) {
        for (row, verdict) in rows.iter().zip(verdicts) {
            self.total += 1;
            let (count, kind) = match verdict {
                Err(_) => (&mut self.errors, 0),
                Ok(Some(Write::Add(_))) => (&mut self.adds, 1),
                Ok(Some(Write::Change(..))) => (&mut self.changes, 1),
                Ok(None) => (&mut self.unchanged, 2),
            };
            *count += 1;
            if self.rows[kind].len() < IMPORT_ROWS_SHOWN {
                let (number, outcome) = (shortened(&row.number).into_owned(), outcome(verdict, book));
                self.rows[kind].push(ImportRow { line: row.line, number, outcome });
            }
        }
    }

    /// The plan, without the saved cases that it breaks.
    pub(crate) fn plan(self, columns: Columns, book: &Book, as_of: Version) -> ImportPlan {
        let mut rows: Vec<ImportRow> = self.rows.into_iter().flatten().take(IMPORT_ROWS_SHOWN).collect();
        near::hint(&mut rows, book);
        ImportPlan {
            rows_total: self.total,
            adds: self.adds,
            changes: self.changes,
            unchanged: self.unchanged,
            errors: self.errors,
            rows,
            columns: columns.read,
            ignored: columns.ignored,
            broken_cases: Vec::new(),
            as_of,
        }
    }
}
