//! `cargo xtask site`: what the browser loads, in `target/site`, which the server embeds.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::Outcome;
use crate::compress::{self, Files, files_below};
use crate::css;
use crate::process::{cargo, check, end2end, find_program, root, target};
use crate::setup;

/// The bundles: their name, such as `base.js` with `base_bg.wasm`, and the feature of `frontend` that fills it.
/// Pages that only tick boxes load the first; the others hold the routing core as well, each with what its pages move.
const BUNDLES: [(&str, Option<&str>); 5] = [
    ("base", None),
    ("check", Some("check")),
    ("preview", Some("preview")),
    ("plans", Some("plans")),
    ("desk", Some("desk")),
];

/// What rustc's wasm32-unknown-unknown uses by default; wasm-opt would otherwise refuse such code.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// How much work the build puts into size.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// For people: the wasm-release profile, wasm-opt where there is one, compressed siblings.
    Optimised,
    /// For the next ten seconds: the dev profile and nothing else.
    Debug,
}

/// Builds everything the browser loads and brings `target/site` up to date.
pub(crate) fn build(kind: Kind) -> Outcome {
    setup::wasm_target()?;
    let profile = match kind {
        Kind::Optimised => "wasm-release",
        Kind::Debug => "dev",
    };
    let folder = match kind {
        Kind::Optimised => "wasm-release",
        Kind::Debug => "debug",
    };
    if kind == Kind::Optimised && wasm_opt().is_none() {
        println!(
            "no wasm-opt found: what browsers load stays about a tenth larger. `npm ci` in end2end/ installs one"
        );
    }
    let module = target().join(setup::WASM).join(folder).join("frontend.wasm");

    let mut files = in_folder(&root().join("style/static"))?;
    for (name, feature) in BUNDLES {
        let mut build =
            cargo(["build", "--package", "frontend", "--target", setup::WASM, "--profile", profile]);
        build.args(feature.iter().flat_map(|feature| ["--features", feature]));
        check(&mut build)?;
        files.extend(in_folder(&bindings(&module, name, kind)?)?);
    }
    files.insert("main.css".to_owned(), css::bundle(&root().join("style"))?.into_bytes());
    // Not `process::target()`: the server embeds the folder by its place in the repository.
    compress::write(&root().join("target/site"), &files, kind == Kind::Optimised)
}

fn in_folder(folder: &Path) -> Outcome<Files> {
    let mut files = Files::new();
    for path in files_below(folder)? {
        let parts = path.strip_prefix(folder).unwrap_or(&path).components();
        let name = parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        files.insert(name, read(&path)?);
    }
    Ok(files)
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// Writes the module and its JavaScript side to a folder of their own and returns it. Done only when the module or
/// the tools changed: optimising takes many seconds.
fn bindings(module: &Path, name: &str, kind: Kind) -> Outcome<PathBuf> {
    let optimiser = match kind {
        Kind::Optimised => wasm_opt(),
        Kind::Debug => None,
    };
    let mut hasher = DefaultHasher::new();
    (read(module)?, kind, &optimiser, WASM_FEATURES).hash(&mut hasher);
    let print = format!("{:016x}", hasher.finish());

    let folder = target().join("bindgen").join(name);
    let stamp = target().join(format!("bindgen-{name}.stamp"));
    if fs::read_to_string(&stamp).is_ok_and(|there| there == print) {
        return Ok(folder);
    }
    // Removed first: an interrupted run must not look like a finished one.
    for file in files_below(&folder)?.iter().chain([&stamp]).filter(|file| file.exists()) {
        fs::remove_file(file).map_err(|error| format!("cannot remove {}: {error}", file.display()))?;
    }
    let release = kind == Kind::Optimised;
    Bindgen::new()
        .input_path(module)
        .out_name(name)
        .web(true)
        .map_err(|error| format!("wasm-bindgen: {error:#}"))?
        .typescript(false)
        .remove_name_section(release)
        .remove_producers_section(release)
        .generate(&folder)
        .map_err(|error| format!("wasm-bindgen: {error:#}"))?;
    if let Some(wasm_opt) = optimiser {
        shrink(&wasm_opt, &folder.join(format!("{name}_bg.wasm")))?;
    }
    fs::write(&stamp, print).map_err(|error| format!("cannot write {}: {error}", stamp.display()))?;
    Ok(folder)
}

/// npm's binaryen, or the system's.
fn wasm_opt() -> Option<PathBuf> {
    let npm = end2end().join("node_modules/.bin/wasm-opt");
    // npm's is a Node script: without Node it cannot start.
    let npm = Some(npm).filter(|file| file.exists() && find_program("node").is_some());
    npm.or_else(|| find_program("wasm-opt"))
}

fn shrink(wasm_opt: &Path, module: &Path) -> Outcome {
    let smaller = module.with_extension("opt");
    let mut optimise = crate::process::command(wasm_opt, ["-Oz"]);
    optimise.args(WASM_FEATURES).arg(module).arg("-o").arg(&smaller);
    match check(&mut optimise) {
        Ok(()) => fs::rename(&smaller, module).map_err(|error| format!("cannot replace the module: {error}")),
        Err(reason) => {
            // A wasm-opt too old for rustc's output must not keep anybody from running the portal.
            println!("{reason}\nthe browser's bundle stays as it is, about a tenth larger");
            Ok(())
        }
    }
}
