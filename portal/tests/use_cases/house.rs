//! An installation with an OIDC provider, and the way there and back.

use portal::{
    Entry, Errand, Error, Flow, Invite, Portal, Provider, ProviderAnswer, ProviderFault, ProviderSettings,
    Returned, SignedIn,
};

use crate::installation::{Browser, GOOD, Installation};
use crate::provider::{Back, TestProvider, Visitor};
use crate::support::Db;

pub(crate) const BACK: &str = "http://127.0.0.1:3000/sign-in/provider/return";

/// An installation with a provider.
pub(crate) struct House {
    pub(crate) installation: Installation,
    pub(crate) provider: TestProvider,
}

impl House {
    pub(crate) async fn new(db: &Db) -> House {
        House::with(db, |_| {}).await
    }

    pub(crate) async fn with(db: &Db, change: impl FnOnce(&mut ProviderSettings)) -> House {
        let provider = TestProvider::start().await;
        let mut settings = provider.settings();
        change(&mut settings);
        let mut installation = Installation::new(db).await;
        installation.portal = installation.portal.clone().with_provider(Provider::new(settings).unwrap());
        House { installation, provider }
    }

    pub(crate) fn portal(&self) -> &Portal {
        &self.installation.portal
    }

    /// Somebody goes to the provider, and signs in there.
    pub(crate) async fn leaves(
        &self,
        browser: &Browser,
        errand: Errand<'_>,
        visitor: &Visitor,
    ) -> (Flow, Back) {
        let who = browser.who(self.portal()).await;
        let (address, flow) = self.portal().leave_for_provider(errand, who.as_ref(), BACK).await.unwrap();
        // As the browser keeps it.
        (Flow::parse(&flow.reveal()).unwrap(), self.provider.sign_in(&address, visitor))
    }

    pub(crate) async fn returns(
        &self,
        browser: &mut Browser,
        flow: &Flow,
        back: &Back,
    ) -> Result<Returned, Error> {
        let answer = ProviderAnswer {
            state: &back.state,
            code: Some(&back.code),
            error: None,
            issuer: Some(&back.issuer),
        };
        self.answers(browser, Some(flow), answer).await
    }

    pub(crate) async fn answers(
        &self,
        browser: &mut Browser,
        flow: Option<&Flow>,
        answer: ProviderAnswer<'_>,
    ) -> Result<Returned, Error> {
        let who = browser.who(self.portal()).await;
        let came =
            self.portal().return_from_provider(answer, flow, who.as_ref(), BACK, browser.attempt()).await?;
        match &came {
            Returned::Entry(Entry::In(entered)) | Returned::Joined(entered) => {
                browser.cookie = Some(entered.session.reveal());
                browser.device = entered.device.as_ref().map(portal::Secret::reveal);
            }
            Returned::Entry(Entry::NeedsCode(pending)) => browser.cookie = Some(pending.reveal()),
            Returned::Linked => {}
        }
        Ok(came)
    }

    /// There and back again.
    pub(crate) async fn goes(
        &self,
        browser: &mut Browser,
        errand: Errand<'_>,
        visitor: &Visitor,
    ) -> Result<Returned, Error> {
        let (flow, back) = self.leaves(browser, errand, visitor).await;
        self.returns(browser, &flow, &back).await
    }

    /// The administrator's account, linked to Ada's at the provider.
    pub(crate) async fn linked(&self) -> Visitor {
        let visitor = ada();
        let mut browser = Browser::new();
        browser.sign_in(self.portal(), "ada@example.com", GOOD).await.unwrap();
        self.goes(&mut browser, Errand::Link, &visitor).await.unwrap();
        visitor
    }

    pub(crate) async fn word(&self, email: &str) -> String {
        let admin = self.installation.admin().await;
        let invite = Invite { email: email.into(), role: "editor".into() };
        let account = self.installation.account.id;
        self.portal().invite(&admin.actor, account, &invite).await.unwrap().word.reveal()
    }

    pub(crate) async fn who(&self, browser: &Browser) -> Option<SignedIn> {
        browser.who(self.portal()).await
    }
}

pub(crate) fn ada() -> Visitor {
    Visitor { subject: "248289761001", proved_s_ago: Some(30), ..Visitor::default() }
}

pub(crate) fn fault<T: std::fmt::Debug>(result: Result<T, Error>) -> ProviderFault {
    match result {
        Err(Error::Provider { label, fault }) => {
            assert_eq!(label, "Acme");
            fault
        }
        other => panic!("{other:?}"),
    }
}
