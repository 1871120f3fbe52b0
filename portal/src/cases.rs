//! Saved cases: calls with what they are expected to come to. Every change of the account is held against them.

mod draft;
mod forecast;
mod gate;

use routing::{AccountId, Alias, Case, CaseId, E164, Reaches, Snapshot, SrvRecord, Verdict, Version};
use serde_json::{Value, json};
use store::{CaseRow, NewCase, NewChange, Store, Subject, Tx, UnixMs};

pub use draft::CaseDraft;
pub(crate) use forecast::Forecast;
pub(crate) use gate::commit;

use crate::book::Book;
use crate::facts::dialling;
use crate::file::fault_text;
use crate::history::{CASE, Done, OperationKind};
use crate::limits::CASES_PER_ACCOUNT_MAX;
use crate::moments::moment;
use crate::routes::answerer_name;
use crate::{Actor, Conflict, Error, Noun, Portal, Result, Saved, zones};

/// A saved case, and what comes of it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseView {
    /// Its id.
    pub id: CaseId,
    /// What its owner calls it.
    pub name: Alias,
    /// The call, and what it is expected to come to.
    pub case: Case,
    /// What it comes to in the account as it is.
    pub verdict: Verdict,
    /// The account's version at which it last changed: the `as_of` of an edit.
    pub version: Version,
    /// When it was saved first.
    pub created_at: UnixMs,
}

/// A case that a change would break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenCase {
    /// Its id.
    pub id: CaseId,
    /// What its owner calls it.
    pub name: Alias,
    /// The call, and what it is expected to come to.
    pub case: Case,
    /// What it comes to now: it holds.
    pub before: Verdict,
    /// What it would come to: it does not.
    pub after: Verdict,
}

/// A case as it was read from the store.
#[derive(Clone, Debug)]
pub(crate) struct SavedCase {
    pub(crate) id: CaseId,
    pub(crate) name: Alias,
    pub(crate) case: Case,
    version: Version,
    created_at: UnixMs,
}

impl SavedCase {
    fn new(row: CaseRow) -> Result<SavedCase> {
        let CaseRow { id, name, body, created_at, version } = row;
        let case = serde_json::from_value(body).map_err(|error| {
            let problem = error.to_string();
            Error::Store(store::Error::Corrupt {
                table: "cases",
                row: id.to_string(),
                column: "body",
                problem,
            })
        })?;
        Ok(SavedCase { id, name, case, version, created_at })
    }

    fn view(self, snapshot: &Snapshot) -> CaseView {
        let SavedCase { id, name, case, version, created_at } = self;
        CaseView { id, name, verdict: case.run(snapshot), case, version, created_at }
    }
}

pub(crate) fn saved(rows: Vec<CaseRow>) -> Result<Vec<SavedCase>> {
    rows.into_iter().map(SavedCase::new).collect()
}

/// The numbers that cases call, each once.
fn numbers(cases: &[SavedCase]) -> Vec<E164> {
    let mut numbers: Vec<E164> = cases.iter().map(|case| case.case.scenario.did).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The configuration that cases need, as a transaction has it.
async fn snapshot_in(tx: &mut Tx, cases: &[SavedCase]) -> Result<Snapshot> {
    let mut snapshot = tx.snapshot_for(&numbers(cases)).await?;
    zones::fill(&mut snapshot);
    Ok(snapshot)
}

/// Reading.
impl Portal {
    /// The account's cases by name, each with what comes of it now.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn cases(&self, actor: &Actor, account: AccountId) -> Result<Vec<CaseView>> {
        actor.may_read(account)?;
        let cases = saved(self.store.cases(account).await?)?;
        views(&self.store, account, cases).await
    }

    /// One case.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn case(&self, actor: &Actor, account: AccountId, id: CaseId) -> Result<CaseView> {
        actor.may_read(account)?;
        let row = self.store.case(account, id).await?.ok_or(Error::NotFound(Noun::Case))?;
        let views = views(&self.store, account, vec![SavedCase::new(row)?]).await?;
        views.into_iter().next().ok_or(Error::NotFound(Noun::Case))
    }
}

async fn views(store: &Store, account: AccountId, cases: Vec<SavedCase>) -> Result<Vec<CaseView>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let mut snapshot = store.snapshot_for(account, &numbers(&cases)).await?;
    zones::fill(&mut snapshot);
    Ok(cases.into_iter().map(|case| case.view(&snapshot)).collect())
}

/// Writing. A case alters no call, so that these need not be held against the others.
impl Portal {
    /// Saves a case. It need not hold yet.
    ///
    /// # Errors
    /// [`Error::Refused`] with every problem of the draft; [`Error::Limit`]; [`Error::NotFound`].
    pub async fn add_case(&self, actor: &Actor, account: AccountId, draft: &CaseDraft) -> Result<CaseId> {
        actor.may_write(account)?;
        let edges = self.store.edges().await?;
        let mut tx = self.store.begin(account).await?;
        let cases = saved(tx.cases().await?)?;
        if cases.len() >= CASES_PER_ACCOUNT_MAX {
            return Err(Error::Limit { what: Noun::Case, max: CASES_PER_ACCOUNT_MAX as u64 });
        }
        let book = Book::new(tx.route_choices().await?, edges, dialling(tx.account()));
        let name = read_in(&mut tx, draft, None, &cases, &book).await?;
        let id = tx.insert_case(&new_case(&name, &draft.case)?).await?;
        tx.record(&[case_change(&book, id, None, Some((&name, &draft.case)))]).await?;
        tx.commit(Done::one(OperationKind::SaveCase, name.as_str()).by(actor, account)).await?;
        Ok(id)
    }

    /// Changes a case. `as_of` is the version of the case, or of the account, that the form was filled from.
    ///
    /// # Errors
    /// [`Error::CaseConflict`] if somebody changed it since; [`Error::Refused`] with every problem of the draft;
    /// [`Error::NotFound`].
    pub async fn edit_case(
        &self,
        actor: &Actor,
        account: AccountId,
        id: CaseId,
        as_of: Version,
        draft: &CaseDraft,
    ) -> Result<Saved> {
        actor.may_write(account)?;
        let edges = self.store.edges().await?;
        let mut tx = self.store.begin(account).await?;
        let old = unchanged_since(&mut tx, id, as_of).await?;
        let cases = saved(tx.cases().await?)?;
        let book = Book::new(tx.route_choices().await?, edges, dialling(tx.account()));
        let name = read_in(&mut tx, draft, Some(id), &cases, &book).await?;
        if (&name, &draft.case) == (&old.name, &old.case) {
            return Ok(Saved { dids: 0, changed: false });
        }
        tx.update_case(id, &new_case(&name, &draft.case)?).await?;
        let (before, after) = ((&old.name, &old.case), (&name, &draft.case));
        tx.record(&[case_change(&book, id, Some(before), Some(after))]).await?;
        tx.commit(Done::one(OperationKind::EditCase, name.as_str()).by(actor, account)).await?;
        Ok(Saved { dids: 0, changed: true })
    }

    /// Deletes a case.
    ///
    /// # Errors
    /// [`Error::CaseConflict`]; [`Error::NotFound`].
    pub async fn delete_case(
        &self,
        actor: &Actor,
        account: AccountId,
        id: CaseId,
        as_of: Version,
    ) -> Result<()> {
        actor.may_write(account)?;
        let edges = self.store.edges().await?;
        let mut tx = self.store.begin(account).await?;
        let old = unchanged_since(&mut tx, id, as_of).await?;
        let book = Book::new(tx.route_choices().await?, edges, dialling(tx.account()));
        tx.delete_case(id).await?;
        tx.record(&[case_change(&book, id, Some((&old.name, &old.case)), None)]).await?;
        tx.commit(Done::one(OperationKind::DeleteCase, old.name.as_str()).by(actor, account)).await?;
        Ok(())
    }
}

async fn read_in(
    tx: &mut Tx,
    draft: &CaseDraft,
    id: Option<CaseId>,
    cases: &[SavedCase],
    book: &Book,
) -> Result<Alias> {
    let number = draft.case.scenario.did;
    let is_ours = !tx.dids_by_number(&[number]).await?.is_empty();
    draft::read(draft, id, cases, is_ours, book).map_err(Error::Refused)
}

/// The case, unless somebody changed it after `as_of`.
async fn unchanged_since(tx: &mut Tx, id: CaseId, as_of: Version) -> Result<SavedCase> {
    let old = SavedCase::new(tx.case(id).await?.ok_or(Error::NotFound(Noun::Case))?)?;
    if old.version > as_of {
        let cases = [old];
        let snapshot = snapshot_in(tx, &cases).await?;
        let [old] = cases;
        let now = old.view(&snapshot);
        return Err(Error::CaseConflict(Conflict::since(tx, Subject::Case(id), as_of, now).await?));
    }
    Ok(old)
}

/// A case to write.
pub(crate) fn new_case(name: &Alias, case: &Case) -> Result<NewCase> {
    let body = serde_json::to_value(case)
        .map_err(|source| Error::Store(store::Error::Encode { doing: "save the case", source }))?;
    Ok(NewCase { name: name.clone(), body })
}

/// A change to a case.
pub(crate) fn case_change(
    book: &Book,
    id: CaseId,
    before: Option<(&Alias, &Case)>,
    after: Option<(&Alias, &Case)>,
) -> NewChange {
    let label = after.or(before).map(|(name, _)| name.to_string()).unwrap_or_default();
    let json = |(name, case): (&Alias, &Case)| case_json(book, name, case);
    NewChange::of(Subject::Case(id), label, before.map(json), after.map(json))
}

/// A case as the history keeps it: with names, which read the same after what they name is gone.
fn case_json(book: &Book, name: &Alias, case: &Case) -> Value {
    let Case { scenario, expect } = case;
    let list = |texts: Vec<String>| (!texts.is_empty()).then(|| texts.join(", "));
    let aliases = |ids: &[routing::RouteId]| list(ids.iter().map(|id| book.alias(*id).to_string()).collect());
    let srv = |record: &SrvRecord| format!("{} → {}", record.host, record.targets.join(" "));
    let (expects, route) = match expect.reaches {
        Reaches::Route(id) => (book.alias(id).to_string(), Some(id)),
        Reaches::Answerer(answerer) => (answerer_name(answerer).to_owned(), None),
        Reaches::Somebody => ("somebody".to_owned(), None),
        Reaches::Nobody => ("nobody".to_owned(), None),
    };
    json!({
        "name": name.as_str(),
        "number": scenario.did,
        "at": scenario.at.map(moment),
        "faults": list(scenario.faults.iter().map(|injected| fault_text(book, injected)).collect()),
        "hangs_up_ms": scenario.caller.hangs_up_after,
        "profile": scenario.profile,
        "seed": (scenario.seed != 0).then(|| scenario.seed.to_string()),
        "srv": list(scenario.srv.iter().map(srv).collect()),
        "marked_down": aliases(&scenario.marked_down),
        "switched_off": aliases(&scenario.switched_off),
        "expects": expects,
        "expects_id": route,
        "within_ms": expect.within_ms,
        CASE: case,
    })
}
