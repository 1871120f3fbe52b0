//! The document around every page: head, side bar, title and notice.

use std::sync::Arc;

use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use portal::Staff;

use crate::{
    notice::{Notice, Tone},
    urls,
};

/// What every page of one request has in common.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Folder of the embedded files, with their fingerprint: `/assets/3f2a…`.
    pub assets: Arc<str>,
    /// The account's name; `None` on pages that belong to none, and then there is no side bar.
    pub account: Option<String>,
    /// Who is signed in.
    pub reader: Option<Reader>,
    /// What just happened, to be said once at the top.
    pub notice: Option<Notice>,
    /// The reason that was typed into a form which is shown again.
    pub reason: String,
    /// The page is of something that goes on: where no script follows it, it is fetched again by itself.
    pub refreshes: bool,
}

/// Who reads a page.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Their address.
    pub email: String,
    /// What they may do in the whole installation.
    pub staff: Option<Staff>,
    /// What they may do in the page's account.
    pub access: Access,
    /// Whether there are other accounts to go to.
    pub several: bool,
    /// Nobody could sign in as them again.
    pub no_way_in: bool,
}

/// What the reader of an account's page may do there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Change it.
    Write,
    /// Look.
    Read,
    /// Look, as somebody who does not belong to the account: each look is on record.
    Visit,
    /// Change it, as somebody who does not belong to it.
    VisitAndWrite,
}

/// The entry of the side bar that a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// `/`
    Overview,
    /// `/interconnection/inbound-routes`
    InboundRoutes,
    /// `/interconnection/failover-plans`
    FailoverPlans,
    /// `/interconnection/schedules`
    Schedules,
    /// `/dids/manage`
    Manage,
    /// `/preview` and `/preview/cases`
    Preview,
    /// `/findings`
    Findings,
    /// `/activity`
    Activity,
    /// `/settings/people`
    Team,
    /// `/settings/tokens`
    Tokens,
    /// `/settings/countries`
    Countries,
    /// None of them.
    Nowhere,
}

/// Which part of the browser's half a page loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bundle {
    /// None: the page stands still.
    None,
    /// Keyboard and selection, which all of the others have too.
    Base,
    /// Fields of routes and schedules that are checked.
    Check,
    /// Calls that are previewed.
    Preview,
    /// The editor of plans.
    Plans,
    /// The what-if desk.
    Desk,
}

impl Bundle {
    /// As `cargo xtask site` names its files.
    fn name(self) -> Option<&'static str> {
        match self {
            Bundle::None => None,
            Bundle::Base => Some("base"),
            Bundle::Check => Some("check"),
            Bundle::Preview => Some("preview"),
            Bundle::Plans => Some("plans"),
            Bundle::Desk => Some("desk"),
        }
    }
}

/// Seconds after which a page of something that goes on is fetched again, where no script follows it.
const REFRESH_S: &str = "2";

/// Renders a page to HTML.
///
/// The view is built and written within one reactive owner that is dropped afterwards: a page holds no
/// state on the server.
pub fn document<V: IntoView>(
    frame: &Frame,
    here: Here,
    title: &str,
    bundle: Bundle,
    body: impl FnOnce() -> V,
) -> String {
    // Islands render as "not hydrating": only their own roots carry markers.
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        let content = body().into_any();
        let frame = frame.clone();
        let title = title.to_owned();
        let page = match frame.account.clone() {
            Some(account) => with_side_bar(&frame, here, account, bundle, content).into_any(),
            None => view! {
                <main id="main" class="bare">
                    <div class="row spread">{brand()}{frame.reader.as_ref().map(signed_in)}</div>
                    {notice(&frame)}{content}
                </main>
            }
            .into_any(),
        };
        let assets = &frame.assets;
        view! {
            <html lang="en" data-bundle=bundle.name()>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <meta name="color-scheme" content="light dark"/>
                    <meta name="description" content="Inbound call routing and failover for your phone numbers."/>
                    <title>{format!("{title} · Switchback")}</title>
                    {frame.refreshes.then(|| view! { <noscript><meta http-equiv="refresh" content=REFRESH_S/></noscript> })}
                    <link rel="icon" type="image/svg+xml" href=format!("{assets}/favicon.svg")/>
                    <link rel="stylesheet" href=format!("{assets}/main.css")/>
                    {bundle.name().map(|name| view! {
                        <link rel="modulepreload" href=format!("{assets}/{name}.js")/>
                        <link rel="preload" href=format!("{assets}/{name}_bg.wasm") r#as="fetch" crossorigin="anonymous"/>
                    })}
                    <script type="module" src=format!("{assets}/start.js")></script>
                </head>
                <body>{page}</body>
            </html>
        }
        .to_html()
    });
    owner.cleanup();
    format!("<!DOCTYPE html>{html}")
}

fn brand() -> impl IntoView + use<> {
    view! {
        <a class="brand" href=urls::OVERVIEW>
            <svg viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
                <path d="M6 8h13l6 8H13l-6 8h19"/>
            </svg>
            "Switchback"
        </a>
    }
}

/// Who is signed in, and the way out.
fn signed_in(reader: &Reader) -> impl IntoView + use<> {
    let admin = reader.staff == Some(Staff::Admin);
    let several = reader.several || reader.staff.is_some();
    view! {
        <div class="signed-in">
            <a href=urls::YOU class="you">{reader.email.clone()}</a>
            {reader.staff.is_some().then(|| view! { <a href=urls::SUPPORT>"Support desk"</a> })}
            {several.then(|| view! { <a href=urls::ACCOUNTS>"Accounts"</a> })}
            {admin.then(|| view! { <a href=urls::PEOPLE>"People of this server"</a> })}
            <form method="post" action=urls::SIGN_OUT data-outside=""><button class="button link">"Sign out"</button></form>
        </div>
    }
}

/// What the reader of an account's pages should know all the time.
fn access(reader: &Reader) -> Option<impl IntoView + use<>> {
    let (class, words) = match reader.access {
        Access::Write => return None,
        Access::Read => ("badge", "You may look, not change"),
        Access::Visit => ("badge visit", "Visiting: read-only, and on record"),
        Access::VisitAndWrite => ("badge visit", "Visiting: what you do is on record"),
    };
    Some(view! { <div class="access"><span class=class>{words}</span></div> })
}

/// Said until it is mended: the sample account's reader has no way back in.
fn no_way_in(frame: &Frame) -> Option<impl IntoView + use<>> {
    let missing = frame.reader.as_ref().is_some_and(|reader| reader.no_way_in);
    missing.then(|| {
        view! {
            <p class="note warn slim">"You have no password yet: this browser is your only way in. " <a href=urls::YOU>"Set a password"</a></p>
        }
    })
}

fn notice(frame: &Frame) -> impl IntoView + use<> {
    frame.notice.map(|notice| {
        let role = if notice.tone() == Tone::Bad { "alert" } else { "status" };
        view! { <div class=notice.tone().class() role=role><p>{notice.words()}</p></div> }
    })
}

fn with_side_bar(
    frame: &Frame,
    here: Here,
    account: String,
    bundle: Bundle,
    content: AnyView,
) -> impl IntoView + use<> {
    let link = move |to: Here, href: &'static str, label: &'static str| {
        view! { <li><a href=href aria-current=(here == to).then_some("true")>{label}</a></li> }
    };
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        <div class="shell">
            <header class="side">
                {brand()}
                <div class="account">{account}</div>
                {frame.reader.as_ref().map(access)}
                <nav aria-label="Main">
                    <ul>
                        {link(Here::Overview, urls::OVERVIEW, "Overview")}
                        {link(Here::Activity, urls::ACTIVITY, "Activity")}
                        {link(Here::Findings, urls::FINDINGS, "Findings")}
                        {link(Here::Preview, urls::PREVIEW, "Preview")}
                        <li>
                            <span class="group">"Interconnection"</span>
                            <ul>
                                {link(Here::InboundRoutes, urls::ROUTES, "Inbound Routes")}
                                {link(Here::FailoverPlans, urls::PLANS, "Failover Plans")}
                                {link(Here::Schedules, urls::SCHEDULES, "Schedules")}
                            </ul>
                        </li>
                        <li>
                            <span class="group">"DIDs"</span>
                            <ul>{link(Here::Manage, urls::MANAGE, "Manage")}</ul>
                        </li>
                        <li>
                            <span class="group">"Account"</span>
                            <ul>
                                {link(Here::Team, urls::TEAM, "People")}
                                {link(Here::Countries, urls::COUNTRIES, "Allowed countries")}
                                {link(Here::Tokens, urls::TOKENS, "API tokens")}
                            </ul>
                        </li>
                    </ul>
                </nav>
                {frame.reader.as_ref().map(signed_in)}
                <button type="button" class="button link" id="show-shortcuts" hidden>"Keyboard shortcuts"</button>
            </header>
            <main id="main" tabindex="-1">{no_way_in(frame)}{notice(frame)}{content}</main>
        </div>
        {bundle.name().map(|_| keyboard())}
    }
}

/// The keyboard shortcuts: keys, and what they do.
const SHORTCUTS: [(&str, &str); 8] = [
    ("/", "Search on this page"),
    ("g o", "Go to the overview"),
    ("g a", "Go to Activity"),
    ("g r", "Go to Inbound Routes"),
    ("g p", "Go to Failover Plans"),
    ("g d", "Go to Manage your DIDs"),
    ("g w", "Go to the preview: what if …"),
    ("?", "Show this help"),
];

/// The island that listens, and the help that it opens.
fn keyboard() -> impl IntoView + use<> {
    let rows = SHORTCUTS
        .map(|(keys, what)| view! { <tr><td><kbd>{keys}</kbd></td><td>{what}</td></tr> })
        .collect_view();
    view! {
        <dialog class="keys" aria-label="Keyboard shortcuts">
            <h2>"Keyboard shortcuts"</h2>
            <table class="steps"><tbody>{rows}</tbody></table>
            <form method="dialog" class="row spread">
                <label><input type="checkbox" checked/>" Shortcuts are on"</label>
                <button class="button">"Close"</button>
            </form>
        </dialog>
        <crate::islands::keys::Keys/>
    }
}

/// A page's heading, with what can be done from it on the right.
pub fn title(text: impl Into<String>, actions: impl IntoView) -> impl IntoView {
    view! { <div class="title"><h1>{text.into()}</h1><div class="row">{actions}</div></div> }
}

/// The same of a page below another one, with the way back to that.
pub fn title_below(
    address: impl Into<String>,
    above: impl Into<String>,
    text: impl Into<String>,
    actions: impl IntoView,
) -> impl IntoView {
    let (address, above, text) = (address.into(), above.into(), text.into());
    view! {
        <div class="title">
            <div><a class="crumb" href=address>{above}</a><h1>{text}</h1></div>
            <div class="row">{actions}</div>
        </div>
    }
}
