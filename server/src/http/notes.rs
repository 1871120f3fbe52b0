//! What the staff tells a customer.

use app::{pages::notes as pages, urls};
use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use portal::{Error, NoteId};
use routing::E164;

use super::{
    Site,
    error::{HttpError, status},
    extract::Form,
    query::{Pairs, number},
    site::{Who, done},
};

/// The DID on whose page a form stands; none: on the overview.
fn about(pairs: &Pairs) -> Result<Option<E164>, HttpError> {
    pairs.get("did").map(number).transpose().map_err(|_| HttpError::NoSuchPage)
}

fn back(about: Option<E164>, what: &str) -> Response {
    done(&about.map_or_else(|| urls::OVERVIEW.to_owned(), urls::did), what)
}

pub(super) async fn write(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let (about, text) = (about(&pairs)?, pairs.text("note"));
    match site.portal.write_note(&who.actor, who.account.id, about, &text).await {
        Ok(()) => Ok(back(about, "note-written")),
        Err(error @ (Error::Refused(_) | Error::Limit { .. })) => {
            let html = pages::refused(&who.frame, about, &text, error.to_string());
            Ok((status(&error), Html(html)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn remove(
    State(site): State<Site>,
    who: Who,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let about = about(&pairs)?;
    site.portal.remove_note(&who.actor, who.account.id, NoteId(pairs.id("note")?)).await?;
    Ok(back(about, "note-removed"))
}
