//! The cookies: a session, that somebody signed in with this browser before, a sign-in that is on its way to a provider, and
//! what the browser is asked to sign with a passkey (OWASP ASVS 5.0, 3.3).

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use portal::{CEREMONY_MS, Ceremony, Entered, SESSION_AGE_MAX_MS, Secret};

/// The session. The prefix makes browsers refuse it from another path, another name, or without `Secure`.
pub(super) const SESSION: &str = "__Host-session";
/// That somebody signed in with this browser before.
pub(super) const DEVICE: &str = "__Host-device";
/// A sign-in whose person is at the provider. `SameSite=Lax`, since they come back from another site.
pub(super) const FLOW: &str = "__Host-flow";
/// How long somebody may take at the provider.
const FLOW_AGE_S: i64 = 10 * 60;
/// What the browser is asked to sign.
pub(super) const CEREMONY: &str = "__Host-ceremony";
/// Browsers keep no cookie for longer than 400 days.
const DEVICE_AGE_S: i64 = 400 * 24 * 60 * 60;

/// The value of a request's cookie.
pub(super) fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Lets a browser in.
pub(super) fn entered(response: Response, entered: &Entered) -> Response {
    let response = session(response, &entered.session);
    match &entered.device {
        Some(device) => with(response, DEVICE, &device.reveal(), DEVICE_AGE_S),
        None => response,
    }
}

/// Gives a browser a session.
pub(super) fn session(response: Response, secret: &Secret) -> Response {
    with(response, SESSION, &secret.reveal(), SESSION_AGE_MAX_MS / 1000)
}

/// Ties a ceremony to a browser.
pub(super) fn ceremony(response: Response, ceremony: &Ceremony) -> Response {
    with(response, CEREMONY, &ceremony.cookie.reveal(), CEREMONY_MS / 1000)
}

/// Takes the session from a browser.
pub(super) fn ended(response: Response) -> Response {
    with(response, SESSION, "", 0)
}

/// Gives a browser what ties the provider's answer to it.
pub(super) fn leaving(response: Response, flow: &str) -> Response {
    with(response, FLOW, flow, FLOW_AGE_S)
}

/// Takes that back: an answer counts once.
pub(super) fn returned(response: Response) -> Response {
    with(response, FLOW, "", 0)
}

fn with(mut response: Response, name: &str, value: &str, age_s: i64) -> Response {
    let cookie = format!("{name}={value}; Path=/; Max-Age={age_s}; Secure; HttpOnly; SameSite=Lax");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    #[test]
    fn a_cookie_is_for_this_host_alone_and_for_no_script() {
        let secret = Secret::random().unwrap();
        let response = session(().into_response(), &secret);
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        let expected = format!(
            "__Host-session={}; Path=/; Max-Age=604800; Secure; HttpOnly; SameSite=Lax",
            secret.reveal()
        );
        assert_eq!(cookie, expected);
        assert!(
            ended(().into_response()).headers()[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0")
        );
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-session2=x; a__Host-session=y"));
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-device=z"));
        assert_eq!(get(&headers, SESSION), None);
        assert_eq!(get(&headers, DEVICE), Some("z"));
    }
}
