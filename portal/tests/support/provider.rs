//! A small OIDC provider on this machine, with a key of its own: as strict as the standard asks, and as dishonest as a
//! test wants it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::Generate;
use portal::ProviderSettings;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const CLIENT: &str = "switchback";
const SECRET: &str = "a secret of the test";

/// Who signs in at the provider.
#[derive(Clone, Default)]
pub(crate) struct Visitor {
    pub(crate) subject: &'static str,
    pub(crate) email: Option<(&'static str, bool)>,
    pub(crate) name: Option<&'static str>,
    /// How many seconds ago they proved who they are; none: the provider does not say.
    pub(crate) proved_s_ago: Option<i64>,
}

/// What is wrong with what the provider does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lie {
    #[default]
    None,
    Nonce,
    Audience,
    TwoAudiences,
    Issuer,
    Expired,
    /// Signed by another key under the same id.
    Signature,
    /// Not signed at all.
    Unsigned,
    /// Signed with the client's secret, as if that was a key.
    SharedSecret,
    NoToken,
    NoSubject,
    LongSubject,
    Nonsense,
    Huge,
    /// Its metadata is another issuer's.
    OtherIssuer,
    /// Its metadata names an address to which secrets would go in the clear.
    InTheClear,
    /// It sends elsewhere with the code.
    Redirect,
}

struct Inner {
    issuer: String,
    key: SigningKey,
    key_id: u32,
    visitor: Visitor,
    lie: Lie,
    /// What each code was asked for with.
    codes: BTreeMap<String, BTreeMap<String, String>>,
    /// How often it was asked for itself.
    discoveries: usize,
    given: usize,
}

/// The provider, while the test runs.
#[derive(Clone)]
pub(crate) struct TestProvider(Arc<Mutex<Inner>>);

/// What a browser comes back with.
#[derive(Clone, Debug)]
pub(crate) struct Back {
    pub(crate) state: String,
    pub(crate) code: String,
    pub(crate) issuer: String,
}

fn now_s() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

impl TestProvider {
    pub(crate) async fn start() -> TestProvider {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = TestProvider(Arc::new(Mutex::new(Inner {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            key: SigningKey::generate(),
            key_id: 1,
            visitor: Visitor::default(),
            lie: Lie::None,
            codes: BTreeMap::new(),
            discoveries: 0,
            given: 0,
        })));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        provider
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    pub(crate) fn settings(&self) -> ProviderSettings {
        ProviderSettings {
            issuer: self.inner().issuer.clone(),
            client_id: CLIENT.into(),
            client_secret: SECRET.into(),
            label: Some("Acme".into()),
            link_verified_email: false,
        }
    }

    pub(crate) fn lie(&self, lie: Lie) {
        self.inner().lie = lie;
    }

    /// It signs by another key from now on.
    pub(crate) fn change_key(&self) {
        let mut inner = self.inner();
        inner.key = SigningKey::generate();
        inner.key_id += 1;
    }

    pub(crate) fn discoveries(&self) -> usize {
        self.inner().discoveries
    }

    /// Somebody follows the address that we sent them to, and signs in there.
    pub(crate) fn sign_in(&self, address: &str, visitor: &Visitor) -> Back {
        let mut inner = self.inner();
        let (to, query) = address.split_once('?').unwrap();
        assert_eq!(to, format!("{}/authorize", inner.issuer));
        let asked: BTreeMap<String, String> = query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), decoded(value)))
            .collect();
        assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT));
        assert_eq!(asked["code_challenge_method"], "S256");
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
        inner.given += 1;
        let code = format!("code-{}", inner.given);
        let (state, issuer) = (asked["state"].clone(), inner.issuer.clone());
        inner.codes.insert(code.clone(), asked);
        inner.visitor = visitor.clone();
        Back { state, code, issuer }
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            other => other,
        });
    }
    String::from_utf8(bytes).unwrap()
}

type Answer = (StatusCode, HeaderMap, String);

fn answer(code: StatusCode, value: &Value) -> Answer {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    (code, headers, value.to_string())
}

async fn discovery(State(provider): State<TestProvider>) -> Answer {
    let mut inner = provider.inner();
    inner.discoveries += 1;
    let (issuer, lie) = (&inner.issuer, inner.lie);
    let token_host = if lie == Lie::InTheClear { "http://192.0.2.1" } else { issuer };
    let said = json!({
        "issuer": if lie == Lie::OtherIssuer { "http://127.0.0.1:9" } else { issuer },
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{token_host}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
    });
    answer(StatusCode::OK, &said)
}

async fn keys(State(provider): State<TestProvider>) -> Answer {
    let inner = provider.inner();
    let point = inner.key.verifying_key().to_sec1_point(false);
    let coordinate = |at: usize| URL_SAFE_NO_PAD.encode(&point.as_bytes()[1 + 32 * at..][..32]);
    let said = json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": inner.key_id.to_string(),
        "x": coordinate(0), "y": coordinate(1),
    }]});
    answer(StatusCode::OK, &said)
}

async fn token(
    State(provider): State<TestProvider>,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Answer {
    let mut inner = provider.inner();
    let refuse = |error: &str| answer(StatusCode::BAD_REQUEST, &json!({ "error": error }));
    let credentials = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{}", SECRET.replace(' ', "+"))));
    if headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) != Some(&credentials) {
        return refuse("invalid_client");
    }
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    // Each code works once, and only for who asked for it.
    let Some(asked) = inner.codes.remove(field("code")) else { return refuse("invalid_grant") };
    let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier").as_bytes()));
    if field("grant_type") != "authorization_code"
        || field("redirect_uri") != asked["redirect_uri"]
        || proof != asked["code_challenge"]
    {
        return refuse("invalid_grant");
    }
    match inner.lie {
        Lie::Nonsense => return answer(StatusCode::OK, &json!("nonsense")),
        Lie::Huge => return answer(StatusCode::OK, &json!({ "access_token": "x".repeat(300 * 1024) })),
        Lie::Redirect => {
            let mut redirect = answer(StatusCode::TEMPORARY_REDIRECT, &json!({}));
            let elsewhere = format!("{}/token", inner.issuer);
            redirect.1.insert(header::LOCATION, elsewhere.parse().unwrap());
            return redirect;
        }
        _ => {}
    }
    let mut said = json!({ "access_token": "unused", "token_type": "Bearer", "expires_in": 60 });
    if inner.lie != Lie::NoToken {
        said["id_token"] = json!(id_token(&inner, &asked["nonce"]));
    }
    answer(StatusCode::OK, &said)
}

fn id_token(inner: &Inner, nonce: &str) -> String {
    let (visitor, lie, now) = (&inner.visitor, inner.lie, now_s());
    let mut claims = json!({
        "iss": if lie == Lie::Issuer { "http://127.0.0.1:9" } else { &inner.issuer },
        "sub": visitor.subject,
        "aud": CLIENT,
        "exp": if lie == Lie::Expired { now - 1 } else { now + 300 },
        "iat": now - 1,
        "nonce": if lie == Lie::Nonce { "another" } else { nonce },
    });
    match lie {
        Lie::Audience => claims["aud"] = json!("somebody-else"),
        Lie::TwoAudiences => claims["aud"] = json!([CLIENT, "somebody-else"]),
        Lie::NoSubject => claims["sub"] = json!(""),
        Lie::LongSubject => claims["sub"] = json!("x".repeat(256)),
        _ => {}
    }
    if let Some((email, verified)) = visitor.email {
        claims["email"] = json!(email);
        claims["email_verified"] = json!(verified);
    }
    if let Some(name) = visitor.name {
        claims["name"] = json!(name);
    }
    if let Some(ago) = visitor.proved_s_ago {
        claims["auth_time"] = json!(now - ago);
    }
    let algorithm = match lie {
        Lie::Unsigned => "none",
        Lie::SharedSecret => "HS256",
        _ => "ES256",
    };
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = part(&json!({ "alg": algorithm, "kid": inner.key_id.to_string() }));
    let signed = format!("{head}.{}", part(&claims));
    let signature = match lie {
        Lie::Unsigned => Vec::new(),
        Lie::SharedSecret => hmac(SECRET.as_bytes(), signed.as_bytes()),
        Lie::Signature => sign(&SigningKey::generate(), &signed),
        _ => sign(&inner.key, &signed),
    };
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn sign(key: &SigningKey, text: &str) -> Vec<u8> {
    let signature: Signature = key.sign(text.as_bytes());
    signature.to_bytes().to_vec()
}

/// HMAC-SHA-256 (RFC 2104) by a key that is shorter than a block.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let padded =
        |with: u8| -> Vec<u8> { (0..64).map(|at| key.get(at).copied().unwrap_or_default() ^ with).collect() };
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
}
