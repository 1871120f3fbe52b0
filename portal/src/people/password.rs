//! Passwords: which are taken, and how they are kept (OWASP ASVS 5.0, 6.2 and 11.4.2; RFC 9106).

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Semaphore, SemaphorePermit};
use zxcvbn::{Score, zxcvbn};

use crate::{Error, Problem, Result};

/// Characters of a password at least (ASVS 5.0, 6.2.1: eight, with fifteen recommended). Length is what resists; no
/// kind of character is asked for.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Octets that are hashed at most: longer than any pass phrase, short enough that nobody makes us work for nothing.
const PASSWORD_BYTES_MAX: usize = 1024;
/// Characters whose guessing is estimated: the estimate takes longer than linear time.
const ESTIMATED_CHARS_MAX: usize = 100;
/// Hashes at once: each takes 19 MiB and a core for some hundredths of a second.
const HASHES_AT_ONCE: usize = 2;

/// Hashes that wait for their turn: beyond, whoever comes is told to come again, instead of waiting for a minute.
const WAITING_MAX: usize = 64;
/// Seconds after which they may come again.
const COME_AGAIN_S: u64 = 5;

static HASHING: Semaphore = Semaphore::const_new(HASHES_AT_ONCE);
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// A turn at hashing, once it comes.
async fn turn() -> Result<SemaphorePermit<'static>> {
    struct Place;
    impl Drop for Place {
        fn drop(&mut self) {
            WAITING.fetch_sub(1, Ordering::Relaxed);
        }
    }
    let before = WAITING.fetch_add(1, Ordering::Relaxed);
    let _place = Place;
    if before >= WAITING_MAX {
        return Err(Error::TooMany { wait_s: COME_AGAIN_S });
    }
    HASHING.acquire().await.map_err(|_| Error::Hashing)
}

/// Whether a password may be chosen. `own` is what an attacker would try because they know the person.
pub(super) fn check(password: &str, own: &[&str]) -> Result<(), Problem> {
    if password.is_empty() {
        return Err(Problem::Missing);
    }
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(Problem::PasswordShort);
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(Problem::PasswordLong);
    }
    // Passwords of earlier breaches, words, names, dates, keyboard rows, and what they are commonly made of.
    let head: String = password.chars().take(ESTIMATED_CHARS_MAX).collect();
    let pieces = own.iter().flat_map(|text| text.split('@').chain(text.split(['@', '.', ' '])));
    let mut own: Vec<&str> = own.iter().copied().chain(pieces).collect();
    own.push("switchback");
    if zxcvbn(&head, &own).score() < Score::Three { Err(Problem::PasswordGuessed) } else { Ok(()) }
}

/// The hash that is stored: argon2id with 19 MiB, two passes, one lane, as a PHC string.
pub(super) async fn hash(password: String) -> Result<String> {
    let _turn = turn().await?;
    tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    })
    .await
    .map_err(|_| Error::Hashing)?
    .map_err(|_| Error::Hashing)
}

/// Whether a password is the one of a hash. Without a hash it takes as long, and is not: so that the time of an answer
/// does not tell whether there is such a person.
pub(super) async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    if password.len() > PASSWORD_BYTES_MAX {
        return Ok(false);
    }
    let Some(hash) = hash else {
        self::hash(password).await?;
        return Ok(false);
    };
    let _turn = turn().await?;
    tokio::task::spawn_blocking(move || {
        let parsed = PasswordHash::new(&hash).map_err(|_| Error::Hashing)?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await
    .map_err(|_| Error::Hashing)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_not_what_is_guessed_first() {
        let long = "lattice mango ".repeat(200);
        for (password, expected) in [
            ("", Err("missing")),
            ("Tr0ub4dor&3", Err("password_short")),
            ("passwordpassword", Err("password_guessed")),
            ("123456789012", Err("password_guessed")),
            ("qwertyuiop[]", Err("password_guessed")),
            ("switchback2026", Err("password_guessed")),
            ("dana.reyes1234", Err("password_guessed")),
            ("correct horse battery staple", Ok(())),
            ("Пароль длинный и свой 7", Ok(())),
            ("    a plum on the sill    ", Ok(())),
            (&long, Err("password_long")),
        ] {
            let found = check(password, &["dana.reyes@example.com", "Dana Reyes"]);
            assert_eq!(found.map_err(|problem| problem.code()), expected, "{password}");
        }
    }

    #[tokio::test]
    async fn a_password_is_verified_as_it_was_typed_and_its_hash_names_the_algorithm() {
        let stored = hash(" A plum on the sill ".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, hash(" A plum on the sill ".into()).await.unwrap(), "each has its salt");
        for (typed, expected) in
            [(" A plum on the sill ", true), ("A plum on the sill", false), (" a plum on the sill ", false)]
        {
            assert_eq!(verify(typed.into(), Some(stored.clone())).await.unwrap(), expected, "{typed:?}");
        }
        assert!(!verify("anything".into(), None).await.unwrap());
    }
}
