//! `switchback export`: the whole account as one readable file, or its DIDs as CSV.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use portal::DidFilter;

use super::{Failure, account, open_existing};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only the DIDs, as the CSV of Download your DIDs
    #[arg(long)]
    csv: bool,
    /// Where to write; a file that is there is replaced, whole or not at all [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Writes the export whole or not at all.
pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<ExitCode, Failure> {
    let portal = open_existing(settings).await?;
    let (actor, account) = account(&portal, settings).await?;
    let bytes = if arguments.csv {
        let mut csv = Vec::new();
        portal
            .export_csv(&actor, account.id, &DidFilter::default(), |part| csv.extend_from_slice(part))
            .await?;
        csv
    } else {
        portal.export_account(&actor, account.id).await?.into_bytes()
    };
    match arguments.output {
        Some(path) => replace(&path, &bytes).map_err(|e| format!("cannot write {}: {e}", path.display()))?,
        None => io::stdout().lock().write_all(&bytes)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Puts the bytes where the path leads: into a file beside it first, so that a full disk or a power cut leaves the old
/// one whole.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let before = fs::metadata(&target).ok();
    if before.as_ref().is_some_and(|m| !m.is_file()) {
        // A pipe or a terminal cannot be replaced.
        return File::options().write(true).open(&target)?.write_all(bytes);
    }
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let beside = target.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
    let written = write_new(&beside, bytes, before.map(|m| m.permissions()))
        .and_then(|()| fs::rename(&beside, &target));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_new(path: &Path, bytes: &[u8], permissions: Option<fs::Permissions>) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("account.json");
        for text in ["the first, longer one", "the second"] {
            replace(&path, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert!(replace(&dir.path().join("absent/account.json"), b"x").is_err());
        assert!(replace(dir.path(), b"x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_device_stays_a_device() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        replace(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        replace(Path::new("/dev/null"), b"new").unwrap();
    }
}
