//! Every address of the process, with who may use it. The router is made of this table and of nothing else, so that
//! the test that calls each address as everybody who may not use it forgets none.

use std::convert::Infallible;

use app::urls;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{MethodRouter, get, post},
};
use tower_http::timeout::RequestBodyTimeoutLayer;

use super::{
    BODY_BYTES_MAX, Site, accounts, activity, bulk, cases, compare, countries, dids, findings, health,
    import, jobs, notes, passkeys, patience, plans, preview, provider, replay, restore, routes, schedules,
    sign_in, support, team, welcome, you,
};

/// Who may use an address. The use case that it leads to decides; here stands what is to come of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Needs {
    /// Nobody has to sign in.
    Nothing,
    /// Whoever is signed in, for what concerns themselves.
    Person,
    /// Whoever may look at the account.
    Reader,
    /// Whoever may change the account.
    Editor,
    /// Whoever may say who belongs to the account.
    Owner,
    /// Whoever may change the account, and the staff that may look at it.
    EditorOrStaff,
    /// Whoever is of the staff: support and administrators.
    Staff,
    /// An administrator of the installation.
    Admin,
}

/// An address with its methods.
pub(super) struct Endpoint {
    /// The pattern, with what varies in braces.
    pub(super) path: String,
    /// Who may `GET` it, if that can be done.
    pub(super) get: Option<Needs>,
    /// Who may `POST` to it, if that can be done.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "what the use cases decide, for the test that asks them")
    )]
    pub(super) post: Option<Needs>,
    handlers: MethodRouter<Site>,
}

/// A page of the account, with the form on it.
fn edits(path: impl Into<String>, handlers: MethodRouter<Site>) -> Endpoint {
    Endpoint { path: path.into(), get: Some(Needs::Reader), post: Some(Needs::Editor), handlers }
}

/// A page that stands still.
fn shows(needs: Needs, path: impl Into<String>, handlers: MethodRouter<Site>) -> Endpoint {
    Endpoint { path: path.into(), get: Some(needs), post: None, handlers }
}

/// A form on another page.
fn does(needs: Needs, path: impl Into<String>, handlers: MethodRouter<Site>) -> Endpoint {
    Endpoint { path: path.into(), get: None, post: Some(needs), handlers }
}

/// A page with its form, for the same people.
fn both(needs: Needs, path: impl Into<String>, handlers: MethodRouter<Site>) -> Endpoint {
    Endpoint { path: path.into(), get: Some(needs), post: Some(needs), handlers }
}

fn below(root: &str, rest: &str) -> String {
    format!("{root}/{rest}")
}

/// Whether that can be looked at.
pub(super) fn is_page(address: &str) -> bool {
    let fits = |pattern: &str| {
        pattern.split('/').count() == address.split('/').count()
            && pattern
                .split('/')
                .zip(address.split('/'))
                .all(|(p, a)| p == a || (p.starts_with('{') && !a.is_empty()))
    };
    endpoints().iter().any(|endpoint| endpoint.get.is_some() && fits(&endpoint.path))
}

/// Every address, but for the embedded files.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let upload = get(import::form)
        .post(import::upload)
        .layer::<_, Infallible>(RequestBodyTimeoutLayer::new(patience::UPLOAD_SILENCE_MAX))
        .layer(DefaultBodyLimit::max(portal::IMPORT_BYTES_MAX + BODY_BYTES_MAX));
    use Needs::{Admin, Nothing, Owner, Person, Reader, Staff};
    vec![
        shows(Reader, urls::OVERVIEW, get(welcome::overview)),
        edits(urls::ROUTES, get(routes::list).post(routes::add)),
        edits(below(urls::ROUTES, "{id}"), get(routes::edit_form).post(routes::edit)),
        edits(below(urls::ROUTES, "{id}/delete"), get(routes::delete_form).post(routes::delete)),
        shows(Reader, urls::PLANS, get(plans::list)),
        edits(urls::NEW_PLAN, get(plans::new_form).post(plans::add)),
        edits(below(urls::PLANS, "{id}"), get(plans::edit_form).post(plans::edit)),
        edits(below(urls::PLANS, "{id}/delete"), get(plans::delete_form).post(plans::delete)),
        shows(Reader, urls::SCHEDULES, get(schedules::list)),
        edits(urls::NEW_SCHEDULE, get(schedules::new_form).post(schedules::add)),
        edits(below(urls::SCHEDULES, "{id}"), get(schedules::edit_form).post(schedules::edit)),
        edits(below(urls::SCHEDULES, "{id}/delete"), get(schedules::delete_form).post(schedules::delete)),
        shows(Reader, urls::PREVIEW, get(preview::show)),
        edits(urls::CASES, get(cases::list).post(cases::add)),
        edits(below(urls::CASES, "{id}"), get(cases::edit_form).post(cases::edit)),
        edits(below(urls::CASES, "{id}/delete"), get(cases::delete_form).post(cases::delete)),
        shows(Reader, urls::ACTIVITY, get(activity::list)),
        shows(Reader, urls::COMPARE, get(compare::show)),
        shows(Reader, below(urls::ACTIVITY, "{version}"), get(activity::entry)),
        edits(below(urls::ACTIVITY, "{version}/undo"), get(activity::undo_form).post(activity::undo)),
        edits(below(urls::ACTIVITY, "{version}/restore"), get(restore::form).post(restore::apply)),
        shows(Reader, urls::FINDINGS, get(findings::list)),
        does(Needs::Editor, urls::ACCEPT_FINDING, post(findings::accept)),
        does(Needs::Editor, urls::WITHDRAW_FINDING, post(findings::withdraw)),
        shows(Reader, urls::MANAGE, get(dids::manage)),
        shows(Reader, urls::DOWNLOAD, get(dids::download)),
        edits(urls::IMPORT, upload),
        edits(below(urls::IMPORT, "{draft}"), get(import::review).post(import::apply)),
        does(Reader, urls::APPLY_ACTION, post(bulk::choose)),
        shows(Reader, below(urls::MANAGE, "result/{version}"), get(bulk::result)),
        edits(below(urls::MANAGE, "{action}"), get(bulk::screen).post(bulk::apply)),
        shows(Reader, below(urls::JOBS, "{job}"), get(jobs::show)),
        does(Needs::Editor, below(urls::JOBS, "{job}/cancel"), post(jobs::cancel)),
        edits("/dids/{number}", get(dids::detail).post(dids::edit)),
        shows(Reader, "/dids/{number}/replay", get(replay::show)),
        shows(Reader, urls::TEAM, get(team::show)),
        does(Owner, below(urls::TEAM, "invite"), post(team::invite)),
        does(Owner, below(urls::TEAM, "withdraw"), post(team::withdraw)),
        does(Owner, below(urls::TEAM, "role"), post(team::role)),
        does(Owner, below(urls::TEAM, "remove"), post(team::remove)),
        does(Owner, below(urls::TEAM, "support"), post(team::support)),
        does(Staff, urls::NOTES, post(notes::write)),
        does(Needs::EditorOrStaff, below(urls::NOTES, "remove"), post(notes::remove)),
        shows(Owner, urls::LOOKS, get(team::looks)),
        both(Reader, urls::TOKENS, get(team::tokens).post(team::make_token)),
        does(Owner, below(urls::TOKENS, "revoke"), post(team::revoke_token)),
        Endpoint {
            path: urls::COUNTRIES.to_owned(),
            get: Some(Reader),
            post: Some(Owner),
            handlers: get(countries::show).post(countries::allow),
        },
        does(Owner, below(urls::COUNTRIES, "forbid"), post(countries::forbid)),
        shows(Person, urls::YOU, get(you::show)),
        does(Person, below(urls::YOU, "name"), post(you::rename)),
        does(Person, below(urls::YOU, "password"), post(you::password)),
        does(Person, below(urls::YOU, "sessions/end"), post(you::end_session)),
        both(Person, urls::SECOND_FACTOR, get(you::factor_form).post(you::factor)),
        does(Person, below(urls::SECOND_FACTOR, "drop"), post(you::drop_factor)),
        does(Person, urls::UNLINK_PROVIDER, post(provider::unlink)),
        both(Person, urls::PASSKEYS, get(passkeys::new_form).post(passkeys::begin)),
        does(Person, below(urls::PASSKEYS, "finish"), post(passkeys::add)),
        both(Person, below(urls::PASSKEYS, "{passkey}"), get(passkeys::show).post(passkeys::rename)),
        does(Person, below(urls::PASSKEYS, "{passkey}/remove"), post(passkeys::remove)),
        Endpoint {
            path: urls::ACCOUNTS.to_owned(),
            get: Some(Person),
            post: Some(Admin),
            handlers: get(accounts::list).post(accounts::create),
        },
        shows(Staff, urls::SUPPORT, get(support::desk)),
        shows(Admin, urls::PEOPLE, get(accounts::people)),
        shows(Admin, urls::PEOPLE_ACTIVITY, get(accounts::activity)),
        does(Admin, below(urls::PEOPLE, "invite"), post(accounts::invite)),
        does(Admin, below(urls::PEOPLE, "withdraw"), post(accounts::withdraw)),
        does(Admin, below(urls::PEOPLE, "staff"), post(accounts::staff)),
        does(Admin, below(urls::PEOPLE, "disable"), post(accounts::disable)),
        does(Admin, below(urls::PEOPLE, "password"), post(accounts::password_link)),
        does(Admin, below(urls::PEOPLE, "second-factor"), post(accounts::second_factor_off)),
        shows(Nothing, urls::WELCOME, get(welcome::form)),
        does(Nothing, below(urls::WELCOME, "create"), post(welcome::create)),
        does(Nothing, below(urls::WELCOME, "sample"), post(welcome::sample)),
        both(Nothing, urls::SIGN_IN, get(sign_in::form).post(sign_in::sign_in)),
        both(Nothing, urls::SIGN_IN_CODE, get(sign_in::code_form).post(sign_in::code)),
        does(Nothing, urls::PROVIDER, post(provider::leave)),
        // It begins a session though it is asked for by GET: see the module.
        shows(Nothing, urls::PROVIDER_RETURN, get(provider::come_back)),
        does(Nothing, urls::SIGN_IN_PASSKEY, post(passkeys::begin_sign_in)),
        does(Nothing, below(urls::SIGN_IN_PASSKEY, "finish"), post(passkeys::sign_in)),
        does(Nothing, urls::SIGN_OUT, post(sign_in::sign_out)),
        both(Nothing, below(urls::INVITATIONS, "{word}"), get(sign_in::invitation).post(sign_in::join)),
        both(
            Nothing,
            below(urls::PASSWORD_LINKS, "{word}"),
            get(sign_in::password_link).post(sign_in::set_password),
        ),
        shows(Nothing, "/health", get(health::health)),
    ]
}

/// The router of all of them.
pub(super) fn routes_of_all() -> Router<Site> {
    endpoints()
        .into_iter()
        .fold(Router::new(), |router, endpoint| router.route(&endpoint.path, endpoint.handlers))
}
