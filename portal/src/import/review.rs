//! The dry run of an import, and the files that wait for somebody to confirm theirs.

use routing::{AccountId, Version};
use store::DraftId;

use super::apply::file_name;
use super::outcome::{ImportPlan, shown};
use super::plan::{Numbers, Write, judge};
use super::present::Present;
use super::read::read;
use crate::dids::Routed;
use crate::{Actor, Error, Noun, Portal, Result};

impl Portal {
    /// What a file would do. Nothing is changed.
    ///
    /// # Errors
    /// [`Error::ImportFile`] if it cannot be read as a whole; [`Error::NotFound`].
    pub async fn plan_import(&self, actor: &Actor, account: AccountId, csv: &[u8]) -> Result<ImportPlan> {
        actor.may_read(account)?;
        self.plan_as_of(account, csv, None).await
    }

    /// Keeps a file until somebody confirms it, for a day at most.
    ///
    /// # Errors
    /// [`Error::ImportFile`] if it cannot be read as a whole; [`Error::NotFound`].
    pub async fn stage_import(
        &self,
        actor: &Actor,
        account: AccountId,
        name: &str,
        csv: &[u8],
    ) -> Result<DraftId> {
        actor.may_write(account)?;
        read(csv).map_err(Error::ImportFile)?;
        let as_of = self.facts(account).await?.account.version;
        Ok(self.store.save_draft(account, &file_name(name), csv.to_vec(), as_of).await?)
    }

    /// The name of a staged file, and what it would do. What was edited or released since it was staged is shown
    /// as an error, however often the plan is looked at.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it was applied, or waited too long.
    pub async fn staged_import(
        &self,
        actor: &Actor,
        account: AccountId,
        id: &DraftId,
    ) -> Result<(String, ImportPlan)> {
        actor.may_read(account)?;
        let draft = self.store.draft(account, *id).await?.ok_or(Error::NotFound(Noun::Draft))?;
        let plan = self.plan_as_of(account, &draft.bytes, Some(draft.as_of)).await?;
        Ok((draft.name, plan))
    }

    /// Without an `as_of`, that of the facts which are planned on.
    async fn plan_as_of(&self, account: AccountId, csv: &[u8], as_of: Option<Version>) -> Result<ImportPlan> {
        let sheet = read(csv).map_err(Error::ImportFile)?;
        let facts = self.facts(account).await?;
        let (book, now) = (&facts.book, facts.account.version);
        let as_of = as_of.unwrap_or(now);
        let editors = self.editors_since(account, as_of).await?;
        let numbers = Numbers::read(&sheet, book);
        let present = Present::read(&self.store, account, &numbers, (book, now), (as_of, editors)).await?;
        let verdicts = judge(&sheet, &numbers, &present);
        let broken_cases = if verdicts.iter().any(Result::is_err) {
            Vec::new()
        } else {
            let mut forecast = self.forecast(&facts).await?;
            for write in verdicts.iter().flatten().flatten() {
                // A case of a number that is added does not hold before: it cannot be run.
                if let Write::Change(update, old) = write {
                    forecast.becomes(old.did.number, update.routing());
                }
            }
            forecast.broken()
        };
        Ok(ImportPlan { broken_cases, ..shown(sheet, &verdicts, book, as_of) })
    }
}
