//! `switchback backup` and `switchback restore`: everything there is, in one file, and back.

use std::{path::PathBuf, process::ExitCode};

use portal::{Allowing, BackedUp, BackupError};

use super::{Failure, audit, open_existing};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub(crate) struct BackupArguments {
    /// Where to write; only its owner can read it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace a file that is there, once the new one is whole
    #[arg(long)]
    replace: bool,
    /// Take the backup although a history does not verify
    #[arg(long)]
    even_if_altered: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RestoreArguments {
    /// A file that `switchback backup` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace the accounts that the database holds, with their history
    #[arg(long)]
    replace: bool,
    /// Bring it back although a history does not verify
    #[arg(long)]
    even_if_altered: bool,
}

/// Takes a backup, and says what is in it.
pub(crate) async fn back_up(settings: &Settings, arguments: BackupArguments) -> Result<ExitCode, Failure> {
    let portal = open_existing(settings).await?;
    let allowing = Allowing { replace: arguments.replace, altered: arguments.even_if_altered };
    let found = portal.back_up(&arguments.file, allowing).await.map_err(advised)?;
    portal.close().await;
    tell(&found);
    println!("backed up to {}", arguments.file.display());
    Ok(ExitCode::SUCCESS)
}

/// Brings a backup back, and says what was in it.
pub(crate) async fn restore(settings: &Settings, arguments: RestoreArguments) -> Result<ExitCode, Failure> {
    let allowing = Allowing { replace: arguments.replace, altered: arguments.even_if_altered };
    let found = portal::restore(&arguments.file, &settings.database, allowing).await.map_err(advised)?;
    tell(&found);
    println!("restored from {}", arguments.file.display());
    Ok(ExitCode::SUCCESS)
}

fn tell(found: &[BackedUp]) {
    if found.is_empty() {
        println!("there is no account in it");
    }
    for account in found {
        match &account.history {
            Ok(summary) => println!("{}: {}", account.name, audit::sentence(summary)),
            Err(fault) => println!("{}: {fault}", account.name),
        }
    }
}

/// With the flag that lets it pass, where there is one.
fn advised(error: BackupError) -> Failure {
    let flag = match &error {
        BackupError::Exists(_) | BackupError::HoldsAccounts => "--replace",
        BackupError::Altered { .. } => "--even-if-altered",
        _ => return error.into(),
    };
    format!("{error}; {flag} does it nevertheless").into()
}
