//! The guard against toll fraud: routes to phone numbers ring in allowed countries only.

use portal::{Actor, Error, Field, Forbidden, Noun, Progress, Refusal, RouteDraft};
use routing::{Destination, RouteId};

use crate::installation::Installation;
use crate::office::{Office, draft, refused};
use crate::support::{Db, contract};

contract!(
    a_route_rings_at_home_and_where_an_owner_allowed_it,
    a_country_stays_allowed_while_routes_ring_there,
    routes_from_before_the_guard_stay_until_their_value_changes,
    a_new_country_takes_an_owner_who_signed_in_lately,
    an_undo_brings_no_route_back_to_where_it_may_not_ring,
    an_account_file_brings_its_countries_and_is_held_to_them,
);

fn destination(text: &str) -> Destination {
    text.parse().unwrap()
}

impl Office {
    async fn phone(&self, alias: &str, number: &str) -> Result<RouteId, Error> {
        self.portal.add_route(&self.dana, self.account.id, &draft(alias, "phone", number)).await
    }

    async fn allow(&self, country: &str) -> Result<(), Error> {
        self.portal.allow_destination(&self.dana, self.account.id, country).await
    }

    async fn forbid(&self, country: &str) -> Result<(), Error> {
        self.portal.forbid_destination(&self.dana, self.account.id, country).await
    }
}

async fn a_route_rings_at_home_and_where_an_owner_allowed_it(db: Db) {
    let office = Office::empty(db).await;
    // Home is North America but for the countries that share its code.
    office.phone("home", "+12065550177").await.unwrap();
    office.phone("toronto", "+14165550177").await.unwrap();
    let closed = [(Field::Value, "destination_not_allowed")];
    for (number, needed) in [
        ("+447700900123", "+44"),
        ("+18765550123", "+1876"),
        ("+881612345678", "+881"),
        ("+19005550123", "premium_rate"),
    ] {
        let draft = draft("abroad", "phone", number);
        let found = office.portal.check_route(&office.dana, office.account.id, None, &draft).await.unwrap();
        assert_eq!(found.iter().map(|error| (error.field, error.problem.code())).collect::<Vec<_>>(), closed);
        assert_eq!(refused(office.phone("abroad", number).await), closed, "{number}");
        office.allow(needed).await.unwrap();
        let id = office.phone("abroad", number).await.unwrap();
        office
            .portal
            .delete_route(&office.dana, office.account.id, id, office.version().await)
            .await
            .unwrap();
    }
    // Premium rate abroad takes both.
    office.forbid("premium_rate").await.unwrap();
    assert_eq!(refused(office.phone("abroad", "+449098790000").await), closed);
    office.allow("premium_rate").await.unwrap();
    office.phone("abroad", "+449098790000").await.unwrap();
    // A URI at one of our own edges is dialled there; others go to no telephone network of ours.
    for host in ["us-east-va.sip.flowroute.com", "gateway.example.com;maddr=us-west-or.sip.flowroute.com"] {
        let uri = draft("edge", "uri", &format!("sip:+25261555012@{host}"));
        let added = office.portal.add_route(&office.dana, office.account.id, &uri).await;
        assert_eq!(refused(added), closed, "{host}");
    }
    let uri = draft("uri", "uri", "sip:+18765550123@gateway.example.com");
    office.portal.add_route(&office.dana, office.account.id, &uri).await.unwrap();
    // Allowing once more is no change.
    let before = office.version().await;
    office.allow("+44").await.unwrap();
    office.allow("+1").await.unwrap();
    assert_eq!(office.version().await, before);
    for wrong in ["", "44", "+999999", "Jamaica"] {
        assert_eq!(refused(office.allow(wrong).await), [(Field::Country, "unknown_country")], "{wrong}");
    }
}

async fn a_country_stays_allowed_while_routes_ring_there(db: Db) {
    let office = Office::empty(db).await;
    office.allow("+44").await.unwrap();
    let london = office.phone("london", "+447700900123").await.unwrap();
    let page = office.portal.destinations(&office.dana, office.account.id).await.unwrap();
    let [allowed] = &page.allowed[..] else { panic!("{page:?}") };
    assert_eq!((page.home, allowed.destination), (destination("+1"), destination("+44")));
    assert_eq!(allowed.routes[0].id, london);
    assert!(!page.others.contains(&page.home) && !page.others.contains(&allowed.destination));
    let kept = office.forbid("+44").await;
    let Err(Error::DestinationInUse { routes, .. }) = &kept else { panic!("{kept:?}") };
    assert_eq!(routes[0].id, london);
    office
        .portal
        .delete_route(&office.dana, office.account.id, london, office.version().await)
        .await
        .unwrap();
    office.forbid("+44").await.unwrap();
    assert!(matches!(office.forbid("+44").await, Err(Error::NotFound(Noun::Destination))));
    assert!(matches!(office.forbid("nowhere").await, Err(Error::NotFound(Noun::Destination))));
    assert_eq!(
        refused(office.phone("london", "+447700900123").await),
        [(Field::Value, "destination_not_allowed")]
    );
    // Every step of it is on record.
    let log = office
        .portal
        .activity(&office.dana, office.account.id, &Default::default(), portal::OperationsAt::Newest)
        .await
        .unwrap();
    let kinds: Vec<&str> = log.rows.iter().map(|row| row.kind.as_str()).take(2).collect();
    assert_eq!(kinds, ["forbid_destination", "delete_route"]);
    let undo = office
        .portal
        .undo(&office.dana, office.account.id, office.version().await, None, &Progress::default())
        .await;
    assert!(matches!(undo, Err(Error::NotUndone(portal::NotUndone::Destinations))), "{undo:?}");
}

async fn routes_from_before_the_guard_stay_until_their_value_changes(db: Db) {
    let office = Office::empty(db).await;
    let mobile = office.phone("mobile", "+12065550177").await.unwrap();
    office.db.sql("update routes set value = '+447700900123' where alias = 'mobile'").await;
    // As another server that starts on the database.
    let office = Office { portal: portal::Portal::new(office.db.store.clone()), ..office };
    let page = office.portal.destinations(&office.dana, office.account.id).await.unwrap();
    assert_eq!(page.elsewhere[0].0, destination("+44"));
    let edit = |alias: &str, value: &str| {
        let draft = RouteDraft { alias: alias.into(), ..draft(alias, "phone", value) };
        let office = &office;
        async move {
            let version = office.version().await;
            office.portal.edit_route(&office.dana, office.account.id, mobile, version, &draft).await
        }
    };
    edit("renamed", "+447700900123").await.unwrap();
    let other = edit("renamed", "+447700900124").await;
    assert_eq!(refused(other), [(Field::Value, "destination_not_allowed")]);
}

async fn a_new_country_takes_an_owner_who_signed_in_lately(db: Db) {
    let installation = Installation::new(&db).await;
    let (portal, account) = (&installation.portal, installation.account.id);
    let editor = installation.member("eve@example.com", "editor").await;
    let editor = editor.who(portal).await.unwrap().actor;
    let allowed = portal.allow_destination(&editor, account, "+44").await;
    assert!(matches!(allowed, Err(Error::Forbidden(Forbidden::NotOwner))), "{allowed:?}");
    let forbidden = portal.forbid_destination(&editor, account, "+44").await;
    assert!(matches!(forbidden, Err(Error::Forbidden(Forbidden::NotOwner))), "{forbidden:?}");
    // Not by a file either.
    let operator = Actor::operator("test");
    let file = portal.export_account(&operator, account).await.unwrap();
    let more = file.replace("\n  },\n  \"routes\"", ",\n    \"destinations\": [\"+44\"]\n  },\n  \"routes\"");
    assert_ne!(more, file);
    let brought = portal.import_account(&editor, Some(account), &more, false).await;
    assert!(matches!(brought, Err(Error::Forbidden(Forbidden::NotOwner))), "{brought:?}");
    // Nor does a file make another country the home, or an undo.
    let moved = file.replace("\"country\": \"US\"", "\"country\": \"JM\"");
    let brought = portal.import_account(&editor, Some(account), &moved, false).await;
    assert!(matches!(brought, Err(Error::Forbidden(Forbidden::NotOwner))), "{brought:?}");
    let brought = portal.import_account(&operator, Some(account), &moved, false).await.unwrap();
    let undone = portal.undo(&editor, account, brought.version.unwrap(), None, &Progress::default()).await;
    assert!(matches!(undone, Err(Error::Forbidden(Forbidden::NotOwner))), "{undone:?}");
    let stranger = Actor::owner(routing::AccountId(account.0 + 1), "X", portal::Via::Browser);
    assert!(matches!(portal.destinations(&stranger, account).await, Err(Error::NotFound(Noun::Account))));

    let owner = installation.admin().await.actor;
    portal.allow_destination(&owner, account, "+49").await.unwrap();
    db.sql(&format!("update sessions set proved_at = proved_at - {}", 16 * 60_000)).await;
    let stale = installation.admin().await.actor;
    let allowed = portal.allow_destination(&stale, account, "+44").await;
    assert!(matches!(allowed, Err(Error::Forbidden(Forbidden::Stale))), "{allowed:?}");
    // Closing takes no proof: it can cost nothing.
    portal.forbid_destination(&stale, account, "+49").await.unwrap();
}

async fn an_undo_brings_no_route_back_to_where_it_may_not_ring(db: Db) {
    let office = Office::empty(db).await;
    office.allow("+44").await.unwrap();
    let id = office.phone("london", "+447700900123").await.unwrap();
    let account = office.account.id;
    office.portal.delete_route(&office.dana, account, id, office.version().await).await.unwrap();
    let deleted = office.version().await;
    office.forbid("+44").await.unwrap();
    let undone =
        office.portal.undo(&office.dana, account, deleted, None, &Progress::default()).await.unwrap();
    assert_eq!((undone.changed, undone.refused), (0, 1));
    assert_eq!(undone.left[0].why, Refusal::NotAllowed { country: "United Kingdom".into() });
    office.allow("+44").await.unwrap();
    let undone =
        office.portal.undo(&office.dana, account, deleted, None, &Progress::default()).await.unwrap();
    assert_eq!((undone.changed, undone.refused), (1, 0));
}

async fn an_account_file_brings_its_countries_and_is_held_to_them(db: Db) {
    let office = Office::empty(db).await;
    let operator = Actor::operator("test");
    office.allow("+44").await.unwrap();
    office.allow("premium_rate").await.unwrap();
    office.phone("london", "+447700900123").await.unwrap();
    let text = office.portal.export_account(&office.dana, office.account.id).await.unwrap();
    assert!(text.contains(r#""destinations": ["premium_rate","+44"]"#), "{text}");
    let import = |text: String| {
        let (portal, operator) = (&office.portal, &operator);
        async move { portal.import_account(operator, None, &text, false).await }
    };
    let closed = import(text.replace(r#"["premium_rate","+44"]"#, "[]")).await;
    let Err(Error::AccountFile(errors)) = &closed else { panic!("{closed:?}") };
    assert_eq!(errors[0].place, "routes[0].value");
    let wrong = import(text.replace(r#""+44""#, r#""44""#)).await;
    let Err(Error::AccountFile(errors)) = &wrong else { panic!("{wrong:?}") };
    assert_eq!(errors[0].place, "account.destinations[1]");
    let result = import(text.clone()).await.unwrap();
    assert_eq!((result.destinations_added, result.routes_added), (2, 1));
    // Undone, it takes its routes away; what it allowed is an owner's to take back.
    let account = result.account.unwrap();
    let copied = office.portal.accounts(&operator).await.unwrap();
    let version = copied.iter().find(|copy| copy.id == account).unwrap().version;
    let undone = office.portal.undo(&operator, account, version, None, &Progress::default()).await.unwrap();
    assert_eq!((undone.changed, undone.refused), (1, 2));
    assert!(undone.left.iter().all(|left| left.why == Refusal::NotPutBack), "{:?}", undone.left);
    let back = undone.version.unwrap();
    office.portal.undo(&operator, account, back, None, &Progress::default()).await.unwrap();
    let copy = office.portal.export_account(&operator, result.account.unwrap()).await.unwrap();
    assert_eq!(copy, text);
}
