//! Bringing in an account file, whole or not at all.

use std::collections::HashMap;
use std::fmt;

use routing::{
    AccountId, Edge, Version,
    limits::{
        DIDS_PER_ACCOUNT_MAX, PLANS_PER_ACCOUNT_MAX, ROUTES_PER_ACCOUNT_MAX, SCHEDULES_PER_ACCOUNT_MAX,
    },
};
use store::{DidFilter, Operation, Tx};

use super::merge::write;
use super::plan::{Kept, Plan, Planner};
use super::read::{AccountFile, FileError, read};
use crate::accounts::check;
use crate::book::{Book, usage_of};
use crate::cases::{commit, saved};
use crate::facts::dialling;
use crate::history::{Done, OperationKind, account_change, account_json};
use crate::limits::{ACCEPTED_PER_ACCOUNT_MAX, ACCOUNT_FILE_BYTES_MAX, CASES_PER_ACCOUNT_MAX};
use crate::{Actor, BrokenCase, Error, Noun, Portal, Result};

/// What an account file did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileResult {
    /// The account; `None` if it would have to be created.
    pub account: Option<AccountId>,
    /// The account's version that it made; `None` in a dry run, or if all was as the file says already.
    pub version: Option<Version>,
    /// Whether the account's name, country or clocks change.
    pub account_changed: bool,
    /// Countries allowed.
    pub destinations_added: u64,
    /// Routes added.
    pub routes_added: u64,
    /// Routes changed.
    pub routes_changed: u64,
    /// Schedules added.
    pub schedules_added: u64,
    /// Schedules changed.
    pub schedules_changed: u64,
    /// Failover plans added.
    pub plans_added: u64,
    /// Failover plans changed.
    pub plans_changed: u64,
    /// DIDs added.
    pub dids_added: u64,
    /// DIDs changed.
    pub dids_changed: u64,
    /// Saved cases added.
    pub cases_added: u64,
    /// Saved cases changed.
    pub cases_changed: u64,
    /// Findings accepted.
    pub accepted_added: u64,
    /// Accepted findings of which something else is said.
    pub accepted_changed: u64,
    /// Routes, schedules, plans, cases, accepted findings and DIDs that are as the file says already.
    pub unchanged: u64,
    /// In a dry run: the saved cases that hold and would not any more. Importing the file must be confirmed then.
    pub broken_cases: Vec<BrokenCase>,
}

impl FileResult {
    fn of(plan: &Plan) -> FileResult {
        let accepted_before = plan.accepted.iter().filter(|(old, _)| old.is_some()).count() as u64;
        FileResult {
            destinations_added: plan.destinations_added.len() as u64,
            routes_added: plan.routes_added.len() as u64,
            routes_changed: plan.routes_changed.len() as u64,
            schedules_added: plan.schedules_added.len() as u64,
            schedules_changed: plan.schedules_changed.len() as u64,
            plans_added: plan.plans_added.len() as u64,
            plans_changed: plan.plans_changed.len() as u64,
            dids_added: plan.dids_added.len() as u64,
            dids_changed: plan.dids_changed.len() as u64,
            cases_added: plan.cases_added.len() as u64,
            cases_changed: plan.cases_changed.len() as u64,
            accepted_added: plan.accepted.len() as u64 - accepted_before,
            accepted_changed: accepted_before,
            unchanged: plan.unchanged,
            ..FileResult::default()
        }
    }

    /// How many things change.
    pub fn changed(&self) -> u64 {
        u64::from(self.account_changed)
            + self.destinations_added
            + self.routes_added
            + self.routes_changed
            + self.schedules_added
            + self.schedules_changed
            + self.plans_added
            + self.plans_changed
            + self.dids_added
            + self.dids_changed
            + self.cases_added
            + self.cases_changed
            + self.accepted_added
            + self.accepted_changed
    }
}

impl fmt::Display for FileResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.version.is_some() { "imported:" } else { "nothing was written:" })?;
        for (what, added, changed, always) in [
            ("countries", self.destinations_added, 0, false),
            ("routes", self.routes_added, self.routes_changed, true),
            ("schedules", self.schedules_added, self.schedules_changed, false),
            ("failover plans", self.plans_added, self.plans_changed, false),
            ("DIDs", self.dids_added, self.dids_changed, true),
            ("saved cases", self.cases_added, self.cases_changed, false),
            ("accepted findings", self.accepted_added, self.accepted_changed, false),
        ] {
            if always || added + changed > 0 {
                write!(f, " {added} {what} added and {changed} changed,")?;
            }
        }
        write!(f, " {} as they were", self.unchanged)
    }
}

impl Portal {
    /// Brings an account file into an account: routes, schedules, plans and saved cases by name, accepted
    /// findings by what they are about, DIDs by number; nothing is deleted.
    /// Without an account one is created from it. A dry run does all of it but commit.
    ///
    /// # Errors
    /// [`Error::AccountFile`] with the places of what is wrong; [`Error::Limit`]; [`Error::NotFound`];
    /// [`Error::Forbidden`].
    pub async fn import_account(
        &self,
        actor: &Actor,
        account: Option<AccountId>,
        text: &str,
        dry_run: bool,
    ) -> Result<FileResult> {
        if text.len() > ACCOUNT_FILE_BYTES_MAX {
            let message = format!("The file is larger than {} MiB.", ACCOUNT_FILE_BYTES_MAX >> 20);
            return Err(Error::AccountFile(vec![FileError::new("line 1", message)]));
        }
        let file = read(text).map_err(|error| Error::AccountFile(vec![error]))?;
        match account {
            Some(account) => self.merge(actor, account, file, dry_run).await,
            None => self.create_from(actor, file, dry_run).await,
        }
    }

    async fn merge(
        &self,
        actor: &Actor,
        account: AccountId,
        file: AccountFile,
        dry_run: bool,
    ) -> Result<FileResult> {
        actor.may_write(account)?;
        let edges = self.store.edges().await?;
        let mut tx = self.begin(account).await?;
        let (mut result, operation) = merge_in(&mut tx, edges, actor, &file).await?;
        if dry_run {
            result.broken_cases = tx.broken().await?;
        } else if result.changed() > 0 {
            result.version = Some(commit(tx, operation, actor).await?);
        }
        Ok(result)
    }

    async fn create_from(&self, actor: &Actor, file: AccountFile, dry_run: bool) -> Result<FileResult> {
        actor.may_administer()?;
        // All of it is judged before anything is created.
        let result = self.judge(&file).await?;
        if dry_run {
            return Ok(result);
        }
        let new =
            crate::NewAccount { name: file.account.name.clone(), country: file.account.country.clone() };
        let new = check(&new).map_err(Error::Refused)?;
        let edges = self.store.edges().await?;
        let (mut tx, created) = self.begin_account_by(new, actor).await?;
        tx.end_operation(created).await?;
        let (result, operation) = merge_in(&mut tx, edges, actor, &file).await?;
        let version = Some(tx.commit(operation).await?);
        Ok(FileResult { version, account_changed: true, ..result })
    }

    async fn judge(&self, file: &AccountFile) -> Result<FileResult> {
        let dialling = routing::Dialling::of(&file.account.country).unwrap_or_default();
        let book = Book::new(Vec::new(), self.store.edges().await?, dialling);
        let planner = Planner::new(file, book, Kept::default());
        let own = self.store.own_numbers(&planner.numbers()).await?.into_iter().collect();
        let (book, plan) = planner.finish(Vec::new(), own, HashMap::new()).map_err(Error::AccountFile)?;
        let result = FileResult { account_changed: true, ..FileResult::of(&plan) };
        limits(&book, result.dids_added, result.cases_added, result.accepted_added)?;
        Ok(result)
    }
}

/// Judges a file, and writes what it says; the operation is for committing it.
async fn merge_in(
    tx: &mut Tx,
    edges: Vec<Edge>,
    actor: &Actor,
    file: &AccountFile,
) -> Result<(FileResult, Operation)> {
    // Numbers in the file are read by the habits of the file's country.
    let dialling = routing::Dialling::of(&file.account.country).unwrap_or_else(|| dialling(tx.account()));
    let book = Book::read_in(tx, edges).await?.dialled(dialling);
    let kept = Kept { cases: saved(tx.cases().await?)?, accepted: tx.accepted_findings().await? };
    let (cases, accepted) = (kept.cases.len() as u64, kept.accepted.len() as u64);
    let planner = Planner::new(file, book, kept);
    let numbers = planner.numbers();
    let present = tx.dids_by_number(&numbers).await?;
    let own = tx.own_numbers(&numbers).await?.into_iter().collect();
    let groups = tx.groups(&DidFilter::default()).await?;
    let usage = usage_of(&groups, &planner.book);
    let failovers = usage.into_iter().map(|(route, usage)| (route, usage.failover)).collect();
    let (book, plan) = planner.finish(present, own, failovers).map_err(Error::AccountFile)?;
    // A new home lets routes ring where they could not, as does a country that is allowed.
    let moves = plan.account.as_ref().is_some_and(|(_, country)| *country != tx.account().country);
    if moves || !plan.destinations_added.is_empty() {
        actor.may_open(tx.account().id)?;
    }
    let total: u64 = groups.iter().map(|group| group.dids).sum();
    let mut result = FileResult { account: Some(tx.account().id), ..FileResult::of(&plan) };
    let (cases, accepted) = (cases + result.cases_added, accepted + result.accepted_added);
    limits(&book, total + result.dids_added, cases, accepted)?;
    let (name, country) = plan.account.clone().unwrap_or_default();
    let now = tx.account();
    let defaults = &file.account.defaults;
    result.account_changed = (&now.name, &now.country, &now.defaults) != (&name, &country, defaults);
    let mut changes = Vec::new();
    if result.account_changed {
        let before = account_json(&now.name, &now.country, &now.defaults);
        changes.push(account_change(&name, Some(before), account_json(&name, &country, defaults)));
        tx.update_account(&name, &country, defaults).await?;
    }
    write(tx, book, plan, changes).await?;
    let done = Done {
        changed: result.changed(),
        unchanged: result.unchanged,
        ..Done::one(OperationKind::ImportAccount, &name)
    };
    let operation = done.by(actor, tx.account().id);
    Ok((result, operation))
}

fn limits(book: &Book, dids: u64, cases: u64, accepted: u64) -> Result<()> {
    if book.added_count() > ROUTES_PER_ACCOUNT_MAX {
        return Err(Error::Limit { what: Noun::Route, max: ROUTES_PER_ACCOUNT_MAX as u64 });
    }
    if book.schedules().count() > SCHEDULES_PER_ACCOUNT_MAX {
        return Err(Error::Limit { what: Noun::Schedule, max: SCHEDULES_PER_ACCOUNT_MAX as u64 });
    }
    if book.plans().count() > PLANS_PER_ACCOUNT_MAX {
        return Err(Error::Limit { what: Noun::Plan, max: PLANS_PER_ACCOUNT_MAX as u64 });
    }
    if cases > CASES_PER_ACCOUNT_MAX as u64 {
        return Err(Error::Limit { what: Noun::Case, max: CASES_PER_ACCOUNT_MAX as u64 });
    }
    if accepted > ACCEPTED_PER_ACCOUNT_MAX as u64 {
        return Err(Error::Limit { what: Noun::AcceptedFinding, max: ACCEPTED_PER_ACCOUNT_MAX as u64 });
    }
    if dids > DIDS_PER_ACCOUNT_MAX as u64 {
        return Err(Error::Limit { what: Noun::Did, max: DIDS_PER_ACCOUNT_MAX as u64 });
    }
    Ok(())
}
