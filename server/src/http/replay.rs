//! Replay: a call to a number at a past moment.

use app::{
    desk,
    pages::dids::{self as pages, Asked},
};
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use portal::{Moment, UnixMs};
use routing::{Dialling, E164, Zone};

use super::{
    Site,
    error::HttpError,
    extract::InPath,
    query::{Pairs, number},
    site::{Who, page},
};

/// `GET /dids/{number}/replay`
pub(super) async fn show(
    State(site): State<Site>,
    who: Who,
    InPath(digits): InPath<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let number = number(&digits).map_err(|_| HttpError::NoSuchPage)?;
    let pairs = Pairs::parse(&query.unwrap_or_default());
    let asked = asked(&site, &who, number, &pairs).await?;
    let moment = match (asked.version, asked.controls.at) {
        (Some(version), _) => Some(Moment::After(version)),
        (None, Some(at)) => Some(Moment::At(UnixMs(at.saturating_mul(1_000)))),
        (None, None) => None,
    };
    let found = match moment {
        Some(moment) => Some(site.portal.replay(&who.actor, who.account.id, number, moment).await?),
        None => None,
    };
    Ok(page(pages::replay(&who.frame, &asked, found.as_ref())))
}

async fn asked(site: &Site, who: &Who, number: E164, pairs: &Pairs) -> Result<Asked, HttpError> {
    let schedules = site.portal.schedules(&who.actor, who.account.id).await?;
    let mut zones: Vec<String> = schedules.into_iter().map(|view| view.schedule.zone).collect();
    let first = zones.first().cloned().unwrap_or_else(|| Zone::utc().name);
    let dialling = Dialling::of(&who.account.country).unwrap_or_default();
    let controls = desk::read(pairs.iter(), &dialling, &first, &portal::zone)
        .map_err(|error| HttpError::BadRequest(error.to_string()))?;
    let zone = portal::zone(&controls.zone).unwrap_or_else(Zone::utc);
    zones.extend([zone.name.clone(), Zone::utc().name]);
    zones.sort_unstable();
    zones.dedup();
    Ok(Asked { number, version: pairs.version("version")?, controls, zone, zones })
}
