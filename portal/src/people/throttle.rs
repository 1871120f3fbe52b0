//! How often somebody may try. Kept in memory, by each server for itself: a restart forgives.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use routing::AccountId;
use store::{SecretHash, UserId};

use crate::{Error, Result};

/// Keys that are remembered; beyond, those that are full again are forgotten, then the half that is fullest.
const KEYS_MAX: usize = 100_000;

/// A bucket of tries: so many at once, then one in so long.
#[derive(Clone, Copy)]
struct Rate {
    burst: f64,
    every: Duration,
}

/// Wrong passwords from one network address: an office behind one address has some.
const FROM_ADDRESS: Rate = Rate { burst: 30.0, every: Duration::from_secs(20) };
/// Wrong passwords for one person from browsers that never signed in as them. Strangers can use it up; that keeps
/// strangers out, and the person's own browsers have a bucket of their own.
const FROM_STRANGERS: Rate = Rate { burst: 10.0, every: Duration::from_secs(60) };
/// Wrong passwords from a browser that signed in as that person before.
const FROM_DEVICE: Rate = Rate { burst: 10.0, every: Duration::from_secs(60) };
/// Sign-ins by passkey that were begun from one network address and came to nothing: each is a row until it is over. And
/// answers of the provider that came from there and signed nobody in: each has us ask it.
const OF_PASSKEYS: Rate = FROM_ADDRESS;
/// Wrong codes for one person, after the right password: wherever they come from, since six digits are soon guessed.
const OF_CODES: Rate = Rate { burst: 10.0, every: Duration::from_secs(60) };
/// Wrong present passwords of one person who is signed in.
const OF_CHANGES: Rate = Rate { burst: 10.0, every: Duration::from_secs(60) };
/// Bulk actions and imports of an account from one network address: each may write a hundred thousand rows.
const BULK: Rate = Rate { burst: 60.0, every: Duration::from_secs(2) };

/// What is counted.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Address(String),
    Strangers(String),
    Device(SecretHash),
    Passkey(String),
    Provider(String),
    Code(UserId),
    Change(UserId),
    Bulk(AccountId, String),
}

impl Key {
    fn rate(&self) -> Rate {
        match self {
            Key::Address(_) => FROM_ADDRESS,
            Key::Strangers(_) => FROM_STRANGERS,
            Key::Device(_) => FROM_DEVICE,
            Key::Passkey(_) | Key::Provider(_) => OF_PASSKEYS,
            Key::Code(_) => OF_CODES,
            Key::Change(_) => OF_CHANGES,
            Key::Bulk(..) => BULK,
        }
    }
}

/// Forgets the half of the buckets that is fullest: whoever has used theirs up is not forgiven.
fn forget_half(buckets: &mut HashMap<Key, Bucket>, now: Instant) {
    let mut used: Vec<(u64, Key)> = buckets
        .iter()
        .map(|(key, bucket)| ((bucket.now(key.rate(), now).left.max(0.0) * 1000.0) as u64, key.clone()))
        .collect();
    let middle = used.len() / 2;
    used.select_nth_unstable_by_key(middle, |(left, _)| *left);
    for (_, key) in &used[middle..] {
        buckets.remove(key);
    }
}

impl Key {
    /// Of passwords that are tried from an address.
    pub(super) fn of_address(address: &str) -> Key {
        Key::Address(network(address))
    }

    /// Of answers of the provider that come from an address: each has us ask it.
    pub(super) fn of_provider(address: &str) -> Key {
        Key::Provider(network(address))
    }

    /// Of sign-ins by passkey that are begun from an address.
    pub(super) fn of_passkeys(address: &str) -> Key {
        Key::Passkey(network(address))
    }
}

/// The network that an address belongs to: who has one address of IPv6 has 2⁶⁴ of them.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_owned(),
    }
}

/// The tries that are left.
#[derive(Default)]
pub(crate) struct Throttle {
    buckets: Mutex<HashMap<Key, Bucket>>,
}

impl std::fmt::Debug for Throttle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Throttle")
    }
}

#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn now(self, rate: Rate, now: Instant) -> Bucket {
        let refilled = now.saturating_duration_since(self.at).as_secs_f64() / rate.every.as_secs_f64();
        Bucket { left: (self.left + refilled).min(rate.burst), at: now }
    }
}

impl Throttle {
    /// Takes a try of each key, or of none.
    ///
    /// # Errors
    /// [`Error::TooMany`] with how long to wait.
    pub(super) fn take(&self, keys: &[Key]) -> Result<()> {
        self.take_at(keys, Instant::now())
    }

    fn take_at(&self, keys: &[Key], now: Instant) -> Result<()> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= KEYS_MAX {
            buckets.retain(|key, bucket| bucket.now(key.rate(), now).left < key.rate().burst);
            if buckets.len() >= KEYS_MAX {
                forget_half(&mut buckets, now);
            }
        }
        let of = |buckets: &HashMap<Key, Bucket>, key: &Key| {
            let rate = key.rate();
            buckets.get(key).map_or(Bucket { left: rate.burst, at: now }, |bucket| bucket.now(rate, now))
        };
        let wait = keys
            .iter()
            .map(|key| key.rate().every.mul_f64((1.0 - of(&buckets, key).left).max(0.0)))
            .max()
            .unwrap_or_default();
        if !wait.is_zero() {
            return Err(Error::TooMany { wait_s: wait.as_secs() + 1 });
        }
        for key in keys {
            let bucket = of(&buckets, key);
            buckets.insert(key.clone(), Bucket { left: bucket.left - 1.0, ..bucket });
        }
        Ok(())
    }

    /// Gives a try back, which was a good one.
    pub(super) fn give_back(&self, keys: &[Key]) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            if let Some(bucket) = buckets.get_mut(key) {
                bucket.left = (bucket.left + 1.0).min(key.rate().burst);
            }
        }
    }

    /// Takes a bulk action's turn. Who works at the terminal is not counted.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub(crate) fn bulk(&self, account: AccountId, address: &str) -> Result<()> {
        if address.is_empty() {
            return Ok(());
        }
        self.take(&[Key::Bulk(account, address.to_owned())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::Strangers("sam@example.com".into())
    }

    #[test]
    fn tries_run_out_and_come_back_with_time() {
        let throttle = Throttle::default();
        let start = Instant::now();
        let tries =
            |at: Duration| (0..).take_while(|_| throttle.take_at(&[key()], start + at).is_ok()).count();
        assert_eq!(tries(Duration::ZERO), 10);
        assert!(matches!(throttle.take_at(&[key()], start), Err(Error::TooMany { wait_s: 61 })));
        assert_eq!(tries(Duration::from_secs(121)), 2);
        assert_eq!(tries(Duration::from_secs(3_600)), 10, "no more than at once");
    }

    #[test]
    fn what_strangers_use_up_is_not_what_the_persons_own_browser_has() {
        let throttle = Throttle::default();
        let now = Instant::now();
        while throttle.take_at(&[key()], now).is_ok() {}
        let own = Key::Device(SecretHash::of(b"a browser"));
        assert!(throttle.take_at(&[own], now).is_ok());
        assert!(throttle.take_at(&[Key::Code(UserId(1))], now).is_ok());
        assert!(throttle.take_at(&[Key::Strangers("dana@example.com".into())], now).is_ok());
    }

    #[test]
    fn all_keys_are_taken_or_none_and_a_good_try_is_given_back() {
        let throttle = Throttle::default();
        let now = Instant::now();
        let address = Key::Address("192.0.2.1".into());
        while throttle.take_at(&[key()], now).is_ok() {}
        for _ in 0..100 {
            assert!(throttle.take_at(&[key(), address.clone()], now).is_err());
        }
        assert!(throttle.take_at(std::slice::from_ref(&address), now).is_ok());
        throttle.give_back(&[key(), address]);
        assert!(throttle.take_at(&[key()], now).is_ok());
        assert!(throttle.take_at(&[key()], now).is_err());
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        assert_eq!(network("2001:db8:0:7:1::2"), network("2001:db8::7:9:9:9:9"));
        assert_ne!(network("2001:db8:0:7:1::2"), network("2001:db8:0:8:1::2"));
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn the_memory_of_it_is_bounded_and_who_used_their_tries_up_is_not_forgiven() {
        let throttle = Throttle::default();
        let now = Instant::now();
        while throttle.take_at(&[key()], now).is_ok() {}
        for n in 0..KEYS_MAX + 10 {
            throttle.take_at(&[Key::Address(n.to_string())], now).unwrap();
        }
        assert!(throttle.buckets.lock().unwrap().len() <= KEYS_MAX);
        assert!(throttle.take_at(&[key()], now).is_err());
    }
}
