//! Two moments of the account compared.

use app::{desk::parse_local, pages::activity as pages};
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use portal::{Moment, UnixMs};
use routing::{Version, shortened};

use super::{
    Site,
    error::HttpError,
    query::Pairs,
    site::{Who, page},
};

/// `GET /activity/compare`
pub(super) async fn show(
    State(site): State<Site>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let pairs = Pairs::parse(&query.unwrap_or_default());
    let asked = [pairs.text("from"), pairs.text("to")];
    let [from, to] = [moment("from", &asked[0])?, moment("to", &asked[1])?];
    let found = match from {
        Some(from) => {
            let to = to.unwrap_or(Moment::After(who.account.version));
            Some(site.portal.compare(&who.actor, who.account.id, [from, to]).await?)
        }
        None => None,
    };
    Ok(page(pages::compare(&who.frame, [&asked[0], &asked[1]], found.as_ref())))
}

/// A version, or a moment in UTC.
fn moment(name: &str, typed: &str) -> Result<Option<Moment>, HttpError> {
    let typed = typed.trim().trim_end_matches('Z');
    if typed.is_empty() {
        return Ok(None);
    }
    let version = typed.parse().ok().map(|version| Moment::After(Version(version)));
    let local = || Some(Moment::At(UnixMs(parse_local(typed)?.saturating_mul(1_000))));
    version.or_else(local).map(Some).ok_or_else(|| {
        let right = "a version, such as 12, nor a moment in UTC, such as 2026-11-29T03:00";
        HttpError::BadRequest(format!("`{name}={}` is neither {right}.", shortened(typed)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_version_or_a_time_in_utc() {
        for (typed, expected) in [
            ("", Some(None)),
            (" 12 ", Some(Some(Moment::After(Version(12))))),
            ("2026-11-29T11:00", Some(Some(Moment::At(UnixMs(1_795_950_000_000))))),
            ("2026-11-29 11:00:00Z", Some(Some(Moment::At(UnixMs(1_795_950_000_000))))),
            ("yesterday", None),
            ("12.5", None),
        ] {
            assert_eq!(moment("from", typed).ok(), expected, "{typed}");
        }
    }
}
