//! Tables of rows: what people type, and what becomes of it.

mod aliases;
mod countries;
mod hosts;
mod numbers;
mod own_dids;
mod properties;
mod uris;

use super::{CheckKind, Dialling, check};

/// How people dial in a country, by its ISO code.
fn dialling(iso: &str) -> Dialling {
    Dialling::of(iso).unwrap()
}

/// Each text is read as its canonical form, which reads back as itself.
fn accepts(kind: CheckKind, rows: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, canonical) in rows {
        for text in [text, canonical] {
            let found = check(kind, text, &Dialling::default());
            if found.as_deref() != Ok(*canonical) {
                wrong.push(format!("{text:?} became {found:?}, not {canonical:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Each text is refused by the rule of that code, at that place.
fn refuses(kind: CheckKind, rows: &[(&str, &str, Option<usize>)]) {
    let mut wrong = Vec::new();
    for (text, code, position) in rows {
        match check(kind, text, &Dialling::default()) {
            Ok(canonical) => wrong.push(format!("{text:?} became {canonical:?}, not {code}")),
            Err(error) if (error.code(), error.position()) == (*code, *position) => {}
            Err(error) => {
                wrong.push(format!("{text:?}: {} at {:?}, not {code}", error.code(), error.position()))
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_refusal_says_what_would_be_right() {
    let texts = [
        "",
        "x",
        "a b",
        "a@b",
        "@",
        "911",
        "1",
        "http://x",
        "1.2.3",
        "sip:",
        "sip:a:b@c",
        "tel:1",
        "[",
        "\0",
    ];
    for kind in [CheckKind::Host, CheckKind::Phone, CheckKind::Uri, CheckKind::Alias] {
        for text in texts {
            let Err(error) = check(kind, text, &Dialling::default()) else { continue };
            let sentence = error.to_string();
            assert!(sentence.contains("Write ") || sentence.contains("Choose "), "{sentence}");
            assert!(sentence.ends_with('.'), "{sentence}");
        }
    }
}
