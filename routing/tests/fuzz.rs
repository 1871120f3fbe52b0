//! The fuzz targets of `routing/fuzz` on a stable compiler: the seeds of their corpora, and mutations of
//! them.
//!
//! libFuzzer looks deeper (`cargo +nightly fuzz run snapshot` in `routing/fuzz`); this keeps the targets true
//! on every change. It is the same on every machine: what it draws comes from a fixed seed.
//! `SWITCHBACK_FUZZ=100` runs a hundred times as many mutations.
// All of it is test code: without `cfg(test)` clippy would not know that its helpers may unwrap.
#![cfg(test)]

#[path = "../fuzz/src/lib.rs"]
pub mod targets;

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::{env, fs};

use targets::{TARGETS, Target};

/// Mutations of a target's seeds: about a second in a debug build for the slowest.
const MUTATIONS: usize = 10_000;
/// No mutation is longer: longer input is refused unread, or says nothing new.
const OCTETS_MAX: usize = 8_192;

/// Pieces that mean something to one parser or another.
const PIECES: [&str; 30] = [
    "sip:",
    "sips:",
    "@",
    ":",
    ";",
    ";transport=tls",
    "=",
    "%41",
    "%00",
    "[::1]",
    ".",
    "xn--",
    "+1",
    "00",
    "-",
    ",",
    "5xx",
    "24:00",
    "closed",
    "0",
    "4294967295",
    "-9223372036854775808",
    "null",
    "{}",
    "[]",
    "\"",
    "\u{202e}",
    "e\u{301}",
    "２",
    "\r\n",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The seeds of a target, in order of their names.
fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = folder().join("corpus").join(name);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Draws numbers: SplitMix64.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    /// A stretch of a text of this length.
    fn stretch(&mut self, length: usize) -> std::ops::Range<usize> {
        let from = self.below(length + 1);
        from..(from + 1 + self.below(8)).min(length).max(from)
    }
}

/// The letters, digits, signs and underscores around a place.
fn word(bytes: &[u8], at: usize) -> std::ops::Range<usize> {
    let of_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-+".contains(byte);
    let before = bytes[..at].iter().rev().take_while(|byte| of_word(byte)).count();
    let after = bytes[at..].iter().take_while(|byte| of_word(byte)).count();
    at - before..at + after
}

/// One or two changes to a seed, of the kinds that libFuzzer makes.
fn mutate(draw: &mut Draw, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[draw.below(seeds.len())].clone();
    for _ in 0..=draw.below(2) {
        let at = draw.stretch(bytes.len());
        match draw.below(14) {
            0 => drop(bytes.drain(at)),
            1 => drop(bytes.splice(at.start..at.start, PIECES[draw.below(PIECES.len())].bytes())),
            2 => drop(bytes.splice(at, PIECES[draw.below(PIECES.len())].bytes())),
            3 => {
                let copy = bytes[at.clone()].to_vec();
                drop(bytes.splice(at.end..at.end, copy));
            }
            4 => {
                let other = &seeds[draw.below(seeds.len())];
                let from = draw.below(other.len() + 1);
                bytes.truncate(at.start);
                bytes.extend(&other[from..]);
            }
            5 => at.for_each(|place| bytes[place] ^= 1 << draw.below(8)),
            // A word for a word of its kind, as often as all the others: what is JSON stays JSON.
            6..12 => {
                let old = word(&bytes, at.start);
                let number = |word: &[u8]| word.iter().all(|byte| !byte.is_ascii_alphabetic());
                let other = &seeds[draw.below(seeds.len())];
                let mut new = 0..0;
                for _ in 0..10 {
                    new = word(other, draw.below(other.len()));
                    if !new.is_empty() && number(&other[new.clone()]) == number(&bytes[old.clone()]) {
                        break;
                    }
                }
                drop(bytes.splice(old, other[new].iter().copied()));
            }
            _ => {
                // Digits matter more than other bytes: lengths, ids, moments.
                for place in at.filter(|place| bytes[*place].is_ascii_digit()).collect::<Vec<usize>>() {
                    bytes[place] = b'0' + u8::try_from(draw.below(10)).unwrap();
                }
            }
        }
    }
    bytes.truncate(OCTETS_MAX);
    bytes
}

/// Runs a target; what it fell over is told as text and as bytes.
fn run((name, target): Target, bytes: &[u8]) {
    if let Err(panic) = catch_unwind(|| target(bytes)) {
        let text = String::from_utf8_lossy(bytes);
        panic!("{name} falls over `{text}` ({bytes:?}): {:?}", panic.downcast_ref::<String>());
    }
}

#[test]
fn every_target_holds_for_its_seeds_and_for_mutations_of_them() {
    let times: usize = env::var("SWITCHBACK_FUZZ").map_or(1, |times| times.parse().unwrap());
    for target in TARGETS {
        let seeds = seeds(target.0);
        assert!(seeds.len() >= 4, "{} has too few seeds to start from", target.0);
        for seed in &seeds {
            run(target, seed);
        }
        let mut draw = Draw(0);
        for _ in 0..MUTATIONS * times {
            run(target, &mutate(&mut draw, &seeds));
        }
    }
}

#[test]
fn every_target_is_one_of_libfuzzer_too() {
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        assert!(
            manifest.contains(&format!("name = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"")),
            "{name}"
        );
        let target = fs::read_to_string(folder().join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(target.contains(&format!("routing_fuzz::{name}(data)")), "{name}");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
}

#[test]
fn the_seeds_of_json_are_read_and_run() {
    for seed in seeds("scenario") {
        assert!(serde_json::from_slice::<routing::Scenario>(&seed).is_ok());
    }
    for seed in seeds("snapshot") {
        let snapshot: routing::Snapshot = serde_json::from_slice(&seed).unwrap();
        let number = snapshot.dids[0].number;
        assert!(routing::simulate(&snapshot, &routing::Scenario::new(number)).is_ok());
    }
}
