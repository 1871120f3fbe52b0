//! An authenticator with its browser (WebAuthn Level 3, §6), as far as our ceremonies go: one key of P-256, and no
//! attestation.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const HAS_CREDENTIAL: u8 = 0x40;

/// What it holds, and what it says: a test may change any of it.
#[derive(Clone)]
pub(crate) struct Authenticator {
    /// Signs.
    pub(crate) key: SigningKey,
    /// What it calls the passkey.
    pub(crate) id: Vec<u8>,
    /// Whose the passkey is.
    pub(crate) handle: Vec<u8>,
    /// The counter of its signatures; 0 where it has none, as those that synchronise.
    pub(crate) counter: u32,
    /// Whether it asks for a finger, a face or a PIN.
    pub(crate) verifies: bool,
    /// The name that it was made for.
    pub(crate) party: String,
    /// Where its browser is.
    pub(crate) origin: String,
}

impl Authenticator {
    /// A new one; `seed` tells it from others.
    pub(crate) fn new(seed: u8, origin: &str) -> Authenticator {
        Authenticator {
            key: SigningKey::from_slice(&[seed; 32]).unwrap(),
            id: vec![seed; 32],
            handle: Vec::new(),
            counter: 1,
            verifies: true,
            party: "localhost".into(),
            origin: origin.into(),
        }
    }

    /// Makes a passkey as it was asked to.
    pub(crate) fn make(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        self.handle = octets(&options["user"]["id"]);
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = (point.x().unwrap(), point.y().unwrap());
        // COSE (RFC 9053 §7.1.1): an elliptic curve key, ES256, P-256, x, y.
        let cose =
            [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], &x[..], &[0x22, 0x58, 32], &y[..]].concat();
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let data = [&self.data(HAS_CREDENTIAL)[..], &[0; 16], &length, &self.id, &cose].concat();
        let size = u8::try_from(data.len()).unwrap();
        let object = [&b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"[..], &[size], &data].concat();
        let response = json!({
            "attestationObject": text(&object),
            "clientDataJSON": text(&self.client_data("webauthn.create", &options)),
            "transports": ["internal"],
        });
        self.answer(response)
    }

    /// Signs what it was asked to.
    pub(crate) fn sign(&self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        let (data, client_data) = (self.data(0), self.client_data("webauthn.get", &options));
        let signature: Signature = self.key.sign(&[&data[..], &Sha256::digest(&client_data)].concat());
        let response = json!({
            "authenticatorData": text(&data),
            "clientDataJSON": text(&client_data),
            "signature": text(signature.to_der().as_bytes()),
            "userHandle": text(&self.handle),
        });
        self.answer(response)
    }

    fn answer(&self, response: Value) -> String {
        let id = text(&self.id);
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        })
        .to_string()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let verified = if self.verifies { USER_VERIFIED } else { 0 };
        [
            &Sha256::digest(self.party.as_bytes())[..],
            &[flags | USER_PRESENT | verified],
            &self.counter.to_be_bytes(),
        ]
        .concat()
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }
}

fn text(octets: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}

fn octets(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap()
}
