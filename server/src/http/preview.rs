//! The what-if desk.

use app::{
    desk::{self, AddressError, Controls},
    pages::preview::{self as pages, CaseForm, CaseState, DeskPage},
};
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use portal::{Desk, Error, Noun};
use routing::{Dialling, Version, Zone};

use super::{
    Site,
    error::HttpError,
    query::Pairs,
    site::{Who, page},
};

/// `GET /preview`
pub(super) async fn show(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let pairs = Pairs::parse(&query.unwrap_or_default());
    Ok(page(desk_page(&site, &who, &pairs, None).await?))
}

/// The form of a case that was not saved.
pub(super) struct Unsaved {
    /// As typed, and what is wrong with it.
    pub(super) state: CaseState,
    /// The version of the saved case that the form was filled from; `None`: what is stored now.
    pub(super) as_of: Option<Version>,
}

/// The desk for an address; with the form of a case that was not saved, or one to begin with.
pub(super) async fn desk_page(
    site: &Site,
    who: &Who,
    pairs: &Pairs,
    unsaved: Option<Unsaved>,
) -> Result<String, HttpError> {
    let (desk, mut controls, mut note) = read(site, who, pairs).await?;
    let case = match controls.case {
        None => None,
        Some(id) => match site.portal.case(&who.actor, who.account.id, id).await {
            Ok(case) => Some(case),
            // The call is still one to look at.
            Err(Error::NotFound(Noun::Case)) => {
                controls.case = None;
                let gone = "The saved case that this call was opened from is not there any more.";
                note = Some(note.map_or_else(|| gone.to_owned(), |note| format!("{note} {gone}")));
                None
            }
            Err(other) => return Err(other.into()),
        },
    };
    let (state, as_of) = match unsaved {
        Some(unsaved) => (unsaved.state, unsaved.as_of),
        None => {
            let form = match &case {
                Some(case) => CaseForm::of(case.name.as_str(), &case.case),
                None => CaseForm { reaches: "somebody".into(), ..CaseForm::default() },
            };
            (CaseState { form, problems: Vec::new() }, None)
        }
    };
    let shown = DeskPage {
        desk: &desk,
        country: &who.account.country,
        controls: &controls,
        note,
        as_of: as_of.or(case.as_ref().map(|case| case.version)),
        case: case.as_ref(),
        state: &state,
        tables: pairs.get("tables").is_some(),
    };
    Ok(pages::desk(&who.frame, &shown))
}

/// The account and what an address says of it. A number that is not the account's is noted, and has no call.
pub(super) async fn read(
    site: &Site,
    who: &Who,
    pairs: &Pairs,
) -> Result<(Desk, Controls, Option<String>), HttpError> {
    let dialling = Dialling::of(&who.account.country)
        .ok_or_else(|| HttpError::BadRequest("The account's country is not known.".into()))?;
    // The zone of the account's first schedule is read with the account; times are read once it is there.
    let controls = controls_of(pairs, &dialling, None)?;
    let (mut desk, note) = match site.portal.desk(&who.actor, who.account.id, controls.did).await {
        Ok(desk) => (desk, None),
        Err(Error::NotFound(Noun::Did)) => {
            // No other number takes its place: a call to that one would pass for a call to this one.
            let note = controls.did.map(|did| format!("{} is not one of your numbers.", did.grouped()));
            (site.portal.desk(&who.actor, who.account.id, None).await?, note)
        }
        Err(other) => return Err(other.into()),
    };
    let controls = controls_of(pairs, &dialling, Some(&desk.zone))?;
    let note = match controls.unsaved.as_ref().map(|plan| plan.lay_into(&mut desk.snapshot)) {
        Some(Err(wrong)) => Some(pages::unsaved_note(&wrong)),
        Some(Ok(())) | None => note,
    };
    // A zone that no schedule names is there to write times in, and decides no call.
    if desk.snapshot.zones.iter().all(|zone| zone.name != controls.zone)
        && let Some(zone) = portal::zone(&controls.zone)
    {
        desk.snapshot.zones.push(zone);
    }
    Ok((desk, controls, note))
}

fn controls_of(pairs: &Pairs, dialling: &Dialling, zone: Option<&str>) -> Result<Controls, HttpError> {
    let utc = Zone::utc().name;
    desk::read(pairs.iter(), dialling, zone.unwrap_or(&utc), &portal::zone)
        .map_err(|error: AddressError| HttpError::BadRequest(error.to_string()))
}
