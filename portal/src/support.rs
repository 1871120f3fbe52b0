//! The support desk: whose number, route or host it is, and what is wrong where.

mod standings;

use std::collections::BTreeSet;

use routing::{AccountId, Dialling, E164, number_of_tel};
use store::{AccountName, FoundDid, FoundRoute, UnixMs};

pub(crate) use standings::Tallies;
pub use standings::{Standing, Standings, Tally};

use crate::limits::SUPPORT_FOUND_MAX;
use crate::{Actor, Portal, Result};

/// The first of what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Few<T> {
    /// At most [`SUPPORT_FOUND_MAX`].
    pub rows: Vec<T>,
    /// Whether there are more.
    pub more: bool,
}

impl<T> Few<T> {
    /// From one row more than are shown.
    fn of(mut rows: Vec<T>) -> Few<T> {
        let more = rows.len() > SUPPORT_FOUND_MAX as usize;
        rows.truncate(SUPPORT_FOUND_MAX as usize);
        Few { rows, more }
    }
}

/// What a search over every account leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A whole number was typed, and this one it is.
    Number(AccountId, E164),
    /// Whatever matches.
    Found(FoundInAll),
}

/// What a search found, in all accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundInAll {
    /// DIDs by number or alias; `None`: too little was typed to look for.
    pub dids: Option<Few<FoundDid>>,
    /// Routes by alias or value.
    pub routes: Few<FoundRoute>,
    /// Accounts by name or id.
    pub accounts: Few<AccountName>,
}

impl FoundInAll {
    /// Whether there is nothing of any kind.
    pub fn is_empty(&self) -> bool {
        self.dids.as_ref().is_none_or(|dids| dids.rows.is_empty())
            && self.routes.rows.is_empty()
            && self.accounts.rows.is_empty()
    }
}

impl Portal {
    /// Looks for a number in any format, part of one, an alias, a route's value, an account's name or id, in every
    /// account. A whole number that is a DID leads to it at once.
    ///
    /// Whose DIDs or routes are shown gets a look on record, at `page`: without the words of the search, which may be of
    /// another customer. A number that is led to gets it from its own page.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for who is not of the staff.
    pub async fn search_all(&self, actor: &Actor, typed: &str, page: &str) -> Result<Hit> {
        actor.may_see_all()?;
        let readings = readings(typed, &self.store.countries().await?);
        if let [(account, number)] = self.store.owners_of(&readings).await?.as_slice() {
            return Ok(Hit::Number(*account, *number));
        }
        let most = SUPPORT_FOUND_MAX + 1;
        let found = FoundInAll {
            dids: self.store.dids_of_all(typed, most).await?.map(Few::of),
            routes: Few::of(self.store.routes_of_all(typed, most).await?),
            accounts: Few::of(self.store.accounts_called(typed, most).await?),
        };
        self.look_at_found(actor, &found, page).await?;
        Ok(Hit::Found(found))
    }

    async fn look_at_found(&self, actor: &Actor, found: &FoundInAll, page: &str) -> Result<()> {
        let dids = found.dids.iter().flat_map(|dids| &dids.rows).map(|did| did.account.id);
        let routes = found.routes.rows.iter().map(|route| route.account.id);
        let visited: BTreeSet<AccountId> =
            dids.chain(routes).filter(|account| actor.is_visitor(*account)).collect();
        if let Some(user) = actor.user()
            && !visited.is_empty()
        {
            let visited: Vec<AccountId> = visited.into_iter().collect();
            self.store.record_looks(&visited, user, UnixMs::now(), page).await?;
        }
        Ok(())
    }
}

/// The numbers that a text may be: with its plus, without it, and as each of the countries dials.
fn readings(typed: &str, countries: &[String]) -> Vec<E164> {
    let text = number_of_tel(typed);
    let dialled = countries
        .iter()
        .filter_map(|country| E164::parse_dialled(text, &Dialling::of(country).unwrap_or_default()).ok());
    let readings: BTreeSet<E164> = [text, &format!("+{text}")]
        .into_iter()
        .filter_map(|text| E164::parse(text).ok())
        .chain(dialled)
        .collect();
    readings.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_each_country_writes_it() {
        let countries = ["GB".to_owned(), "US".to_owned()];
        for (typed, expected) in [
            ("+1 (206) 555-0100", &["+12065550100"][..]),
            ("tel:+1-206-555-0100", &["+12065550100"]),
            ("12065550100", &["+12065550100"]),
            ("442079460000", &["+442079460000"]),
            ("020 7946 0000", &["+442079460000"]),
            ("0044 20 7946 0000", &["+442079460000"]),
            ("011 44 20 7946 0000", &["+442079460000"]),
            ("555 0100", &["+5550100"]),
            ("55501", &[]),
            ("front desk", &[]),
            ("", &[]),
        ] {
            let found: Vec<String> = readings(typed, &countries).iter().map(E164::to_string).collect();
            assert_eq!(found, expected, "{typed}");
        }
    }
}
