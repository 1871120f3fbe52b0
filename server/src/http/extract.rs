//! Reading a request, so that what cannot be read is answered with a page and a sentence.

use axum::{
    extract::{FromRequest, FromRequestParts, Multipart, Path, Request, multipart::MultipartError},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;

use super::{BODY_BYTES_MAX, confirm::Posted, error::HttpError, query::Pairs};

pub(super) const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";
pub(super) const MIB: usize = 1024 * 1024;

/// What the braces of the route's pattern matched.
pub(super) struct InPath<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for InPath<T> {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(InPath(value)),
            Err(_) => Err(HttpError::BadRequest("The address is not UTF-8 text.".into())),
        }
    }
}

/// The fields of a submitted form.
pub(super) struct Form(pub(super) Pairs);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        if !is_of_type(request.headers(), URLENCODED) {
            return Err(HttpError::WrongKind(format!("This address reads forms: {URLENCODED}.")));
        }
        let posted = request.extensions().get::<Posted>().cloned();
        // What concerns a person alone holds passwords.
        let of_an_account = app::urls::is_of_an_account(request.uri().path());
        match String::from_request(request, state).await {
            Ok(text) => {
                let pairs = Pairs::parse(&text);
                if of_an_account {
                    posted.iter().for_each(|posted| posted.keep(&pairs));
                }
                Ok(Form(pairs))
            }
            Err(why) if why.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(HttpError::TooLarge(format!(
                "The form is larger than {} MiB, the most that is read.",
                BODY_BYTES_MAX / MIB
            ))),
            Err(_) => Err(cut_form()),
        }
    }
}

/// A form that could not be read to its end.
pub(super) fn cut_form() -> HttpError {
    HttpError::BadRequest("The form is not UTF-8 text, or it ended too early. Send it again.".into())
}

/// The parts of an upload, still to be read.
pub(super) struct Uploaded(pub(super) Multipart);

impl<S: Send + Sync> FromRequest<S> for Uploaded {
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        if !is_of_type(request.headers(), MULTIPART) {
            return Err(HttpError::WrongKind(format!("This address reads uploads: {MULTIPART}.")));
        }
        match Multipart::from_request(request, state).await {
            Ok(parts) => Ok(Uploaded(parts)),
            Err(_) => Err(HttpError::BadRequest("The upload does not say where its parts begin.".into())),
        }
    }
}

/// Why an upload could not be read to its end.
pub(super) fn cut_short(error: &MultipartError) -> HttpError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let most = portal::IMPORT_BYTES_MAX / MIB;
        HttpError::TooLarge(format!(
            "The file is larger than {most} MiB, the most that is read. Split it into several."
        ))
    } else {
        HttpError::BadRequest("The upload ended too early, or its parts are mixed up. Send it again.".into())
    }
}

/// Whether the body says that it is of a type, whatever its parameters.
pub(super) fn is_of_type(headers: &HeaderMap, expected: &str) -> bool {
    let named = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    named.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case(expected))
}
