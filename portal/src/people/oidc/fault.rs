//! Why a sign-in by the provider came to nothing: what its person is told. What the provider said is never repeated.

use std::fmt;

/// Why a sign-in by the provider came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderFault {
    /// It does not answer, or with nothing that can be read.
    Unreachable,
    /// Its person, or the provider, said no.
    Declined,
    /// The answer belongs to no sign-in that this browser began, or to one that is over.
    NotBegun,
    /// What it says does not hold: another's signature, issuer, audience or nonce, or it is too old.
    Untrusted,
    /// The account there is nobody's here.
    Nobody,
    /// Its person may not sign in any more.
    SwitchedOff,
    /// Its person was to prove anew who they are, and that did not happen.
    NotAnew,
    /// The account there is somebody else's here, or its person has another one.
    Taken,
}

/// The sentence about a provider of that name.
pub(crate) struct Sentence<'a>(pub(crate) &'a str, pub(crate) ProviderFault);

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sentence(provider, fault) = self;
        match fault {
            ProviderFault::Unreachable => write!(
                f,
                "{provider} cannot be reached now. Sign in with your password, or try again in a while."
            ),
            ProviderFault::Declined => {
                write!(f, "{provider} did not sign you in. Try again, or sign in with your password.")
            }
            ProviderFault::NotBegun => write!(
                f,
                "This sign-in was not begun in this browser at this address, or it is over: it may take ten minutes, and counts once. Begin again."
            ),
            ProviderFault::Untrusted => write!(
                f,
                "What {provider} answered could not be verified, so nobody was signed in. Begin again; if that does not help, tell an administrator of this server."
            ),
            ProviderFault::Nobody => write!(
                f,
                "Nobody here is linked to this account of {provider}. If you have a password, sign in with it and link {provider} under You. If you were invited, open the link of your invitation."
            ),
            ProviderFault::SwitchedOff => {
                f.write_str("You may not sign in here any more. Ask an administrator of this server.")
            }
            ProviderFault::NotAnew => write!(
                f,
                "{provider} did not ask you anew who you are. Sign out there and try again, or sign in with your password."
            ),
            ProviderFault::Taken => write!(
                f,
                "This account of {provider} is linked to somebody already, or you are linked to another one. Unlink that first."
            ),
        }
    }
}
