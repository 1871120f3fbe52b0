//! Passkeys from outside: where they are offered, and what a browser is given for a ceremony.

use app::urls;
use axum::http::header;

use super::{Answer, Desk, FORM};
use crate::{http::Site, settings::PublicUrl};

const LOCALHOST: (&str, &str) = ("host", "localhost:4000");

async fn post(desk: &Desk, address: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let headers = [&[("content-type", FORM)], headers].concat();
    desk.send("POST", address, &headers, body).await
}

/// The sample's server, reached from outside under an address.
async fn reached_as(address: &str) -> Desk {
    let desk = Desk::with_sample().await;
    let public = Some(PublicUrl::parse(address).unwrap());
    let site = Site { public, ..super::site(&desk.portal) };
    Desk { router: super::router(site), ..desk }
}

#[tokio::test]
async fn passkeys_are_offered_where_browsers_have_them_and_elsewhere_the_page_says_where_that_is() {
    const BUTTON: &str = "Sign in with a passkey";
    let local = Desk::with_sample().await;
    let named = reached_as("https://portal.example.com").await;
    let numbered = reached_as("https://192.0.2.1").await;
    for (desk, host, phrase) in [
        (&local, "localhost:4000", BUTTON),
        (&local, "127.0.0.1:4000", "http://localhost:4000"),
        (&local, "[::1]:4000", "http://localhost:4000"),
        (&local, "127.0.0.1", "http://localhost:3000"),
        (&named, "portal.example.com", BUTTON),
        // Behind a proxy that calls us by another name.
        (&named, "127.0.0.1:3000", BUTTON),
        (&numbered, "192.0.2.1", "is none"),
    ] {
        for page in [urls::SIGN_IN, urls::YOU] {
            let body = desk.send("GET", page, &[("host", host)], "").await.body;
            let phrase = if page == urls::YOU && phrase == BUTTON { "Add a passkey" } else { phrase };
            assert!(body.contains(phrase), "{host}{page} lacks `{phrase}`");
            assert_eq!(body.contains("Passkeys need a name"), !phrase.contains("passkey"), "{host}{page}");
        }
    }
    // Whoever asks nevertheless is led to the page that says so.
    for (address, to) in [(urls::SIGN_IN_PASSKEY, "/sign-in?next=/"), (urls::PASSKEYS, urls::YOU)] {
        let answer = post(&local, address, &[], "").await;
        assert_eq!((answer.code, answer.header(header::LOCATION)), (303, to), "{address}");
    }
}

#[tokio::test]
async fn a_ceremony_begins_with_a_cookie_of_its_own_and_what_comes_of_it_stands_on_the_page() {
    let desk = Desk::with_sample().await;
    let begun = post(&desk, urls::SIGN_IN_PASSKEY, &[LOCALHOST], "next=/dids/manage").await;
    let cookie = begun.header(header::SET_COOKIE);
    assert!(
        cookie.starts_with("__Host-ceremony=") && cookie.contains("Max-Age=300; Secure; HttpOnly"),
        "{cookie}"
    );
    assert!(begun.body.contains("challenge"), "{}", begun.body);
    assert!(begun.body.contains("value=\"/dids/manage\""), "{}", begun.body);
    let cookie = cookie.split(';').next().unwrap();
    let finish = format!("{}/finish", urls::SIGN_IN_PASSKEY);
    for (cookie, phrase) in
        [(cookie, "Nobody can sign in here with this passkey"), (cookie, "Begin again"), ("", "Begin again")]
    {
        let answer =
            post(&desk, &finish, &[LOCALHOST, ("cookie", cookie)], "next=/dids/manage&passkey={}").await;
        assert_eq!(answer.code, 422);
        assert!(answer.body.contains(phrase), "{}", answer.body);
        assert!(answer.body.contains("You are not signed in"), "{}", answer.body);
        assert!(answer.header(header::SET_COOKIE).is_empty());
    }
}

#[tokio::test]
async fn a_passkey_is_begun_with_a_name_and_by_who_is_signed_in() {
    let desk = Desk::with_sample().await;
    let form = desk
        .send("GET", urls::PASSKEYS, &[LOCALHOST, ("user-agent", "Firefox/150.0 (X11; Linux)")], "")
        .await;
    assert!(form.body.contains("value=\"Firefox on Linux\""), "{}", form.body);
    let unnamed = post(&desk, urls::PASSKEYS, &[LOCALHOST], "passkey-name=").await;
    assert_eq!(unnamed.code, 422);
    assert!(unnamed.body.contains("No passkey was added."), "{}", unnamed.body);
    let begun = post(&desk, urls::PASSKEYS, &[LOCALHOST], "passkey-name=phone").await;
    assert!(begun.body.contains("excludeCredentials"), "{}", begun.body);
    let cookie = begun.header(header::SET_COOKIE).split(';').next().unwrap();
    let cookies = format!("{}; {cookie}", desk.cookie);
    let finish = format!("{}/finish", urls::PASSKEYS);
    let unfit = post(&desk, &finish, &[LOCALHOST, ("cookie", &cookies)], "passkey={}").await;
    assert_eq!(unfit.code, 422);
    assert!(unfit.body.contains("This passkey cannot be taken"), "{}", unfit.body);
    assert_eq!(desk.send("GET", "/you/passkeys/x", &[LOCALHOST], "").await.code, 404);
}
