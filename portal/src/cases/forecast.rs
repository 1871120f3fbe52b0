//! Which cases a change of DIDs would break, before anybody makes it: what the gate would say of it.

use std::collections::BTreeMap;

use routing::{Alias, Case, CaseId, Did, E164, Routing, Snapshot};

use super::gate::broken;
use super::{BrokenCase, SavedCase, numbers, saved};
use crate::facts::Facts;
use crate::{Portal, Result};

/// The account's cases, and the DIDs that they call before and after a change. All is empty without cases.
#[derive(Debug, Default)]
pub(crate) struct Forecast {
    cases: Vec<SavedCase>,
    before: Snapshot,
    /// By number.
    after: Vec<Did>,
    /// All but the DIDs, where that changes too.
    configured: Option<Snapshot>,
}

impl Portal {
    /// Begins with nothing changed.
    pub(crate) async fn forecast(&self, facts: &Facts) -> Result<Forecast> {
        let account = facts.account.id;
        let cases = saved(self.store.cases(account).await?)?;
        if cases.is_empty() {
            return Ok(Forecast::default());
        }
        let rows = self.store.dids_by_number(account, &numbers(&cases)).await?;
        let dids: Vec<Did> = rows.into_iter().map(|row| row.did).collect();
        // All routes and plans: a DID may get one that none of these has yet.
        let before = Snapshot { dids: dids.clone(), ..facts.configuration() };
        Ok(Forecast { cases, before, after: dids, configured: None })
    }
}

impl Forecast {
    /// A DID would be routed so.
    pub(crate) fn becomes(&mut self, number: E164, routing: Routing) {
        if let Ok(place) = self.place(number) {
            let Routing { primary, failover, weights } = routing;
            let did = &mut self.after[place];
            (did.primary, did.failover, did.weights) = (primary, failover, weights);
        }
    }

    /// A DID would leave the account.
    pub(crate) fn leaves(&mut self, number: E164) {
        if let Ok(place) = self.place(number) {
            self.after.remove(place);
        }
    }

    /// A DID would be there again.
    pub(crate) fn returns(&mut self, did: Did) {
        let is_called = self.cases.iter().any(|case| case.case.scenario.did == did.number);
        if let Err(place) = self.place(did.number)
            && is_called
        {
            self.after.insert(place, did);
        }
    }

    /// The configuration, and the cases themselves, would be these.
    pub(crate) fn configured(&mut self, snapshot: Snapshot, cases: &BTreeMap<CaseId, (Alias, Case)>) {
        self.cases.retain_mut(|saved| match cases.get(&saved.id) {
            Some((name, case)) => {
                (saved.name, saved.case) = (name.clone(), case.clone());
                true
            }
            None => false,
        });
        self.configured = Some(snapshot);
    }

    fn place(&self, number: E164) -> Result<usize, usize> {
        self.after.binary_search_by_key(&number, |did| did.number)
    }

    /// The cases that hold now and would not then.
    pub(crate) fn broken(self) -> Vec<BrokenCase> {
        let Forecast { cases, before, after, configured } = self;
        if cases.is_empty() || (before.dids == after && configured.is_none()) {
            return Vec::new();
        }
        let after = Snapshot { dids: after, ..configured.unwrap_or_else(|| before.clone()) };
        broken(cases, &before, &after)
    }
}
