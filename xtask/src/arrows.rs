//! The dependency arrows of the design, held: who may depend on whom, who may speak SQL or HTTP, and a core that
//! can do nothing but compute.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::Outcome;
use crate::compress::files_below;
use crate::process::{cargo, read, root};

/// Each crate of the workspace with the ones it may name. ARCHITECTURE.md explains them.
const ARROWS: [(&str, &[&str]); 8] = [
    ("routing", &[]),
    ("store", &["routing"]),
    ("portal", &["routing", "store"]),
    ("app", &["portal", "routing"]),
    ("server", &["app", "portal", "routing"]),
    ("frontend", &["app"]),
    ("bench", &["portal", "routing", "store"]),
    ("xtask", &[]),
];

/// Features that alone may switch an optional arrow on.
const GATES: [(&str, &str, &str); 1] = [("app", "portal", "ssr")];

/// Crates that only one of ours may name for what it ships. Tests may: `portal`'s run on the databases that the
/// support of `store`'s tests makes.
const OWNED: [(&str, &str); 2] = [("sqlx", "store"), ("axum", "server")];

/// Every crate that may be linked into `routing`, with all features: tables, parsing helpers, serialisation. A new
/// name here is a decision: none of them reads a clock, opens a file or a socket, draws a random number, or is async.
const CORE: [&str; 29] = [
    "icu_collections",
    "icu_locale_core",
    "icu_normalizer",
    "icu_normalizer_data",
    "icu_properties",
    "icu_properties_data",
    "icu_provider",
    "idna",
    "idna_adapter",
    "litemap",
    "potential_utf",
    "routing",
    "serde",
    "serde_core",
    "smallvec",
    "stable_deref_trait",
    "thiserror",
    "tinystr",
    "tinyvec",
    "tinyvec_macros",
    "unicode-normalization",
    "unicode-script",
    "utf8_iter",
    "utf_types",
    "writeable",
    "yoke",
    "zerofrom",
    "zerotrie",
    "zerovec",
];

/// The standard library's ways out of a pure function, and `unsafe`.
const IMPURE: [&str; 11] = [
    "async fn",
    "println!",
    "std::env",
    "std::fs",
    "std::io",
    "std::process",
    "std::thread",
    "std::time",
    "TcpStream",
    "UdpSocket",
    "unsafe ",
];

/// An error that names every arrow that should not be there.
pub(crate) fn check() -> Outcome {
    let metadata = read(&mut cargo(["metadata", "--format-version", "1", "--no-deps", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&metadata)
        .map_err(|error| format!("cargo metadata is not readable: {error}"))?;
    let mut wrong = crates(&metadata).iter().flat_map(wrong_arrows).collect::<Vec<_>>();

    let tree = ["tree", "--package", "routing", "--all-features", "--target", "all"];
    let tree =
        read(cargo(tree).args(["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]))?;
    wrong.extend(wrong_in_core(&tree));

    for file in files_below(&root().join("routing/src"))? {
        let source =
            fs::read_to_string(&file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        wrong.extend(impure(&source).into_iter().map(|word| format!("{} says `{word}`", file.display())));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// One crate of ours: what it names, of every kind (normal, build, development), and its features.
struct Crate {
    name: String,
    names: BTreeSet<String>,
    /// Those of them that are not for tests alone.
    shipped: BTreeSet<String>,
    features: BTreeMap<String, Vec<String>>,
    optional: BTreeSet<String>,
}

fn crates(metadata: &Value) -> Vec<Crate> {
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let packages = list(&metadata["packages"]);
    let one = |package: &Value| {
        let dependencies = list(&package["dependencies"]);
        let optional = dependencies.iter().filter(|one| one["optional"] == true);
        let shipped = dependencies.iter().filter(|one| one["kind"] != "dev");
        let features = package["features"].as_object().cloned().unwrap_or_default();
        let switched =
            |on: &Value| list(on).iter().filter_map(|one| one.as_str().map(str::to_owned)).collect();
        Crate {
            name: text(package, "name"),
            names: dependencies.iter().map(|one| text(one, "name")).collect(),
            shipped: shipped.map(|one| text(one, "name")).collect(),
            optional: optional.map(|one| text(one, "name")).collect(),
            features: features.iter().map(|(name, on)| (name.clone(), switched(on))).collect(),
        }
    };
    packages.iter().map(one).collect()
}

fn wrong_arrows(from: &Crate) -> Vec<String> {
    let name = from.name.as_str();
    let Some((_, allowed)) = ARROWS.iter().find(|(ours, _)| *ours == name) else {
        return vec![format!(
            "the crate {name} is not in the design: add it to ARROWS with what it may name"
        )];
    };
    let ours = ARROWS.map(|(ours, _)| ours);
    let mut wrong = Vec::new();
    for to in from.names.iter().map(String::as_str) {
        if ours.contains(&to) && !allowed.contains(&to) {
            wrong.push(format!("{name} must not depend on {to}"));
        }
    }
    for (to, owner) in OWNED.iter().filter(|(owned, owner)| *owner != name && from.shipped.contains(*owned)) {
        wrong.push(format!("{name} must not depend on {to}: only {owner} may"));
    }
    for (_, to, gate) in GATES.iter().filter(|(gated, to, _)| *gated == name && from.names.contains(*to)) {
        let switches = |on: &Vec<String>| on.iter().any(|one| one == to || *one == format!("dep:{to}"));
        let others = from.features.iter().filter(|(feature, on)| feature != gate && switches(on));
        let default = from.features.get("default").is_some_and(|on| on.iter().any(|one| one == gate));
        if !from.optional.contains(*to) || default || others.count() > 0 {
            wrong.push(format!("{name} may depend on {to} only through its feature {gate}"));
        }
    }
    wrong
}

/// `tree` has a crate on each line: its name, its version, its place.
fn wrong_in_core(tree: &str) -> BTreeSet<String> {
    let linked = tree.lines().filter_map(|line| line.split_whitespace().next());
    let strange = linked.filter(|name| !CORE.contains(name));
    strange
        .map(|name| format!("routing must not link {name}: it is not in the list of pure crates"))
        .collect()
}

/// Which of the impure words stand in code, that is outside of comments.
fn impure(source: &str) -> Vec<&'static str> {
    let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    IMPURE.into_iter().filter(|word| code.iter().any(|line| line.contains(word))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(package: Value) -> Vec<String> {
        crates(&serde_json::json!({ "packages": [package] })).iter().flat_map(wrong_arrows).collect()
    }

    fn names(name: &str, dependencies: &[&str]) -> Value {
        let dependencies: Vec<Value> =
            dependencies.iter().map(|to| serde_json::json!({ "name": to })).collect();
        serde_json::json!({ "name": name, "dependencies": dependencies, "features": {} })
    }

    #[test]
    fn an_arrow_outside_the_design_is_named() {
        let rows: [(&str, &[&str], &str); 8] = [
            ("store", &["routing", "sqlx", "tokio"], ""),
            ("portal", &["routing", "store"], ""),
            ("routing", &["store"], "routing must not depend on store"),
            ("server", &["app", "portal", "store"], "server must not depend on store"),
            ("store", &["portal"], "store must not depend on portal"),
            ("portal", &["sqlx"], "portal must not depend on sqlx: only store may"),
            ("portal", &["axum"], "portal must not depend on axum: only server may"),
            ("extra", &[], "the crate extra is not in the design: add it to ARROWS with what it may name"),
        ];
        for (name, dependencies, expected) in rows {
            assert_eq!(found(names(name, dependencies)).join("; "), expected, "{name} → {dependencies:?}");
        }
    }

    #[test]
    fn the_app_reaches_the_portal_only_through_ssr() {
        let app = |optional: bool, features: Value| {
            let portal = serde_json::json!({ "name": "portal", "optional": optional });
            found(serde_json::json!({ "name": "app", "dependencies": [portal], "features": features })).len()
        };
        let rows = [
            (true, serde_json::json!({ "ssr": ["dep:portal"], "hydrate": [] }), 0),
            (false, serde_json::json!({ "ssr": [] }), 1),
            (true, serde_json::json!({ "ssr": ["dep:portal"], "hydrate": ["dep:portal"] }), 1),
            (true, serde_json::json!({ "default": ["ssr"], "ssr": ["dep:portal"] }), 1),
        ];
        for (optional, features, expected) in rows {
            assert_eq!(app(optional, features.clone()), expected, "{features}");
        }
    }

    #[test]
    fn the_core_links_only_pure_crates() {
        assert!(wrong_in_core("routing v0.1.0 (/x)\nserde v1.0.1\nserde v1.0.1 (*)\n").is_empty());
        assert_eq!(wrong_in_core("routing v0.1.0\ntokio v1.2.3\nrand v0.9.0\n").len(), 2);
    }

    #[test]
    fn a_clock_in_the_core_is_found_and_one_in_a_comment_is_not() {
        assert_eq!(impure("use std::time::Instant;"), ["std::time"]);
        assert!(impure("/// Like std::time, but given from outside.\nlet a = 1;").is_empty());
    }
}
