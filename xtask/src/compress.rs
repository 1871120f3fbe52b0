//! What the browser loads, written to disk with compressed siblings.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::Outcome;

/// File names inside the folder, with `/` between parts, and their bytes.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Kinds that shrink. Others (PNG, WOFF2) are compressed already.
const COMPRESSED: [&str; 4] = ["js", "wasm", "css", "svg"];

/// Makes `folder` hold exactly `files`. A file whose bytes are the same is not touched, so that the server, which
/// embeds the folder, is not built again for nothing.
pub(crate) fn write(folder: &Path, files: &Files, compressed: bool) -> Outcome {
    let mut expected = BTreeSet::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        let changed = fs::read(&path).map_or(true, |there| there != *bytes);
        if changed {
            put(&path, bytes)?;
        }
        let shrinks =
            path.extension().and_then(|kind| kind.to_str()).is_some_and(|kind| COMPRESSED.contains(&kind));
        if compressed && shrinks {
            for (ending, shrink) in [("br", brotli as fn(&[u8]) -> Outcome<Vec<u8>>), ("gz", gzip)] {
                let sibling = folder.join(format!("{name}.{ending}"));
                if changed || !sibling.exists() {
                    put(&sibling, &shrink(bytes)?)?;
                }
                expected.insert(sibling);
            }
        }
        expected.insert(path);
    }
    for stale in files_below(folder)?.into_iter().filter(|file| !expected.contains(file)) {
        fs::remove_file(&stale).map_err(|error| format!("cannot remove {}: {error}", stale.display()))?;
    }
    Ok(())
}

/// Every file below `folder`, at any depth; none if it does not exist.
pub(crate) fn files_below(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.map_err(|error| format!("cannot list {}: {error}", folder.display()))?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

fn put(path: &Path, bytes: &[u8]) -> Outcome {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, bytes));
    written.map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn brotli(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut shrunk = Vec::new();
    let parameters = BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut shrunk, &parameters)
        .map_err(|error| format!("brotli: {error}"))?;
    Ok(shrunk)
}

fn gzip(bytes: &[u8]) -> Outcome<Vec<u8>> {
    // No time stamp in the header: the same input gives the same bytes.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|error| format!("gzip: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let shown = |file: PathBuf| file.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
        files_below(folder).unwrap().into_iter().map(shown).collect()
    }

    #[test]
    fn a_folder_ends_up_with_exactly_the_files_and_unchanged_ones_are_left_alone() {
        let folder = std::env::temp_dir().join(format!("switchback-xtask-{}", std::process::id()));
        let files =
            |css: &str| Files::from([("main.css".into(), css.into()), ("a/b.png".into(), vec![1, 2])]);

        write(&folder, &files("a{}"), true).unwrap();
        assert_eq!(names(&folder), ["a/b.png", "main.css", "main.css.br", "main.css.gz"]);

        // A mark in a file that must not be written again.
        fs::write(folder.join("main.css.br"), "mark").unwrap();
        write(&folder, &files("a{}"), true).unwrap();
        assert_eq!(fs::read(folder.join("main.css.br")).unwrap(), b"mark");

        write(&folder, &files("b{}"), true).unwrap();
        assert_ne!(fs::read(folder.join("main.css.br")).unwrap(), b"mark");

        write(&folder, &files("b{}"), false).unwrap();
        assert_eq!(names(&folder), ["a/b.png", "main.css"]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn both_encodings_shrink_text() {
        let text = "a { color: red }\n".repeat(100);
        for shrink in [brotli, gzip] {
            let shrunk = shrink(text.as_bytes()).unwrap();
            assert!(!shrunk.is_empty() && shrunk.len() < text.len() / 4);
        }
    }
}
