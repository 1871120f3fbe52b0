//! What cannot be done, is broken, or must be asked about first: the page that says so.

use super::*;

#[tokio::test]
async fn what_cannot_be_done_is_answered_with_a_page_that_says_what_would_be_right() {
    let desk = Desk::with_sample().await;
    let (did, version) = desk.did().await;
    let (did_page, chosen) = (urls::did(did), format!("did={}&as_of={version}", did.digits()));
    let alias = format!("/dids/manage/set-alias?{chosen}&alias=");
    let no_clear = format!("{chosen}&alias=&reason=tidying");
    let both = parts(&format!("number\n{NEW_DID}\n"), &format!("number\n{NEW_DID},pasted\n"));
    let large = "x".repeat(BODY_BYTES_MAX + 1);
    let form: &[(&str, &str)] = &[("content-type", FORM)];
    let upload: &[(&str, &str)] = &[("content-type", UPLOAD)];
    let old_files = "/assets/0000000000000000/main.css";
    let files = format!("{}/main.css", crate::assets::folder());
    let rows: &[Row<'_>] = &[
        ("GET", "/nowhere", &[], "", 404, "There is no such page"),
        ("GET", "/nowhere", &[], "", 404, SIDE_BAR),
        ("DELETE", urls::MANAGE, &[], "", 405, SIDE_BAR),
        ("GET", "/dids/manage?sort=colour", &[], "", 400, SIDE_BAR),
        ("GET", "/activity?from=soon", &[], "", 422, "This is not a day. Write it as 2026-12-31"),
        ("GET", "/activity?number=12&from=soon", &[], "", 422, "id=\"number-error\""),
        ("GET", "/activity?kind=juggling", &[], "", 400, "a kind of change; choose one of the list"),
        ("GET", "/activity?route=pbx", &[], "", 400, "`route=pbx` is not a whole number."),
        ("GET", "/activity?older=x", &[], "", 400, SIDE_BAR),
        ("GET", "/activity/4711", &[], "", 404, "There is no such change"),
        ("GET", "/activity/x", &[], "", 404, "There is no such page"),
        ("GET", "/activity/4711/undo", &[], "", 404, "There is no such change"),
        ("GET", "/activity/x/undo", &[], "", 404, "There is no such page"),
        ("GET", "/activity/0/undo", &[], "", 200, "This cannot be undone."),
        ("POST", "/activity/0/undo", form, "reason=x", 409, SIDE_BAR),
        ("GET", "/activity/1?from=-1", &[], "", 400, "`from=-1` is not a whole number."),
        ("GET", "/activity/1?from=18446744073709551615", &[], "", 200, "Nothing further here."),
        ("GET", "/dids/12125550142", &[], "", 404, SIDE_BAR),
        ("GET", "/dids/%FF", &[], "", 400, "not UTF-8"),
        ("GET", "/dids/manage/set-alias", &[], "", 400, "This link is incomplete."),
        ("GET", &alias, &[], "", 200, "Set Alias"),
        ("POST", "/dids/manage/set-alias", form, &no_clear, 422, "tidying"),
        ("POST", &did_page, form, "alias=x", 400, "Open the page again."),
        ("POST", &did_page, &[("content-type", "text/plain")], "alias=x", 415, FORM),
        ("POST", &did_page, &[], "alias=x", 415, SIDE_BAR),
        ("POST", &did_page, form, &large, 413, "1 MiB"),
        ("POST", &did_page, form, "as_of=soon", 400, "`as_of=soon` is not a whole number."),
        ("POST", urls::IMPORT, form, "text=x", 415, "multipart/form-data"),
        ("POST", urls::IMPORT, &[("content-type", "multipart/form-data")], "x", 400, "parts begin"),
        ("POST", urls::IMPORT, upload, "--edge\r\nContent", 400, "ended too early"),
        ("POST", urls::IMPORT, upload, &both, 422, "Choose a file or paste rows, not both."),
        ("POST", urls::IMPORT, upload, &both, 422, "+12125550142,pasted"),
        ("GET", "/interconnection/inbound-routes/0", &[], "", 404, "There is no such inbound route"),
        ("GET", "/interconnection/inbound-routes/0/delete", &[], "", 404, SIDE_BAR),
        ("POST", "/interconnection/inbound-routes/0/delete", form, "as_of=1", 404, SIDE_BAR),
        ("GET", "/interconnection/failover-plans/99", &[], "", 404, "There is no such failover plan"),
        ("GET", "/interconnection/failover-plans/x", &[], "", 404, SIDE_BAR),
        ("GET", "/interconnection/failover-plans/new?preset=magic", &[], "", 400, "second-trunk"),
        ("POST", urls::NEW_PLAN, form, "do=explode", 400, "Open the page again."),
        ("POST", urls::NEW_PLAN, form, "do=save&name=P", 422, "A plan needs at least one step."),
        ("POST", urls::NEW_PLAN, form, "do=save&step.999999.ring=1&step.0.route.0=1", 422, "This is empty."),
        ("POST", urls::NEW_PLAN, form, "name=P&do=add-step", 200, "Step 1"),
        ("POST", urls::NEW_PLAN, form, "name=P", 200, "A plan needs at least one step."),
        ("POST", "/interconnection/failover-plans/99", form, "do=save", 400, "Open the page again."),
        ("POST", "/interconnection/failover-plans/99/delete", form, "as_of=1", 404, SIDE_BAR),
        ("GET", "/interconnection/schedules/99", &[], "", 404, "There is no such schedule"),
        ("POST", urls::NEW_SCHEDULE, form, "name=S&zone=Mars/Olympus", 422, "Mars/Olympus"),
        ("POST", "/interconnection/schedules/99/delete", form, "as_of=1", 404, SIDE_BAR),
        ("POST", "/welcome/create", form, "name=", 409, "set up already"),
        ("GET", "/", &[("host", "evil.example:8080")], "", 403, "http://localhost:8080."),
        ("GET", "/", &[("host", "127.0.0.2:3000")], "", 200, SIDE_BAR),
        ("GET", &files, &[("host", "evil.example")], "", 403, "http://localhost:3000."),
        ("POST", &did_page, &[("origin", "http://evil.example")], "", 403, "another site"),
        ("GET", old_files, &[], "", 404, ""),
        ("GET", "/health", &[], "", 200, "ok"),
    ];
    for (method, address, headers, body, code, phrase) in rows {
        let answer = desk.send(method, address, headers, body).await;
        assert_eq!(answer.code, *code, "{method} {address}: {}", answer.body);
        let text = answer.body.replace("&amp;", "&");
        assert!(text.contains(phrase), "{method} {address} lacks `{phrase}`: {text}");
    }
}

#[tokio::test]
async fn without_an_account_every_page_leads_to_the_first_visit() {
    let desk = Desk::empty().await;
    for address in [urls::OVERVIEW, urls::MANAGE, urls::ROUTES, urls::IMPORT] {
        let answer = desk.get(address).await;
        assert_eq!((answer.code, answer.header(header::LOCATION)), (303, urls::WELCOME), "{address}");
    }
    assert_eq!(desk.get("/nowhere").await.code, 404);
    let first = "name=Northwind&country=US&person=Ada&email=ada@example.com&password=lattice+mango+ferry+9";
    let made = desk.post("/welcome/create", first).await;
    assert_eq!((made.code, made.header(header::LOCATION)), (303, urls::OVERVIEW), "{}", made.body);
    assert_eq!(desk.post("/welcome/create", first).await.code, 409);
    // From then on, strangers sign in.
    let stranger = desk.get("/dids/manage?q=desk").await;
    assert_eq!(stranger.header(header::LOCATION), "/sign-in?next=/dids/manage%3Fq=desk");
    assert_eq!(desk.post(urls::ROUTES, "alias=x").await.code, 401);
}

#[tokio::test]
async fn a_change_that_breaks_saved_cases_is_asked_about_with_all_that_the_form_said() {
    let desk = Desk::with_sample().await;
    let (did, version) = desk.did().await;
    let form = desk.did_form(did, "Tom & Jerry", Some("")).await;
    let asked = desk.post(&urls::did(did), &form).await;
    assert_eq!(asked.code, 409);
    for phrase in [
        "Nothing was saved yet",
        "name=\"alias\" value=\"Tom &amp; Jerry\"",
        "name=\"failover\" value=\"\"",
        "?confirm=broken-cases",
    ] {
        assert!(asked.body.contains(phrase), "{phrase}: {}", asked.body);
    }
    assert_eq!(desk.did().await.1, version, "nothing was written");
    // The way back leads to the form with what was typed.
    let back = asked.body.split("href=\"").find(|part| part.starts_with("/dids/1") && part.contains('?'));
    let back = back.unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let typed = desk.get(&back).await.body;
    assert!(typed.contains("value=\"Tom &amp; Jerry\""), "{typed}");
    // It is confirmed for the cases that were shown, and for no other.
    let (_, shown) = asked.body.split_once("?confirm=broken-cases&amp;broken=").unwrap();
    let shown = shown.split('"').next().unwrap();
    for other in ["", "&broken=", "&broken=999", "&broken=all"] {
        let blank = format!("{}?confirm=broken-cases{other}", urls::did(did));
        assert_eq!(desk.post(&blank, &form).await.code, 409, "{other}");
    }
    let confirmed = format!("{}?confirm=broken-cases&broken={shown}", urls::did(did));
    let confirmed = desk.post(&confirmed, &form).await;
    assert!(confirmed.header(header::LOCATION).ends_with("?done=saved"), "{}", confirmed.body);
    let (_, version) = desk.did().await;
    assert!(desk.get(&urls::entry(version)).await.body.contains("Broke the saved cases"));
    let again = desk.did_form(did, "Tom", Some("")).await;
    assert_eq!(desk.post(&urls::did(did), &again).await.code, 303, "what is broken breaks no more");
}

#[tokio::test]
async fn what_is_broken_inside_is_told_by_a_reference_and_by_nothing_else() {
    let desk = Desk::with_sample().await;
    let url = format!("sqlite:{}", desk._dir.path().join("t.sqlite").display());
    let mut conn = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("update accounts set defaults = 'not JSON'").execute(&mut conn).await.unwrap();
    for (method, address, form) in [("GET", urls::MANAGE, ""), ("POST", urls::ROUTES, "alias=x")] {
        let answer = desk.send(method, address, &[("content-type", FORM)], form).await;
        assert_eq!(answer.code, 500, "{method} {address}");
        assert!(answer.body.contains("reference number"), "{}", answer.body);
        for inside in
            ["accounts", "defaults", "JSON", "SQL", "sqlite", ".rs", "column", env!("CARGO_PKG_VERSION")]
        {
            let shown = answer.body.replace(&*crate::assets::folder(), "");
            assert!(!shown.contains(inside), "{method} {address} says `{inside}`: {}", answer.body);
        }
        assert_eq!(answer.headers.get(header::SERVER), None);
    }
}

#[tokio::test]
async fn what_was_typed_for_something_that_is_gone_can_be_copied() {
    let desk = Desk::with_sample().await;
    let form = "as_of=1&kind=host&alias=a+name&value=pbx.example.com%3A5099&carrier=";
    let answer = desk.post("/interconnection/inbound-routes/999", form).await;
    assert_eq!(answer.code, 404);
    assert!(answer.body.contains("<dt>alias</dt><dd>a name</dd>"), "{}", answer.body);
    assert!(answer.body.contains("<dd>pbx.example.com:5099</dd>"), "{}", answer.body);
    assert!(!answer.body.contains("<dt>as_of</dt>") && !answer.body.contains("<dt>carrier</dt>"));
    let looked = desk.get("/interconnection/inbound-routes/999").await;
    assert!(looked.code == 404 && !looked.body.contains("What you sent"), "{}", looked.body);
}
