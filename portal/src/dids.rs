//! DIDs: the numbers, and where they ring.

use routing::{AccountId, Alias, CallingCode, E164, Failover, OwnDid, RouteId, Snapshot, Version};
use store::{Cursor, DidFilter, DidSort, DidUpdate, PageRequest, Subject};

use crate::book::Book;
use crate::facts::dialling;
use crate::history::{Done, OperationKind, did_change, did_json};
use crate::limits::{DID_CHANGES, MATCHING_COUNT_MAX, PAGE_SIZES};
use crate::{
    Actor, ChangeView, DidConflict, DidRow, Error, Field, FieldError, Finding, Noun, Portal, Problem, Result,
    RouteView, Saved,
};

/// Which page of the list of DIDs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DidQuery {
    /// Which DIDs.
    pub filter: DidFilter,
    /// The order.
    pub sort: DidSort,
    /// The other way round.
    pub descending: bool,
    /// Where the page starts. One of another order is taken for none.
    pub cursor: Option<Cursor>,
    /// The page that ends before the cursor instead.
    pub backwards: bool,
    /// One of [`PAGE_SIZES`]; any other is taken for the next larger one.
    pub page_size: u32,
}

impl Default for DidQuery {
    fn default() -> DidQuery {
        DidQuery {
            filter: DidFilter::default(),
            sort: DidSort::default(),
            descending: false,
            cursor: None,
            backwards: false,
            page_size: PAGE_SIZES[0],
        }
    }
}

/// A count that may have stopped early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// How many, at least.
    pub n: u64,
    /// Whether there are more.
    pub capped: bool,
}

/// A page of DIDs.
#[derive(Clone, Debug)]
pub struct DidPage {
    /// Its rows.
    pub rows: Vec<DidRow>,
    /// Where the next page starts.
    pub next: Option<Cursor>,
    /// Where the page before ends: to be asked for backwards.
    pub previous: Option<Cursor>,
    /// How many match the filter.
    pub matching: Count,
    /// How many there are.
    pub total: u64,
    /// The countries among all of them.
    pub codes: Vec<(CallingCode, u64)>,
    /// The account's version: what is chosen from this page is chosen as of it.
    pub as_of: Version,
}

/// All about a DID.
#[derive(Clone, Debug)]
pub struct DidView {
    /// The DID.
    pub row: DidRow,
    /// Where it rings.
    pub primary: RouteView,
    /// Where it rings when that fails.
    pub failover: Option<RouteView>,
    /// What was changed of it, newest first.
    pub changes: Vec<ChangeView>,
    /// The configuration that its calls need, for the preview.
    pub snapshot: Snapshot,
    /// Those of its routes that are marked down.
    pub marked_down: Vec<RouteId>,
    /// What is wrong with its routing.
    pub findings: Vec<Finding>,
    /// The account's version.
    pub as_of: Version,
}

/// A DID as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DidDraft {
    /// What to call it; empty: nothing.
    pub alias: String,
    /// The id of the primary route.
    pub primary: String,
    /// The id of the failover route; empty: none.
    pub failover: String,
}

impl Portal {
    /// A page of the account's DIDs.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn dids(&self, actor: &Actor, account: AccountId, query: &DidQuery) -> Result<DidPage> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let cursor = query.cursor.as_ref().filter(|cursor| cursor.sort() == query.sort);
        let limit = PAGE_SIZES.into_iter().find(|size| *size >= query.page_size).unwrap_or(PAGE_SIZES[2]);
        let request = PageRequest {
            sort: query.sort,
            descending: query.descending,
            cursor,
            backwards: query.backwards && cursor.is_some(),
            limit,
        };
        let page = self.store.did_page(account, &query.filter, request).await?;
        let totals = facts.totals(&self.store).await?;
        let matching = if query.filter.is_all() {
            Count { n: totals.dids, capped: false }
        } else {
            let n = self.store.count_dids(account, &query.filter, Some(MATCHING_COUNT_MAX + 1)).await?;
            Count { n: n.min(MATCHING_COUNT_MAX), capped: n > MATCHING_COUNT_MAX }
        };
        Ok(DidPage {
            rows: page.rows.into_iter().map(|row| facts.book.did_row(row)).collect(),
            next: page.next,
            previous: page.previous,
            matching,
            total: totals.dids,
            codes: totals.codes,
            as_of: facts.account.version,
        })
    }

    /// One DID.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn did(&self, actor: &Actor, account: AccountId, number: E164) -> Result<DidView> {
        actor.may_read(account)?;
        let facts = self.facts(account).await?;
        let row = self.store.did(account, number).await?.ok_or(Error::NotFound(Noun::Did))?;
        let snapshot = self.store.snapshot_for(account, &[number]).await?;
        let changes = self.store.changes_for(account, Subject::Did(number), DID_CHANGES).await?;
        let failover = match row.did.failover.route() {
            Some(id) => Some(self.route(actor, account, id).await?),
            None => None,
        };
        let primary = self.route(actor, account, row.did.primary).await?;
        let marked_down = std::iter::once(&primary)
            .chain(failover.as_ref())
            .filter(|view| view.health.is_down())
            .map(|view| view.route.id)
            .collect();
        let own = match &failover {
            Some(view) => self.store.own_numbers(&facts.book.numbers_in([&view.route.target])).await?,
            None => Vec::new(),
        };
        let pair =
            store::Pair { primary: row.did.primary, failover: row.did.failover, dids: 1, example: number };
        let own = own.into_iter().collect();
        let findings = crate::overview::findings(&facts, &[pair], &own);
        Ok(DidView {
            row: facts.book.did_row(row),
            primary,
            failover,
            changes: changes.into_iter().map(ChangeView::new).collect(),
            snapshot,
            marked_down,
            findings,
            as_of: facts.account.version,
        })
    }

    /// Changes one DID. `as_of` is the version of the DID, or of the account, that the form was filled from.
    ///
    /// # Errors
    /// [`Error::DidConflict`] if somebody changed it since; [`Error::Refused`] with every problem of the draft;
    /// [`Error::NotFound`].
    pub async fn edit_did(
        &self,
        actor: &Actor,
        account: AccountId,
        number: E164,
        as_of: Version,
        draft: &DidDraft,
    ) -> Result<Saved> {
        actor.may_write(account)?;
        let edges = self.store.edges().await?;
        let mut tx = self.store.begin(account).await?;
        let book = Book::new(tx.route_choices().await?, edges, dialling(tx.account()));
        let row = tx.dids_by_number(&[number]).await?.into_iter().next().ok_or(Error::NotFound(Noun::Did))?;
        if row.version > as_of {
            let changes = tx.changes_since(Subject::Did(number), as_of).await?;
            return Err(Error::DidConflict(Box::new(DidConflict {
                changes: changes.into_iter().map(ChangeView::new).collect(),
                now: book.did_row(row),
            })));
        }
        let chosen = chosen_route(&book, &draft.failover);
        let barred = match chosen.and_then(|id| book.get(id)) {
            Some(route) => {
                let own = tx.own_numbers(&book.numbers_in([&route.route.target])).await?;
                book.barred(&route.route.target, &own.into_iter().collect())
            }
            None => None,
        };
        let (alias, primary, failover) = read(draft, &book, barred).map_err(Error::Refused)?;
        let old = &row.did;
        if (&alias, primary, failover) == (&old.alias, old.primary, old.failover) {
            return Ok(Saved { dids: 1, changed: false });
        }
        let before = did_json(&book, old.alias.as_ref(), old.primary, old.failover);
        let after = did_json(&book, alias.as_ref(), primary, failover);
        tx.update_dids(&[DidUpdate { id: old.id, alias, primary, failover }]).await?;
        tx.record(&[did_change(number, Some(before), Some(after))]).await?;
        tx.commit(Done::one(OperationKind::EditDid, &number.to_string()).by(actor)).await?;
        Ok(Saved { dids: 1, changed: true })
    }
}

fn chosen_route(book: &Book, typed: &str) -> Option<RouteId> {
    typed.trim().parse().ok().map(RouteId).filter(|id| book.get(*id).is_some())
}

type DidFields = (Option<Alias>, RouteId, Failover);

/// What a draft amounts to; `barred` says how the chosen failover leads back to us.
fn read(draft: &DidDraft, book: &Book, barred: Option<OwnDid>) -> Result<DidFields, Vec<FieldError>> {
    let mut problems = Vec::new();
    let alias = if draft.alias.trim().is_empty() {
        None
    } else {
        Alias::parse(&draft.alias)
            .map_err(|error| problems.push(FieldError::new(Field::Alias, Problem::Alias(error))))
            .ok()
    };
    let primary = chosen_route(book, &draft.primary);
    if primary.is_none() {
        let problem = if draft.primary.trim().is_empty() { Problem::Missing } else { Problem::UnknownRoute };
        problems.push(FieldError::new(Field::Route, problem));
    }
    let failover = if draft.failover.trim().is_empty() {
        Failover::None
    } else {
        match chosen_route(book, &draft.failover) {
            None => {
                problems.push(FieldError::new(Field::Route, Problem::UnknownRoute));
                Failover::None
            }
            Some(id) if Some(id) == primary => {
                problems.push(FieldError::new(Field::Route, Problem::SameAsPrimary));
                Failover::None
            }
            Some(id) => {
                if let Some(why) = barred {
                    problems.push(FieldError::new(Field::Route, Problem::OwnDid { why, dids: 0 }));
                }
                Failover::Route(id)
            }
        }
    };
    match primary {
        Some(primary) if problems.is_empty() => Ok((alias, primary, failover)),
        _ => Err(problems),
    }
}
