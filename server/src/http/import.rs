//! Import of a CSV of DIDs: upload, dry run, apply.

use app::pages::import as pages;
use axum::{
    extract::{Multipart, Path, State, multipart::MultipartError},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{DraftId, Error, ImportSource};

use super::{
    Site,
    error::HttpError,
    query::Pairs,
    site::{Who, page},
};

pub(super) async fn form(who: Who) -> Response {
    page(pages::form(&who.frame, "", None))
}

/// The file, or else the pasted rows.
struct Upload {
    name: String,
    bytes: Vec<u8>,
    pasted: String,
}

async fn read(mut parts: Multipart) -> Result<Upload, MultipartError> {
    let mut upload = Upload { name: "pasted rows".into(), bytes: Vec::new(), pasted: String::new() };
    while let Some(part) = parts.next_field().await? {
        match part.name() {
            Some("file") => {
                let name = part.file_name().unwrap_or_default().to_owned();
                let bytes = part.bytes().await?;
                if !bytes.is_empty() {
                    upload.name = name;
                    upload.bytes = bytes.to_vec();
                }
            }
            Some("text") => upload.pasted = part.text().await?,
            _ => {}
        }
    }
    if upload.bytes.is_empty() {
        upload.bytes = upload.pasted.clone().into_bytes();
    }
    Ok(upload)
}

pub(super) async fn upload(
    State(site): State<Site>,
    who: Who,
    parts: Multipart,
) -> Result<Response, HttpError> {
    let upload = match read(parts).await {
        Ok(upload) => upload,
        Err(error) => {
            let why = format!("The upload could not be read: {}", error.body_text());
            return Ok((error.status(), Html(pages::form(&who.frame, "", Some(&why)))).into_response());
        }
    };
    match site.portal.stage_import(&who.actor, who.account.id, &upload.name, &upload.bytes).await {
        Ok(draft) => Ok(Redirect::to(&format!("{}/{draft}", app::urls::IMPORT)).into_response()),
        Err(error @ (Error::ImportFile(_) | Error::Limit { .. })) => {
            let html = pages::form(&who.frame, &upload.pasted, Some(&error.to_string()));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn draft_id(text: &str) -> Result<DraftId, HttpError> {
    text.parse().map_err(|_| HttpError::NoSuchPage)
}

pub(super) async fn review(
    State(site): State<Site>,
    who: Who,
    Path(draft): Path<String>,
) -> Result<Response, HttpError> {
    let draft = draft_id(&draft)?;
    let (name, plan) = site.portal.staged_import(&who.actor, who.account.id, &draft).await?;
    Ok(page(pages::review(&who.frame, &draft, &name, &plan)))
}

pub(super) async fn apply(
    State(site): State<Site>,
    who: Who,
    Path(draft): Path<String>,
    body: String,
) -> Result<Response, HttpError> {
    let (draft, as_of) = (draft_id(&draft)?, Pairs::parse(&body).as_of()?);
    let source = ImportSource::Draft(&draft);
    match site.portal.apply_import(&who.actor, who.account.id, source, as_of).await {
        Ok(done) => Ok(match done.version {
            Some(version) => Redirect::to(&app::urls::result(version)).into_response(),
            None => Redirect::to(app::urls::MANAGE).into_response(),
        }),
        // The account changed since the dry run, so that a row no longer holds: show the dry run as it is now.
        Err(Error::ImportRefused(plan)) => {
            let (name, _) = site.portal.staged_import(&who.actor, who.account.id, &draft).await?;
            let html = pages::review(&who.frame, &draft, &name, &plan);
            Ok((StatusCode::CONFLICT, Html(html)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
