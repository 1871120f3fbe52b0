//! Routes and DIDs that are saved, changed meanwhile, or in use.

use super::*;

#[tokio::test]
async fn saving_says_whether_anything_differed() {
    let desk = Desk::with_sample().await;
    let (did, _) = desk.did().await;
    for (done, notice) in [("saved", "<p>Saved.</p>"), ("same", "<p>Nothing differed.</p>")] {
        let form = desk.did_form(did, "Renamed", None).await;
        let answer = desk.post(&urls::did(did), &form).await;
        let to = answer.header(header::LOCATION);
        assert_eq!(to, format!("{}?done={done}", urls::did(did)), "{}", answer.body);
        assert!(desk.get(to).await.body.contains(notice));
    }
}

#[tokio::test]
async fn a_route_that_changed_meanwhile_is_neither_overwritten_nor_deleted() {
    let desk = Desk::with_sample().await;
    let account = desk.account().await.id;
    let before = desk.add_route("Mine").await;
    let id = before.route.id;
    let draft = RouteDraft { alias: "Theirs".into(), ..host("two.example.com") };
    desk.portal.edit_route(&desk.actor, account, id, before.version, &draft).await.unwrap();
    let now = desk.portal.route(&desk.actor, account, id).await.unwrap().version;

    let form = format!("alias=Ours&kind=host&value=three.example.com&as_of={}", before.version);
    let edited = desk.post(&urls::route(id), &form).await;
    assert_eq!(edited.code, 409);
    assert!(edited.body.contains(&format!("name=\"as_of\" value=\"{now}\"")), "{}", edited.body);

    let deleted = desk.post(&urls::delete_route(id), &format!("as_of={}", before.version)).await;
    assert_eq!(deleted.code, 409);
    for phrase in ["Nothing was deleted", "Theirs", &format!("name=\"as_of\" value=\"{now}\"")] {
        assert!(deleted.body.contains(phrase), "{phrase}: {}", deleted.body);
    }

    let same = format!("alias=Theirs&kind=host&value=two.example.com&as_of={now}");
    assert!(desk.post(&urls::route(id), &same).await.header(header::LOCATION).ends_with("?done=same"));
    let gone = desk.post(&urls::delete_route(id), &format!("as_of={now}")).await;
    assert_eq!(gone.code, StatusCode::SEE_OTHER.as_u16());
    assert_eq!(desk.get(&urls::route(id)).await.code, 404);
}

#[tokio::test]
async fn a_route_in_use_says_by_whom_instead_of_being_deleted() {
    let desk = Desk::with_sample().await;
    let account = desk.account().await.id;
    let routes = desk.portal.routes(&desk.actor, account, &RouteQuery::default()).await.unwrap();
    let used =
        routes.iter().find(|r| r.usage.total() > 0 && r.route.id != routing::RouteId::REGISTERED).unwrap();
    let page = desk.get(&urls::delete_route(used.route.id)).await;
    assert!(page.body.contains("Please disassociate all numbers"), "{}", page.body);
    let refused = desk.post(&urls::delete_route(used.route.id), &format!("as_of={}", used.version)).await;
    assert_eq!(refused.code, 409);
    assert!(refused.body.contains("Please disassociate all numbers"));
}

#[tokio::test]
async fn a_route_that_only_a_plan_rings_is_refused_with_that_plan_and_no_did() {
    let desk = Desk::with_sample().await;
    let account = desk.account().await.id;
    let alone = desk.add_route("alone").await;
    let step = routing::StepDraft {
        routes: vec![routing::StepRouteDraft { route: alone.route.id.to_string(), weight: String::new() }],
        enter_on: "outage".into(),
        no_response_s: "6".into(),
        ring_s: "20".into(),
        ..routing::StepDraft::default()
    };
    let plan = routing::PlanDraft { name: "Rings it".into(), steps: vec![step] };
    desk.portal.add_plan(&desk.actor, account, &plan).await.unwrap();
    let page = desk.get(&urls::delete_route(alone.route.id)).await.body;
    assert!(page.contains("Failover plans ring it: </b>Rings it"), "{page}");
    assert!(!page.contains("DIDs use this route") && !page.contains("Show the DIDs"), "{page}");
}
