//! What is known of a request before anybody looks at it: where it came from, what it is called, which account its
//! address names, and what it is signed in with.

use std::sync::{Arc, OnceLock};

use app::urls;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Uri, header, uri::PathAndQuery},
    middleware::Next,
    response::Response,
};
use portal::{Credential, Origin};
use routing::AccountId;

use super::{Site, cookies, site::Known};
use crate::quiet::Peer;

/// The header by which a proxy says who asked it.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// The header by which an answer says what its request is called in the log.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const BEARER: &str = "Bearer";
/// The longest text that a secret of ours has, and some: more is not looked at.
const SECRET_BYTES_MAX: usize = 200;

/// A request, before anybody looks at it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Where it came from, and what it is called.
    pub(crate) origin: Origin,
    /// The account whose prefix stands in its address.
    pub(crate) account: Option<AccountId>,
    /// Its address, with the prefix and the query.
    pub(crate) address: String,
    /// Who asks of which account, once somebody knows it: refusals are written with it.
    pub(crate) known: Arc<OnceLock<Known>>,
}

impl Asked {
    /// Of a request's extensions; every request has it.
    pub(crate) fn of(extensions: &axum::http::Extensions) -> Asked {
        extensions.get::<Asked>().cloned().unwrap_or_else(|| Asked {
            origin: Origin::default(),
            account: None,
            address: urls::OVERVIEW.to_owned(),
            known: Arc::default(),
        })
    }
}

/// Takes an account's prefix out of the address, so that an account's pages are routed as if there was only one; and
/// keeps what was said with the request. Before the router.
pub(super) async fn keep(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let origin = Origin { address: address_of(&site, &request), request: request_id() };
    let id = HeaderValue::from_str(&origin.request).unwrap_or(HeaderValue::from_static("none"));
    let address = request.uri().path_and_query().map_or("/", PathAndQuery::as_str).to_owned();
    let mut account = None;
    if let Some((named, rest)) = urls::unmounted(request.uri().path()) {
        let rest = match request.uri().query() {
            Some(query) => format!("{rest}?{query}"),
            None => rest.to_owned(),
        };
        if let Ok(uri) = rest.parse::<Uri>() {
            account = Some(named);
            *request.uri_mut() = uri;
        }
    }
    request.extensions_mut().insert(Asked { origin, account, address, known: Arc::default() });
    let mut response = next.run(request).await;
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// The token of a request (RFC 6750 §2.1). Another scheme is a proxy's, which lets people in before it asks us.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case(BEARER).then_some(token)
}

/// What a request is signed in with: a token goes before a cookie.
pub(super) fn credential(headers: &HeaderMap) -> Option<Credential<'_>> {
    let found = match bearer(headers) {
        Some(token) => Credential::Token(token),
        None => Credential::Cookie(cookies::get(headers, cookies::SESSION)?),
    };
    let (Credential::Token(text) | Credential::Cookie(text)) = found;
    (text.len() <= SECRET_BYTES_MAX).then_some(found)
}

/// The network address of who asks. A proxy's word counts only where the settings say that there is one: it is the
/// last of the header, which the proxy itself wrote.
fn address_of(site: &Site, request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<Peer>>().map(|info| info.0.0.ip());
    let forwarded = site.behind_proxy.then(|| {
        let value = request.headers().get_all(FORWARDED_FOR).iter().next_back()?.to_str().ok()?;
        let last = value.rsplit(',').next()?.trim();
        // Some proxies write the port as well.
        last.parse().ok().or_else(|| last.parse::<std::net::SocketAddr>().ok().map(|with| with.ip()))
    });
    forwarded
        .flatten()
        .or(peer)
        .map(|ip| ip.to_canonical().to_string())
        .unwrap_or_else(|| "unknown".to_owned())
}

/// What a request is called: it stands in the log, in the answer, and in the history.
fn request_id() -> String {
    super::error::reference()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_before_a_cookie_and_what_is_too_long_is_nothing() {
        let long = "x".repeat(SECRET_BYTES_MAX + 1);
        type Row<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>);
        let rows: [Row<'_>; 7] = [
            (&[], None),
            (&[("cookie", "__Host-session=abc")], Some("cookie abc")),
            (&[("cookie", "a=b; __Host-session=abc; c=d")], Some("cookie abc")),
            (&[("authorization", "Bearer swb_1")], Some("token swb_1")),
            (&[("authorization", "Bearer swb_1"), ("cookie", "__Host-session=abc")], Some("token swb_1")),
            (&[("authorization", "Basic swb_1"), ("cookie", "__Host-session=abc")], Some("cookie abc")),
            (&[("authorization", &format!("Bearer {long}"))], None),
        ];
        for (headers, expected) in rows {
            let map: HeaderMap = headers
                .iter()
                .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap()))
                .collect();
            let found = credential(&map).map(|found| match found {
                Credential::Cookie(text) => format!("cookie {text}"),
                Credential::Token(text) => format!("token {text}"),
            });
            assert_eq!(found.as_deref(), expected, "{headers:?}");
        }
    }
}
