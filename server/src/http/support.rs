//! The support desk.

use app::{pages::support as pages, urls};
use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::Hit;

use super::{
    Site,
    error::HttpError,
    query::{Pairs, search},
    site::Me,
};

/// `GET /support`
pub(super) async fn desk(
    State(site): State<Site>,
    me: Me,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let Me { who, frame } = me;
    // Without rules for fetching what a pointer rests on: a look that nobody had is not to be on record.
    let Some(typed) = search(&Pairs::parse(&query.unwrap_or_default()))? else {
        let standings = site.portal.standings(&who.actor).await?;
        return Ok(Html(pages::desk(&frame, &standings)).into_response());
    };
    match site.portal.search_all(&who.actor, &typed, urls::SUPPORT).await? {
        Hit::Number(account, number) => {
            Ok(Redirect::to(&urls::mounted(account, &urls::did(number))).into_response())
        }
        Hit::Found(found) => Ok(Html(pages::found(&frame, &typed, &found)).into_response()),
    }
}
