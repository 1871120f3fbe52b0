//! Accounts, and what opens the portal.

use std::sync::Arc;

use routing::{AccountId, Dialling};
use store::{Account, Operation, Tx};

use crate::facts::Facts;
use crate::history::{Done, OperationKind, account_change, account_json};
use crate::labels::label;
use crate::{Actor, Error, Field, FieldError, Noun, Portal, Problem, Result, Via};

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
        Portal {
            store,
            cache: Arc::default(),
            import_plans: Arc::default(),
            throttle: Arc::default(),
            provider: None,
            tallies: Arc::default(),
            jobs: Arc::default(),
        }
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

    /// Begins to create an account, and says by what operation. What fills it belongs into the same transaction:
    /// a process that dies half-way then leaves none, instead of half of one.
    pub(crate) async fn begin_account(
        &self,
        new: store::NewAccount,
        who: &str,
        via: Via,
    ) -> Result<(Tx, Operation)> {
        let mut tx = self.store.create_account(new).await?;
        let actor = Actor::owner(tx.account().id, who, via);
        let created = creation(&mut tx, &actor).await?;
        Ok((tx, created))
    }

    /// The same, by somebody who does not become its owner.
    pub(crate) async fn begin_account_by(
        &self,
        new: store::NewAccount,
        actor: &Actor,
    ) -> Result<(Tx, Operation)> {
        let mut tx = self.store.create_account(new).await?;
        let created = creation(&mut tx, actor).await?;
        Ok((tx, created))
    }

    pub(crate) async fn created(&self, id: AccountId) -> Result<Account> {
        self.store.account(id).await?.ok_or(Error::NotFound(Noun::Account))
    }

    pub(crate) async fn facts(&self, account: AccountId) -> Result<Arc<Facts>> {
        self.cache.facts(&self.store, account).await
    }
}

/// The first operation of an account, with its change.
async fn creation(tx: &mut Tx, actor: &Actor) -> Result<Operation> {
    let account = tx.account().clone();
    let after = account_json(&account.name, &account.country, &account.defaults);
    tx.record(&[account_change(&account.name, None, after)]).await?;
    Ok(Done::one(OperationKind::CreateAccount, &account.name).by(actor, account.id))
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
        (Ok(name), Ok(country)) => {
            Ok(store::NewAccount { name, country, sample: false, created_at: store::UnixMs::now() })
        }
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
