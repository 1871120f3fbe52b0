//! Every address, called as everybody who may not use it. The table that the router is made of says who may; so no
//! address can be added without being asked here.

use axum::http::header;
use portal::{Actor, Invite, NewAccount, OperationKind, Scope, Staff, TokenDraft};
use routing::AccountId;

use super::{Answer, Desk, FORM, UPLOAD, joins, parts, who};
use crate::http::endpoints::{Endpoint, Needs, endpoints};

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caller {
    Stranger,
    /// The owner of another account, who knows this one's address.
    OtherOwner,
    Viewer,
    Editor,
    Owner,
    Support,
    /// Support, while the owner lets it write.
    GrantedSupport,
    Admin,
    ReadToken,
    WriteToken,
}

/// What is to come of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Whatever the address does.
    Served,
    /// Asked to sign in.
    SignIn,
    /// As if it was not there.
    Missing,
    /// It is there, and not theirs to do.
    Refused,
}

fn expected(caller: Caller, needs: Needs) -> Outcome {
    use Caller as C;
    use Outcome::{Missing, Refused, Served, SignIn};
    match (needs, caller) {
        (Needs::Nothing, _) | (_, C::Admin) => Served,
        (_, C::Stranger) => SignIn,
        (Needs::Person, C::ReadToken | C::WriteToken) => Refused,
        (Needs::Person, _) => Served,
        (Needs::Staff, C::Support | C::GrantedSupport) => Served,
        (Needs::Admin, C::Support | C::GrantedSupport) => Refused,
        (_, C::OtherOwner) | (Needs::Staff | Needs::Admin, _) => Missing,
        (Needs::Reader, _) | (_, C::Owner) => Served,
        (Needs::EditorOrStaff, C::Support | C::GrantedSupport) => Served,
        (Needs::Editor | Needs::EditorOrStaff, C::Editor | C::GrantedSupport | C::WriteToken) => Served,
        (Needs::Editor | Needs::EditorOrStaff | Needs::Owner, _) => Refused,
    }
}

fn found(answer: &Answer) -> Outcome {
    let to = answer.header(header::LOCATION);
    match answer.code {
        303 if to.starts_with("/sign-in") => Outcome::SignIn,
        401 => Outcome::SignIn,
        403 => Outcome::Refused,
        404 => Outcome::Missing,
        _ => Outcome::Served,
    }
}

/// The sample account and another one, with somebody of every kind.
struct House {
    desk: Desk,
    account: AccountId,
    callers: Vec<(Caller, &'static str, String)>,
    /// The account's version: no call that is refused raises it.
    before: i64,
}

impl House {
    async fn build() -> House {
        let desk = Desk::with_sample().await;
        let account = desk.account().await.id;
        let admin = who(&desk, &desk.cookie).await;
        let other = NewAccount { name: "Contoso".into(), country: "GB".into() };
        let other = desk.portal.create_account(&admin.actor, &other).await.unwrap().id;
        let mut callers =
            vec![(Caller::Stranger, "cookie", String::new()), (Caller::Admin, "cookie", desk.cookie.clone())];
        for (caller, email, place, role) in [
            (Caller::OtherOwner, "other@example.com", other, "owner"),
            (Caller::Viewer, "viewer@example.com", account, "viewer"),
            (Caller::Editor, "editor@example.com", account, "editor"),
            (Caller::Owner, "owner@example.com", account, "owner"),
        ] {
            let invite = Invite { email: email.into(), role: role.into() };
            let made = desk.portal.invite(&admin.actor, place, &invite).await.unwrap();
            callers.push((caller, "cookie", joins(&desk, &made.word.reveal()).await));
        }
        let invite = Invite { email: "support@example.com".into(), role: Staff::Support.as_str().into() };
        let made = desk.portal.invite_staff(&admin.actor, &invite).await.unwrap();
        callers.push((Caller::Support, "cookie", joins(&desk, &made.word.reveal()).await));
        let editor = who(&desk, &callers[4].2).await;
        for (caller, scope) in [(Caller::ReadToken, Scope::Read), (Caller::WriteToken, Scope::Write)] {
            let name = scope.as_str().to_owned();
            let draft = TokenDraft { scope: name.clone(), name, days: "1".into() };
            let made = desk.portal.make_token(&editor, account, &draft).await.unwrap();
            callers.push((caller, "authorization", format!("Bearer {}", made.reveal())));
        }
        // The token that the forms name: nobody's own but the administrator's.
        let draft = TokenDraft { name: "theirs".into(), scope: "read".into(), days: "1".into() };
        desk.portal.make_token(&admin, account, &draft).await.unwrap();
        let before = desk.account().await.version.0;
        House { desk, account, callers, before }
    }

    /// Lets support write, and has it call in place of who may only look.
    async fn grant(&mut self) {
        let admin = who(&self.desk, &self.desk.cookie).await;
        self.desk.portal.grant_support(&admin.actor, self.account, Some("1")).await.unwrap();
        let support = self.callers.iter().find(|(caller, ..)| *caller == Caller::Support).unwrap().clone();
        self.callers = vec![(Caller::GrantedSupport, support.1, support.2)];
        self.before = self.version().await;
    }

    /// The address with things that are there in the place of what varies.
    async fn address(&self, path: &str) -> String {
        let number = self.desk.did().await.0.digits();
        let operator = Actor::operator("test");
        let mut draft = String::new();
        if path.contains("{draft}") {
            let mut upload = self.desk.portal.begin_import(&operator, self.account, "x.csv").await.unwrap();
            upload.push(b"number\n+12125550142\n").await.unwrap();
            draft = upload.finish().await.unwrap().to_string();
        }
        let mut job = String::new();
        if path.contains("{job}") {
            let kind = OperationKind::Undo;
            let begun = self.desk.portal.begin_job(&operator, self.account, &kind, String::new()).unwrap();
            begun.run(async { Ok::<(), portal::Error>(()) }).await.unwrap();
            job = begun.id().to_string();
        }
        let filled = path
            .replace("{id}", "1")
            .replace("{version}", "3")
            .replace("{draft}", &draft)
            .replace("{job}", &job)
            .replace("{action}", "set-alias")
            .replace("{number}", &number)
            .replace("{word}", "none")
            .replace("{passkey}", "1");
        format!("/accounts/{}{filled}", self.account)
    }

    /// A form that holds what any address could ask for, so that no call ends at a field that is missing.
    async fn form(&self) -> String {
        let (did, version) = self.desk.did().await;
        format!(
            "as_of={version}&did={}&alias=x&primary=1&failover=&kind=host&value=x.example.com&answerer=pbx&edge=&\
             do=save&name=x&zone=UTC&step.0.route.0=1&step.0.enter_on=outage&step.0.no_response=6&step.0.ring=20&\
             call=did%3D{}&reaches=nobody&key=x&reason=x&email=z@example.com&role=viewer&user=1&invitation=1&token=3&country=%2B44&\
             hours=1&scope=read&days=1&staff=none&disabled=no&session=1&country=US&person=x&password=x&code=1&secret=x&note=1&\
             passkey-name=x&passkey=x",
            did.digits(),
            did.digits()
        )
    }

    async fn call(&self, endpoint: &Endpoint, method: &str, credential: (&str, &str)) -> Answer {
        let address = self.address(&endpoint.path).await;
        let mut headers = vec![credential];
        if credential.0 != "cookie" {
            headers.push(("cookie", ""));
        }
        if method == "GET" {
            return self.desk.send("GET", &address, &headers, "").await;
        }
        let upload = endpoint.path == app::urls::IMPORT;
        headers.push(("content-type", if upload { UPLOAD } else { FORM }));
        let body = if upload { parts("", "number\n+12125550142\n") } else { self.form().await };
        self.desk.send("POST", &address, &headers, &body).await
    }

    async fn version(&self) -> i64 {
        self.desk.account().await.version.0
    }
}

/// Calls every address by every method as every caller who is not to be served; and reads every page as everybody
/// who is. How many calls that were.
async fn ask_all(house: &House) -> (usize, Vec<String>) {
    let (mut calls, mut wrong) = (0, Vec::new());
    for endpoint in endpoints() {
        for (method, needs) in [("GET", endpoint.get), ("POST", endpoint.post)] {
            for (caller, header, value) in &house.callers {
                let Some(needs) = needs else { continue };
                let outcome = match expected(*caller, needs) {
                    // There is none, whoever may ask.
                    Outcome::Served if endpoint.path.contains("{passkey}") => Outcome::Missing,
                    outcome => outcome,
                };
                // What is served may change something; that is for other tests.
                if outcome == Outcome::Served && (method == "POST" || needs == Needs::Nothing) {
                    continue;
                }
                let program = matches!(caller, Caller::ReadToken | Caller::WriteToken);
                if program && endpoint.path == app::urls::ACCOUNTS && method == "GET" {
                    // It finds its own account there, and no other.
                    continue;
                }
                let answer = house.call(&endpoint, method, (header, value)).await;
                calls += 1;
                let version = house.version().await;
                if version != house.before {
                    wrong.push(format!("{method} {} as {caller:?} changed something", endpoint.path));
                    return (calls, wrong);
                }
                if found(&answer) != outcome {
                    wrong.push(format!(
                        "{method} {} as {caller:?}: {} where it was to be {outcome:?}",
                        endpoint.path, answer.code
                    ));
                }
            }
        }
    }
    (calls, wrong)
}

#[tokio::test]
async fn no_address_serves_anybody_who_may_not_use_it() {
    let mut house = House::build().await;
    let (calls, mut wrong) = ask_all(&house).await;
    house.grant().await;
    let (more, late) = ask_all(&house).await;
    wrong.extend(late);
    let addresses = endpoints().len();
    println!("{addresses} addresses, {} calls", calls + more);
    assert!(wrong.is_empty(), "of {} calls:\n{}", calls + more, wrong.join("\n"));
    assert!(calls > 400, "only {calls} calls: does the table still hold every address?");
}

#[tokio::test]
async fn an_address_takes_the_methods_of_the_table_and_no_other() {
    let house = House::build().await;
    for endpoint in endpoints() {
        for (method, needs) in
            [("GET", endpoint.get), ("POST", endpoint.post), ("DELETE", None), ("PUT", None)]
        {
            if needs.is_none() {
                let address = house.address(&endpoint.path).await;
                let answer = house.desk.send(method, &address, &[], "").await;
                assert_eq!(answer.code, 405, "{method} {}", endpoint.path);
            }
        }
    }
}

#[tokio::test]
async fn who_may_only_look_finds_no_button_that_changes_something() {
    let house = House::build().await;
    let cookie = |wanted| house.callers.iter().find(|(caller, ..)| *caller == wanted).unwrap().2.clone();
    for (caller, badge) in [
        (Caller::Viewer, "You may look, not change"),
        (Caller::Support, "Visiting: read-only, and on record"),
    ] {
        let address = house.address(app::urls::ROUTES).await;
        let answer = house.desk.send("GET", &address, &[("cookie", &cookie(caller))], "").await;
        // A visitor's look is on record: a browser must not look by itself.
        let early = answer.headers.contains_key("speculation-rules");
        assert_eq!(early, caller == Caller::Viewer, "{caller:?}");
        let page = answer.body;
        assert!(page.contains(badge), "{caller:?}: {page}");
        let button = page.split("<button").find(|part| part.contains("Add Route")).unwrap();
        assert!(button.contains("disabled"), "{caller:?}: {button}");
        let out = page.split("<button").find(|part| part.contains("Sign out")).unwrap();
        assert!(!out.split('>').next().unwrap().contains("disabled"), "{caller:?}: {out}");
    }
}

#[tokio::test]
async fn a_number_of_another_account_is_not_found_even_by_its_address() {
    let house = House::build().await;
    let other = house.callers.iter().find(|(caller, ..)| *caller == Caller::OtherOwner).unwrap().2.clone();
    let number = house.desk.did().await.0;
    for address in [app::urls::did(number), format!("/accounts/2{}", app::urls::did(number))] {
        let answer = house.desk.send("GET", &address, &[("cookie", &other)], "").await;
        assert_eq!(answer.code, 404, "{address}");
        assert!(answer.body.contains("Contoso"), "in their own account: {}", answer.body);
    }
}
