//! The router from outside: what is sent, and what comes back. On the sample account, in a SQLite of its own.

mod jobs;
mod passkeys;
mod provider;
mod roles;

use app::urls;
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use portal::{Account, Actor, Attempt, DidDraft, Origin, Portal, RouteDraft, RouteQuery, Via};
use sqlx::Connection;
use tower::ServiceExt;

use super::{BODY_BYTES_MAX, Site, router};

const FORM: &str = "application/x-www-form-urlencoded";
const UPLOAD: &str = "multipart/form-data; boundary=edge";
/// A DID that no sample account has.
const NEW_DID: &str = "+12125550142";

struct Desk {
    router: Router,
    portal: Portal,
    actor: Actor,
    /// What the browser keeps: a session, once somebody signed in.
    cookie: String,
    _dir: tempfile::TempDir,
}

/// Code, headers as text, body.
struct Answer {
    code: u16,
    headers: axum::http::HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map(|v| v.to_str().unwrap()).unwrap_or_default()
    }
}

fn site(portal: &Portal) -> Site {
    Site {
        portal: portal.clone(),
        port: 3000,
        public: None,
        behind_proxy: false,
        answers: std::sync::Arc::default(),
    }
}

impl Desk {
    async fn empty() -> Desk {
        let dir = tempfile::tempdir().unwrap();
        let portal =
            Portal::open(&format!("sqlite:{}", dir.path().join("t.sqlite").display())).await.unwrap();
        let router = router(site(&portal));
        let actor = Actor::owner(routing::AccountId(1), "test", Via::Browser);
        Desk { router, portal, actor, cookie: String::new(), _dir: dir }
    }

    async fn with_sample() -> Desk {
        let mut desk = Desk::empty().await;
        let origin = Origin::default();
        let attempt = Attempt { cookie: None, device: None, origin: &origin, agent: "test" };
        let entered = desk.portal.set_up_sample(attempt).await.unwrap();
        desk.cookie = format!("__Host-session={}", entered.session.reveal());
        desk
    }

    async fn send(&self, method: &str, address: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(address);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "127.0.0.1:3000");
        }
        if !headers.iter().any(|(name, _)| *name == "cookie") {
            request = request.header("cookie", &self.cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (code, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { code, headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    async fn get(&self, address: &str) -> Answer {
        self.send("GET", address, &[], "").await
    }

    async fn post(&self, address: &str, body: &str) -> Answer {
        self.send("POST", address, &[("content-type", FORM)], body).await
    }

    async fn account(&self) -> Account {
        let accounts = self.portal.accounts(&Actor::operator("test")).await.unwrap();
        accounts.into_iter().min_by_key(|account| account.id).unwrap()
    }

    /// The first DID, and the version of the account.
    async fn did(&self) -> (routing::E164, routing::Version) {
        let account = self.account().await;
        let page = self.portal.dids(&self.actor, account.id, &Default::default()).await.unwrap();
        (page.rows[0].number, account.version)
    }

    /// The edit form of a DID as its page fills it, with another alias and perhaps another failover.
    async fn did_form(&self, did: routing::E164, alias: &str, failover: Option<&str>) -> String {
        let account = self.account().await.id;
        let view = self.portal.did(&self.actor, account, did).await.unwrap();
        let draft = DidDraft::of(&view.row);
        let failover = failover.unwrap_or(&draft.failover);
        let fields = [("alias", alias), ("primary", &draft.primary), ("failover", failover)];
        let fields = fields.map(|(name, value)| format!("{name}={}", urls::encode(value)));
        format!("{}&as_of={}", fields.join("&"), view.as_of)
    }

    async fn add_route(&self, alias: &str) -> portal::RouteView {
        let account = self.account().await.id;
        let draft = RouteDraft { alias: alias.into(), ..host("one.example.com") };
        let id = self.portal.add_route(&self.actor, account, &draft).await.unwrap();
        self.portal.route(&self.actor, account, id).await.unwrap()
    }
}

fn host(value: &str) -> RouteDraft {
    RouteDraft { kind: "host".into(), value: value.into(), ..RouteDraft::default() }
}

/// An upload's body: the parts by name.
fn parts(file: &str, text: &str) -> String {
    let part = |name: &str, more: &str, value: &str| {
        format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n")
    };
    format!("{}{}--edge--\r\n", part("file", "; filename=\"dids.csv\"", file), part("text", "", text))
}

/// Method, address, headers, body, expected code, expected phrase.
type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, u16, &'a str);

/// Of every page that knows its account.
const SIDE_BAR: &str = "Inbound Routes</a></li>";

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
        (
            "POST",
            urls::NEW_PLAN,
            form,
            "do=save&step.999999.ring=1&step.0.route.0=1",
            422,
            "The alias is empty.",
        ),
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

#[tokio::test]
async fn an_import_confirmed_twice_is_done_once_and_says_so() {
    let desk = Desk::with_sample().await;
    let body = parts(&format!("number\n{NEW_DID}\n"), "");
    let staged = desk.send("POST", urls::IMPORT, &[("content-type", UPLOAD)], &body).await;
    let review = staged.header(header::LOCATION).to_owned();
    assert!(review.starts_with(urls::IMPORT), "{} {}", staged.code, staged.body);
    let (_, version) = desk.did().await;
    let confirm = format!("as_of={version}");
    let first = desk.post(&review, &confirm).await;
    assert!(first.header(header::LOCATION).starts_with("/activity/"), "{}", first.body);
    let second = desk.post(&review, &confirm).await;
    assert_eq!((second.code, second.header(header::LOCATION)), (303, "/dids/manage?problem=import-done"));
    assert!(desk.get("/dids/manage?problem=import-done").await.body.contains("already imported"));
}

#[tokio::test]
async fn the_review_of_an_import_names_the_saved_cases_that_it_breaks() {
    let desk = Desk::with_sample().await;
    let (did, _) = desk.did().await;
    for (failover, breaks) in [("none", true), ("mobile", false)] {
        let body = parts(&format!("number,failover\n{did},{failover}\n{NEW_DID},{failover}\n"), "");
        let staged = desk.send("POST", urls::IMPORT, &[("content-type", UPLOAD)], &body).await;
        let review = desk.get(staged.header(header::LOCATION)).await;
        assert_eq!(review.code, 200);
        for phrase in ["Saved cases that it breaks", "Fiber cut: Seattle still answers, over LTE"] {
            assert_eq!(review.body.contains(phrase), breaks, "{failover}: {}", review.body);
        }
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

#[tokio::test]
async fn activity_lists_what_was_done_and_leads_to_each_entry() {
    let desk = Desk::with_sample().await;
    let (did, _) = desk.did().await;
    let form = desk.did_form(did, "Tom & Jerry", None).await;
    assert_eq!(desk.post(&urls::did(did), &form).await.code, 303);
    let (_, version) = desk.did().await;
    let list = desk.get(urls::ACTIVITY).await.body;
    assert!(list.contains(&format!("href=\"{}\"", urls::entry(version))), "{list}");
    let of_did = urls::activity_of_did(did);
    assert!(desk.get(&urls::did(did)).await.body.contains(&of_did));
    assert!(desk.get(&of_did).await.body.contains(&urls::entry(version)));
    let nothing = desk.get("/activity?actor=nobody&kind=edit_did").await;
    assert_eq!(nothing.code, 200);
    assert!(
        nothing.body.contains("Nothing was done that matches.") && !nothing.body.contains("rel=\"next\"")
    );
    let entry = desk.get(&urls::entry(version)).await.body;
    assert!(entry.contains("<ins>Tom &amp; Jerry</ins>"), "{entry}");
    // Links to where results once stood lead on.
    let old = desk.get(&format!("/dids/manage/result/{version}")).await;
    assert_eq!((old.code, old.header(header::LOCATION)), (308, urls::entry(version).as_str()));
}

#[tokio::test]
async fn an_entry_is_undone_on_its_page_and_later_edits_stay() {
    let desk = Desk::with_sample().await;
    let (did, _) = desk.did().await;
    let form = desk.did_form(did, "Tom & Jerry", None).await;
    assert_eq!(desk.post(&urls::did(did), &form).await.code, 303);
    let (_, version) = desk.did().await;
    assert!(desk.get(&urls::entry(version)).await.body.contains(&urls::undo(version)));
    let asked = desk.get(&format!("{}?reason=because", urls::undo(version))).await;
    assert!(
        asked.body.contains("1 DID goes back") && asked.body.contains("value=\"because\""),
        "{}",
        asked.body
    );
    assert_eq!(desk.did().await.1, version, "asking changes nothing");
    let done = desk.post(&urls::undo(version), "reason=mistake").await;
    let undone = routing::Version(version.0 + 1);
    assert_eq!((done.code, done.header(header::LOCATION)), (303, urls::entry(undone).as_str()));
    let entry = desk.get(&urls::entry(undone)).await.body;
    assert!(entry.contains("Undo of DID changed") && entry.contains("mistake"), "{entry}");
    // Nothing is left of it; that is no error.
    let again = desk.post(&urls::undo(version), "").await;
    assert_eq!(again.code, 200);
    assert!(again.body.contains("nothing left to put back"), "{}", again.body);
    // What somebody changed meanwhile stays.
    let form = desk.did_form(did, "Mine", None).await;
    assert_eq!(desk.post(&urls::did(did), &form).await.code, 303);
    let (_, later) = desk.did().await;
    let stays = desk.post(&urls::undo(undone), "").await;
    assert_eq!(stays.code, 409);
    assert!(stays.body.contains(&format!("href=\"{}\"", urls::entry(later))), "{}", stays.body);
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

#[tokio::test]
async fn an_upload_that_is_too_large_is_refused_with_how_much_is_read() {
    let desk = Desk::with_sample().await;
    let blank = "\n".repeat(portal::IMPORT_BYTES_MAX + BODY_BYTES_MAX);
    for (body, phrase) in [
        (parts(&blank, ""), "larger than 128 MiB"),
        (parts("", &"x".repeat(4 * 1024 * 1024 + 1)), "More than 4 MiB were pasted"),
    ] {
        let answer = desk.send("POST", urls::IMPORT, &[("content-type", UPLOAD)], &body).await;
        assert_eq!(answer.code, 413, "{}", answer.body);
        assert!(answer.body.contains(phrase), "{}", answer.body);
    }
}

/// No database takes part, so that the clock can be wound on.
#[tokio::test(start_paused = true)]
async fn an_upload_that_falls_silent_is_given_up() {
    use super::extract::{Uploaded, cut_short};
    use super::patience;
    let upload = axum::routing::post(async |Uploaded(mut parts): Uploaded| {
        parts.next_field().await.map(drop).map_err(|error| cut_short(&error))
    });
    let layer = tower_http::timeout::RequestBodyTimeoutLayer::new(patience::UPLOAD_SILENCE_MAX);
    let router: Router = Router::new().route("/", upload.layer::<_, std::convert::Infallible>(layer));
    let body = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let request = Request::post("/").header("content-type", UPLOAD).body(body).unwrap();
    let begun = tokio::time::Instant::now();
    let answer = router.oneshot(request).await.unwrap();
    assert_eq!(answer.status().as_u16(), 400);
    assert!(begun.elapsed() >= patience::UPLOAD_SILENCE_MAX, "{:?}", begun.elapsed());
}
