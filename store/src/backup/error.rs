//! Why a backup was not taken, or not brought back.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::{ChainFault, Error};

/// Why a backup was not taken, or not brought back. What was there before is as it was.
#[derive(Debug, Error)]
pub enum BackupError {
    /// There is a file of this name.
    #[error("{} is there already, and replacing it was not asked for", .0.display())]
    Exists(PathBuf),
    /// The database is no place for its own backup.
    #[error("{} is the database itself; name another file", .0.display())]
    Itself(PathBuf),
    /// The file is a database in use, or the rest of one: a part of it stands elsewhere.
    #[error("beside {} lies a -wal file with a part of it: take a backup with `switchback backup`", .0.display())]
    NotAtRest(PathBuf),
    /// A file could not be read or written.
    #[error("could not {doing} {}", path.display())]
    File {
        /// The operation, such as `create`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Another backup or restore writes this very file.
    #[error("another backup or restore is at work on {}", .0.display())]
    UnderWay(PathBuf),
    /// It is no database of ours.
    #[error("{} is not a backup of switchback", .0.display())]
    NotABackup(PathBuf),
    /// The file is damaged.
    #[error("{} is damaged: {said}", path.display())]
    Damaged {
        /// The backup.
        path: PathBuf,
        /// What SQLite says of it first.
        said: String,
    },
    /// The history of an account is not as it was written.
    #[error("the history of {name} does not verify: {fault}")]
    Altered {
        /// What the account's owner calls it.
        name: String,
        /// Where it does not, and why.
        fault: ChainFault,
    },
    /// A server or a command has the database open.
    #[error("a switchback has the database open: stop it first, and start it again afterwards")]
    InUse,
    /// There are accounts, with a history that would be lost.
    #[error("the database holds an account, and replacing it was not asked for")]
    HoldsAccounts,
    /// The two databases do not have the same tables and columns.
    #[error("the table {table} is not the same in SQLite and in PostgreSQL")]
    Schema {
        /// The table.
        table: String,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Error),
}

impl BackupError {
    /// For `map_err`: what was done to which file.
    pub(super) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BackupError {
        let path = path.to_owned();
        move |source| BackupError::File { doing, path, source }
    }
}
