//! Selections that are kept, and forms whose work takes longer than a page.

use std::time::Duration;

use sqlx::{Connection, SqliteConnection};

use super::*;

/// The first words of a page of a job that runs.
const UNDER_WAY: &str = "Under way";

impl Desk {
    /// Chooses every DID of the sample account, and says by which words the screen of an action names them.
    async fn all_chosen(&self, action: &str) -> String {
        let chosen = self.post(urls::APPLY_ACTION, &format!("all=matching&as_of=0&action={action}")).await;
        let to = chosen.header(header::LOCATION);
        let screen = urls::action(action);
        assert!(
            chosen.code == 303 && to.starts_with(&format!("{screen}?selection=")),
            "{}: {to}",
            chosen.code
        );
        to.split_once('?').unwrap().1.to_owned()
    }

    /// Holds the database as a long write does.
    async fn held(&self) -> SqliteConnection {
        let file = format!("sqlite:{}", self._dir.path().join("t.sqlite").display());
        let mut conn = SqliteConnection::connect(&file).await.unwrap();
        sqlx::raw_sql("begin immediate").execute(&mut conn).await.unwrap();
        conn
    }

    /// Sends a form that cannot be done now; the address of its job.
    async fn begun(&self, address: &str, form: &str) -> String {
        let answer = self.post(address, form).await;
        let to = answer.header(header::LOCATION).to_owned();
        assert!(answer.code == 303 && to.starts_with("/jobs/"), "{}: {to} {}", answer.code, answer.body);
        to
    }

    /// The page of a job, once it does not run any more.
    async fn ended(&self, job: &str) -> Answer {
        for _ in 0..200 {
            let page = self.get(job).await;
            if !page.body.contains(UNDER_WAY) {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{job} runs for ever")
    }

    async fn colleague(&self) -> String {
        let account = self.account().await.id;
        let operator = Actor::operator("test");
        let invite = portal::Invite { email: "colleague@example.com".into(), role: "editor".into() };
        let made = self.portal.invite(&operator, account, &invite).await.unwrap();
        let origin = Origin::default();
        let attempt = Attempt { cookie: None, device: None, origin: &origin, agent: "test" };
        let word = made.word.reveal();
        let entered = self.portal.join(&word, "Colleague", "violet anchor crumb 4", attempt).await.unwrap();
        format!("__Host-session={}", entered.session.reveal())
    }
}

async fn let_go(mut held: SqliteConnection) {
    sqlx::raw_sql("rollback").execute(&mut held).await.unwrap();
}

#[tokio::test]
async fn what_matches_is_chosen_on_the_server_and_named_by_nothing_else() {
    let desk = Desk::with_sample().await;
    let chosen = desk.all_chosen("set-alias").await;
    let screen = desk.get(&format!("{}?{chosen}", urls::action("set-alias"))).await;
    assert!(screen.body.contains("chosen: all that match the filter"), "{}", screen.body);
    let colleague = desk.colleague().await;
    let address = urls::action("set-alias");
    for (cookie, form) in [
        (&colleague, chosen.as_str()),
        (&desk.cookie, "selection=0123456789abcdef0123456789abcdef"),
        (&desk.cookie, "selection=1"),
        (&desk.cookie, "all=matching&as_of=1"),
    ] {
        for method in ["GET", "POST"] {
            let (at, body) =
                if method == "GET" { (format!("{address}?{form}"), "") } else { (address.clone(), form) };
            let answer = desk.send(method, &at, &[("cookie", cookie), ("content-type", FORM)], body).await;
            assert_eq!(answer.code, 404, "{method} {form}: {}", answer.body);
            assert!(answer.body.contains("Choose again under Manage your DIDs"), "{}", answer.body);
        }
    }
    let before = desk.account().await.version;
    let done = desk.post(&address, &format!("{chosen}&alias=Desk")).await;
    assert_eq!(
        (done.code, done.header(header::LOCATION)),
        (303, urls::entry(routing::Version(before.0 + 1)).as_str())
    );
    // A form without an action, or without a DID, leads back to the list with its filter.
    for (form, expected) in [
        ("all=matching&q=desk", "/dids/manage?q=desk&problem=no-action"),
        ("action=release&as_of=1&failover=none", "/dids/manage?failover=none&problem=no-dids"),
    ] {
        assert_eq!(desk.post(urls::APPLY_ACTION, form).await.header(header::LOCATION), expected);
    }
}

#[tokio::test]
async fn what_takes_longer_than_a_page_is_watched_and_leads_to_its_result() {
    let desk = Desk::with_sample().await;
    let chosen = desk.all_chosen("set-alias").await;
    let before = desk.account().await.version;
    let held = desk.held().await;
    let address = urls::action("set-alias");
    let job = desk.begun(&address, &format!("{chosen}&alias=Desk")).await;
    let page = desk.get(&job).await;
    assert_eq!(page.code, 200);
    for phrase in [UNDER_WAY, "http-equiv=\"refresh\"", ">Cancel</button>", "data-follow", "<progress"] {
        assert!(page.body.contains(phrase), "{phrase}: {}", page.body);
    }
    // Who comes by later finds it.
    let activity = desk.get(urls::ACTIVITY).await;
    for phrase in ["<b>Set Alias</b> is under way", &format!("href=\"{job}\"")] {
        assert!(activity.body.contains(phrase), "{phrase}: {}", activity.body);
    }
    // A second one would only wait for it.
    let second = desk.post(&address, &format!("{chosen}&alias=Desk&reason=again")).await;
    assert_eq!(second.code, 409, "{}", second.body);
    for phrase in [job.as_str(), "name=\"reason\" value=\"again\"", "Try it again"] {
        assert!(second.body.contains(phrase), "{phrase}: {}", second.body);
    }
    let_go(held).await;
    let done = desk.ended(&job).await;
    assert!(!desk.get(urls::ACTIVITY).await.body.contains("is under way"));
    let entry = urls::entry(routing::Version(before.0 + 1));
    assert_eq!((done.code, done.header(header::LOCATION)), (303, entry.as_str()));
    // Too late, and said so where it leads to.
    let late = desk.post(&format!("{job}/cancel"), "").await.header(header::LOCATION).to_owned();
    let told = desk.get(&late).await.header(header::LOCATION).to_owned();
    assert_eq!(told, format!("{entry}?done=cancelled-late"));
    assert!(desk.get(&told).await.body.contains("It was done before it could be cancelled."));
    for missing in ["/jobs/1", "/jobs/0123456789abcdef0123456789abcdef"] {
        assert_eq!(desk.get(missing).await.code, 404);
    }
}

#[tokio::test]
async fn what_cannot_be_saved_now_is_kept_to_be_sent_again() {
    let desk = Desk::with_sample().await;
    let held = desk.held().await;
    let form = "alias=Spare+desk&kind=host&value=pbx.example.com";
    let answer = desk.post(urls::ROUTES, form).await;
    assert_eq!(answer.code, 503, "{}", answer.body);
    for phrase in ["The database does not answer", "name=\"alias\" value=\"Spare desk\"", ">Send it again<"] {
        assert!(answer.body.contains(phrase), "{phrase}: {}", answer.body);
    }
    let_go(held).await;
    assert_eq!(desk.post(urls::ROUTES, form).await.code, 303);
}

#[tokio::test]
async fn a_job_that_is_cancelled_leads_back_to_the_same_selection_and_choice() {
    let desk = Desk::with_sample().await;
    let chosen = desk.all_chosen("set-alias").await;
    let before = desk.account().await.version;
    let held = desk.held().await;
    let job = desk.begun(&urls::action("set-alias"), &format!("{chosen}&alias=Front+desk&reason=why")).await;
    let to = desk.post(&format!("{job}/cancel"), "").await;
    assert_eq!((to.code, to.header(header::LOCATION)), (303, job.as_str()));
    for held in [Some(held), None] {
        let page = desk.get(&job).await;
        assert!(page.body.contains("It was cancelled. Nothing was changed."), "{}", page.body);
        let back = format!("{}?{chosen}&amp;alias=Front%20desk&amp;reason=why", urls::action("set-alias"));
        assert!(page.body.contains(&format!("href=\"{back}\"")), "{back}: {}", page.body);
        assert!(!page.body.contains("http-equiv=\"refresh\""));
        if let Some(held) = held {
            let_go(held).await;
        }
    }
    assert_eq!(desk.account().await.version, before);
}

#[tokio::test]
async fn what_a_form_is_answered_in_the_end_is_for_who_sent_it() {
    let desk = Desk::with_sample().await;
    let colleague = desk.colleague().await;
    let chosen = desk.all_chosen("release").await;
    let held = desk.held().await;
    // The sample's saved cases hold, and would not.
    let job = desk.begun(&urls::action("release"), &format!("{chosen}&reason=moved")).await;
    let_go(held).await;
    let asked = desk.ended(&job).await;
    assert_eq!(asked.code, 409, "{}", asked.body);
    for phrase in [
        "Nothing was saved yet.",
        "name=\"reason\" value=\"moved\"",
        "action=\"/dids/manage/release?confirm=broken-cases",
        "Save it nevertheless",
    ] {
        assert!(asked.body.contains(phrase), "{phrase}: {}", asked.body);
    }
    assert_eq!(desk.get(&job).await.code, 409, "a reload shows the same");
    let theirs = desk.send("GET", &job, &[("cookie", &colleague)], "").await;
    assert_eq!(theirs.code, 200);
    assert!(theirs.body.contains("Nothing was changed: there was nothing to do"), "{}", theirs.body);
}
