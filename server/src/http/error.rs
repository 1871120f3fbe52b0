//! Errors as answers: the one place where a status code is chosen.

use std::{any::Any, sync::Arc};

use app::{Notice, pages::errors};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
};

use super::{
    Site,
    asked::Asked,
    confirm::{self, Posted},
    endpoints,
    extract::{URLENCODED, cut_form, is_of_type},
    guard::CrossSite,
    query::Pairs,
    site::{Who, bare_frame},
};

/// Of a form that is shown again with what is wrong, where no use case was reached.
pub(super) const FORM_REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
/// Of a bulk action that changed nothing, since every DID was refused.
pub(super) const ALL_REFUSED: StatusCode = StatusCode::CONFLICT;

/// Why a request could not be answered as asked.
#[derive(Debug)]
pub(crate) enum HttpError {
    /// There is no account yet: the first visit.
    NoAccount,
    /// Nobody is signed in; the page to go on with afterwards, if it was one.
    NotSignedIn { next: Option<String> },
    /// An API token that is none of ours, or not any more.
    WrongToken,
    /// The address of the overview, asked by who has no account that goes without saying: where they begin instead.
    Landing(&'static str),
    /// Whoever asks is to choose an account first.
    WhichAccount(Box<app::Frame>),
    /// Nobody may sign in yet, and others than who runs the server can reach it.
    FirstVisitAtTheTerminal,
    /// The address names nothing.
    NoSuchPage,
    /// The address takes other methods only; whether something was sent to it.
    WrongMethod { sent: bool },
    /// The query, the form or the upload cannot be read; the text says what would be right.
    BadRequest(String),
    /// More was sent than is read; the text says how much is.
    TooLarge(String),
    /// Something else was sent than this address reads; the text says what it reads.
    WrongKind(String),
    /// Another site sent it.
    CrossSite(CrossSite),
    /// It took longer than any request may.
    TooSlow,
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
    use portal::{Error as E, ProviderFault};
    match error {
        E::NotFound(_) => StatusCode::NOT_FOUND,
        E::Provider { fault, .. } => match fault {
            ProviderFault::Unreachable | ProviderFault::Untrusted => StatusCode::BAD_GATEWAY,
            ProviderFault::NotBegun => StatusCode::BAD_REQUEST,
            ProviderFault::Declined => FORM_REFUSED,
            ProviderFault::Nobody | ProviderFault::SwitchedOff | ProviderFault::NotAnew => {
                StatusCode::FORBIDDEN
            }
            ProviderFault::Taken => StatusCode::CONFLICT,
        },
        E::Forbidden(_) | E::OtherPerson { .. } => StatusCode::FORBIDDEN,
        E::SignInAgain => StatusCode::UNAUTHORIZED,
        E::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        E::PlanRefused(_)
        | E::ScheduleRefused(_)
        | E::Refused(_)
        | E::Limit { .. }
        | E::ImportFile(_)
        | E::AccountFile(_) => FORM_REFUSED,
        E::PlanConflict(_)
        | E::ScheduleConflict(_)
        | E::PlanInUse(_)
        | E::ScheduleInUse(_)
        | E::DestinationInUse { .. }
        | E::RouteConflict(_)
        | E::DidConflict(_)
        | E::InUse(_)
        | E::BuiltIn
        | E::SetUpAlready
        | E::WhichAccount
        | E::AddedMeanwhile
        | E::LastOwner
        | E::LastAdmin
        | E::OnlyWayIn
        | E::NoPasskeysHere
        | E::ImportRefused(_)
        | E::CaseConflict(_)
        | E::NotUndone(_)
        | E::JobRuns(_)
        | E::Cancelled
        | E::BreaksCases(_) => StatusCode::CONFLICT,
        E::Store(error) if error.is_temporary() => StatusCode::SERVICE_UNAVAILABLE,
        E::Store(error) if error.is_full() => StatusCode::INSUFFICIENT_STORAGE,
        E::Store(_) | E::Hashing | E::Ceremony => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The page below which the address of a form is.
pub(super) fn page_of_form(address: &str) -> String {
    let mut page = address;
    while let Some((above, _)) = page.rsplit_once('/') {
        if endpoints::is_page(above) {
            return above.to_owned();
        }
        page = above;
    }
    app::urls::OVERVIEW.to_owned()
}

/// What an answer without a body wants to say; [`framed`] writes the page.
#[derive(Clone)]
struct Unframed(Arc<Words>);

enum Words {
    NotFound(Option<portal::Error>),
    Refused(String),
    BreaksCases(Vec<portal::BrokenCase>),
    JobRuns(portal::JobId, String),
    /// The database is away; the reference under which the log tells more.
    Away(String),
    SignedOut,
    SignedInLongAgo,
    WrongMethod {
        sent: bool,
    },
}

impl Unframed {
    fn answer(code: StatusCode, words: Words) -> Response {
        let mut response = code.into_response();
        response.extensions_mut().insert(Unframed(Arc::new(words)));
        response
    }
}

/// What people type into a form is far less; a selection of 200 DIDs is below it, too.
const KEPT_BYTES_MAX: usize = 64 * 1024;

/// Keeps what a form of an account says, before anybody is asked whether its sender is signed in: the page that says
/// that they are not holds it again. What concerns a person alone holds passwords, and is not kept.
async fn kept(request: Request, posted: &Posted) -> Result<Request, HttpError> {
    let small = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok())
        .is_some_and(|length| length <= KEPT_BYTES_MAX);
    let of_an_account = app::urls::is_of_an_account(request.uri().path());
    if !small || !of_an_account || !is_of_type(request.headers(), URLENCODED) {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, KEPT_BYTES_MAX).await.map_err(|_| cut_form())?;
    if let Ok(text) = std::str::from_utf8(&bytes) {
        posted.keep(&Pairs::parse(text));
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// Writes the pages of refusals, with the side bar if there is an account.
pub(super) async fn framed(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let (posted, address) = (Posted::default(), request.uri().path().to_owned());
    let asked = Asked::of(request.extensions());
    request.extensions_mut().insert(posted.clone());
    let request = match kept(request, &posted).await {
        Ok(request) => request,
        Err(error) => return error.into_response(),
    };
    let response = next.run(request).await;
    written(&site, &asked, &posted, &address, response).await
}

/// The answer with the page that it wants to say, for whom it is meant. `address` is where the form was sent.
pub(super) async fn written(
    site: &Site,
    asked: &Asked,
    posted: &Posted,
    address: &str,
    mut response: Response,
) -> Response {
    if let Some(Unframed(words)) = response.extensions_mut().remove::<Unframed>() {
        // An error page must not need the database.
        let known = asked.known.get();
        let frame = known.map_or_else(bare_frame, |known| known.frame.clone());
        let html = match &*words {
            Words::NotFound(error) => errors::not_found(&frame, address, error.as_ref(), posted.fields()),
            Words::Refused(why) => errors::refused(&frame, why),
            Words::WrongMethod { sent: false } => errors::form_alone(&frame, &page_of_form(address)),
            Words::WrongMethod { sent: true } => errors::page_alone(&frame, address),
            Words::SignedOut => errors::signed_out(&bare_frame(), &asked.address, posted.fields()),
            Words::SignedInLongAgo => errors::signed_in_long_ago(&frame, &asked.address, posted.fields()),
            Words::Away(reference) => errors::away(&frame, reference, address, posted.fields()),
            Words::JobRuns(job, why) => errors::job_runs(&frame, *job, why, address, posted.fields()),
            Words::BreaksCases(broken) => {
                let question = match known {
                    Some(known) => confirm::page(site, known, address, posted, broken).await.ok(),
                    None => None,
                };
                question.unwrap_or_else(|| {
                    errors::refused(
                        &frame,
                        "This breaks saved cases, and they cannot be shown now. Try again.",
                    )
                })
            }
        };
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        *response.body_mut() = Body::from(html);
    }
    response
}

impl HttpError {
    /// Something broke in here; the page shows the reference under which the log tells more.
    fn broken(code: StatusCode, detail: &str) -> Response {
        let reference = reference();
        // As a field it is quoted: whatever it repeats cannot begin a line of its own.
        tracing::error!(reference, detail, "a request failed");
        let page = match code {
            StatusCode::SERVICE_UNAVAILABLE => return Unframed::answer(code, Words::Away(reference)),
            StatusCode::INSUFFICIENT_STORAGE => errors::full,
            _ => errors::broken,
        };
        (code, Html(page(&bare_frame(), &reference))).into_response()
    }

    /// As [`HttpError::broken`]; the change may have been made, and the page says where to look.
    fn too_slow() -> Response {
        let reference = reference();
        tracing::error!(reference, "a request took too long and was stopped");
        let mut frame = bare_frame();
        frame.notice = Some(Notice::TooSlow);
        (StatusCode::GATEWAY_TIMEOUT, Html(errors::broken(&frame, &reference))).into_response()
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let refused = |code, why| Unframed::answer(code, Words::Refused(why));
        match self {
            HttpError::NoAccount => Redirect::to(app::urls::WELCOME).into_response(),
            HttpError::NotSignedIn { next: Some(next) } => {
                Redirect::to(&app::urls::sign_in(&next)).into_response()
            }
            HttpError::NotSignedIn { next: None } => signed_out(),
            HttpError::WrongToken => {
                let why = "This API token is mistyped, has expired or was revoked. Make another one under API tokens.";
                let mut response = refused(StatusCode::UNAUTHORIZED, why.into());
                response
                    .headers_mut()
                    .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\""));
                response
            }
            HttpError::Landing(page) => Redirect::to(page).into_response(),
            HttpError::WhichAccount(frame) => {
                (StatusCode::NOT_FOUND, Html(errors::which_account(&frame))).into_response()
            }
            HttpError::FirstVisitAtTheTerminal => refused(
                StatusCode::FORBIDDEN,
                "Nobody can sign in yet. Since others can reach this server, its first person is added at its terminal: \
                 switchback user add you@example.com --name You --staff admin"
                    .into(),
            ),
            HttpError::NoSuchPage => Unframed::answer(StatusCode::NOT_FOUND, Words::NotFound(None)),
            HttpError::WrongMethod { sent } => {
                Unframed::answer(StatusCode::METHOD_NOT_ALLOWED, Words::WrongMethod { sent })
            }
            HttpError::BadRequest(why) => refused(StatusCode::BAD_REQUEST, why),
            HttpError::TooLarge(why) => refused(StatusCode::PAYLOAD_TOO_LARGE, why),
            HttpError::WrongKind(why) => refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, why),
            // Bare, since the account's name is no business of another site's.
            HttpError::CrossSite(why) => {
                (StatusCode::FORBIDDEN, Html(errors::refused(&bare_frame(), &why.to_string())))
                    .into_response()
            }
            HttpError::TooSlow => HttpError::too_slow(),
            HttpError::Portal(portal::Error::BreaksCases(broken)) => {
                Unframed::answer(StatusCode::CONFLICT, Words::BreaksCases(broken))
            }
            HttpError::Portal(error @ portal::Error::JobRuns(job)) => {
                Unframed::answer(status(&error), Words::JobRuns(job, error.to_string()))
            }
            HttpError::Portal(portal::Error::SignInAgain) => signed_out(),
            HttpError::Portal(error @ portal::Error::Forbidden(portal::Forbidden::Stale)) => {
                Unframed::answer(status(&error), Words::SignedInLongAgo)
            }
            HttpError::Portal(error @ portal::Error::TooMany { wait_s }) => {
                let mut response = refused(status(&error), error.to_string());
                response.headers_mut().insert(header::RETRY_AFTER, wait_s.into());
                response
            }
            HttpError::Portal(error) => match status(&error) {
                code if code.is_server_error() => HttpError::broken(code, &with_causes(&error)),
                code @ StatusCode::NOT_FOUND => Unframed::answer(code, Words::NotFound(Some(error))),
                code => refused(code, error.to_string()),
            },
        }
    }
}

/// A form of who is not signed in any more.
fn signed_out() -> Response {
    Unframed::answer(StatusCode::UNAUTHORIZED, Words::SignedOut)
}

/// The answer when a handler panicked; what the panic said stands in the log under the reference.
pub(crate) fn panicked(payload: Box<dyn Any + Send>) -> Response {
    let said = panic_text(payload.as_ref());
    HttpError::broken(StatusCode::INTERNAL_SERVER_ERROR, &format!("a handler panicked: {said}"))
}

/// What `panic!` was given: a literal or a formatted text.
fn panic_text(payload: &(dyn Any + Send)) -> &str {
    let literal = payload.downcast_ref::<&str>().copied();
    literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("without words")
}

/// Any address that is not ours. Who asks is read for the side bar.
pub(crate) async fn no_such_page(_: Result<Who, HttpError>) -> HttpError {
    HttpError::NoSuchPage
}

/// A known address, an unknown method.
pub(crate) async fn wrong_method(method: Method, _: Result<Who, HttpError>) -> HttpError {
    HttpError::WrongMethod { sent: method != Method::GET }
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
pub(super) fn reference() -> String {
    let mut bytes = [0_u8; 4];
    // Without randomness the page still says where to look: the log's last error.
    if getrandom::fill(&mut bytes).is_err() {
        return "none".into();
    }
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_panic_said_is_found_whether_literal_or_formatted() {
        for (payload, expected) in [
            (Box::new("a literal") as Box<dyn Any + Send>, "a literal"),
            (Box::new(format!("number {}", 7)), "number 7"),
            (Box::new(7_u8), "without words"),
        ] {
            assert_eq!(panic_text(payload.as_ref()), expected);
        }
    }
}
