//! Coming in and going out.

use super::*;

#[tokio::test]
async fn a_program_with_a_wrong_token_is_told_so_and_not_sent_to_a_form() {
    let desk = Desk::with_sample().await;
    for address in ["/dids/download.csv", "/accounts/1/dids/manage", "/you"] {
        for token in ["Bearer swb_0123", "Bearer ", "bearer x"] {
            let headers = [("authorization", token), ("cookie", "")];
            let answer = desk.send("GET", address, &headers, "").await;
            assert_eq!(answer.code, 401, "{address} {token}");
            assert!(answer.header(header::WWW_AUTHENTICATE).starts_with("Bearer"), "{address} {token}");
            assert!(answer.body.contains("has expired or was revoked"), "{}", answer.body);
        }
    }
    // A proxy that asks for a password of its own passes that on.
    for headers in [vec![("cookie", "")], vec![("cookie", ""), ("authorization", "Basic YTpi")]] {
        let answer = desk.send("GET", "/dids/download.csv", &headers, "").await;
        let to = answer.header(header::LOCATION);
        assert_eq!((answer.code, to), (303, "/sign-in?next=/dids/download.csv"));
    }
}

#[tokio::test]
async fn who_could_not_come_back_is_asked_before_they_sign_out() {
    let desk = Desk::with_sample().await;
    let asked = desk.post(urls::SIGN_OUT, "").await;
    assert!(asked.code == 200 && asked.body.contains("Sign out for good?"), "{}", asked.code);
    assert_eq!(desk.get("/").await.code, 200, "still here");
    let gone = desk.post(urls::SIGN_OUT, "sure=yes").await;
    assert_eq!((gone.code, gone.header(header::LOCATION)), (303, urls::SIGN_IN));
    assert_eq!(desk.get("/").await.code, 303);
}

#[tokio::test]
async fn who_belongs_to_no_account_begins_where_they_work() {
    let desk = Desk::with_sample().await;
    let admin = who(&desk, &desk.cookie).await;
    let other = portal::NewAccount { name: "Contoso".into(), country: "GB".into() };
    desk.portal.create_account(&admin.actor, &other).await.unwrap();
    let invite = portal::Invite { email: "support@example.com".into(), role: "support".into() };
    let made = desk.portal.invite_staff(&admin.actor, &invite).await.unwrap();
    let support = joins(&desk, &made.word.reveal()).await;
    let answer = desk.send("GET", "/", &[("cookie", &support)], "").await;
    assert_eq!((answer.code, answer.header(header::LOCATION)), (303, urls::SUPPORT));
    // Any other address does not say which account it means.
    let answer = desk.send("GET", "/dids/manage", &[("cookie", &support)], "").await;
    assert!(answer.code == 404 && answer.body.contains("Choose an account first"), "{}", answer.code);
}

#[tokio::test]
async fn what_was_used_up_says_so_to_whoever_comes_back_to_it() {
    let desk = Desk::with_sample().await;
    let address = urls::invitation("0123456789abcdef0123456789abcdef");
    let stranger = desk.send("GET", &address, &[("cookie", "")], "").await;
    assert!(
        stranger.code == 404 && stranger.body.contains("This invitation cannot be used"),
        "{}",
        stranger.code
    );
    assert!(!stranger.body.contains("Look for a DID"), "{}", stranger.body);
    let upload = desk.get("/dids/import/0123456789abcdef0123456789abcdef").await;
    assert!(upload.code == 404 && upload.body.contains("It was imported already"), "{}", upload.code);
}

#[tokio::test]
async fn the_address_of_a_form_leads_to_its_page() {
    let desk = Desk::with_sample().await;
    for (address, page) in [
        ("/settings/people/invite", "/settings/people"),
        ("/you/sessions/end", "/you"),
        ("/notes/remove", "/"),
        ("/interconnection/inbound-routes/1/none", "/interconnection/inbound-routes/1"),
    ] {
        assert_eq!(crate::http::error::page_of_form(address), page);
    }
    let answer = desk.get("/you/sessions/end").await;
    assert_eq!(answer.code, 405);
    assert!(
        answer.body.contains("<a href=\"/you\" class=\"button primary\">Go to the page of the form"),
        "{}",
        answer.body
    );
    let answer = desk.post("/activity", "").await;
    assert!(answer.code == 405 && answer.body.contains("It is a page to look at"), "{}", answer.body);
}
