//! HTTP: the router, and one module a noun. Handlers parse, call `portal`, and render a page of `app`.

mod bulk;
mod dids;
mod error;
mod guard;
mod import;
mod query;
mod routes;
mod site;
mod welcome;

use std::time::Duration;

use app::urls;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware,
    routing::{get, post},
};
use tower_http::{
    CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer, timeout::TimeoutLayer,
};

pub(crate) use self::site::Site;
use crate::assets;

/// A form, with 200 ticked DIDs in it, is far below this; imports have their own limit.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// No page takes longer than this: a stuck database must not hold connections for ever.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(60);

/// Every address of the process.
pub(crate) fn router(site: Site) -> Router {
    Router::new()
        .route(urls::OVERVIEW, get(welcome::overview))
        .route(urls::WELCOME, get(welcome::form))
        .route("/welcome/create", post(welcome::create))
        .route("/welcome/sample", post(welcome::sample))
        .route(urls::ROUTES, get(routes::list).post(routes::add))
        .route("/interconnection/inbound-routes/{id}", get(routes::edit_form).post(routes::edit))
        .route("/interconnection/inbound-routes/{id}/delete", get(routes::delete_form).post(routes::delete))
        .route(urls::MANAGE, get(dids::manage))
        .route(urls::DOWNLOAD, get(dids::download))
        .route(
            urls::IMPORT,
            get(import::form)
                .post(import::upload)
                .layer(DefaultBodyLimit::max(portal::IMPORT_BYTES_MAX + BODY_BYTES_MAX)),
        )
        .route("/dids/import/{draft}", get(import::review).post(import::apply))
        .route(urls::APPLY_ACTION, get(bulk::choose))
        .route("/dids/manage/result/{version}", get(bulk::result))
        .route("/dids/manage/{action}", get(bulk::screen).post(bulk::apply))
        .route("/dids/{number}", get(dids::detail).post(dids::edit))
        .route("/health", get(|| async { "ok" }))
        .fallback(error::no_such_page)
        .method_not_allowed_fallback(error::wrong_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn(guard::protect))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, REQUEST_TIME_MAX))
        // After the compression: these files come with their own encodings.
        .route("/assets/{fingerprint}/{file}", get(assets::serve))
        .layer(middleware::from_fn(guard::headers))
        .with_state(site)
}
