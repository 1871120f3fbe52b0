//! Saved cases and accepted findings in a transaction.

use routing::CaseId;

use super::Tx;
use crate::Result;
use crate::cases::{self, CaseRow, NewCase};
use crate::findings::{self, AcceptedRow};

/// Reads of cases and accepted findings.
impl Tx {
    /// See [`Store::cases`](crate::Store::cases).
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn cases(&mut self) -> Result<Vec<CaseRow>> {
        let (mut conn, account) = self.conn();
        cases::list(&mut conn, account).await
    }

    /// See [`Store::case`](crate::Store::case).
    ///
    /// # Errors
    /// The database failed, or a stored value is corrupt.
    pub async fn case(&mut self, case: CaseId) -> Result<Option<CaseRow>> {
        let (mut conn, account) = self.conn();
        cases::find(&mut conn, account, case).await
    }

    /// See [`Store::accepted_findings`](crate::Store::accepted_findings).
    ///
    /// # Errors
    /// The database failed.
    pub async fn accepted_findings(&mut self) -> Result<Vec<AcceptedRow>> {
        let (mut conn, account) = self.conn();
        findings::list(&mut conn, account).await
    }
}

/// Writes of cases and accepted findings.
impl Tx {
    /// Adds a case and says which id it got.
    ///
    /// # Errors
    /// [`Error::NameTaken`](crate::Error::NameTaken).
    pub async fn insert_case(&mut self, new: &NewCase) -> Result<CaseId> {
        self.write(async |conn, to| cases::insert(conn, to.account, to.version, to.at, new).await).await
    }

    /// Brings a deleted case back under the id that it had.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) if no case ever had that id;
    /// [`Error::NameTaken`](crate::Error::NameTaken).
    pub async fn restore_case(&mut self, id: CaseId, new: &NewCase) -> Result<()> {
        self.write(async |conn, to| cases::restore(conn, to.account, to.version, to.at, id, new).await).await
    }

    /// Changes a case. The moment at which it was saved first stays.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), [`Error::NameTaken`](crate::Error::NameTaken).
    pub async fn update_case(&mut self, case: CaseId, new: &NewCase) -> Result<()> {
        self.write(async |conn, to| cases::update(conn, to.account, to.version, case, new).await).await
    }

    /// Deletes a case.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound).
    pub async fn delete_case(&mut self, case: CaseId) -> Result<()> {
        self.write(async |conn, to| cases::delete(conn, to.account, case).await).await
    }

    /// Accepts a finding. If it is accepted already, this replaces what was said then.
    ///
    /// # Errors
    /// The database failed.
    pub async fn accept_finding(&mut self, accepted: &AcceptedRow) -> Result<()> {
        self.write(async |conn, to| findings::accept(conn, to.account, to.version, accepted).await).await
    }

    /// Takes the acceptance of a finding back.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) if it is not accepted.
    pub async fn withdraw_acceptance(&mut self, key: &str) -> Result<()> {
        self.write(async |conn, to| findings::withdraw(conn, to.account, key).await).await
    }
}
