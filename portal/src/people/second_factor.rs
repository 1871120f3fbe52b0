//! The second factor: a code of an authenticator app, new every 30 seconds (RFC 6238), and words for who lost it.

use store::{Secret as Word, SecretHash, SessionId, Totp, UnixMs, UserId};
use totp_rs::{Builder, Secret};

use super::{SignedIn, second_factor_json, user_change};
use crate::history::OperationKind;
use crate::{Error, Field, Portal, Problem, Result};

/// What stands beside the address in an authenticator app.
const ISSUER: &str = "Switchback";
/// Octets of the shared secret: as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// Recovery codes that are given out: each lets its person in once.
const RECOVERY_CODES: usize = 8;
/// Hexadecimal digits of a recovery code: 80 bits.
const RECOVERY_DIGITS: usize = 20;

/// A second factor that is not on yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The shared secret in Base32, to be typed where no picture can be read.
    pub secret: String,
    /// `otpauth://…`, to be read from a picture.
    pub url: String,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment(…)")
    }
}

impl Portal {
    /// Begins to set up a second factor: nothing is stored before a code shows that the app has it. A secret that was
    /// begun with is gone on with.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who signed in too long ago.
    pub fn begin_second_factor(&self, who: &SignedIn, begun: Option<&str>) -> Result<Enrolment> {
        who.person()?;
        who.is_fresh()?;
        let begun = begun.and_then(|text| Secret::try_from_base32(text).ok());
        let secret = match begun.filter(|secret| secret.as_ref().len() >= SECRET_BYTES) {
            Some(secret) => secret,
            None => Secret::from(random_bytes()?),
        };
        let text = secret.to_base32();
        // A colon would end the issuer.
        let url = Builder::new()
            .with_secret(secret)
            .with_issuer(Some(ISSUER))
            .with_account_name(who.email.replace(':', "_"))
            .build()
            .map_err(|_| Error::Hashing)?
            .to_url()
            .map_err(|_| Error::Hashing)?;
        Ok(Enrolment { secret: text, url })
    }

    /// Switches the second factor on, once a code shows that the app has the secret, and gives the recovery codes.
    ///
    /// # Errors
    /// [`Error::Refused`] for a wrong code, [`Error::Forbidden`] for who signed in too long ago.
    pub async fn confirm_second_factor(
        &self,
        who: &SignedIn,
        secret: &str,
        code: &str,
    ) -> Result<Vec<String>> {
        let (user, session) = who.person()?;
        who.is_fresh()?;
        let totp = Totp { secret: secret.to_owned(), last_step: 0 };
        let step = step_of(&totp, code, UnixMs::now())
            .ok_or_else(|| Error::refused(Field::Code, Problem::WrongCode))?;
        let codes = (0..RECOVERY_CODES).map(|_| recovery_code()).collect::<Result<Vec<String>>>()?;
        let hashes: Vec<SecretHash> = codes.iter().map(|code| recovery_hash(code)).collect();
        let totp = Totp { last_step: step, ..totp };
        self.set_second_factor(who, (user, session), Some(&totp), &hashes).await?;
        Ok(codes)
    }

    /// Switches the second factor off.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who signed in too long ago.
    pub async fn drop_second_factor(&self, who: &SignedIn) -> Result<()> {
        let (user, session) = who.person()?;
        who.is_fresh()?;
        self.set_second_factor(who, (user, session), None, &[]).await
    }

    async fn set_second_factor(
        &self,
        who: &SignedIn,
        (user, session): (UserId, SessionId),
        totp: Option<&Totp>,
        recovery: &[SecretHash],
    ) -> Result<()> {
        let kind = match totp {
            Some(_) => OperationKind::SwitchOnSecondFactor,
            None => OperationKind::SwitchOffSecondFactor,
        };
        let (mut tx, person) = self.begin_own(who).await?;
        let was = person.totp.is_some();
        tx.set_totp(user, totp, recovery, Some(session)).await?;
        let (before, after) = (second_factor_json(was), second_factor_json(totp.is_some()));
        self.keep(tx, kind, user_change(user, &who.email, Some(before), Some(after)), &who.actor).await
    }
}

/// The step of time that a code belongs to: the present one, or the one before or after.
pub(super) fn step_of(totp: &Totp, code: &str, now: UnixMs) -> Option<i64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let totp = Builder::new().with_secret(Secret::try_from_base32(&totp.secret).ok()?).build().ok()?;
    let step = totp.check(&digits, u64::try_from(now.0 / 1000).ok()?)?;
    i64::try_from(step).ok()
}

/// A recovery code, however its groups are written.
pub(super) fn recovery_hash(code: &str) -> SecretHash {
    let digits: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    SecretHash::of(digits.to_lowercase().as_bytes())
}

fn recovery_code() -> Result<String> {
    let digits = Word::random()?.reveal();
    let groups: Vec<&str> = (0..RECOVERY_DIGITS / 5).map(|at| &digits[at * 5..at * 5 + 5]).collect();
    Ok(groups.join("-"))
}

fn random_bytes() -> Result<[u8; SECRET_BYTES]> {
    let word = Word::random()?.reveal();
    let mut bytes = [0; SECRET_BYTES];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&word[at * 2..at * 2 + 2], 16).map_err(|_| Error::Hashing)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1, the last six of its eight digits.
        let totp = Totp { secret: Secret::from(*b"12345678901234567890").to_base32(), last_step: 0 };
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let now = UnixMs(second * 1000);
            assert_eq!(step_of(&totp, code, now), Some(second / 30), "{second}");
            assert_eq!(step_of(&totp, &format!("{} {}", &code[..3], &code[3..]), now), Some(second / 30));
            assert_eq!(step_of(&totp, code, now.plus_ms(30_000)), Some(second / 30), "a step late");
            assert_eq!(step_of(&totp, code, now.plus_ms(90_000)), None);
        }
        for wrong in ["", "0", "28708", "2870820", "abcdef"] {
            assert_eq!(step_of(&totp, wrong, UnixMs(59_000)), None, "{wrong}");
        }
    }

    #[test]
    fn a_recovery_code_may_be_typed_with_or_without_its_dashes() {
        let code = recovery_code().unwrap();
        assert_eq!(code.len(), 23);
        let spaced = code.replace('-', " ").to_uppercase();
        assert_eq!(recovery_hash(&code), recovery_hash(&spaced));
        assert_ne!(recovery_hash(&code), recovery_hash(&recovery_code().unwrap()));
    }
}
