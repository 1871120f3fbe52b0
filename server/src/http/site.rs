//! What every handler works with: the portal, and who is asking.

use app::{Frame, Notice};
use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{Account, Actor, Portal, Saved, Via};

use super::{confirm::confirmed, error::HttpError};
use crate::assets;

/// The state of the router. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) portal: Portal,
    /// The port that we listen on: what a page says about our address.
    pub(crate) port: u16,
}

/// The frame of a page without an account.
pub(crate) fn bare_frame() -> Frame {
    Frame { assets: assets::folder(), account: None, notice: None }
}

/// The frame of an account's pages.
pub(crate) fn frame_of(account: &Account) -> Frame {
    Frame { account: Some(account.name.clone()), ..bare_frame() }
}

/// Who asks, of which account. Until sign-in exists: the owner of the one account.
pub(crate) struct Who {
    pub(crate) actor: Actor,
    pub(crate) account: Account,
    pub(crate) frame: Frame,
}

impl Who {
    /// The frame with something to say at its top.
    pub(crate) fn frame_saying(&self, notice: Option<Notice>) -> Frame {
        Frame { notice, ..self.frame.clone() }
    }
}

impl FromRequestParts<Site> for Who {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Who, HttpError> {
        let account = site.portal.account().await?.ok_or(HttpError::NoAccount)?;
        let actor =
            Actor::owner(account.id, "owner", Via::Browser).confirming_broken_cases(confirmed(&parts.uri));
        let frame = frame_of(&account);
        Ok(Who { actor, account, frame })
    }
}

/// The answer to a form that did something: the page to go on with, which says so. Reloading that repeats nothing.
pub(super) fn done(page: &str, what: &str) -> Response {
    Redirect::to(&format!("{page}?done={what}")).into_response()
}

/// The same for an edit, which may have found all as it was asked for.
pub(super) fn saved(page: &str, saved: &Saved) -> Response {
    done(page, if saved.changed { "saved" } else { "same" })
}

/// A page that went well. Pages that its links lead to may be fetched while the pointer rests on them.
pub(crate) fn page(html: String) -> Response {
    let rules = format!("\"{}/speculation.json\"", assets::folder());
    ([("speculation-rules", rules)], Html(html)).into_response()
}
