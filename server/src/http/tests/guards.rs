//! What keeps browsers from other sites, and forms to what they are for.

use super::*;

#[tokio::test]
async fn a_foreign_name_learns_nothing_of_the_account_and_old_files_are_kept_by_no_cache() {
    let desk = Desk::with_sample().await;
    let foreign = desk.send("GET", "/nowhere", &[("host", "evil.example")], "").await;
    assert!(!foreign.body.contains(SIDE_BAR));
    let old = desk.get("/assets/0000000000000000/main.css").await;
    assert_eq!(old.header(header::CACHE_CONTROL), "no-store");
    let page = desk.get("/nowhere").await;
    assert_eq!(page.header(header::CONTENT_TYPE), "text/html; charset=utf-8");
    assert_eq!(page.header(header::CACHE_CONTROL), "private, no-cache");
    let method = desk.send("DELETE", urls::MANAGE, &[], "").await;
    assert!(method.header(header::ALLOW).contains("GET"));
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_a_browser_from_other_sites() {
    let desk = Desk::with_sample().await;
    let files = format!("{}/main.css", crate::assets::folder());
    for address in ["/", "/nowhere", "/health", "/dids/download.csv", "/dids/manage?sort=colour", &files] {
        let answer = desk.get(address).await;
        let header = |name: &'static str| answer.header(header::HeaderName::from_static(name));
        let policy = header("content-security-policy");
        for directive in
            ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"]
        {
            assert!(policy.contains(directive), "{address}: {policy}");
        }
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{address}: {policy}"
        );
        assert_eq!(header("x-content-type-options"), "nosniff", "{address}");
        assert_eq!(header("referrer-policy"), "same-origin", "{address}");
        // No page of another site may read an answer.
        assert_eq!(header("access-control-allow-origin"), "", "{address}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{address}");
    }
}

#[tokio::test]
async fn a_server_that_is_reached_from_outside_takes_its_name_and_has_browsers_come_by_tls_only() {
    let mut desk = Desk::with_sample().await;
    let public = crate::settings::PublicUrl::parse("https://portal.example.com");
    desk.router = router(Site { public, behind_proxy: true, ..site(&desk.portal) });
    let strict = header::STRICT_TRANSPORT_SECURITY;
    for (host, code) in [("portal.example.com", 200), ("PORTAL.example.com", 200), ("evil.example", 403)] {
        let forwarded = ("x-forwarded-for", "203.0.113.66, 198.51.100.7");
        let answer = desk.send("GET", "/", &[("host", host), forwarded], "").await;
        assert_eq!(answer.code, code, "{host}");
        assert!(answer.header(strict.clone()).starts_with("max-age=63072000"), "{host}");
    }
    // Whoever comes first would own it: so nobody does who comes from outside.
    let mut empty = Desk::empty().await;
    let public = crate::settings::PublicUrl::parse("https://portal.example.com");
    empty.router = router(Site { public, behind_proxy: true, ..site(&empty.portal) });
    for (method, address) in [("GET", "/welcome"), ("POST", "/welcome/create"), ("POST", "/welcome/sample")] {
        let answer = empty.send(method, address, &[("content-type", FORM)], "name=x").await;
        assert_eq!(answer.code, 403, "{method} {address}");
        assert!(answer.body.contains("switchback user add"), "{}", answer.body);
    }
    // The proxy's own word counts, not what came before it.
    let (did, _) = desk.did().await;
    let form = desk.did_form(did, "Renamed", None).await;
    let headers = [("content-type", FORM), ("x-forwarded-for", "203.0.113.66, 198.51.100.7")];
    desk.send("POST", &urls::did(did), &headers, &form).await;
    let account = desk.account().await;
    let done = desk.portal.operation(&desk.actor, account.id, account.version).await.unwrap();
    assert_eq!(done.address.as_deref(), Some("198.51.100.7"));
    let here = Desk::with_sample().await.get("/").await;
    assert_eq!(here.header(strict), "");
}

#[tokio::test]
async fn a_form_changes_only_what_its_page_asks_for() {
    let desk = Desk::with_sample().await;
    let (did, _) = desk.did().await;
    let account = desk.account().await;
    let before = desk.portal.did(&desk.actor, account.id, did).await.unwrap().row;
    let form = desk.did_form(did, "Mine", None).await;
    let more =
        "&number=%2B12125550142&account_id=2&id=999&version=1&changed_at=1&health=down&sample=0&actor=Sam";
    assert_eq!(desk.post(&urls::did(did), &format!("{form}{more}")).await.code, 303);
    let after = desk.portal.did(&desk.actor, account.id, did).await.unwrap().row;
    assert_eq!((after.number, after.primary), (before.number, before.primary));
    let now = desk.account().await;
    assert_eq!((now.id, now.sample, now.version.0), (account.id, account.sample, account.version.0 + 1));
}
