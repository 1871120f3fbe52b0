//! DIDs: the numbers, and where they ring.

mod draft;

use routing::{AccountId, CallingCode, E164, RouteId, Routing, Snapshot, Version};
use store::{Cursor, DidFilter, DidSort, DidUpdate, Note, PageRequest, RouteRow, Subject, UnixMs};

pub use draft::DidDraft;
pub(crate) use draft::weights;

use crate::book::Book;
use crate::cases::commit;
use crate::history::{Done, OperationKind, did_updated};
use crate::limits::{DID_CHANGES, MATCHING_COUNT_MAX, PAGE_SIZES, SEARCH_COUNT_MAX};
use crate::plans::PlanFindings;
use crate::{
    Actor, ChangeView, Conflict, DidRow, Error, Finding, Noun, PlanView, Portal, Result, Saved, zones,
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
    pub primary: RouteRow,
    /// Where it rings when that fails, if that is a route.
    pub failover: Option<RouteRow>,
    /// What is tried when that fails, if that is a plan.
    pub failover_plan: Option<PlanView>,
    /// What was changed of it, newest first.
    pub changes: Vec<ChangeView>,
    /// The configuration that its calls need, for the preview.
    pub snapshot: Snapshot,
    /// Those of its routes that are marked down.
    pub marked_down: Vec<RouteId>,
    /// What the staff tells of it, the latest first.
    pub notes: Vec<Note>,
    /// What is wrong with its routing.
    pub findings: Vec<Finding>,
    /// A version of the account at which it was so: what is edited from this page is edited as of it.
    pub as_of: Version,
    /// The moment of all this, for the preview: which hours are open.
    pub now: UnixMs,
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
        let totals = facts.totals(&self.store).await?;
        let (page, matching) = match totals.of(&query.filter) {
            // While a first import runs, PostgreSQL would look at each of its rows to find none.
            Some(0) => (store::DidPage::empty(request), Count { n: 0, capped: false }),
            Some(n) => {
                let page = self.store.did_page(account, &query.filter, request).await?;
                (page, Count { n, capped: false })
            }
            None => {
                let most = if query.filter.q.is_some() { SEARCH_COUNT_MAX } else { MATCHING_COUNT_MAX };
                let (page, n) =
                    self.store.did_page_and_count(account, &query.filter, request, most + 1).await?;
                (page, Count { n: n.min(most), capped: n > most })
            }
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
        // Read before it: what somebody saves after it was read must be later than this, or a form would overwrite it.
        let seen = self.facts(account).await?.account.version;
        let row = self.store.did(account, number).await?.ok_or(Error::NotFound(Noun::Did))?;
        let as_of = seen.max(row.version);
        // Read after it, they know the routes that it names.
        let facts = self.facts(account).await?;
        let route = |id| facts.book.get(id).cloned().ok_or(Error::NotFound(Noun::Route));
        let mut snapshot = self.store.snapshot_for(account, &[number]).await?;
        zones::fill(&mut snapshot);
        let changes = self.store.changes_for(account, Subject::Did(number), DID_CHANGES).await?;
        let primary = route(row.did.primary)?;
        let failover = row.did.failover.route().map(route).transpose()?;
        let failover_plan = match row.did.failover.plan() {
            Some(id) => self.store.plan(account, id).await?,
            None => None,
        };
        let findings = self.findings_of_did(&facts, &snapshot, number).await?;
        Ok(DidView {
            row: facts.book.did_row(row),
            primary,
            failover,
            failover_plan: failover_plan.map(|(row, dids)| {
                let plan = facts.book.plan_ref_of(&row.plan);
                let mut found = PlanFindings::default();
                found.extend(findings.iter().filter(|finding| finding.is_of_plan(&plan)).cloned());
                PlanView::new(&facts.book, row, dids, found)
            }),
            changes: changes.into_iter().map(ChangeView::new).collect(),
            notes: self.store.notes_on(account, number).await?,
            marked_down: facts.marked_down(snapshot.routes.iter().map(|route| route.id)),
            snapshot,
            findings,
            as_of,
            now: UnixMs::now(),
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
        let mut tx = self.begin(account).await?;
        let book = Book::read_in(&mut tx, edges).await?;
        let row = tx.dids_by_number(&[number]).await?.into_iter().next().ok_or(Error::NotFound(Noun::Did))?;
        if row.version > as_of {
            let (about, now) = (Subject::Did(number), book.did_row(row));
            return Err(Error::DidConflict(Conflict::since(&mut tx, about, as_of, now).await?));
        }
        let chosen = draft::failover(&draft.failover, &book).unwrap_or_default();
        let own = tx.own_numbers(&book.numbers_in(book.targets_of(chosen))).await?;
        let barred = book.failover_barred(chosen, &own.into_iter().collect());
        let (alias, routing) = draft::read(draft, &book, barred).map_err(Error::Refused)?;
        let old = &row.did;
        if (&alias, routing) == (&old.alias, Routing::of(old)) {
            return Ok(Saved { dids: 1, changed: false });
        }
        let update = DidUpdate { now: row.did, alias, routing };
        tx.record(&[did_updated(&book, &update)]).await?;
        tx.update_dids(&[update]).await?;
        commit(tx, Done::one(OperationKind::EditDid, &number.to_string()).by(actor, account), actor).await?;
        Ok(Saved { dids: 1, changed: true })
    }
}
