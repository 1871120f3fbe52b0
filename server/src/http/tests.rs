//! The router from outside: what is sent, and what comes back. On the sample account, in a SQLite of its own.

mod activity;
mod desk;
mod entrance;
mod guards;
mod imports;
mod jobs;
mod passkeys;
mod provider;
mod refusals;
mod roles;
mod routes;

use app::urls;
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use portal::{
    Account, Actor, Attempt, Credential, DidDraft, Entered, Origin, Portal, RouteDraft, RouteQuery, SignedIn,
    Via,
};
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

async fn who(desk: &Desk, cookie: &str) -> SignedIn {
    let value = cookie.strip_prefix("__Host-session=").unwrap();
    desk.portal.signed_in(Credential::Cookie(value), Origin::default()).await.unwrap().unwrap()
}

async fn joins(desk: &Desk, word: &str) -> String {
    let origin = Origin::default();
    let attempt = Attempt { cookie: None, device: None, origin: &origin, agent: "test" };
    let Entered { session, .. } =
        desk.portal.join(word, "Somebody", "violet anchor crumb 4", attempt).await.unwrap();
    format!("__Host-session={}", session.reveal())
}
