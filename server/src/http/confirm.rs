//! A change that breaks saved cases is shown first. What the form said is kept while it is handled, so that the page
//! that asks can send it again; no handler needs to know.

use std::sync::{Arc, OnceLock};

use app::pages::confirm::{self as pages, CONFIRMED, SHOWN};
use axum::http::Uri;
use portal::{Account, Actor, BrokenCase};
use routing::{CaseId, Snapshot, Zone};

use super::{Site, query::Pairs, site::Known};

/// What a form said, kept for as long as its request is handled.
#[derive(Clone, Debug, Default)]
pub(super) struct Posted(Arc<OnceLock<Vec<(String, String)>>>);

impl Posted {
    /// What was kept.
    pub(super) fn fields(&self) -> &[(String, String)] {
        self.0.get().map(Vec::as_slice).unwrap_or_default()
    }

    /// Keeps the fields; those of the first form that is read.
    pub(super) fn keep(&self, pairs: &Pairs) {
        let fields = || pairs.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        self.0.get_or_init(fields);
    }
}

/// The saved cases that the sender of a request was shown as broken by it, and breaks nevertheless. They stand in the
/// address: who asks is read before the form is. Words that are none name no case.
pub(super) fn confirmed(uri: &Uri) -> Vec<CaseId> {
    let pairs = Pairs::parse(uri.query().unwrap_or_default());
    if pairs.get(CONFIRMED.0) != Some(CONFIRMED.1) {
        return Vec::new();
    }
    let shown = pairs.text(SHOWN);
    shown.split(',').filter_map(|id| id.parse().ok()).map(CaseId).collect()
}

/// The page that asks.
pub(super) async fn page(
    site: &Site,
    known: &Known,
    address: &str,
    posted: &Posted,
    broken: &[BrokenCase],
) -> Result<String, portal::Error> {
    let (snapshot, zone) = named_by(site, &known.actor, &known.account).await?;
    Ok(pages::confirm(&known.frame, address, posted.fields(), broken, &snapshot, &zone))
}

/// What names the routes of saved cases, and the zone to read their moments in.
pub(super) async fn named_by(
    site: &Site,
    actor: &Actor,
    account: &Account,
) -> Result<(Snapshot, Zone), portal::Error> {
    let desk = site.portal.desk(actor, account.id, None).await?;
    let zone = desk.snapshot.zones.iter().find(|zone| zone.name == desk.zone).cloned();
    Ok((desk.snapshot, zone.unwrap_or_else(Zone::utc)))
}
