//! The OIDC provider that the installation names: where it is, what it is asked, and what of its answers is believed
//! (OpenID Connect Core 1.0 §3.1; RFC 9700).

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreErrorResponseType,
    CoreIdToken, CoreIdTokenVerifier, CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::url::{Host, Url};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, IssuerUrl,
    RedirectUrl, RequestTokenError, Scope, SignatureVerificationError, TokenResponse,
};
use store::{NewIdentity, UnixMs};
use tokio::sync::Mutex;

use super::fault::ProviderFault;
use super::flow::{Flow, Purpose};
use super::http::Http;
use crate::limits::EMAIL_BYTES_MAX;
use crate::people::SESSION_AGE_MAX_MS;
use crate::people::sign_in::SECURITY;

/// For how long its addresses and keys are believed without asking again.
const KNOWN_AGE_MAX: Duration = Duration::from_secs(60 * 60);
/// A signature by a key that we do not know has us ask for its keys at once; so often at most.
const RENEW_EVERY: Duration = Duration::from_secs(60);
/// After it did not answer, nobody waits for it again for so long.
const ASK_AGAIN: Duration = Duration::from_secs(10);
/// Octets of a subject (OpenID Connect Core 1.0 §2).
const SUBJECT_BYTES_MAX: usize = 255;
/// Octets of a code: more is not passed on.
const CODE_BYTES_MAX: usize = 4096;
/// The signatures that are taken: by a key pair, whose public half the provider shows. Never by a shared secret, never
/// none.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What the installation says of its provider.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderSettings {
    /// Its issuer identifier, an `https` address: `https://accounts.example.com`.
    pub issuer: String,
    /// What it calls this installation.
    pub client_id: String,
    /// By which it knows this installation.
    pub client_secret: String,
    /// What people call it, on buttons; without one, its host.
    pub label: Option<String>,
    /// Whether it may sign in somebody who never linked it, by an e-mail address that it says it verified. Whoever runs
    /// the provider, or can have any address verified there, can then sign in as anybody.
    pub link_verified_email: bool,
}

impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSettings").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// Why a provider's settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProviderSettingsError {
    /// Not an address, or one over which secrets would cross a network in the clear.
    #[error("`{0}` is no issuer; write it like https://accounts.example.com (http only on this machine)")]
    Issuer(String),
    /// It knows this installation by nothing.
    #[error("an OIDC provider needs a client id and a client secret")]
    Client,
    /// The machine trusts nobody.
    #[error("the certificates that this machine trusts cannot be read")]
    Certificates(#[source] std::io::Error),
}

/// The OIDC provider.
pub struct Provider {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: ClientSecret,
    pub(super) label: String,
    pub(super) link_verified_email: bool,
    http: Http,
    known: Mutex<Known>,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("issuer", &self.issuer.as_str()).finish_non_exhaustive()
    }
}

/// What it said of itself, and when.
#[derive(Default)]
struct Known {
    metadata: Option<(Instant, Arc<CoreProviderMetadata>)>,
    /// When it was last asked for a new key.
    renewed_at: Option<Instant>,
    /// Since when it does not answer.
    silent_since: Option<Instant>,
}

/// Who somebody is, as the provider says it.
pub(super) struct Claims {
    pub(super) identity: NewIdentity,
    /// Whether it says that they have that address.
    pub(super) email_verified: bool,
    pub(super) name: Option<String>,
    /// When they proved who they are to it, if it says so.
    pub(super) proved_at: Option<UnixMs>,
}

impl Provider {
    /// The provider of these settings. It is not asked anything yet: one that is down keeps no server from starting.
    ///
    /// # Errors
    /// The settings cannot be used.
    pub fn new(settings: ProviderSettings) -> Result<Provider, ProviderSettingsError> {
        let no_issuer = || ProviderSettingsError::Issuer(settings.issuer.clone());
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|_| no_issuer())?;
        let url = issuer.url();
        if !(is_tls(url) || is_on_this_machine(url)) || url.query().is_some() || url.fragment().is_some() {
            return Err(no_issuer());
        }
        if settings.client_id.is_empty() || settings.client_secret.is_empty() {
            return Err(ProviderSettingsError::Client);
        }
        let http = match is_tls(url) {
            true => Http::tls().map_err(ProviderSettingsError::Certificates)?,
            false => Http::loopback(),
        };
        let host = url.host_str().unwrap_or_default().to_owned();
        Ok(Provider {
            label: settings.label.filter(|label| !label.trim().is_empty()).unwrap_or(host),
            client_id: ClientId::new(settings.client_id),
            client_secret: ClientSecret::new(settings.client_secret),
            link_verified_email: settings.link_verified_email,
            known: Mutex::default(),
            issuer,
            http,
        })
    }

    pub(in crate::people) fn issuer(&self) -> &str {
        self.issuer.as_str()
    }

    /// Where somebody's browser goes to sign in, and what it keeps meanwhile.
    pub(super) async fn leave(&self, purpose: Purpose, back: &str) -> Result<(String, Flow), ProviderFault> {
        let metadata = self.metadata().await?;
        let anew = purpose == Purpose::Prove;
        let (flow, challenge) = Flow::begin(purpose);
        let (state, nonce) = (CsrfToken::new(flow.state.clone()), flow.nonce.clone());
        let client = CoreClient::from_provider_metadata((*metadata).clone(), self.client_id.clone(), None)
            .set_redirect_uri(self.redirect(back)?);
        // With a greatest age, it must say when its person proved who they are.
        let age_max =
            if anew { Duration::ZERO } else { Duration::from_millis(SESSION_AGE_MAX_MS.unsigned_abs()) };
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || state, move || nonce)
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge)
            .set_max_age(age_max);
        if anew {
            request = request.add_prompt(CoreAuthPrompt::Login);
        }
        let (url, _, _) = request.url();
        Ok((url.into(), flow))
    }

    /// Redeems the code that somebody came back with, and verifies who they are.
    pub(super) async fn redeem(&self, code: &str, flow: &Flow, back: &str) -> Result<Claims, ProviderFault> {
        if code.is_empty() || code.len() > CODE_BYTES_MAX {
            return Err(ProviderFault::NotBegun);
        }
        let metadata = self.metadata().await?;
        let secret = Some(self.client_secret.clone());
        let client = CoreClient::from_provider_metadata((*metadata).clone(), self.client_id.clone(), secret)
            .set_redirect_uri(self.redirect(back)?)
            .set_auth_type(auth_type(&metadata));
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| self.refuse(ProviderFault::Untrusted, "it has no token endpoint"))?
            .set_pkce_verifier(flow.verifier());
        let answer = request.request_async(&self.http).await.map_err(|error| match error {
            RequestTokenError::ServerResponse(said)
                if *said.error() == CoreErrorResponseType::InvalidGrant =>
            {
                self.refuse(ProviderFault::NotBegun, "it does not take the code")
            }
            RequestTokenError::Request(why) => self.refuse(ProviderFault::Unreachable, &with_causes(&why)),
            RequestTokenError::ServerResponse(_) => self
                .refuse(ProviderFault::Untrusted, "it refused the request for a token: is the client right?"),
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                self.refuse(ProviderFault::Untrusted, "its answer with the token cannot be read")
            }
        })?;
        let token = answer
            .id_token()
            .ok_or_else(|| self.refuse(ProviderFault::Untrusted, "its answer has no ID token"))?;
        match self.verified(&metadata, token, flow) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                // It has a new key, perhaps.
                let metadata = self.metadata_with_new_keys().await?;
                self.verified(&metadata, token, flow)
            }
            judged => judged,
        }
        .map_err(|why| self.refuse(ProviderFault::Untrusted, broken_rule(&why)))?
        .ok_or_else(|| self.refuse(ProviderFault::Untrusted, "its subject is longer than any"))
    }

    /// What an ID token says, if it is signed by the provider, for us, for this sign-in, and not too old. `None` if it
    /// says what nobody can be called.
    fn verified(
        &self,
        metadata: &CoreProviderMetadata,
        token: &CoreIdToken,
        flow: &Flow,
    ) -> Result<Option<Claims>, ClaimsVerificationError> {
        // Without the client's secret, so that no signature by it could be taken.
        let verifier = CoreIdTokenVerifier::new_public_client(
            self.client_id.clone(),
            self.issuer.clone(),
            metadata.jwks().clone(),
        )
        .set_allowed_algs(ALGORITHMS);
        let claims = token.claims(&verifier, &flow.nonce)?;
        let subject = claims.subject().as_str();
        if subject.is_empty() || subject.len() > SUBJECT_BYTES_MAX {
            return Ok(None);
        }
        let email = claims.email().map(|email| email.as_str().to_owned());
        Ok(Some(Claims {
            identity: NewIdentity {
                issuer: self.issuer.as_str().to_owned(),
                subject: subject.to_owned(),
                email: email.filter(|email| email.len() <= EMAIL_BYTES_MAX),
            },
            email_verified: claims.email_verified() == Some(true),
            name: claims.name().and_then(|name| name.get(None)).map(|name| name.as_str().to_owned()),
            proved_at: claims.auth_time().map(|at| UnixMs(at.timestamp_millis())),
        }))
    }

    /// What it says of itself: its addresses and keys. One asks, and whoever comes meanwhile waits for the answer.
    async fn metadata(&self) -> Result<Arc<CoreProviderMetadata>, ProviderFault> {
        let mut known = self.known.lock().await;
        match &known.metadata {
            Some((at, metadata)) if at.elapsed() < KNOWN_AGE_MAX => Ok(metadata.clone()),
            _ => self.ask(&mut known).await,
        }
    }

    /// The same, where a signature is by a key that was not among those: it may have a new one.
    async fn metadata_with_new_keys(&self) -> Result<Arc<CoreProviderMetadata>, ProviderFault> {
        let mut known = self.known.lock().await;
        match &known.metadata {
            Some((_, metadata)) if known.renewed_at.is_some_and(|at| at.elapsed() < RENEW_EVERY) => {
                Ok(metadata.clone())
            }
            _ => {
                known.renewed_at = Some(Instant::now());
                self.ask(&mut known).await
            }
        }
    }

    async fn ask(&self, known: &mut Known) -> Result<Arc<CoreProviderMetadata>, ProviderFault> {
        if known.silent_since.is_some_and(|at| at.elapsed() < ASK_AGAIN) {
            return Err(ProviderFault::Unreachable);
        }
        let why = match CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await {
            Ok(metadata) if self.is_as_safe(&metadata) => {
                let metadata = Arc::new(metadata);
                known.metadata = Some((Instant::now(), metadata.clone()));
                known.silent_since = None;
                return Ok(metadata);
            }
            Ok(_) => "an address that it names is not safe".to_owned(),
            Err(why) => with_causes(&why),
        };
        known.silent_since = Some(Instant::now());
        Err(self.refuse(ProviderFault::Unreachable, &why))
    }

    /// Whether every address that it names is one that its issuer could be.
    fn is_as_safe(&self, metadata: &CoreProviderMetadata) -> bool {
        let local = !is_tls(self.issuer.url());
        let safe = |url: &Url| is_tls(url) || (local && is_on_this_machine(url));
        safe(metadata.authorization_endpoint().url())
            && safe(metadata.jwks_uri().url())
            && metadata.token_endpoint().is_some_and(|endpoint| safe(endpoint.url()))
    }

    fn redirect(&self, back: &str) -> Result<RedirectUrl, ProviderFault> {
        RedirectUrl::new(back.to_owned())
            .map_err(|_| self.refuse(ProviderFault::Untrusted, "the way back is no address"))
    }

    /// Writes down for the operator what the person is told less of.
    fn refuse(&self, fault: ProviderFault, why: &str) -> ProviderFault {
        let issuer = self.issuer.as_str();
        // As a field it is quoted: whatever it repeats cannot begin a line of its own.
        tracing::warn!(target: SECURITY, issuer, why, "the sign-in provider");
        fault
    }
}

/// As it says that it likes the client's secret; by default in a header.
fn auth_type(metadata: &CoreProviderMetadata) -> AuthType {
    let methods = metadata.token_endpoint_auth_methods_supported();
    let only_in_the_body = methods.is_some_and(|methods| {
        methods.contains(&CoreClientAuthMethod::ClientSecretPost)
            && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
    });
    if only_in_the_body { AuthType::RequestBody } else { AuthType::BasicAuth }
}

/// Which rule an ID token breaks. Nothing of the token is in it.
fn broken_rule(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "its ID token has expired",
        ClaimsVerificationError::InvalidAudience(_) => "its ID token is for another client",
        ClaimsVerificationError::InvalidIssuer(_) => "its ID token is of another issuer",
        ClaimsVerificationError::InvalidNonce(_) => "its ID token is for another sign-in",
        ClaimsVerificationError::SignatureVerification(_) => "the signature of its ID token does not hold",
        _ => "its ID token does not hold",
    }
}

fn is_tls(url: &Url) -> bool {
    url.scheme() == "https"
}

fn is_on_this_machine(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    url.scheme() == "http" && loopback
}

/// An error and all that lies under it.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(issuer: &str) -> ProviderSettings {
        ProviderSettings {
            issuer: issuer.to_owned(),
            client_id: "switchback".into(),
            client_secret: "hush".into(),
            label: None,
            link_verified_email: false,
        }
    }

    #[test]
    fn an_issuer_speaks_tls_or_is_on_this_machine() {
        for (issuer, expected) in [
            ("http://127.0.0.1:9000/realm", Some("127.0.0.1")),
            ("http://localhost:9000", Some("localhost")),
            ("http://[::1]:9000", Some("[::1]")),
            ("http://accounts.example.com", None),
            ("http://192.0.2.1", None),
            ("http://127.0.0.1.example.com", None),
            ("ftp://127.0.0.1", None),
            ("http://localhost:9000/?tenant=1", None),
            ("http://localhost:9000/#x", None),
            ("accounts.example.com", None),
            ("", None),
        ] {
            let label = Provider::new(settings(issuer)).ok().map(|provider| provider.label);
            assert_eq!(label.as_deref(), expected, "{issuer}");
        }
    }

    #[test]
    fn a_provider_has_a_label_and_shows_its_secret_to_nobody() {
        let labelled = ProviderSettings { label: Some("Acme".into()), ..settings("http://localhost:1") };
        assert!(!format!("{labelled:?}").contains("hush"));
        let provider = Provider::new(labelled).unwrap();
        assert_eq!(provider.label, "Acme");
        assert!(!format!("{provider:?}").contains("hush"));
        let nameless = ProviderSettings { client_secret: String::new(), ..settings("http://localhost:1") };
        assert!(matches!(Provider::new(nameless), Err(ProviderSettingsError::Client)));
    }
}
