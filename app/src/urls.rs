//! Where the pages live: one place for every address.

use routing::{AccountId, E164, PlanId, RouteId, ScheduleId};

/// What needs attention.
pub const OVERVIEW: &str = "/";
/// The first visit.
pub const WELCOME: &str = "/welcome";
/// The list of inbound routes, with the Add New Route box.
pub const ROUTES: &str = "/interconnection/inbound-routes";
/// The list of failover plans.
pub const PLANS: &str = "/interconnection/failover-plans";
/// The form of a plan that does not exist yet; `?preset=…` fills it in.
pub const NEW_PLAN: &str = "/interconnection/failover-plans/new";
/// The list of schedules.
pub const SCHEDULES: &str = "/interconnection/schedules";
/// The form of a schedule that does not exist yet.
pub const NEW_SCHEDULE: &str = "/interconnection/schedules/new";
/// Manage your DIDs.
pub const MANAGE: &str = "/dids/manage";
/// The what-if desk.
pub const PREVIEW: &str = "/preview";
/// Saved cases.
pub const CASES: &str = "/preview/cases";
/// Everything that was done.
pub const ACTIVITY: &str = "/activity";
/// Two moments compared.
pub const COMPARE: &str = "/activity/compare";
/// What is wrong, or has been accepted.
pub const FINDINGS: &str = "/findings";
/// Accepting a finding.
pub const ACCEPT_FINDING: &str = "/findings/accept";
/// Taking the acceptance of a finding back.
pub const WITHDRAW_FINDING: &str = "/findings/withdraw";
/// Where Apply Action leads; it sends on to the chosen action's screen.
pub const APPLY_ACTION: &str = "/dids/manage/apply-action";
/// Import of a CSV of DIDs.
pub const IMPORT: &str = "/dids/import";
/// Jobs, each under its id.
pub const JOBS: &str = "/jobs";
/// The CSV itself.
pub const DOWNLOAD: &str = "/dids/download.csv";

/// Signing in.
pub const SIGN_IN: &str = "/sign-in";
/// The second step of it.
pub const SIGN_IN_CODE: &str = "/sign-in/code";
/// On to the provider that signs people in.
pub const PROVIDER: &str = "/sign-in/provider";
/// Back from it.
pub const PROVIDER_RETURN: &str = "/sign-in/provider/return";
/// Signing in with a passkey.
pub const SIGN_IN_PASSKEY: &str = "/sign-in/passkey";
/// Signing out.
pub const SIGN_OUT: &str = "/sign-out";
/// Invitations, each under its word.
pub const INVITATIONS: &str = "/invitation";
/// Links to a new password, each under its word.
pub const PASSWORD_LINKS: &str = "/password";
/// Oneself.
pub const YOU: &str = "/you";
/// One's second factor.
pub const SECOND_FACTOR: &str = "/you/second-factor";
/// Being signed in by the provider no more.
pub const UNLINK_PROVIDER: &str = "/you/provider/unlink";
/// One's passkeys.
pub const PASSKEYS: &str = "/you/passkeys";
/// Who belongs to the account.
pub const TEAM: &str = "/settings/people";
/// The account's API tokens.
pub const TOKENS: &str = "/settings/tokens";
/// Where the account's routes to phone numbers may ring.
pub const COUNTRIES: &str = "/settings/countries";
/// What the staff tells the account's people.
pub const NOTES: &str = "/notes";
/// Who of the staff looked at the account.
pub const LOOKS: &str = "/settings/looks";
/// The accounts to choose from.
pub const ACCOUNTS: &str = "/accounts";
/// Everybody who may sign in.
pub const PEOPLE: &str = "/people";
/// What was done to who may sign in.
pub const PEOPLE_ACTIVITY: &str = "/people/activity";
/// The support desk: a search over every account, and what is wrong where.
pub const SUPPORT: &str = "/support";

/// Addresses that belong to no account, with all that lies below them.
const OUTSIDE: [&str; 10] =
    [SIGN_IN, SIGN_OUT, INVITATIONS, PASSWORD_LINKS, YOU, ACCOUNTS, PEOPLE, SUPPORT, WELCOME, "/assets"];

/// Where the pages of one account of several live: `/accounts/7`. Who belongs to one account only needs no such
/// prefix.
pub fn mount(account: AccountId) -> String {
    format!("{ACCOUNTS}/{account}")
}

/// An address of an account's pages, under the account's prefix; one that belongs to no account, as it is.
pub fn mounted(account: AccountId, address: &str) -> String {
    if is_of_an_account(address) { format!("{}{address}", mount(account)) } else { address.to_owned() }
}

/// Whether an address, without a prefix, is one of an account's pages.
pub fn is_of_an_account(address: &str) -> bool {
    let below = |root: &str| {
        address.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    };
    address.starts_with('/') && !address.starts_with("//") && !OUTSIDE.into_iter().any(below)
}

/// The account of an address with a prefix, and the address without it.
pub fn unmounted(path: &str) -> Option<(AccountId, &str)> {
    let rest = path.strip_prefix(ACCOUNTS)?.strip_prefix('/')?;
    let end = rest.find('/').unwrap_or(rest.len());
    let account = AccountId(rest[..end].parse().ok()?);
    Some((account, if rest[end..].is_empty() { "/" } else { &rest[end..] }))
}

/// The sign-in that leads to a page afterwards.
pub fn sign_in(next: &str) -> String {
    format!("{SIGN_IN}{}", query(&[("next", next.to_owned())]))
}

/// One of one's passkeys.
pub fn passkey(passkey: impl std::fmt::Display) -> String {
    format!("{PASSKEYS}/{passkey}")
}

/// An invitation.
pub fn invitation(word: &str) -> String {
    format!("{INVITATIONS}/{word}")
}

/// A link to a new password.
pub fn password_link(word: &str) -> String {
    format!("{PASSWORD_LINKS}/{word}")
}

/// A finding on its page, with the form that accepts it open; `back` is where that form leads afterwards.
pub fn finding(key: &str, back: &str) -> String {
    let query = query(&[("accept", key.to_owned()), ("back", back.to_owned())]);
    format!("{FINDINGS}{query}#{}", encode(&finding_anchor(key)))
}

/// What a finding's row is called on that page.
pub fn finding_anchor(key: &str) -> String {
    format!("finding-{key}")
}

/// One route's page, where it is edited.
pub fn route(id: RouteId) -> String {
    format!("{ROUTES}/{id}")
}

/// Deleting a route.
pub fn delete_route(id: RouteId) -> String {
    format!("{ROUTES}/{id}/delete")
}

/// A saved case.
pub fn case(id: routing::CaseId) -> String {
    format!("{CASES}/{id}")
}

/// Deleting a saved case.
pub fn delete_case(id: routing::CaseId) -> String {
    format!("{CASES}/{id}/delete")
}

/// The desk with a call to a number.
pub fn preview_of(number: E164) -> String {
    format!("{PREVIEW}{}", query(&[("did", number.to_string())]))
}

/// The desk with the calls that may go to a route.
pub fn preview_of_route(id: RouteId) -> String {
    format!("{PREVIEW}{}", query(&[("route", id.to_string())]))
}

/// One plan's page, where it is edited.
pub fn plan(id: PlanId) -> String {
    format!("{PLANS}/{id}")
}

/// Deleting a plan.
pub fn delete_plan(id: PlanId) -> String {
    format!("{PLANS}/{id}/delete")
}

/// The DIDs that fail over to a plan.
pub fn dids_of_plan(id: PlanId) -> String {
    format!("{MANAGE}?plan={id}")
}

/// One schedule's page, where it is edited.
pub fn schedule(id: ScheduleId) -> String {
    format!("{SCHEDULES}/{id}")
}

/// Deleting a schedule.
pub fn delete_schedule(id: ScheduleId) -> String {
    format!("{SCHEDULES}/{id}/delete")
}

/// One number's page: `/dids/12065550100`.
pub fn did(number: E164) -> String {
    format!("/dids/{}", number.digits())
}

/// The number whose page, or a page below it, is at an address.
pub fn number_at(address: &str) -> Option<E164> {
    let path = unmounted(address).map_or(address, |(_, path)| path);
    let digits = path.strip_prefix("/dids/")?.split('/').next()?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| E164::parse(&format!("+{digits}")).ok())?
}

/// A call to a number at a past moment.
pub fn replay(number: E164) -> String {
    format!("{}/replay", did(number))
}

/// The same, after a version was made.
pub fn replay_at(number: E164, version: routing::Version) -> String {
    format!("{}?version={version}", replay(number))
}

/// The screen of one bulk action.
pub fn action(slug: &str) -> String {
    format!("{MANAGE}/{slug}")
}

/// How far a job is, and what became of it.
pub fn job(id: impl std::fmt::Display) -> String {
    format!("{JOBS}/{id}")
}

/// Cancelling a job.
pub fn cancel_job(id: impl std::fmt::Display) -> String {
    format!("{}/cancel", job(id))
}

/// What one operation did.
pub fn entry(version: routing::Version) -> String {
    format!("{ACTIVITY}/{version}")
}

/// The same, with its changes from a place on.
pub fn entry_from(version: routing::Version, place: u64) -> String {
    let place = if place == 0 { String::new() } else { place.to_string() };
    format!("{}{}", entry(version), query(&[("from", place)]))
}

/// Undoing one operation.
pub fn undo(version: routing::Version) -> String {
    format!("{ACTIVITY}/{version}/undo")
}

/// Putting one thing back to how it was after a version.
/// `what` is `did`, `route`, `plan` or `schedule`, and which one.
pub fn restore(version: routing::Version, what: (&str, String)) -> String {
    format!("{ACTIVITY}/{version}/restore{}", query(&[what]))
}

/// What differs since a version was made.
pub fn compare_since(version: routing::Version) -> String {
    format!("{COMPARE}?from={version}")
}

/// What the operation that made a version changed.
pub fn compare_around(version: routing::Version) -> String {
    format!("{COMPARE}?from={}&to={version}", version.0 - 1)
}

/// What was done to a number.
pub fn activity_of_did(number: E164) -> String {
    format!("{ACTIVITY}{}", query(&[("number", number.to_string())]))
}

/// What was done to a route.
pub fn activity_of_route(id: RouteId) -> String {
    format!("{ACTIVITY}?route={id}")
}

/// What was done to a plan.
pub fn activity_of_plan(id: PlanId) -> String {
    format!("{ACTIVITY}?plan={id}")
}

/// Percent-encodes one value for a query string (RFC 3986 §3.4); what may stand there is left readable.
pub fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,:/=".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A query string from pairs, leaving out empty values: `?q=front%20desk&sort=alias`, or nothing.
pub fn query(pairs: &[(&str, String)]) -> String {
    let parts: Vec<String> = pairs
        .iter()
        .filter(|(_, v)| !v.is_empty())
        .map(|(k, v)| format!("{}={}", encode(k), encode(v)))
        .collect();
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_string_leaves_out_empty_values_and_escapes_the_rest() {
        assert_eq!(query(&[("q", "a b&c".into()), ("sort", String::new())]), "?q=a%20b%26c");
        assert_eq!(query(&[("q", String::new())]), "");
        assert_eq!(query(&[("a&b#", "1".into())]), "?a%26b%23=1", "names come from addresses, too");
    }

    #[test]
    fn a_numbers_address_names_it() {
        let number = E164::parse("+12065550100").expect("it is one");
        for (address, expected) in [
            (did(number), Some(number)),
            (replay(number), Some(number)),
            (mounted(AccountId(7), &did(number)), Some(number)),
            (MANAGE.to_owned(), None),
            ("/dids/+12065550100".to_owned(), None),
            ("/dids/1".to_owned(), None),
            (OVERVIEW.to_owned(), None),
        ] {
            assert_eq!(number_at(&address), expected, "{address}");
        }
    }

    #[test]
    fn an_address_is_put_under_its_account_and_taken_out_of_it_again() {
        let account = AccountId(7);
        for (address, expected) in [
            ("/", "/accounts/7/"),
            ("/dids/manage?q=1#top", "/accounts/7/dids/manage?q=1#top"),
            ("/youth", "/accounts/7/youth"),
            ("/supporters", "/accounts/7/supporters"),
        ] {
            let put = mounted(account, address);
            assert_eq!(put, expected);
            assert_eq!(unmounted(&put), Some((account, address)));
        }
        for outside in [
            "/you",
            "/you?done=saved",
            "/support?q=206",
            "/sign-in/code",
            "/assets/0/main.css",
            "#top",
            "?q=1",
            "//evil.example/",
        ] {
            assert_eq!(mounted(account, outside), outside);
        }
        for (path, expected) in [
            ("/accounts/7", Some((account, "/"))),
            ("/accounts", None),
            ("/accounts/", None),
            ("/accounts/seven/dids", None),
            ("/dids/7/x", None),
        ] {
            assert_eq!(unmounted(path), expected, "{path}");
        }
    }
}
