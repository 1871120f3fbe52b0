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
        self.begin_write()?;
        let (version, at) = (self.next_version(), self.at);
        let (mut conn, account) = self.conn();
        let id = cases::insert(&mut conn, account, version, at, new).await?;
        self.broken = false;
        Ok(id)
    }

    /// Brings a deleted case back under the id that it had.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) if no case ever had that id;
    /// [`Error::NameTaken`](crate::Error::NameTaken).
    pub async fn restore_case(&mut self, id: CaseId, new: &NewCase) -> Result<()> {
        self.begin_write()?;
        let (version, at) = (self.next_version(), self.at);
        let (mut conn, account) = self.conn();
        cases::restore(&mut conn, account, version, at, id, new).await?;
        self.broken = false;
        Ok(())
    }

    /// Changes a case. The moment at which it was saved first stays.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), [`Error::NameTaken`](crate::Error::NameTaken).
    pub async fn update_case(&mut self, case: CaseId, new: &NewCase) -> Result<()> {
        self.begin_write()?;
        let version = self.next_version();
        let (mut conn, account) = self.conn();
        cases::update(&mut conn, account, version, case, new).await?;
        self.broken = false;
        Ok(())
    }

    /// Deletes a case.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound).
    pub async fn delete_case(&mut self, case: CaseId) -> Result<()> {
        self.begin_write()?;
        let (mut conn, account) = self.conn();
        cases::delete(&mut conn, account, case).await?;
        self.broken = false;
        Ok(())
    }

    /// Accepts a finding. If it is accepted already, this replaces what was said then.
    ///
    /// # Errors
    /// The database failed.
    pub async fn accept_finding(&mut self, accepted: &AcceptedRow) -> Result<()> {
        self.begin_write()?;
        let version = self.next_version();
        let (mut conn, account) = self.conn();
        findings::accept(&mut conn, account, version, accepted).await?;
        self.broken = false;
        Ok(())
    }

    /// Takes the acceptance of a finding back.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) if it is not accepted.
    pub async fn withdraw_acceptance(&mut self, key: &str) -> Result<()> {
        self.begin_write()?;
        let (mut conn, account) = self.conn();
        findings::withdraw(&mut conn, account, key).await?;
        self.broken = false;
        Ok(())
    }
}
