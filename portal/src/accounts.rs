//! The account: until sign-in, there is one.

use std::sync::Arc;

use routing::{AccountId, Dialling};
use store::{Account, Operation, Tx};

use crate::facts::{Cache, Facts};
use crate::history::{Done, OperationKind, account_change, account_json};
use crate::labels::label;
use crate::{Actor, Error, Field, FieldError, Noun, Portal, Problem, Result, Via};

/// Who the history names for an account created in the browser, where nobody signs in yet.
const FIRST_ACTOR: &str = "owner";

/// An account as typed at the first visit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewAccount {
    /// What to call it.
    pub name: String,
    /// Its country, ISO 3166-1 alpha-2: where national numbers are read.
    pub country: String,
}

impl Portal {
    /// Over a store.
    pub fn new(store: store::Store) -> Portal {
        Portal { store, cache: Arc::new(Cache::default()) }
    }

    /// Opens the database of an address, such as `sqlite:path` or `postgres://user@host/name`; creates and
    /// migrates it.
    ///
    /// # Errors
    /// The address is not understood, or the database is out of reach, too old, or of a newer program.
    pub async fn open(database: &str) -> Result<Portal> {
        let url: store::DatabaseUrl = database.parse()?;
        Ok(Portal::new(store::Store::connect(&url).await?))
    }

    /// Waits until running calls are done and closes the database.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// Asks the database for an answer: whether this process can do its work.
    ///
    /// # Errors
    /// It gives none.
    pub async fn ask_database(&self) -> Result<()> {
        Ok(self.store.ask().await?)
    }

    /// The name of the database that it stands on.
    pub fn database(&self) -> &'static str {
        match self.store.kind() {
            store::DatabaseKind::Sqlite => "SQLite",
            store::DatabaseKind::Postgres => "PostgreSQL",
        }
    }

    /// Which database it stands on.
    pub fn store_kind(&self) -> store::DatabaseKind {
        self.store.kind()
    }

    /// The account, if the first visit was made.
    ///
    /// # Errors
    /// The database failed.
    pub async fn account(&self) -> Result<Option<Account>> {
        Ok(self.store.accounts().await?.into_iter().next())
    }

    /// Creates the account, from the browser: the history begins with it.
    ///
    /// # Errors
    /// [`Error::Refused`] with every problem of what was typed; [`Error::AccountExists`].
    pub async fn create_account(&self, new: &NewAccount) -> Result<Account> {
        let new = check(new).map_err(Error::Refused)?;
        let (tx, created) = self.begin_account(new, FIRST_ACTOR, Via::Browser).await?;
        let id = tx.account().id;
        tx.commit(created).await?;
        self.created(id).await
    }

    /// Begins to create an account, and says by what operation. What fills it belongs into the same transaction:
    /// a process that dies half-way then leaves none, instead of half of one.
    pub(crate) async fn begin_account(
        &self,
        new: store::NewAccount,
        who: &str,
        via: Via,
    ) -> Result<(Tx, Operation)> {
        let mut tx = self.store.create_account(new).await?;
        let account = tx.account();
        let operation =
            Done::one(OperationKind::CreateAccount, &account.name).by(&Actor::owner(account.id, who, via));
        let after = account_json(&account.name, &account.country, &account.defaults);
        let change = account_change(&account.name, None, after);
        tx.record(&[change]).await?;
        Ok((tx, operation))
    }

    pub(crate) async fn created(&self, id: AccountId) -> Result<Account> {
        self.store.account(id).await?.ok_or(Error::NotFound(Noun::Account))
    }

    pub(crate) async fn facts(&self, account: AccountId) -> Result<Arc<Facts>> {
        self.cache.facts(&self.store, account).await
    }
}

pub(crate) fn check(new: &NewAccount) -> Result<store::NewAccount, Vec<FieldError>> {
    let mut problems = Vec::new();
    let name = label(&new.name)
        .and_then(|name| name.ok_or(Problem::Missing))
        .map_err(|problem| problems.push(FieldError::new(Field::Name, problem)));
    let country = match Dialling::of(new.country.trim()) {
        Some(dialling) => Ok(dialling.country().iso().to_owned()),
        None if new.country.trim().is_empty() => Err(Problem::Missing),
        None => Err(Problem::UnknownCountry),
    }
    .map_err(|problem| problems.push(FieldError::new(Field::Country, problem)));
    match (name, country) {
        (Ok(name), Ok(country)) => Ok(store::NewAccount { name, country, sample: false }),
        _ => Err(problems),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_needs_a_name_and_a_country_that_exists() {
        type Found = &'static [(&'static str, &'static str)];
        let long = "x".repeat(65);
        let rows: [(&str, &str, Found); 6] = [
            ("Northwind", "US", &[]),
            ("Northwind", "de", &[]),
            ("", "", &[("name", "missing"), ("country", "missing")]),
            (" ", "QQ", &[("name", "missing"), ("country", "unknown_country")]),
            ("a\tb", "US", &[("name", "unprintable")]),
            (&long, "US", &[("name", "too_long")]),
        ];
        for (name, country, expected) in rows {
            let new = NewAccount { name: name.into(), country: country.into() };
            let problems = check(&new).err().unwrap_or_default();
            let found: Vec<(&str, &str)> =
                problems.iter().map(|error| (error.field.name(), error.problem.code())).collect();
            assert_eq!(found, expected, "{name:?} {country:?}");
        }
    }
}
