//! The history as it was written: verifying it, and handing it to somebody who keeps it.

mod file;

use routing::AccountId;
use serde::Serialize;
use store::{AuditLog, ChainFault, ChainHash, ChainSummary, Verifier};

pub use self::file::{AuditFileError, AuditFileSummary, verify_audit_file};
use self::file::{End, FORMAT, Header};
use crate::limits::AUDIT_PART_BYTES;
use crate::{Actor, Error, Portal, Result};

impl Portal {
    /// Computes the chain of hashes anew from what is stored, and says where it first does not fit. `kept` is the hash
    /// of an earlier verification or export: the history must still hold it.
    ///
    /// # Errors
    /// [`Error::NotFound`]. A history that does not verify is an answer, not an error.
    pub async fn verify_chain(
        &self,
        actor: &Actor,
        account: AccountId,
        kept: Option<ChainHash>,
    ) -> Result<Result<ChainSummary, ChainFault>> {
        actor.may_audit(account)?;
        Ok(self.store.verify_chain(account, kept).await?)
    }

    /// Begins to write the whole history as JSON lines, which [`verify_audit_file`] reads.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn export_audit(&self, actor: &Actor, account: AccountId) -> Result<AuditExport> {
        actor.may_audit(account)?;
        let log = self.store.audit_log(account).await?;
        let verifier = Verifier::new(account, Some(log.version()), None);
        Ok(AuditExport { account, log, verifier, begun: false, ended: None })
    }
}

/// An export in the making. It is verified as it is read and ends at what does not verify, without its last line: a
/// history that was tampered with is not passed on as a whole one.
#[derive(Debug)]
pub struct AuditExport {
    account: AccountId,
    log: AuditLog,
    verifier: Verifier,
    begun: bool,
    ended: Option<Result<ChainSummary, ChainFault>>,
}

impl AuditExport {
    /// The next lines, some hundred kilobytes of them; `None` after the last.
    ///
    /// # Errors
    /// The database failed.
    pub async fn part(&mut self) -> Result<Option<Vec<u8>>> {
        if self.ended.is_some() {
            return Ok(None);
        }
        let mut part = Vec::new();
        if !self.begun {
            push_line(&mut part, &FirstLine::Audit(Header { format: FORMAT, account: self.account }))?;
            self.begun = true;
        }
        while part.len() < AUDIT_PART_BYTES {
            let Some(entry) = self.log.next().await? else {
                let ended = self.verifier.clone().finish();
                if let Ok(summary) = &ended {
                    push_line(&mut part, &LastLine::End(End::from(summary)))?;
                }
                self.ended = Some(ended);
                break;
            };
            let fits = part.len();
            push_line(&mut part, &entry)?;
            if let Err(fault) = self.verifier.add(entry) {
                part.truncate(fits);
                self.ended = Some(Err(fault));
                break;
            }
        }
        Ok(Some(part))
    }

    /// How it ended; `None` before the last part.
    pub fn ended(&self) -> Option<&Result<ChainSummary, ChainFault>> {
        self.ended.as_ref()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum FirstLine {
    Audit(Header),
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum LastLine {
    End(End),
}

fn push_line(part: &mut Vec<u8>, line: &impl Serialize) -> Result<()> {
    let failed = |source| Error::Store(store::Error::Encode { doing: "write a line of the history", source });
    serde_json::to_writer(&mut *part, line).map_err(failed)?;
    part.push(b'\n');
    Ok(())
}
