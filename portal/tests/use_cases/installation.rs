//! An installation after its first visit, and the browsers of its people.

use portal::{
    Account, Actor, Attempt, Credential, Entered, Entry, Error, FirstVisit, Invite, NewAccount, Origin,
    Portal, RouteDraft, SignedIn, Staff,
};

use crate::office::draft;
use crate::support::Db;

pub(crate) const GOOD: &str = "lattice mango ferry 9";
pub(crate) const OTHER: &str = "violet anchor crumb 4";

pub(crate) fn origin() -> Origin {
    Origin { address: "192.0.2.7".into(), request: "abcd".into() }
}

/// A browser with what it keeps.
#[derive(Default)]
pub(crate) struct Browser {
    pub(crate) origin: Origin,
    pub(crate) cookie: Option<String>,
    pub(crate) device: Option<String>,
}

impl Browser {
    pub(crate) fn new() -> Browser {
        Browser { origin: origin(), ..Browser::default() }
    }

    pub(crate) fn attempt(&self) -> Attempt<'_> {
        Attempt {
            cookie: self.cookie.as_deref(),
            device: self.device.as_deref(),
            origin: &self.origin,
            agent: "Firefox",
        }
    }

    pub(crate) fn keep(&mut self, entered: Entered) {
        self.cookie = Some(entered.session.reveal());
        self.device = entered.device.map(|device| device.reveal()).or(self.device.take());
    }

    pub(crate) async fn sign_in(
        &mut self,
        portal: &Portal,
        email: &str,
        password: &str,
    ) -> Result<(), Error> {
        match portal.sign_in(email, password, self.attempt()).await? {
            Entry::In(entered) => self.keep(entered),
            Entry::NeedsCode(pending) => self.cookie = Some(pending.reveal()),
        }
        Ok(())
    }

    pub(crate) async fn who(&self, portal: &Portal) -> Option<SignedIn> {
        let cookie = self.cookie.as_deref()?;
        portal.signed_in(Credential::Cookie(cookie), origin()).await.unwrap()
    }
}

/// An installation after its first visit, with the browser of its administrator.
pub(crate) struct Installation {
    pub(crate) portal: Portal,
    pub(crate) account: Account,
    pub(crate) browser: Browser,
}

impl Installation {
    pub(crate) async fn new(db: &Db) -> Installation {
        let portal = Portal::new(db.store.clone());
        let mut browser = Browser::new();
        let entered =
            portal.set_up(&visit("ada@example.com"), &northwind(), browser.attempt()).await.unwrap();
        browser.keep(entered);
        let account = portal.accounts(&Actor::operator("test")).await.unwrap().remove(0);
        Installation { portal, account, browser }
    }

    pub(crate) async fn admin(&self) -> SignedIn {
        self.browser.who(&self.portal).await.unwrap()
    }

    /// Somebody who accepts an invitation to the account.
    pub(crate) async fn member(&self, email: &str, role: &str) -> Browser {
        let admin = self.admin().await;
        let invite = Invite { email: email.into(), role: role.into() };
        let made = self.portal.invite(&admin.actor, self.account.id, &invite).await.unwrap();
        self.joins(&made.word.reveal()).await
    }

    pub(crate) async fn staff(&self, email: &str, staff: Staff) -> Browser {
        let admin = self.admin().await;
        let invite = Invite { email: email.into(), role: staff.as_str().into() };
        let made = self.portal.invite_staff(&admin.actor, &invite).await.unwrap();
        self.joins(&made.word.reveal()).await
    }

    pub(crate) async fn joins(&self, word: &str) -> Browser {
        let mut browser = Browser::new();
        let entered = self.portal.join(word, "Somebody", OTHER, browser.attempt()).await.unwrap();
        browser.keep(entered);
        browser
    }

    pub(crate) async fn add_route(&self, actor: &Actor, alias: &str) -> Result<(), Error> {
        let route: RouteDraft = draft(alias, "host", "one.example.com");
        self.portal.add_route(actor, self.account.id, &route).await.map(|_| ())
    }
}

pub(crate) fn visit(email: &str) -> FirstVisit {
    FirstVisit { name: "Ada".into(), email: email.into(), password: GOOD.into() }
}

pub(crate) fn northwind() -> NewAccount {
    NewAccount { name: "Northwind".into(), country: "US".into() }
}
