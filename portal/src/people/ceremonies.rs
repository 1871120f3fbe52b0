//! The ceremonies in which a browser makes or uses a passkey (WebAuthn Level 3, §7): it is given something random to sign,
//! once, and comes back with it in time.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Secret, UnixMs, UserId};
use webauthn_rs::prelude::{Url, Webauthn, WebauthnBuilder};

use crate::limits::PASSKEY_BYTES_MAX;
use crate::{Error, Field, Portal, Problem, Result};

/// How long a ceremony may take: as WebAuthn recommends, since some first fetch their key from another room.
pub const CEREMONY_MS: i64 = 5 * 60 * 1000;
/// What browsers call us when they ask for a passkey.
const NAME: &str = "Switchback";

/// Who we are to an authenticator: the name that passkeys are bound to, and the one address that they are used at.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    pub(super) webauthn: Webauthn,
}

impl RelyingParty {
    /// Of the address of our pages: `https://portal.example.com`, `http://localhost:3000`. `None` where browsers have no
    /// passkeys: an IP address is no name, and without TLS only `localhost` is trusted.
    pub fn at(address: &str) -> Option<RelyingParty> {
        let url = Url::parse(address).ok()?;
        let name = url.domain()?;
        if url.scheme() != "https" && name != "localhost" {
            return None;
        }
        let builder = WebauthnBuilder::new(name, &url).ok()?;
        let time = Duration::from_millis(CEREMONY_MS.unsigned_abs());
        Some(RelyingParty { webauthn: builder.rp_name(NAME).timeout(time).build().ok()? })
    }
}

/// A ceremony that has begun.
#[derive(Debug)]
pub struct Ceremony {
    /// What ties it to the browser.
    pub cookie: Secret,
    /// What the browser is to ask the authenticator for, as `PublicKeyCredential.parse…OptionsFromJSON` reads it.
    pub options: String,
}

impl Portal {
    /// Begins a ceremony; `user` is who adds a passkey.
    pub(super) async fn begin_ceremony(
        &self,
        user: Option<UserId>,
        options: &impl Serialize,
        state: &impl Serialize,
    ) -> Result<Ceremony> {
        let json = |text: serde_json::Result<String>| text.map_err(|_| Error::Ceremony);
        let begun = store::Ceremony { user, state: json(serde_json::to_string(state))? };
        let options = json(serde_json::to_string(options))?;
        let cookie = Secret::random()?;
        let now = UnixMs::now();
        self.store.begin_ceremony(&cookie.hash(), &begun, now, UnixMs(now.0 + CEREMONY_MS)).await?;
        Ok(Ceremony { cookie, options })
    }

    /// Ends the ceremony of a cookie: what was asked, and by whom. It cannot be ended twice.
    ///
    /// # Errors
    /// [`Error::Refused`] if there is none any more.
    pub(super) async fn end_ceremony<T: DeserializeOwned>(
        &self,
        user: Option<UserId>,
        cookie: Option<&str>,
    ) -> Result<T> {
        let over = || Error::refused(Field::Passkey, Problem::CeremonyOver);
        let cookie: Secret = cookie.and_then(|text| text.parse().ok()).ok_or_else(over)?;
        let begun = self.store.take_ceremony(&cookie.hash(), UnixMs::now()).await?;
        let begun = begun.filter(|begun| begun.user == user).ok_or_else(over)?;
        serde_json::from_str(&begun.state).map_err(|_| Error::Ceremony)
    }
}

/// What a browser came back with, if it can be read at all.
pub(super) fn answer<T: DeserializeOwned>(text: &str) -> Option<T> {
    if text.len() > PASSKEY_BYTES_MAX { None } else { serde_json::from_str(text).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_bound_to_a_name_that_browsers_trust() {
        for (address, there) in [
            ("https://portal.example.com", true),
            ("https://portal.example.com:8443", true),
            ("http://localhost:3000", true),
            ("https://localhost", true),
            ("http://portal.example.com", false),
            ("http://127.0.0.1:3000", false),
            ("http://[::1]:3000", false),
            ("https://192.0.2.1", false),
            ("https://[2001:db8::1]", false),
            ("portal.example.com", false),
            ("", false),
        ] {
            assert_eq!(RelyingParty::at(address).is_some(), there, "{address}");
        }
    }
}
