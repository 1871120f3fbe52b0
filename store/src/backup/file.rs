//! A file that gets its name only when it is whole.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::BackupError;

/// What the unfinished file is called: the name of the whole one with this behind it. One name, so that what a killed
/// process left is found and written over by the next one.
const UNFINISHED: &str = ".unfinished";
/// What SQLite may lay beside a file while it is written.
const BESIDE: [&str; 3] = ["-journal", "-wal", "-shm"];

/// A file in the making, beside where it will be. Dropped unfinished, it is removed.
#[derive(Debug)]
pub(super) struct NewFile {
    unfinished: PathBuf,
    target: PathBuf,
    replace: bool,
    /// Held to the end: it keeps others from the same file, and closing it would take SQLite's locks away.
    held: File,
    finished: bool,
}

impl NewFile {
    /// Begins with an empty one that only its owner can read.
    pub(super) fn begin(target: &Path, replace: bool) -> Result<NewFile, BackupError> {
        // A link stays a link.
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        if !replace && target.exists() {
            return Err(BackupError::Exists(target));
        }
        let unfinished = with_suffix(&target, UNFINISHED);
        let held = open(&unfinished).map_err(BackupError::file("create", &unfinished))?;
        match held.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BackupError::UnderWay(target)),
            Err(TryLockError::Error(source)) => return Err(BackupError::file("lock", &unfinished)(source)),
        }
        let file = NewFile { unfinished, target, replace, held, finished: false };
        file.held.set_len(0).map_err(BackupError::file("empty", &file.unfinished))?;
        remove_beside(&file.unfinished);
        Ok(file)
    }

    /// Where to write meanwhile.
    pub(super) fn path(&self) -> &Path {
        &self.unfinished
    }

    /// Fills it with another file's bytes.
    pub(super) fn fill(&mut self, from: &Path) -> Result<(), BackupError> {
        let mut source = File::open(from).map_err(BackupError::file("read", from))?;
        io::copy(&mut source, &mut self.held).map(drop).map_err(BackupError::file("write", &self.unfinished))
    }

    /// Gives it the owner and the rights of the file that it will stand for: a restore run by root must leave a
    /// database that the service can open.
    pub(super) fn resemble(&self, model: &Metadata) -> Result<(), BackupError> {
        let failed = |doing| BackupError::file(doing, &self.unfinished);
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, fchown};
            let own = self.held.metadata().map_err(failed("look at"))?;
            if (own.uid(), own.gid()) != (model.uid(), model.gid()) {
                fchown(&self.held, Some(model.uid()), Some(model.gid())).map_err(failed("give away"))?;
            }
        }
        self.held.set_permissions(model.permissions()).map_err(failed("set the rights of"))
    }

    /// Gives it its name, once it is on disk. Until then, whatever has that name stays.
    pub(super) fn finish(mut self) -> Result<(), BackupError> {
        self.held.sync_all().map_err(BackupError::file("write", &self.unfinished))?;
        if self.replace {
            fs::rename(&self.unfinished, &self.target)
                .map_err(BackupError::file("put into place", &self.target))?;
        } else {
            // Unlike a rename, a link never replaces what somebody made meanwhile.
            fs::hard_link(&self.unfinished, &self.target).map_err(|source| match source.kind() {
                io::ErrorKind::AlreadyExists => BackupError::Exists(self.target.clone()),
                _ => BackupError::file("put into place", &self.target)(source),
            })?;
            // What stays is a second name of a whole file: the next backup writes a new one.
            let _ = fs::remove_file(&self.unfinished);
        }
        self.finished = true;
        sync_folder(&self.target)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.finished {
            // Why it is not finished has been told; what stays here is written over by the next one.
            let _ = fs::remove_file(&self.unfinished);
            remove_beside(&self.unfinished);
        }
    }
}

/// Without emptying it: somebody else may be at work on it.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn remove_beside(path: &Path) {
    for suffix in BESIDE {
        let _ = fs::remove_file(with_suffix(path, suffix));
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A name is on disk when its folder is.
fn sync_folder(path: &Path) -> Result<(), BackupError> {
    if !cfg!(unix) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(BackupError::file("write", folder))
}
