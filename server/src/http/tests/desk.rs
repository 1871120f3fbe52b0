//! The what-if desk, saved cases and findings.

use super::*;

#[tokio::test]
async fn the_desk_reads_its_address_strictly_and_notes_a_number_that_is_not_ours() {
    let desk = Desk::with_sample().await;
    let rows = [
        ("", 200, "Save this call as a case"),
        ("did=+1 206 555 0100", 200, "Front desk"),
        ("did=%2B12065550100&fault=carrier:Cascade%20Fiber=silent&against=plan:1", 200, "Cascade Fiber"),
        ("at=2026-11-29T03:00&zone=Europe/Berlin", 200, "Europe/Berlin"),
        ("did=%2B12125550142", 200, "+1 212 555 0142 is not one of your numbers."),
        ("fault=planet:Mars=silent", 400, "is nothing that can fail"),
        ("zone=Mars", 400, "is no time zone"),
        ("did=%2B12065550100&case=999", 200, "was opened from is not there any more"),
        ("case=999", 200, "Save case</button>"),
        ("tables=1", 200, "<th scope=\"row\">Nothing</th><td class=\""),
        ("tables=1", 200, "<li class=\"bad\"><p><b aria-hidden=\"true\">✕</b> If "),
        ("did=%2B12065550100", 200, "name=\"call\" value=\"did=%2B12065550100\""),
        (
            "did=%2B12065550100",
            200,
            "A call to +1 206 555 0100; as if every hour were open; no route counts as down",
        ),
    ];
    for (query, code, phrase) in rows {
        let answer = desk.get(&format!("{}?{}", urls::PREVIEW, query.replace(' ', "%20"))).await;
        assert_eq!(answer.code, code, "{query}: {}", answer.body);
        assert!(answer.body.contains(phrase), "{query} lacks `{phrase}`: {}", answer.body);
    }
}

#[tokio::test]
async fn a_case_is_saved_from_the_address_of_its_call() {
    let desk = Desk::with_sample().await;
    let call = "did%3D%252B12065550101%26fault%3Dsite%253ASeattle%252C%2520Pine%2520Street%253Dsilent";
    let rows = [
        ("name=One&reaches=somebody&within=15", 303, ""),
        ("name=one&reaches=somebody&within=", 422, "Another saved case is called so already"),
        ("name=&reaches=nobody&within=", 422, "name-error"),
        ("name=Two&reaches=everybody&within=", 422, "Choose who should answer."),
        ("name=Two&reaches=route:999&within=", 422, "reaches-error"),
        ("name=Two&reaches=somebody&within=soon", 422, "Write a number of seconds up to 120"),
    ];
    for (form, code, phrase) in rows {
        let answer = desk.post(urls::CASES, &format!("{form}&call={call}")).await;
        assert_eq!(answer.code, code, "{form}: {}", answer.body);
        assert!(answer.body.contains(phrase), "{form} lacks `{phrase}`: {}", answer.body);
    }
    let list = desk.get(urls::CASES).await.body;
    assert!(list.contains("while the site Seattle, Pine Street does not answer at all"), "{list}");
    let draft = format!("name=Two&reaches=somebody&within=&call={call}%26failover%3Dnone");
    let refused = desk.post(urls::CASES, &draft).await;
    assert!(refused.code == 422 && refused.body.contains("as it is"), "{}", refused.body);
    assert!(refused.body.contains("name=\"name\" value=\"Two\""), "what was typed is kept: {}", refused.body);
    let foreign = "name=Two&reaches=somebody&within=&call=did%3D%252B12125550142";
    let refused = desk.post(urls::CASES, foreign).await;
    assert!(refused.code == 422 && refused.body.contains("none of your numbers"), "{}", refused.body);
    // The form of a page that shows no call carries what was asked for: no other number takes its place.
    let field = |page: &str| {
        let (_, rest) = page.split_once("id=\"case-call\" name=\"call\" value=\"").unwrap();
        rest.split_once('"').unwrap().0.replace("&amp;", "&")
    };
    let account = desk.account().await.id;
    let spare = RouteDraft {
        alias: "spare".into(),
        kind: "host".into(),
        value: "spare.example".into(),
        ..Default::default()
    };
    let spare = desk.portal.add_route(&desk.actor, account, &spare).await.unwrap();
    for (query, phrase) in [
        ("did=%2B12125550142".to_owned(), "none of your numbers"),
        ("did=%2B12065550101&failover=none".to_owned(), "as it is"),
        (format!("did=%2B12065550101&primary={spare}"), "as it is"),
        (format!("route={spare}"), "as it is"),
    ] {
        let call = field(&desk.get(&format!("{}?{query}", urls::PREVIEW)).await.body);
        let form = format!("name=Three&reaches=somebody&within=&call={}", urls::encode(&call));
        let refused = desk.post(urls::CASES, &form).await;
        assert!(refused.code == 422 && refused.body.contains(phrase), "{query}: {call}: {}", refused.code);
    }
    // A call that names no number is the one that the desk shows.
    assert_eq!(desk.post(urls::CASES, "name=Two&reaches=somebody&within=&call=").await.code, 303);
}

#[tokio::test]
async fn a_call_that_a_case_did_not_take_stays_on_the_desk_and_is_saved_once_the_form_is_right() {
    let desk = Desk::with_sample().await;
    let account = desk.account().await.id;
    let add = format!("name=One&reaches=somebody&within=&call={}", urls::encode("did=%2B12065550101"));
    assert_eq!(desk.post(urls::CASES, &add).await.code, 303);
    let stored = async || {
        let cases = desk.portal.cases(&desk.actor, account).await.unwrap();
        cases.into_iter().find(|case| case.name.as_str() == "One").unwrap()
    };
    let case = stored().await;
    let form = |within: &str, as_of: routing::Version| {
        let call = urls::encode("did=%2B12065550101&fault=network:phone_network=refused");
        format!("name=One&reaches=somebody&within={within}&as_of={as_of}&call={call}")
    };
    let address = urls::case(case.id);
    let refused = desk.post(&address, &form("soon", case.version)).await;
    assert_eq!(refused.code, 422, "{}", refused.body);
    for phrase in [
        "Write a number of seconds up to 120",
        &format!("fault=network:phone_network=refused&amp;case={}\"", case.id),
        "the phone network refuses the connection",
        "Save to “One”",
    ] {
        assert!(refused.body.contains(phrase), "{phrase}: {}", refused.body);
    }
    assert_eq!(desk.post(&address, &form("90", case.version)).await.code, 303);
    let saved = stored().await;
    assert_eq!((saved.case.scenario.faults.len(), saved.case.expect.within_ms.is_some()), (1, true));
    // Somebody changed it meanwhile: the call is still there, and saving again is a decision.
    let conflict = desk.post(&address, &form("80", case.version)).await;
    assert_eq!(conflict.code, 409, "{}", conflict.body);
    for phrase in [
        "somebody changed this case meanwhile",
        &format!("name=\"as_of\" value=\"{}\"", saved.version),
        "fault=network:phone_network=refused&amp;case=",
    ] {
        assert!(conflict.body.contains(phrase), "{phrase}: {}", conflict.body);
    }
}

#[tokio::test]
async fn a_finding_is_accepted_from_the_page_that_shows_it_and_leads_back_there() {
    let desk = Desk::with_sample().await;
    let overview = desk.get("/").await.body;
    let (_, link) = overview.split_once("href=\"/findings?accept=").unwrap();
    let (key, _) = link.split_once("&amp;back=/#finding-").unwrap();
    let asked = desk.get(&format!("/findings?accept={key}&back=/dids/12065550100")).await.body;
    assert_eq!(asked.matches("<details open>").count(), 1, "{asked}");
    assert!(asked.contains("name=\"back\" value=\"/dids/12065550100\""), "{asked}");
    let refused = desk.post(urls::ACCEPT_FINDING, &format!("key={key}&reason=&back=/dids/12065550100")).await;
    assert!(refused.code == 422 && refused.body.contains("value=\"/dids/12065550100\""), "{}", refused.body);
    for (back, to) in [
        ("/", "/?done=accepted"),
        ("/dids/12065550100", "/dids/12065550100?done=accepted"),
        ("//evil.example", "/findings?done=accepted"),
        ("https://evil.example", "/findings?done=accepted"),
        ("/\\evil", "/findings?done=accepted"),
        ("", "/findings?done=accepted"),
    ] {
        let form = format!("key={key}&reason=meant&back={}", urls::encode(back));
        let answer = desk.post(urls::ACCEPT_FINDING, &form).await;
        assert_eq!((answer.code, answer.header(header::LOCATION)), (303, to), "{back}: {}", answer.body);
    }
    assert!(desk.get("/?done=accepted").await.body.contains("The finding is accepted."));
}
