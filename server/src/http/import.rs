//! Import of a CSV of DIDs: upload, dry run, apply.

use app::pages::import as pages;
use axum::{
    extract::{Multipart, State, multipart::MultipartError},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{DraftId, Error, ImportSource, Noun};
use routing::{Snapshot, Zone};

use super::{
    Site,
    confirm::named_by,
    error::{FORM_REFUSED, HttpError, status},
    extract::{Form, InPath, Uploaded, cut_short},
    patience::REQUEST_TIME_MAX,
    site::{Who, page},
};

pub(super) async fn form(who: Who) -> Response {
    page(pages::form(&who.frame, "", None))
}

/// What the form sent.
#[derive(Default)]
struct Upload {
    /// The file's name and contents; an empty one counts as none.
    file: Option<(String, Vec<u8>)>,
    pasted: String,
}

async fn read(mut parts: Multipart) -> Result<Upload, MultipartError> {
    let mut upload = Upload::default();
    while let Some(part) = parts.next_field().await? {
        match part.name() {
            Some("file") => {
                let name = part.file_name().unwrap_or_default().to_owned();
                let bytes = part.bytes().await?;
                if !bytes.is_empty() {
                    upload.file = Some((name, bytes.to_vec()));
                }
            }
            Some("text") => upload.pasted = part.text().await?,
            _ => {}
        }
    }
    Ok(upload)
}

/// What becomes of an upload, judged by its arrival alone.
#[cfg(test)]
pub(super) async fn arrives_whole(parts: Multipart) -> Result<(), HttpError> {
    read(parts).await.map(drop).map_err(|error| cut_short(&error))
}

pub(super) async fn upload(
    State(site): State<Site>,
    who: Who,
    Uploaded(parts): Uploaded,
) -> Result<Response, HttpError> {
    let upload = match read(parts).await {
        Ok(upload) => upload,
        Err(error) => return Err(cut_short(&error)),
    };
    let form = |code: StatusCode, why: &str| {
        Ok((code, Html(pages::form(&who.frame, &upload.pasted, Some(why)))).into_response())
    };
    let pasted = !upload.pasted.trim().is_empty();
    let (name, bytes) = match &upload.file {
        Some(_) if pasted => return form(FORM_REFUSED, "Choose a file or paste rows, not both."),
        Some((name, bytes)) => (name.as_str(), bytes.as_slice()),
        None => ("pasted rows", upload.pasted.as_bytes()),
    };
    let staging = site.portal.stage_import(&who.actor, who.account.id, name, bytes);
    match tokio::time::timeout(REQUEST_TIME_MAX, staging).await.map_err(|_| HttpError::TooSlow)? {
        Ok(draft) => Ok(Redirect::to(&format!("{}/{draft}", app::urls::IMPORT)).into_response()),
        Err(error @ (Error::ImportFile(_) | Error::Limit { .. })) => form(status(&error), &error.to_string()),
        Err(other) => Err(other.into()),
    }
}

fn draft_id(text: &str) -> Result<DraftId, HttpError> {
    text.parse().map_err(|_| HttpError::NoSuchPage)
}

pub(super) async fn review(
    State(site): State<Site>,
    who: Who,
    InPath(draft): InPath<String>,
) -> Result<Response, HttpError> {
    let draft = draft_id(&draft)?;
    let (name, plan) = site.portal.staged_import(&who.actor, who.account.id, &draft).await?;
    let (snapshot, zone) = if plan.broken_cases.is_empty() {
        (Snapshot::default(), Zone::utc())
    } else {
        named_by(&site, &who.actor, &who.account).await?
    };
    Ok(page(pages::review(&who.frame, &draft, &name, &plan, &snapshot, &zone)))
}

pub(super) async fn apply(
    State(site): State<Site>,
    who: Who,
    InPath(draft): InPath<String>,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let (draft, as_of) = (draft_id(&draft)?, pairs.as_of()?);
    let source = ImportSource::Draft(&draft);
    match site.portal.apply_import(&who.actor, who.account.id, source, as_of).await {
        Ok(done) => Ok(match done.version {
            Some(version) => Redirect::to(&app::urls::entry(version)).into_response(),
            None => Redirect::to(app::urls::MANAGE).into_response(),
        }),
        // The account changed since the dry run, so that a row no longer holds: show the dry run as it is now. With
        // such a row it breaks no case, so that there is none to name.
        Err(error @ Error::ImportRefused(_)) => {
            let code = status(&error);
            let Error::ImportRefused(plan) = error else { return Err(error.into()) };
            let (name, _) = site.portal.staged_import(&who.actor, who.account.id, &draft).await?;
            let html = pages::review(&who.frame, &draft, &name, &plan, &Snapshot::default(), &Zone::utc());
            Ok((code, Html(html)).into_response())
        }
        // The second click of two: the first one took the file.
        Err(Error::NotFound(Noun::Draft)) => {
            Ok(Redirect::to(&format!("{}?problem=import-done", app::urls::MANAGE)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
