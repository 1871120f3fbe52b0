//! What most pages need of an account, kept in memory for as long as its version stays the same: a page of DIDs
//! must not read thousands of routes again and again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use routing::{AccountId, CallingCode, Dialling};
use store::{Account, Store};

use crate::book::Book;
use crate::{Error, Noun, Result};

/// An account at one version.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) account: Account,
    pub(crate) book: Book,
    totals: OnceLock<Totals>,
}

/// How many DIDs there are, and of which countries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) dids: u64,
    pub(crate) codes: Vec<(CallingCode, u64)>,
}

/// The latest facts of each account. Every answer is checked against the version in the database, so that other
/// servers on the same database are seen at once.
#[derive(Debug, Default)]
pub(crate) struct Cache(Mutex<HashMap<AccountId, Arc<Facts>>>);

impl Cache {
    pub(crate) async fn facts(&self, store: &Store, id: AccountId) -> Result<Arc<Facts>> {
        // The version is read first: what is read after it is at least as new.
        let account = store.account(id).await?.ok_or(Error::NotFound(Noun::Account))?;
        if let Some(known) = self.known(id)
            && known.account.version == account.version
        {
            return Ok(known);
        }
        let book = Book::new(store.route_choices(id).await?, store.edges().await?, dialling(&account));
        let facts = Arc::new(Facts { account, book, totals: OnceLock::new() });
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::clone(&facts));
        Ok(facts)
    }

    fn known(&self, id: AccountId) -> Option<Arc<Facts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }
}

impl Facts {
    pub(crate) async fn totals(&self, store: &Store) -> Result<Totals> {
        if let Some(totals) = self.totals.get() {
            return Ok(totals.clone());
        }
        let counted = store.calling_codes(self.account.id).await?;
        let dids = counted.iter().map(|(_, dids)| dids).sum();
        let codes = counted
            .into_iter()
            .map(|(code, dids)| {
                (CallingCode::of(code).unwrap_or(CallingCode { code, name: "Unknown" }), dids)
            })
            .collect();
        let totals = Totals { dids, codes };
        Ok(self.totals.get_or_init(|| totals).clone())
    }
}

/// How the account's people dial.
pub(crate) fn dialling(account: &Account) -> Dialling {
    Dialling::of(&account.country).unwrap_or_default()
}
