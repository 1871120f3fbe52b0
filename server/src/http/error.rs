//! Errors as answers: the one place where a status code is chosen.

use app::pages::errors;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};

use super::{
    guard::CrossSite,
    site::{Who, bare_frame},
};

/// Why a request could not be answered as asked.
#[derive(Debug)]
pub(crate) enum HttpError {
    /// There is no account yet: the first visit.
    NoAccount,
    /// The address names nothing.
    NoSuchPage,
    /// The address takes other methods only.
    WrongMethod,
    /// The query or the form cannot be read; the text says what would be right.
    BadRequest(String),
    /// A foreign page sent it.
    Forbidden(CrossSite),
    /// The use case refused.
    Portal(portal::Error),
}

impl From<portal::Error> for HttpError {
    fn from(error: portal::Error) -> Self {
        HttpError::Portal(error)
    }
}

/// The status code of a use case's refusal.
pub(crate) fn status(error: &portal::Error) -> StatusCode {
    use portal::Error as E;
    match error {
        E::NotFound(_) => StatusCode::NOT_FOUND,
        E::Refused(_) | E::Limit { .. } | E::ImportFile(_) | E::ImportRefused(_) | E::AccountFile(_) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        E::Conflict(_) | E::DidConflict(_) | E::InUse(_) | E::BuiltIn | E::AccountExists => {
            StatusCode::CONFLICT
        }
        E::Store(error) if error.is_temporary() => StatusCode::SERVICE_UNAVAILABLE,
        E::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl HttpError {
    /// Something broke in here; the page shows the reference under which the log tells more.
    fn broken(detail: &str) -> Response {
        let reference = reference();
        tracing::error!(reference, "{detail}");
        (StatusCode::INTERNAL_SERVER_ERROR, Html(errors::broken(&bare_frame(), &reference))).into_response()
    }
}

impl IntoResponse for HttpError {
    /// Framed like a page without an account: an error must not need the database.
    fn into_response(self) -> Response {
        let frame = bare_frame();
        let plain = |code: StatusCode, html: String| (code, Html(html)).into_response();
        match self {
            HttpError::NoAccount => Redirect::to(app::urls::WELCOME).into_response(),
            HttpError::NoSuchPage => plain(StatusCode::NOT_FOUND, errors::not_found(&frame, None)),
            HttpError::WrongMethod => plain(
                StatusCode::METHOD_NOT_ALLOWED,
                errors::refused(&frame, "This address does not take that kind of request."),
            ),
            HttpError::BadRequest(why) => plain(StatusCode::BAD_REQUEST, errors::refused(&frame, &why)),
            HttpError::Forbidden(why) => {
                plain(StatusCode::FORBIDDEN, errors::refused(&frame, &why.to_string()))
            }
            HttpError::Portal(error) => match status(&error) {
                StatusCode::NOT_FOUND => {
                    plain(StatusCode::NOT_FOUND, errors::not_found(&frame, Some(&error)))
                }
                StatusCode::INTERNAL_SERVER_ERROR | StatusCode::SERVICE_UNAVAILABLE => {
                    HttpError::broken(&with_causes(&error))
                }
                code => plain(code, errors::refused(&frame, &error.to_string())),
            },
        }
    }
}

/// The answer when a handler panicked; the panic itself is in the log already.
pub(crate) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    HttpError::broken("a handler panicked")
}

/// Any address that is not ours.
pub(crate) async fn no_such_page(who: Result<Who, HttpError>) -> Response {
    match who {
        Ok(who) => (StatusCode::NOT_FOUND, Html(errors::not_found(&who.frame, None))).into_response(),
        Err(_) => HttpError::NoSuchPage.into_response(),
    }
}

/// A known address, an unknown method.
pub(crate) async fn wrong_method() -> Response {
    HttpError::WrongMethod.into_response()
}

/// An error and all that lies under it, on one line.
fn with_causes(error: &portal::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// A short number that stands on the page and in the log.
fn reference() -> String {
    let mut bytes = [0_u8; 4];
    // Without randomness the page still says where to look: the log's last error.
    if getrandom::fill(&mut bytes).is_err() {
        return "none".into();
    }
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
