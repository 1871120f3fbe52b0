//! Sessions, and what a request is signed in with (OWASP ASVS 5.0, 7.2 to 7.5).

use std::time::Duration;

use store::{
    NewIdentity, NewSession, ProvedBy, Secret, Session, SessionId, Standing, UnixMs, UsedPasskey, User,
    UserId,
};

use super::sign_in::Attempt;
use crate::limits::AGENT_CHARS_MAX;
use crate::{Actor, Error, Forbidden, Origin, Portal, Result};

const MINUTE_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// A session that is not used for so long ends: a shift, with its breaks.
pub const SESSION_IDLE_MAX_MS: i64 = 12 * HOUR_MS;
/// A session ends after so long, however busy it is.
pub const SESSION_AGE_MAX_MS: i64 = 7 * 24 * HOUR_MS;
/// How long the second step of a sign-in may take.
const CODE_WAIT_MAX_MS: i64 = 10 * MINUTE_MS;
/// How long ago somebody may have proved who they are, to change what guards their sign-in.
pub(super) const FRESH_MS: i64 = 15 * MINUTE_MS;
/// That somebody is still there is written down so often at most.
const TOUCH_EVERY_MS: i64 = MINUTE_MS;
/// How long a page waits for that: behind a bulk action, the next request writes it down instead.
const TOUCH_TIME_MAX: Duration = Duration::from_millis(15);

/// What a request brings along.
#[derive(Clone, Copy)]
pub enum Credential<'a> {
    /// The cookie of a session.
    Cookie(&'a str),
    /// An API token.
    Token(&'a str),
}

/// Who sent a request.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// As use cases ask them.
    pub actor: Actor,
    /// Their address.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// Their session; a program has none.
    pub session: Option<SessionId>,
    /// Whether nobody could sign in as them again: there is no password yet, no passkey, and no provider that vouches for
    /// them.
    pub no_way_in: bool,
    /// Whether they proved a short while ago who they are.
    pub fresh: bool,
}

impl SignedIn {
    /// Whether they may change what guards a sign-in.
    pub(super) fn is_fresh(&self) -> Result<()> {
        if self.fresh { Ok(()) } else { Err(Forbidden::Stale.into()) }
    }

    /// Their session and who they are; a program has neither.
    pub(super) fn person(&self) -> Result<(UserId, SessionId)> {
        match (self.actor.user(), self.session) {
            (Some(user), Some(session)) => Ok((user, session)),
            _ => Err(Forbidden::Token.into()),
        }
    }
}

/// How somebody proved who they are.
pub(super) enum Proof {
    /// By being the first of all.
    FirstVisit,
    /// By a link that works once.
    Link,
    /// By their password, where nothing more is asked for.
    Password,
    /// By their password or the provider, and a code.
    Code,
    /// By the provider's word for an account there, at a moment that may be long past.
    Provider(UnixMs, NewIdentity),
    /// By a passkey: something that they have, and what unlocks it.
    Passkey(UsedPasskey),
}

impl Proof {
    /// For the log.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Proof::FirstVisit => "first visit",
            Proof::Link => "link",
            Proof::Password => "password",
            Proof::Code => "first step and code",
            Proof::Provider(..) => "provider",
            Proof::Passkey(_) => "passkey",
        }
    }
}

/// The earliest moments at which a session that still counts was used and begun.
pub(super) fn alive(now: UnixMs) -> (UnixMs, UnixMs) {
    (now.minus_ms(SESSION_IDLE_MAX_MS), now.minus_ms(SESSION_AGE_MAX_MS))
}

impl Portal {
    /// Who sent a request, if it is signed in.
    ///
    /// # Errors
    /// The database failed.
    pub async fn signed_in(&self, by: Credential<'_>, origin: Origin) -> Result<Option<SignedIn>> {
        match by {
            Credential::Cookie(text) => self.by_cookie(text, origin).await,
            Credential::Token(text) => self.by_token(text, origin).await,
        }
    }

    async fn by_cookie(&self, text: &str, origin: Origin) -> Result<Option<SignedIn>> {
        let now = UnixMs::now();
        let Some((session, user)) = self.session_of(text, now).await? else { return Ok(None) };
        if session.proved_at == UNPROVED || user.disabled {
            return Ok(None);
        }
        if session.seen_at < now.minus_ms(TOUCH_EVERY_MS) {
            in_passing(self.store.touch_session(session.id, now)).await;
        }
        let ways = match &user.password {
            Some(_) => None,
            None => Some(self.store.ways_in(user.id).await?),
        };
        let no_way_in = ways.as_ref().is_some_and(|ways| !self.lets_in(ways));
        // Whoever was linked to a provider that is asked no more proved more than nothing once.
        let fresh = ways.is_some_and(|ways| ways.is_empty()) || session.proved_at > now.minus_ms(FRESH_MS);
        let (email, name) = (user.email.clone(), user.name.clone());
        let standing = self.store.standing(user, now).await?;
        let actor = Actor::person(standing, origin, fresh);
        Ok(Some(SignedIn { actor, email, name, session: Some(session.id), no_way_in, fresh }))
    }

    async fn by_token(&self, text: &str, origin: Origin) -> Result<Option<SignedIn>> {
        let Some(secret) = super::tokens::secret_of(text) else { return Ok(None) };
        let now = UnixMs::now();
        let Some(holder) = self.store.token(&secret.hash(), now).await? else { return Ok(None) };
        let Standing { user, roles, .. } = self.store.standing(holder.user.clone(), now).await?;
        let Some(role) = roles.get(&holder.account).copied().filter(|_| !user.disabled) else {
            return Ok(None);
        };
        if holder.used_at.is_none_or(|used| used < now.minus_ms(TOUCH_EVERY_MS)) {
            in_passing(self.store.touch_token(holder.id, now)).await;
        }
        let actor = Actor::token(&holder, role, origin);
        let (email, name) = (user.email, user.name);
        Ok(Some(SignedIn { actor, email, name, session: None, no_way_in: false, fresh: false }))
    }

    /// The session of a cookie and whose it is, also one that still waits for its second step.
    pub(super) async fn session_of(&self, text: &str, now: UnixMs) -> Result<Option<(Session, User)>> {
        let Ok(secret) = text.parse::<Secret>() else { return Ok(None) };
        let (seen, begun) = alive(now);
        let found = self.store.session(&secret.hash(), seen, begun).await?;
        let in_time = |session: &Session| {
            session.proved_at != UNPROVED || session.created_at > now.minus_ms(CODE_WAIT_MAX_MS)
        };
        Ok(found.filter(|(session, _)| in_time(session)))
    }

    /// Begins a session in a browser, in place of the one it had, and says what its cookie is to hold. Without a proof,
    /// the second step is to follow.
    pub(super) async fn begin_session(
        &self,
        user: &User,
        attempt: Attempt<'_>,
        proof: Option<Proof>,
    ) -> Result<Secret> {
        let secret = Secret::random()?;
        let new = NewSession {
            hash: secret.hash(),
            user: user.clone(),
            address: attempt.origin.address.clone(),
            agent: attempt.agent.chars().filter(|c| !c.is_control()).take(AGENT_CHARS_MAX).collect(),
            proved_at: match &proof {
                None => UNPROVED,
                Some(Proof::Provider(at, _)) => *at,
                Some(_) => UnixMs::now(),
            },
            by: match proof {
                Some(Proof::Passkey(used)) => Some(ProvedBy::Passkey(used)),
                Some(Proof::Provider(_, identity)) => Some(ProvedBy::Identity(identity)),
                _ => None,
            },
        };
        let (seen, begun) = alive(UnixMs::now());
        let old = attempt.cookie.and_then(|text| text.parse::<Secret>().ok()).map(|secret| secret.hash());
        // Hashing takes a while, and so does asking a provider: whoever was disabled, got another password or lost what they
        // proved it with meanwhile begins again.
        match self.store.begin_session(&new, old.as_ref(), seen, begun).await? {
            Some(_) => Ok(secret),
            None => Err(Error::SignInAgain),
        }
    }

    /// Ends the session of a cookie.
    ///
    /// # Errors
    /// The database failed.
    pub async fn sign_out(&self, cookie: &str) -> Result<()> {
        match cookie.parse::<Secret>() {
            Ok(secret) => self.store.end_session(&secret.hash()).await.map_err(Error::from),
            Err(_) => Ok(()),
        }
    }
}

/// Writes something down that the next request can write as well, if there is no room for it now.
async fn in_passing(write: impl Future<Output = store::Result<()>>) {
    match tokio::time::timeout(TOUCH_TIME_MAX, write).await {
        Ok(Ok(())) | Err(_) => {}
        // What can be read is read, though nothing can be written: a disk is full, say.
        Ok(Err(error)) => tracing::warn!(%error, "could not write down that a session is in use"),
    }
}

/// When a session's person proved who they are, of one that waits for the second step.
pub(super) const UNPROVED: UnixMs = UnixMs(0);
