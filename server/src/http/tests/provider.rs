//! Signing in by an OIDC provider, as a browser sees it.

use app::urls;
use axum::http::header;
use portal::Provider;

use super::{Answer, Desk, router};

#[path = "../../../../portal/tests/support/provider.rs"]
#[expect(dead_code, reason = "the portal's own tests use more of it")]
mod support;

use support::{Back, TestProvider, Visitor};

/// The sample account, whose person may link a provider.
async fn desk(provider: &TestProvider) -> Desk {
    with(Desk::with_sample().await, Provider::new(provider.settings()).unwrap())
}

fn with(mut desk: Desk, provider: Provider) -> Desk {
    desk.portal = desk.portal.clone().with_provider(provider);
    desk.router = router(super::site(&desk.portal));
    desk
}

fn visitor() -> Visitor {
    Visitor { subject: "248289761001", proved_s_ago: Some(10), ..Visitor::default() }
}

/// What an answer has a browser keep, as it sends it back.
fn kept(answer: &Answer, name: &str) -> Option<String> {
    let cookies = answer.headers.get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
    let cookie = cookies
        .filter_map(|cookie| cookie.split(';').next())
        .find(|cookie| cookie.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')))?;
    Some(cookie.to_owned())
}

/// Where an answer sends a browser to by itself.
fn refreshed(answer: &Answer) -> &str {
    answer.header(header::REFRESH).strip_prefix("0; url=").unwrap()
}

fn address(back: &Back) -> String {
    format!(
        "{}?code={}&state={}&iss={}",
        urls::PROVIDER_RETURN,
        back.code,
        back.state,
        urls::encode(&back.issuer)
    )
}

/// Goes to the provider and back; with `cookies` in the browser.
async fn goes(desk: &Desk, provider: &TestProvider, cookies: &str, form: &str) -> Answer {
    let left = leaves(desk, cookies, form).await;
    assert_eq!(left.code, 200, "{}", left.body);
    let flow = kept(&left, "__Host-flow").unwrap();
    let back = provider.sign_in(refreshed(&left), &visitor());
    comes_back(desk, &format!("{cookies}; {flow}"), &address(&back)).await
}

async fn leaves(desk: &Desk, cookies: &str, form: &str) -> Answer {
    let headers = [("content-type", super::FORM), ("cookie", cookies)];
    desk.send("POST", urls::PROVIDER, &headers, form).await
}

async fn comes_back(desk: &Desk, cookies: &str, address: &str) -> Answer {
    let headers = [("cookie", cookies), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
    desk.send("GET", address, &headers, "").await
}

#[tokio::test]
async fn somebody_links_the_provider_and_signs_in_with_it_from_another_site() {
    let provider = TestProvider::start().await;
    let desk = desk(&provider).await;
    assert!(desk.get(urls::SIGN_IN).await.body.contains("Sign in with Acme"));
    assert!(desk.get(urls::YOU).await.body.contains("Link Acme"));
    let linked = goes(&desk, &provider, &desk.cookie, "for=link").await;
    assert_eq!((linked.code, linked.header(header::LOCATION)), (303, "/you?done=provider-linked"));
    assert!(desk.get(urls::YOU).await.body.contains("It is your only way in"));

    let left = leaves(&desk, "", "for=sign-in&next=%2Fdids%2Fmanage%3Fq%3D1").await;
    let cookie = left.header(header::SET_COOKIE);
    assert!(cookie.starts_with("__Host-flow="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax"), "{cookie}");
    assert!(left.body.contains("Go on to Acme") && !left.body.contains("<script>"));
    let back = provider.sign_in(refreshed(&left), &visitor());
    let entered = comes_back(&desk, &kept(&left, "__Host-flow").unwrap(), &address(&back)).await;
    assert_eq!((entered.code, entered.header(header::LOCATION)), (303, "/dids/manage?q=1"));
    let session = kept(&entered, "__Host-session").unwrap();
    assert!(kept(&entered, "__Host-device").is_some());
    assert_eq!(kept(&entered, "__Host-flow").as_deref(), Some("__Host-flow="), "an answer counts once");
    let page = desk.send("GET", urls::YOU, &[("cookie", &session)], "").await;
    assert_eq!(page.code, 200);
}

#[tokio::test]
async fn what_goes_wrong_at_the_provider_is_told_in_our_words_where_it_was_begun() {
    let provider = TestProvider::start().await;
    let desk = desk(&provider).await;
    let left = leaves(&desk, "", "for=sign-in").await;
    let flow = kept(&left, "__Host-flow").unwrap();
    let back = provider.sign_in(refreshed(&left), &visitor());
    let good = address(&back);
    let denied = format!(
        "{}?error=access_denied&error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E&state={}",
        urls::PROVIDER_RETURN,
        back.state
    );
    for (cookies, address, code, part) in [
        ("", good.as_str(), 400, "was not begun in this browser"),
        ("__Host-flow=flow%3Dx", &good, 400, "was not begun in this browser"),
        (&flow, urls::PROVIDER_RETURN, 400, "was not begun in this browser"),
        (&flow, &denied, 422, "Acme did not sign you in"),
        (&flow, &good.replace("iss=", "iss=https://evil.example"), 502, "could not be verified"),
        (&flow, &good, 403, "Nobody here is linked to this account of Acme"),
    ] {
        let answer = comes_back(&desk, cookies, address).await;
        assert_eq!(answer.code, code, "{address}");
        assert!(
            answer.body.contains(part) && answer.body.contains("You are not signed in"),
            "{}",
            answer.body
        );
        assert!(!answer.body.contains("<script>") && !answer.body.contains("alert(1)"));
        assert_eq!(kept(&answer, "__Host-session"), None);
        assert_eq!(kept(&answer, "__Host-flow").as_deref(), Some("__Host-flow="));
    }
    // Whoever links themselves is told on their page.
    let linking = leaves(&desk, &desk.cookie, "for=link").await;
    let cookies = format!("{}; {}", desk.cookie, kept(&linking, "__Host-flow").unwrap());
    let state = provider.sign_in(refreshed(&linking), &visitor()).state;
    let denied = format!("{}?error=access_denied&state={state}", urls::PROVIDER_RETURN);
    let answer = comes_back(&desk, &cookies, &denied).await;
    assert_eq!(answer.code, 422);
    assert!(answer.body.contains("Nothing was saved") && answer.body.contains("Acme did not sign you in"));
}

#[tokio::test]
async fn without_a_provider_or_while_it_is_down_the_password_is_there() {
    let desk = Desk::with_sample().await;
    assert!(!desk.get(urls::SIGN_IN).await.body.contains("Sign in with"));
    for answer in [leaves(&desk, "", "for=sign-in").await, comes_back(&desk, "", urls::PROVIDER_RETURN).await]
    {
        assert_eq!(answer.code, 404);
    }
    let mut settings = TestProvider::start().await.settings();
    settings.issuer = "http://127.0.0.1:9".into();
    let desk = with(desk, Provider::new(settings).unwrap());
    let answer = leaves(&desk, "", "for=sign-in&next=%2Fyou").await;
    assert_eq!(answer.code, 502);
    for part in ["Acme cannot be reached now", "Password", "name=\"next\" value=\"/you\""] {
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
    assert_eq!(desk.get(urls::SIGN_IN).await.code, 200);
}

#[tokio::test]
async fn nobody_is_sent_to_the_provider_by_another_site_or_on_to_one() {
    let provider = TestProvider::start().await;
    let desk = desk(&provider).await;
    let headers = [("content-type", super::FORM), ("sec-fetch-site", "cross-site")];
    for form in ["for=link", "for=sign-in"] {
        let answer = desk.send("POST", urls::PROVIDER, &headers, form).await;
        assert_eq!((answer.code, kept(&answer, "__Host-flow")), (403, None), "{form}");
    }
    goes(&desk, &provider, &desk.cookie, "for=link").await;
    for next in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example"] {
        let entered = goes(&desk, &provider, "", &format!("for=sign-in&next={next}")).await;
        assert_eq!((entered.code, entered.header(header::LOCATION)), (303, "/"), "{next}");
    }
    let long = format!("for=sign-in&next=%2F{}", "x".repeat(5000));
    let entered = goes(&desk, &provider, "", &long).await;
    assert_eq!(entered.header(header::LOCATION), "/", "a cookie that is too long would be none");
}
