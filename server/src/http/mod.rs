//! HTTP: the router, and one module a noun. Handlers parse, call `portal`, and render a page of `app`.

mod activity;
mod bulk;
mod cases;
mod confirm;
mod dids;
mod error;
mod extract;
mod findings;
mod guard;
mod health;
mod import;
mod patience;
mod plans;
mod preview;
mod query;
mod routes;
mod schedules;
mod site;
#[cfg(test)]
mod tests;
mod welcome;

use std::convert::Infallible;

use app::urls;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use tower_http::{
    CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer,
    timeout::RequestBodyTimeoutLayer,
};

pub(crate) use self::site::Site;
use crate::assets;

/// A form, with 200 ticked DIDs in it, is far below this; imports have their own limit.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Every address of the process.
pub(crate) fn router(site: Site) -> Router {
    let upload = get(import::form)
        .post(import::upload)
        .layer::<_, Infallible>(RequestBodyTimeoutLayer::new(patience::UPLOAD_SILENCE_MAX))
        .layer(DefaultBodyLimit::max(portal::IMPORT_BYTES_MAX + BODY_BYTES_MAX));
    Router::new()
        .route(urls::OVERVIEW, get(welcome::overview))
        .route(urls::WELCOME, get(welcome::form))
        .route(&format!("{}/create", urls::WELCOME), post(welcome::create))
        .route(&format!("{}/sample", urls::WELCOME), post(welcome::sample))
        .route(urls::ROUTES, get(routes::list).post(routes::add))
        .route(&format!("{}/{{id}}", urls::ROUTES), get(routes::edit_form).post(routes::edit))
        .route(&format!("{}/{{id}}/delete", urls::ROUTES), get(routes::delete_form).post(routes::delete))
        .route(urls::PLANS, get(plans::list))
        .route(urls::NEW_PLAN, get(plans::new_form).post(plans::add))
        .route(&format!("{}/{{id}}", urls::PLANS), get(plans::edit_form).post(plans::edit))
        .route(&format!("{}/{{id}}/delete", urls::PLANS), get(plans::delete_form).post(plans::delete))
        .route(urls::SCHEDULES, get(schedules::list))
        .route(urls::NEW_SCHEDULE, get(schedules::new_form).post(schedules::add))
        .route(&format!("{}/{{id}}", urls::SCHEDULES), get(schedules::edit_form).post(schedules::edit))
        .route(
            &format!("{}/{{id}}/delete", urls::SCHEDULES),
            get(schedules::delete_form).post(schedules::delete),
        )
        .route(urls::PREVIEW, get(preview::show))
        .route(urls::CASES, get(cases::list).post(cases::add))
        .route(&format!("{}/{{id}}", urls::CASES), get(cases::edit_form).post(cases::edit))
        .route(&format!("{}/{{id}}/delete", urls::CASES), get(cases::delete_form).post(cases::delete))
        .route(urls::ACTIVITY, get(activity::list))
        .route(&format!("{}/{{version}}", urls::ACTIVITY), get(activity::entry))
        .route(&format!("{}/{{version}}/undo", urls::ACTIVITY), get(activity::undo_form).post(activity::undo))
        .route(urls::FINDINGS, get(findings::list))
        .route(urls::ACCEPT_FINDING, post(findings::accept))
        .route(urls::WITHDRAW_FINDING, post(findings::withdraw))
        .route(urls::MANAGE, get(dids::manage))
        .route(urls::DOWNLOAD, get(dids::download))
        .route(urls::IMPORT, upload)
        .route(&format!("{}/{{draft}}", urls::IMPORT), get(import::review).post(import::apply))
        .route(urls::APPLY_ACTION, get(bulk::choose))
        .route(&format!("{}/result/{{version}}", urls::MANAGE), get(bulk::result))
        .route(&format!("{}/{{action}}", urls::MANAGE), get(bulk::screen).post(bulk::apply))
        .route("/dids/{number}", get(dids::detail).post(dids::edit))
        .route("/health", get(health::health))
        .fallback(error::no_such_page)
        .method_not_allowed_fallback(error::wrong_method)
        // From here on, what stands lower runs earlier.
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(middleware::from_fn_with_state(site.clone(), error::framed))
        .layer(middleware::from_fn(patience::bounded))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        // After the compression: these files come with their own encodings.
        .route("/assets/{fingerprint}/{file}", get(assets::serve))
        .layer(middleware::from_fn_with_state(site.clone(), guard::protect))
        .layer(middleware::from_fn(guard::headers))
        .with_state(site)
}
