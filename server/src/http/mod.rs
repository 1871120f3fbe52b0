//! HTTP: the router, and one module a noun. Handlers parse, call `portal`, and render a page of `app`.

mod accounts;
mod activity;
mod asked;
mod bulk;
mod cases;
mod compare;
mod confirm;
mod cookies;
mod countries;
mod dids;
mod dress;
mod endpoints;
mod error;
mod extract;
mod findings;
mod guard;
mod health;
mod import;
mod notes;
mod patience;
mod plans;
mod preview;
mod query;
mod replay;
mod restore;
mod routes;
mod schedules;
mod sign_in;
mod site;
mod support;
mod team;
#[cfg(test)]
mod tests;
mod welcome;
mod you;

use axum::{Router, extract::DefaultBodyLimit, middleware, routing::get};
use tower_http::{CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer};

pub(crate) use self::site::Site;
use crate::assets;

/// A form, with 200 ticked DIDs in it, is far below this; imports have their own limit.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Every address of the process.
pub(crate) fn router(site: Site) -> Router {
    let pages = endpoints::routes_of_all()
        .fallback(error::no_such_page)
        .method_not_allowed_fallback(error::wrong_method)
        // From here on, what stands lower runs earlier.
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(middleware::from_fn_with_state(site.clone(), error::framed))
        .layer(middleware::from_fn(patience::bounded))
        .layer(middleware::from_fn(dress::dressed))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        // After the compression: these files come with their own encodings.
        .route("/assets/{fingerprint}/{file}", get(assets::serve))
        .with_state(site.clone());
    // Routing goes by the address without an account's prefix, so that this comes before the router.
    Router::new()
        .fallback_service(pages)
        .layer(middleware::from_fn_with_state(site.clone(), asked::keep))
        .layer(middleware::from_fn_with_state(site.clone(), guard::protect))
        .layer(middleware::from_fn_with_state(site, guard::headers))
}
