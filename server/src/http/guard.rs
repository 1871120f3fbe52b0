//! What stands before every handler: who may send what, and what every answer carries.

use std::{net::IpAddr, time::Instant};

use app::urls;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{Site, error::HttpError};
use crate::settings::PublicUrl;

/// On every answer. No inline script or style exists, so none is allowed.
const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// On every answer of a server that is reached from outside: for two years, nobody asks it without TLS.
const HSTS: &str = "max-age=63072000; includeSubDomains";

/// Adds the headers that every answer carries; a page is not kept by any cache, a file says its own.
pub(super) async fn headers(State(site): State<Site>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if site.public.is_some() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    response
}

/// Refuses what comes from another site, and logs each request.
pub(super) async fn protect(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), loggable(request.uri().path()).to_owned());
    let started = Instant::now();
    let public = site.public.as_ref().map(PublicUrl::authority);
    let response = match judge(&method, request.headers(), site.port, public) {
        Ok(()) => next.run(request).await,
        Err(refusal) => HttpError::CrossSite(refusal).into_response(),
    };
    let status = response.status();
    let request = response.headers().get(super::asked::REQUEST_ID).and_then(|id| id.to_str().ok());
    tracing::debug!(%method, path, status = status.as_u16(), request, elapsed = ?started.elapsed());
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS) {
        tracing::warn!(target: "security", %method, path, status = status.as_u16(), request, "refused");
    }
    response
}

/// A path without the word of a link that works once: whoever reads the log must not be able to use it.
fn loggable(path: &str) -> &str {
    let secret = [urls::INVITATIONS, urls::PASSWORD_LINKS];
    secret.into_iter().find(|root| path.contains(&format!("{root}/"))).unwrap_or(path)
}

/// Why a request is refused unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CrossSite {
    /// The name in the address bar is not this machine's: DNS rebinding lets a foreign page call us so.
    #[error(
        "This server answers to localhost only. Open it as http://127.0.0.1:{port} or http://localhost:{port}."
    )]
    ForeignHost {
        /// The port of the asked address, else the one that we listen on.
        port: u16,
    },
    /// A form or script of another site tries to change something (CSRF).
    #[error("The request came from another site. Open the page here and try again.")]
    ForeignOrigin,
}

/// Fetch Metadata first, then Origin, on every request that may change something; Host always.
fn judge(
    method: &Method,
    headers: &HeaderMap,
    listening: u16,
    public: Option<&str>,
) -> Result<(), CrossSite> {
    let text = |name: &HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    let host = text(&header::HOST).unwrap_or_default();
    let (name, port) = split_port(host);
    if !is_loopback(name) && public.is_none_or(|public| !host.eq_ignore_ascii_case(public)) {
        // Through a tunnel the browser's port is the right one, and may not be ours.
        return Err(CrossSite::ForeignHost { port: port.unwrap_or(listening) });
    }
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    match text(&HeaderName::from_static("sec-fetch-site")) {
        Some("same-origin" | "none") => return Ok(()),
        Some(_) => return Err(CrossSite::ForeignOrigin),
        None => {}
    }
    match text(&header::ORIGIN) {
        // Neither header: not a browser, so nobody's session is misused.
        None => Ok(()),
        Some(origin) if origin.split_once("://").is_some_and(|(_, origin_host)| origin_host == host) => {
            Ok(())
        }
        Some(_) => Err(CrossSite::ForeignOrigin),
    }
}

/// The name and the port of a `Host` header: `[::1]:3000` (RFC 9110 §7.2).
pub(super) fn split_port(host: &str) -> (&str, Option<u16>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !name.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => {
            (name, port.parse().ok())
        }
        _ => (host, None),
    }
}

/// The same question that the settings ask of the address to listen on.
fn is_loopback(name: &str) -> bool {
    let address = name.strip_prefix('[').and_then(|n| n.strip_suffix(']')).unwrap_or(name);
    name.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTENING: u16 = 3000;

    /// Method, headers, judgement.
    type Row = (Method, &'static [(&'static str, &'static str)], Result<(), CrossSite>);

    #[test]
    fn the_word_of_a_link_is_not_logged() {
        for (path, expected) in [
            ("/invitation/0123abcd", "/invitation"),
            ("/accounts/7/password/0123abcd", "/password"),
            ("/dids/manage", "/dids/manage"),
            ("/you/password", "/you/password"),
        ] {
            assert_eq!(loggable(path), expected);
        }
    }

    #[test]
    fn a_change_is_taken_from_our_own_pages_and_from_no_other_site() {
        let rows: [Row; 16] = [
            (Method::GET, &[("host", "127.0.0.1:3000"), ("sec-fetch-site", "cross-site")], Ok(())),
            (Method::GET, &[("host", "localhost")], Ok(())),
            (Method::GET, &[("host", "[::1]:3000")], Ok(())),
            (Method::GET, &[("host", "127.8.0.1:3000")], Ok(())),
            (Method::GET, &[("host", "LOCALHOST:3000")], Ok(())),
            (Method::GET, &[("host", "192.0.2.1:3000")], Err(CrossSite::ForeignHost { port: 3000 })),
            (
                Method::GET,
                &[("host", "127.0.0.1.evil.example")],
                Err(CrossSite::ForeignHost { port: LISTENING }),
            ),
            (Method::GET, &[("host", "evil.example:8080")], Err(CrossSite::ForeignHost { port: 8080 })),
            (Method::GET, &[], Err(CrossSite::ForeignHost { port: LISTENING })),
            (Method::POST, &[("host", "localhost:1"), ("sec-fetch-site", "same-origin")], Ok(())),
            (Method::POST, &[("host", "localhost:1"), ("sec-fetch-site", "none")], Ok(())),
            (
                Method::POST,
                &[("host", "localhost:1"), ("sec-fetch-site", "same-site")],
                Err(CrossSite::ForeignOrigin),
            ),
            (
                Method::POST,
                &[
                    ("host", "localhost:1"),
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "http://localhost:1"),
                ],
                Err(CrossSite::ForeignOrigin),
            ),
            (Method::POST, &[("host", "localhost:1"), ("origin", "http://localhost:1")], Ok(())),
            (
                Method::POST,
                &[("host", "localhost:1"), ("origin", "http://localhost:2")],
                Err(CrossSite::ForeignOrigin),
            ),
            (Method::POST, &[("host", "localhost:1"), ("origin", "null")], Err(CrossSite::ForeignOrigin)),
        ];
        for (method, headers, expected) in rows {
            let map: HeaderMap = headers
                .iter()
                .map(|(k, v)| (HeaderName::from_static(k), HeaderValue::from_static(v)))
                .collect();
            assert_eq!(judge(&method, &map, LISTENING, None), expected, "{method} {headers:?}");
        }
    }
}
