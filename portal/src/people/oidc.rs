//! Signing in by the OIDC provider that the installation names, if it names one.
//!
//! An account there is somebody here by the pair of its issuer and its subject, once it was linked: by themselves, or
//! with an invitation. Nobody is added by signing in alone.

mod fault;
mod flow;
mod http;
mod provider;

pub use fault::ProviderFault;
pub(crate) use fault::Sentence;
pub use flow::{Errand, Flow};
pub use provider::{Provider, ProviderSettings, ProviderSettingsError};

use std::sync::Arc;

use serde_json::{Value, json};
use store::{INSTALLATION, Identity, NewUser, Tx, UnixMs, User};

use self::flow::Purpose;
use self::provider::Claims;
use super::sessions::{FRESH_MS, Proof};
use super::sign_in::{Attempt, Entered, Entry, SECURITY};
use super::throttle::Key;
use super::{SignedIn, name, user_change};
use crate::history::OperationKind;
use crate::{Actor, Error, Noun, Portal, Result};

/// When somebody proved who they are, if the provider does not say: long ago, so that nothing is changed by it that
/// guards a sign-in.
const LONG_AGO: UnixMs = UnixMs(1);

/// What somebody comes back from the provider with, in the address.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProviderAnswer<'a> {
    /// Of the sign-in that it answers.
    pub state: &'a str,
    /// What a token is redeemed with.
    pub code: Option<&'a str>,
    /// Why there is no code.
    pub error: Option<&'a str>,
    /// Who answers, if it says so (RFC 9207).
    pub issuer: Option<&'a str>,
}

/// What coming back from the provider led to.
#[derive(Debug)]
pub enum Returned {
    /// A sign-in.
    Entry(Entry),
    /// Somebody new is in, whose invitation is used up by it.
    Joined(Entered),
    /// Whoever is signed in can sign in by the provider from now on.
    Linked,
}

/// The provider on the page of somebody.
#[derive(Clone, Debug)]
pub struct YourProvider {
    /// What people call it.
    pub label: String,
    /// The account there that signs them in.
    pub linked: Option<Identity>,
}

impl Portal {
    /// With a provider that signs people in.
    #[must_use]
    pub fn with_provider(mut self, provider: Provider) -> Portal {
        self.provider = Some(Arc::new(provider));
        self
    }

    /// What people call the provider, if there is one.
    pub fn provider_label(&self) -> Option<&str> {
        self.provider.as_ref().map(|provider| provider.label.as_str())
    }

    /// Sends somebody to the provider: the address there, and what their browser is to keep meanwhile. `back` is the
    /// address that they come back to.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no provider; [`Error::Provider`]; [`Error::Forbidden`] for who wants to link
    /// themselves and signed in too long ago.
    pub async fn leave_for_provider(
        &self,
        errand: Errand<'_>,
        who: Option<&SignedIn>,
        back: &str,
    ) -> Result<(String, Flow)> {
        let provider = self.named_provider()?;
        let purpose = match (errand, who) {
            (Errand::SignIn, None) => Purpose::SignIn,
            (Errand::SignIn, Some(_)) => Purpose::Prove,
            (Errand::Link, Some(who)) => {
                who.is_fresh()?;
                Purpose::Link(who.person()?.0)
            }
            (Errand::Link, None) => return Err(Error::SignInAgain),
            (Errand::Join(word), _) => Purpose::Join(self.invitation_of(word).await?.0),
        };
        provider.leave(purpose, back).await.map_err(|fault| refused(provider, fault))
    }

    /// Takes somebody back from the provider.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no provider, or the invitation is not there any more; [`Error::Provider`] with
    /// why nobody is signed in; [`Error::TooMany`]; [`Error::Forbidden`].
    pub async fn return_from_provider(
        &self,
        answer: ProviderAnswer<'_>,
        flow: Option<&Flow>,
        who: Option<&SignedIn>,
        back: &str,
        attempt: Attempt<'_>,
    ) -> Result<Returned> {
        let provider = self.named_provider()?;
        // Other sites can send people here: only an answer to what this browser asked is worth a try, and a question.
        let came = match flow.filter(|flow| flow.fits(answer.state)) {
            None => Err(refused(provider, ProviderFault::NotBegun)),
            Some(flow) => {
                let keys = [Key::of_provider(&attempt.origin.address)];
                self.throttle.take(&keys)?;
                let came = self.came_back(provider, answer, flow, who, back, attempt).await;
                if came.is_ok() {
                    self.throttle.give_back(&keys);
                }
                came
            }
        };
        if let Err(error) = &came {
            let (address, why) = (attempt.origin.address.as_str(), error.to_string());
            tracing::warn!(target: SECURITY, address, why, "sign-in refused: provider");
        }
        came
    }

    async fn came_back(
        &self,
        provider: &Provider,
        answer: ProviderAnswer<'_>,
        flow: &Flow,
        who: Option<&SignedIn>,
        back: &str,
        attempt: Attempt<'_>,
    ) -> Result<Returned> {
        let refuse = |fault| refused(provider, fault);
        if answer.issuer.is_some_and(|issuer| issuer != provider.issuer()) {
            return Err(refuse(ProviderFault::Untrusted));
        }
        let code = answer.code.filter(|_| answer.error.is_none());
        let code = code.ok_or_else(|| refuse(ProviderFault::Declined))?;
        let claims = provider.redeem(code, flow, back).await.map_err(refuse)?;
        let known = self.store.user_by_identity(provider.issuer(), &claims.identity.subject).await?;
        match (&flow.purpose, known) {
            (Purpose::Link(user), _) => {
                let who = who.filter(|who| who.actor.user() == Some(*user)).ok_or(Error::SignInAgain)?;
                who.is_fresh()?;
                let (tx, user) = self.begin_own(who).await?;
                self.link(tx, provider, (&user, &claims), (OperationKind::LinkProvider, &who.actor)).await?;
                Ok(Returned::Linked)
            }
            (Purpose::Join(word), None) => {
                let entered = self.join_by_provider(&word.reveal(), &claims, attempt).await;
                entered.map(Returned::Joined).map_err(|why| match why {
                    Error::Store(why) => taken(provider, why),
                    other => other,
                })
            }
            (purpose, Some(user)) => {
                self.enter_by_provider(provider, &user, &claims, purpose, attempt).await.map(Returned::Entry)
            }
            (purpose, None) => {
                let user = self.by_verified_email(provider, &claims, attempt).await?;
                let user = user.ok_or_else(|| refuse(ProviderFault::Nobody))?;
                self.enter_by_provider(provider, &user, &claims, purpose, attempt).await.map(Returned::Entry)
            }
        }
    }

    /// Lets somebody in whom the provider vouches for. Their second factor is asked for nevertheless.
    async fn enter_by_provider(
        &self,
        provider: &Provider,
        user: &User,
        claims: &Claims,
        purpose: &Purpose,
        attempt: Attempt<'_>,
    ) -> Result<Entry> {
        if user.disabled {
            return Err(refused(provider, ProviderFault::SwitchedOff));
        }
        let proved_at = proved_at(claims);
        if *purpose == Purpose::Prove && proved_at <= UnixMs::now().minus_ms(FRESH_MS) {
            return Err(refused(provider, ProviderFault::NotAnew));
        }
        if user.totp.is_some() {
            return Ok(Entry::NeedsCode(self.begin_session(user, attempt, None).await?));
        }
        self.enter(user, attempt, Proof::Provider(proved_at, claims.identity.clone())).await.map(Entry::In)
    }

    /// Somebody who never linked the provider, by an address that it verified: where the settings allow that.
    async fn by_verified_email(
        &self,
        provider: &Provider,
        claims: &Claims,
        attempt: Attempt<'_>,
    ) -> Result<Option<User>> {
        let email = claims.identity.email.as_deref().filter(|_| claims.email_verified);
        let Some(email) = email.filter(|_| provider.link_verified_email) else { return Ok(None) };
        // The database finds an address however its letters are written, in any script; the provider means one. Whoever has a
        // second factor links themselves: a link would be there before they are asked for its code.
        let fits =
            |user: &User| !user.disabled && user.totp.is_none() && user.email.eq_ignore_ascii_case(email);
        let Some(user) = self.store.user_by_email(email).await?.filter(fits) else { return Ok(None) };
        let mut tx = self.store.begin(INSTALLATION).await?;
        if tx.was_unlinked(user.id, provider.issuer()).await? {
            return Ok(None);
        }
        let actor = Actor::entering(INSTALLATION, &user.email, attempt.origin);
        let by = (OperationKind::LinkProviderByAddress, &actor);
        self.link(tx, provider, (&user, claims), by).await?;
        Ok(Some(user))
    }

    /// Lets an account at the provider sign somebody in from now on.
    async fn link(
        &self,
        mut tx: Tx,
        provider: &Provider,
        (user, claims): (&User, &Claims),
        (kind, actor): (OperationKind, &Actor),
    ) -> Result<()> {
        tx.link_identity(user.id, &claims.identity).await.map_err(|why| taken(provider, why))?;
        let after = provider_json(provider, claims.identity.email.as_deref());
        self.keep(tx, kind, user_change(user.id, &user.email, None, Some(after)), actor).await
    }

    /// Accepts an invitation as somebody new, whom the provider lets in from now on.
    async fn join_by_provider(&self, word: &str, claims: &Claims, attempt: Attempt<'_>) -> Result<Entered> {
        let (secret, invitation) = self.invitation_of(word).await?;
        if self.store.user_by_email(&invitation.email).await?.is_some() {
            return Err(Error::SignInAgain);
        }
        let called = claims.name.as_deref().and_then(|typed| name(typed).ok());
        let new = NewUser {
            name: called.unwrap_or_else(|| invitation.email.clone()),
            email: invitation.email.clone(),
            staff: None,
            password: None,
            identity: Some(claims.identity.clone()),
        };
        let user = self.join_new(&secret, invitation.to, &new, attempt.origin).await?;
        self.enter(&user, attempt, Proof::Provider(proved_at(claims), claims.identity.clone())).await
    }

    /// Lets the provider sign somebody in no more; everywhere else they are signed out.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they are not linked; [`Error::OnlyWayIn`] if they could not sign in any more;
    /// [`Error::Forbidden`] for who signed in too long ago.
    pub async fn unlink_provider(&self, who: &SignedIn) -> Result<()> {
        let (user, session) = who.person()?;
        who.is_fresh()?;
        let provider = self.named_provider()?;
        let linked = self.store.identity(user, provider.issuer()).await?.and_then(|identity| identity.email);
        let (mut tx, _) = self.begin_own(who).await?;
        tx.unlink_identity(user, provider.issuer(), Some(session)).await?;
        self.can_still_enter(&mut tx, user).await?;
        let before = provider_json(provider, linked.as_deref());
        let change = user_change(user, &who.email, Some(before), None);
        self.keep(tx, OperationKind::UnlinkProvider, change, &who.actor).await
    }

    /// The provider on somebody's page, if there is one.
    pub(super) async fn provider_of(&self, user: &User) -> Result<Option<YourProvider>> {
        let Some(provider) = &self.provider else { return Ok(None) };
        let linked = self.store.identity(user.id, provider.issuer()).await?;
        Ok(Some(YourProvider { label: provider.label.clone(), linked }))
    }

    fn named_provider(&self) -> Result<&Provider> {
        self.provider.as_deref().ok_or(Error::NotFound(Noun::Page))
    }
}

/// When somebody proved who they are, as far as we believe it: not later than now, and never "not yet".
fn proved_at(claims: &Claims) -> UnixMs {
    claims.proved_at.map_or(LONG_AGO, |at| at.min(UnixMs::now()).max(LONG_AGO))
}

/// A link to the provider as the installation's history keeps it.
fn provider_json(provider: &Provider, account: Option<&str>) -> Value {
    json!({ "provider": provider.label, "provider_account": account })
}

fn refused(provider: &Provider, fault: ProviderFault) -> Error {
    Error::Provider { label: provider.label.clone(), fault }
}

fn taken(provider: &Provider, error: store::Error) -> Error {
    match error {
        store::Error::IdentityTaken => refused(provider, ProviderFault::Taken),
        other => other.into(),
    }
}
