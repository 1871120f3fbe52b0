//! What every handler works with: the portal, and who is asking.

use std::sync::Arc;

use app::{Access, Frame, Notice, Reader, urls};
use axum::{
    extract::FromRequestParts,
    http::{HeaderName, Method, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
};
use portal::{Account, Actor, Attempt, Portal, Saved, SetUp, SignedIn};

use super::{
    Answers,
    asked::{self, Asked},
    confirm::confirmed,
    cookies,
    error::HttpError,
    query::Pairs,
};
use crate::{assets, settings::PublicUrl};

/// The state of the router. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) portal: Portal,
    /// The port that we listen on: what a page says about our address.
    pub(crate) port: u16,
    /// What we are called from outside, if we are reached by more than this machine.
    pub(crate) public: Option<PublicUrl>,
    /// A proxy stands before us, whose word counts for who asked it.
    pub(crate) behind_proxy: bool,
    /// What jobs were answered with that took longer than a page.
    pub(crate) answers: Arc<Answers>,
}

impl Site {
    /// An address as somebody elsewhere opens it.
    pub(crate) fn outside(&self, path: &str) -> String {
        match &self.public {
            Some(public) => format!("{public}{path}"),
            None => format!("http://127.0.0.1:{}{path}", self.port),
        }
    }
}

/// The frame of a page without an account, for a stranger.
pub(crate) fn bare_frame() -> Frame {
    Frame {
        assets: assets::folder(),
        account: None,
        reader: None,
        notice: None,
        reason: String::new(),
        refreshes: false,
    }
}

/// The frame of a page without an account, for who is signed in.
fn frame_for(who: &SignedIn) -> Frame {
    let reader = Reader {
        email: who.email.clone(),
        staff: who.actor.staff(),
        access: Access::Write,
        several: who.actor.accounts().len() > 1,
        no_way_in: who.no_way_in,
    };
    Frame { reader: Some(reader), ..bare_frame() }
}

/// The frame of an account's pages.
fn frame_of(account: &Account, who: &SignedIn) -> Frame {
    let writes = who.actor.may_write(account.id).is_ok();
    let access = match (writes, who.actor.is_visitor(account.id)) {
        (true, false) => Access::Write,
        (false, false) => Access::Read,
        (false, true) => Access::Visit,
        (true, true) => Access::VisitAndWrite,
    };
    let mut frame = frame_for(who);
    frame.account = Some(account.name.clone());
    frame.reader = frame.reader.map(|reader| Reader { access, ..reader });
    frame
}

/// Who is signed in, on a page that belongs to no account.
pub(crate) struct Me {
    pub(crate) who: SignedIn,
    pub(crate) frame: Frame,
}

impl FromRequestParts<Site> for Me {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Me, HttpError> {
        let asked = Asked::of(&parts.extensions);
        let Some(who) = maybe(parts, site, &asked).await? else {
            return Err(stranger(site, parts, &asked).await);
        };
        let frame = frame_for(&who);
        Ok(Me { who, frame })
    }
}

/// Who is signed in, if somebody is.
pub(crate) struct Perhaps(pub(crate) Option<Me>);

impl FromRequestParts<Site> for Perhaps {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Perhaps, HttpError> {
        let asked = Asked::of(&parts.extensions);
        let who = maybe(parts, site, &asked).await?;
        Ok(Perhaps(who.map(|who| Me { frame: frame_for(&who), who })))
    }
}

/// Who asks, of which account.
pub(crate) struct Who {
    pub(crate) actor: Actor,
    pub(crate) account: Account,
    pub(crate) frame: Frame,
    pub(crate) signed_in: SignedIn,
}

impl Who {
    /// The same, with the reason that a form gives for what it changes: it goes on record, and stands in the form again if
    /// that is refused.
    pub(crate) fn because(self, form: &Pairs) -> Who {
        let reason = form.text("reason");
        let frame = Frame { reason: reason.clone(), ..self.frame };
        Who { actor: self.actor.because(&reason), frame, ..self }
    }

    /// The frame with something to say at its top.
    pub(crate) fn frame_saying(&self, notice: Option<Notice>) -> Frame {
        Frame { notice, ..self.frame.clone() }
    }
}

impl FromRequestParts<Site> for Who {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Who, HttpError> {
        let Me { who, frame: bare } = Me::from_request_parts(parts, site).await?;
        let asked = Asked::of(&parts.extensions);
        let account = match site.portal.account_for(&who.actor, asked.account).await {
            Ok(account) => account,
            Err(portal::Error::WhichAccount) if parts.uri.path() == urls::OVERVIEW => {
                let staff = bare.reader.as_ref().is_some_and(|reader| reader.staff.is_some());
                return Err(HttpError::Landing(if staff { urls::SUPPORT } else { urls::ACCOUNTS }));
            }
            Err(portal::Error::WhichAccount) => return Err(HttpError::WhichAccount(Box::new(bare))),
            Err(other) => return Err(other.into()),
        };
        // On SQLite a job holds the only writer: a look would wait until it has ended, and so would a cancel. The page of a
        // job shows nothing of the account's configuration.
        if !parts.uri.path().starts_with(urls::JOBS) {
            site.portal.look(&who.actor, account.id, &asked.address).await?;
        }
        let actor = who.actor.clone().confirming_broken_cases(confirmed(&parts.uri));
        let frame = frame_of(&account, &who);
        asked.known.get_or_init(|| Known {
            actor: actor.clone(),
            account: account.clone(),
            frame: frame.clone(),
        });
        Ok(Who { actor, account, frame, signed_in: who })
    }
}

/// What pages that no handler wrote are written with: refusals, and a question before a change.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) actor: Actor,
    pub(crate) account: Account,
    pub(crate) frame: Frame,
}

async fn maybe(parts: &Parts, site: &Site, asked: &Asked) -> Result<Option<SignedIn>, HttpError> {
    match asked::credential(&parts.headers) {
        Some(credential) => Ok(site.portal.signed_in(credential, asked.origin.clone()).await?),
        None => Ok(None),
    }
}

/// What a stranger is told: the first of all makes the first visit, others sign in. A program cannot: its token is wrong.
async fn stranger(site: &Site, parts: &Parts, asked: &Asked) -> HttpError {
    if asked::bearer(&parts.headers).is_some() {
        return HttpError::WrongToken;
    }
    match site.portal.set_up_needs().await {
        Err(error) => error.into(),
        Ok(SetUp::Person | SetUp::Everything) => HttpError::NoAccount,
        Ok(SetUp::Done) => {
            let next = matches!(parts.method, Method::GET | Method::HEAD).then(|| asked.address.clone());
            HttpError::NotSignedIn { next }
        }
    }
}

/// What a browser brings along that somebody signs in with.
pub(crate) struct Browser {
    asked: Asked,
    cookie: Option<String>,
    device: Option<String>,
    ceremony: Option<String>,
    agent: String,
}

impl Browser {
    pub(crate) fn attempt(&self) -> Attempt<'_> {
        Attempt {
            cookie: self.cookie.as_deref(),
            device: self.device.as_deref(),
            origin: &self.asked.origin,
            agent: &self.agent,
        }
    }

    /// The cookie of what it is asked to sign.
    pub(crate) fn ceremony(&self) -> Option<&str> {
        self.ceremony.as_deref()
    }

    /// What it calls itself.
    pub(crate) fn agent(&self) -> &str {
        &self.agent
    }

    /// The cookie of its session.
    pub(crate) fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }
}

impl FromRequestParts<Site> for Browser {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Browser, HttpError> {
        let cookie = |name| cookies::get(&parts.headers, name).map(str::to_owned);
        let agent = parts.headers.get(axum::http::header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Browser {
            asked: Asked::of(&parts.extensions),
            cookie: cookie(cookies::SESSION),
            device: cookie(cookies::DEVICE),
            ceremony: cookie(cookies::CEREMONY),
            agent: agent.unwrap_or_default().to_owned(),
        })
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

/// The header that names which pages a browser may fetch early.
pub(super) const SPECULATION_RULES: HeaderName = HeaderName::from_static("speculation-rules");

/// A page that went well. Pages that its links lead to may be fetched while the pointer rests on them.
pub(crate) fn page(html: String) -> Response {
    let rules = format!("\"{}/speculation.json\"", assets::folder());
    ([(SPECULATION_RULES, rules)], Html(html)).into_response()
}
