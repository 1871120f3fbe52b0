//! A sign-in that is on its way: what the browser keeps while its person is at the provider.

use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier};
use store::{Secret, SecretHash, UserId};

/// What somebody goes to the provider for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Errand<'a> {
    /// To sign in; whoever is signed in already, to prove anew who they are.
    SignIn,
    /// To link themselves.
    Link,
    /// To accept the invitation of a link's word.
    Join(&'a str),
}

/// The same, with who sets out.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Purpose {
    SignIn,
    Prove,
    Link(UserId),
    Join(Secret),
}

/// A sign-in that is on its way: what ties the provider's answer to the browser that asked (RFC 9700 §2.1, §4.7).
///
/// The browser keeps it in a cookie, whole; the server keeps nothing, so that strangers can fill nothing up and it does
/// not matter which server somebody comes back to. Whoever alters their own gains nothing: the random words only make
/// their own answer fit, and what the purpose names is judged again when they come back.
pub struct Flow {
    /// Comes back in the address.
    pub(super) state: String,
    /// Comes back in the ID token.
    pub(super) nonce: Nonce,
    /// Proves to the provider that who redeems the code is who asked for it (RFC 7636).
    pub(super) verifier: String,
    pub(super) purpose: Purpose,
}

impl std::fmt::Debug for Flow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Flow(…)")
    }
}

/// Random octets of the state and of the nonce: as many as a session's.
const WORD_BYTES: u32 = 32;

impl Flow {
    /// A new one, with what the provider is told of its verifier.
    pub(super) fn begin(purpose: Purpose) -> (Flow, PkceCodeChallenge) {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = Flow {
            state: CsrfToken::new_random_len(WORD_BYTES).into_secret(),
            nonce: Nonce::new_random_len(WORD_BYTES),
            verifier: verifier.into_secret(),
            purpose,
        };
        (flow, challenge)
    }

    /// As the browser keeps it: for an HTTP-only cookie.
    pub fn reveal(&self) -> String {
        let purpose = match &self.purpose {
            Purpose::SignIn => "sign-in".to_owned(),
            Purpose::Prove => "prove".to_owned(),
            Purpose::Link(user) => format!("link:{user}"),
            Purpose::Join(word) => format!("join:{}", word.reveal()),
        };
        format!("{}.{}.{}.{purpose}", self.state, self.nonce.secret(), self.verifier)
    }

    /// What a browser kept, if it is one of ours.
    pub fn parse(text: &str) -> Option<Flow> {
        let [state, nonce, verifier, purpose] = text.split('.').collect::<Vec<_>>().try_into().ok()?;
        let purpose = match purpose.split_once(':') {
            None if purpose == "sign-in" => Purpose::SignIn,
            None if purpose == "prove" => Purpose::Prove,
            Some(("link", user)) => Purpose::Link(UserId(user.parse().ok()?)),
            Some(("join", word)) => Purpose::Join(word.parse().ok()?),
            _ => return None,
        };
        let random = |text: &str| {
            text.len() >= WORD_BYTES as usize
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        [state, nonce, verifier].into_iter().all(random).then(|| Flow {
            state: state.to_owned(),
            nonce: Nonce::new(nonce.to_owned()),
            verifier: verifier.to_owned(),
            purpose,
        })
    }

    /// Whether somebody who is signed in links themselves: what goes wrong is told on their page.
    pub fn links(&self) -> bool {
        matches!(self.purpose, Purpose::Link(_))
    }

    /// Whether an answer is the one to this. The time that it takes does not tell how far they are alike.
    pub(super) fn fits(&self, state: &str) -> bool {
        SecretHash::of(self.state.as_bytes()) == SecretHash::of(state.as_bytes())
    }

    pub(super) fn verifier(&self) -> PkceCodeVerifier {
        PkceCodeVerifier::new(self.verifier.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_browser_keeps_is_read_back_and_shown_by_nothing_else() {
        let word = Secret::random().unwrap();
        for purpose in [Purpose::SignIn, Purpose::Prove, Purpose::Link(UserId(7)), Purpose::Join(word)] {
            let (flow, _) = Flow::begin(purpose);
            let text = flow.reveal();
            let read = Flow::parse(&text).unwrap();
            assert_eq!(read.reveal(), text);
            assert!(read.fits(&flow.state) && !read.fits(flow.nonce.secret()) && !read.fits(""));
            assert_eq!(format!("{flow:?}"), "Flow(…)");
        }
    }

    #[test]
    fn two_sign_ins_have_nothing_in_common() {
        let (one, other) = (Flow::begin(Purpose::SignIn).0, Flow::begin(Purpose::SignIn).0);
        assert!(
            one.state != other.state
                && one.nonce.secret() != other.nonce.secret()
                && one.verifier != other.verifier
        );
        let words = [&one.state, one.nonce.secret(), &one.verifier];
        assert!(words.iter().all(|word| word.len() >= 43), "256 bits each: {words:?}");
    }

    #[test]
    fn what_is_no_sign_in_of_ours_is_none() {
        let text = Flow::begin(Purpose::SignIn).0.reveal();
        let with = |purpose: &str| text.replace("sign-in", purpose);
        for text in [
            "",
            "...",
            "a.b.c.sign-in",
            &text[1..text.len() - 1],
            &with("link:"),
            &with("link:x"),
            &with("join:x"),
            &with("admin"),
            &format!("{text}.x"),
            &text.replacen('.', "%.", 1),
        ] {
            assert!(Flow::parse(text).is_none(), "{text}");
        }
    }
}
