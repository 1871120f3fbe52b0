//! Import of a CSV of DIDs: upload, dry run, apply.

use app::pages::import as pages;
use axum::{
    extract::{Multipart, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{DraftId, Error, FileProblem, ImportUpload, Noun, OperationKind};
use routing::{Snapshot, Zone};

use super::{
    Site,
    confirm::named_by,
    error::{FORM_REFUSED, HttpError, status},
    extract::{Form, InPath, MIB, Uploaded, cut_short},
    jobs::{self, Sent},
    patience::REQUEST_TIME_MAX,
    site::{Who, page},
};

/// Octets of rows that are pasted into the form: they are in memory as a whole, to be shown again if they are refused. A
/// browser's text field is no place for more.
const PASTED_BYTES_MAX: usize = 4 * MIB;

pub(super) async fn form(who: Who) -> Response {
    page(pages::form(&who.frame, "", None))
}

/// The file that the form brings, which is kept as it comes.
enum File {
    None,
    Kept(Box<ImportUpload>),
    /// It cannot be read. The rest of the form still is, to be shown again.
    Refused(Error),
}

impl File {
    async fn take(&mut self, site: &Site, who: &Who, name: &str, bytes: &[u8]) -> Result<(), HttpError> {
        if matches!(self, File::None) && !bytes.is_empty() {
            let begun = site.portal.begin_import(&who.actor, who.account.id, name);
            *self = File::Kept(Box::new(in_time(begun).await??));
        }
        if let File::Kept(upload) = self {
            match in_time(upload.push(bytes)).await? {
                Err(error @ Error::ImportFile(_)) => *self = File::Refused(error),
                pushed => pushed?,
            }
        }
        Ok(())
    }

    async fn finish(self) -> Result<portal::Result<DraftId>, HttpError> {
        match self {
            File::None => Ok(Err(Error::ImportFile(FileProblem::Empty))),
            File::Kept(upload) => in_time(upload.finish()).await,
            File::Refused(error) => Ok(Err(error)),
        }
    }

    async fn give_up(self) {
        if let File::Kept(upload) = self {
            upload.give_up().await;
        }
    }
}

/// The upload may take its time, the database not.
async fn in_time<T>(work: impl Future<Output = T>) -> Result<T, HttpError> {
    tokio::time::timeout(REQUEST_TIME_MAX, work).await.map_err(|_| HttpError::TooSlow)
}

/// Reads the form to its end, and says what was pasted into it.
async fn receive(site: &Site, who: &Who, mut parts: Multipart, file: &mut File) -> Result<String, HttpError> {
    let mut pasted = Vec::new();
    while let Some(mut part) = parts.next_field().await.map_err(|error| cut_short(&error))? {
        let name = part.file_name().unwrap_or_default().to_owned();
        let (is_file, is_text) = (part.name() == Some("file"), part.name() == Some("text"));
        while let Some(bytes) = part.chunk().await.map_err(|error| cut_short(&error))? {
            if is_file {
                file.take(site, who, &name, &bytes).await?;
            } else if is_text && pasted.len() + bytes.len() > PASTED_BYTES_MAX {
                return Err(HttpError::TooLarge(format!(
                    "More than {} MiB were pasted, the most that is read. Save the rows as a file and choose that.",
                    PASTED_BYTES_MAX / MIB
                )));
            } else if is_text {
                pasted.extend_from_slice(&bytes);
            }
        }
    }
    Ok(String::from_utf8_lossy(&pasted).into_owned())
}

pub(super) async fn upload(
    State(site): State<Site>,
    who: Who,
    Uploaded(parts): Uploaded,
) -> Result<Response, HttpError> {
    let mut file = File::None;
    let pasted = match receive(&site, &who, parts, &mut file).await {
        Ok(pasted) => pasted,
        Err(error) => {
            file.give_up().await;
            return Err(error);
        }
    };
    let form = |code: StatusCode, why: &str| {
        Ok((code, Html(pages::form(&who.frame, &pasted, Some(why)))).into_response())
    };
    if matches!(file, File::None) {
        file.take(&site, &who, "pasted rows", pasted.as_bytes()).await?;
    } else if !pasted.trim().is_empty() {
        file.give_up().await;
        return form(FORM_REFUSED, "Choose a file or paste rows, not both.");
    }
    match file.finish().await? {
        Ok(draft) => Ok(Redirect::to(&format!("{}/{draft}", app::urls::IMPORT)).into_response()),
        Err(error @ Error::ImportFile(_)) => form(status(&error), &error.to_string()),
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
    sent: Sent,
    Form(pairs): Form,
) -> Result<Response, HttpError> {
    let (draft, as_of) = (draft_id(&draft)?, pairs.as_of()?);
    jobs::run(site, who, OperationKind::Import, sent, move |site, who, progress| async move {
        let (actor, account) = (&who.actor, who.account.id);
        match site.portal.apply_import(actor, account, &draft, as_of, &progress).await {
            Ok(done) => Ok(match done.version {
                Some(version) => Redirect::to(&app::urls::entry(version)).into_response(),
                None => Redirect::to(app::urls::MANAGE).into_response(),
            }),
            // The account changed since the dry run, so that a row no longer holds: show the dry run as it is now. With
            // such a row it breaks no case, so that there is none to name.
            Err(error @ Error::ImportRefused(_)) => {
                let code = status(&error);
                let Error::ImportRefused(plan) = error else { return Err(error.into()) };
                let (name, _) = site.portal.staged_import(actor, account, &draft).await?;
                let html =
                    pages::review(&who.frame, &draft, &name, &plan, &Snapshot::default(), &Zone::utc());
                Ok((code, Html(html)).into_response())
            }
            // The second click of two: the first one took the file.
            Err(Error::NotFound(Noun::Draft)) => {
                Ok(Redirect::to(&format!("{}?problem=import-done", app::urls::MANAGE)).into_response())
            }
            Err(other) => Err(other.into()),
        }
    })
    .await
}
