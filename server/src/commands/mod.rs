//! The command line. A command parses, calls `portal` or `routing`, and prints.

mod audit;
mod backup;
pub(crate) mod check;
mod export;
mod import;
mod input;
mod moment;
mod simulate;
mod test;
mod user;

use std::fs::File;
use std::io::Read;
use std::process::ExitCode;

use portal::{Account, Actor, IMPORT_PART_BYTES, Portal};
use routing::shortened;

use crate::{
    serve,
    settings::{SettingFlags, Settings},
};

/// Any failure of a command; `main` prints it with what lies under it.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Inbound call routing and failover: a portal, and its tools.
#[derive(Debug, clap::Parser)]
#[command(name = "switchback", version)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) settings: SettingFlags,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Check values: JSON lines {"kind":"host"|"phone"|"uri"|"alias","value":"…"} on standard input, one answer a line
    ///
    /// Exit code: 0 if all are right, 1 if any was refused, 2 if the command itself is wrong, 4 if standard input or
    /// output failed. If nobody reads the answers any more, it ends quietly.
    Check,
    #[command(flatten)]
    WithSettings(WithSettings),
}

/// The commands that need settings.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum WithSettings {
    /// Serve the portal
    Serve,
    /// Run a call through the routing and print its timeline
    ///
    /// Exit code: 0 if somebody was reached, 3 if nobody was, 1 if the call could not be run, 2 if the command itself
    /// is wrong.
    Simulate(Box<simulate::Arguments>),
    /// Run the saved cases: calls with what they are expected to come to
    ///
    /// Exit code: 0 if all hold, 1 if some do not, 2 if they could not be run or the command itself is wrong.
    Test(test::Arguments),
    /// Bring in a CSV of DIDs, or a whole account's file
    Import(import::Arguments),
    /// Print the whole account as one readable file, or its DIDs as CSV
    Export(export::Arguments),
    /// List who may sign in, add somebody, and help who cannot sign in any more
    User(user::Arguments),
    /// Verify the history of changes, or print it to be kept elsewhere
    Audit(audit::Arguments),
    /// Write everything there is into one file, while the server runs
    ///
    /// It is verified before it gets its name. Exit code: 0 if it was taken, 1 if not (no file of that name is left or
    /// replaced then), 2 if the command itself is wrong.
    Backup(backup::BackupArguments),
    /// Bring a backup back, into SQLite or PostgreSQL; the server must be stopped
    ///
    /// It is verified first. Exit code: 0 if it was brought back, 1 if not (the database is as it was then), 2 if the
    /// command itself is wrong.
    Restore(backup::RestoreArguments),
}

/// Exit code if `test` or `audit` could not do its work: 1 says that something does not hold.
const NOT_DONE: u8 = 2;

impl Command {
    /// The exit code if it could not be done.
    pub(crate) fn failed(&self) -> ExitCode {
        match self {
            Command::WithSettings(WithSettings::Test(_) | WithSettings::Audit(_)) => ExitCode::from(NOT_DONE),
            Command::Check | Command::WithSettings(_) => ExitCode::FAILURE,
        }
    }
}

/// Runs a command that needs settings.
pub(crate) async fn run(command: WithSettings, settings: Settings) -> Result<ExitCode, Failure> {
    match command {
        WithSettings::Serve => {
            let portal = open(&settings).await?;
            serve::run(settings, portal).await.map(|()| ExitCode::SUCCESS)
        }
        WithSettings::Simulate(arguments) => simulate::run(&settings, *arguments).await,
        WithSettings::Test(arguments) => test::run(&settings, arguments).await,
        WithSettings::Import(arguments) => import::run(&settings, arguments).await,
        WithSettings::Export(arguments) => export::run(&settings, arguments).await,
        WithSettings::Audit(arguments) => audit::run(&settings, arguments).await,
        WithSettings::User(arguments) => user::run(&settings, arguments).await,
        WithSettings::Backup(arguments) => backup::back_up(&settings, arguments).await,
        WithSettings::Restore(arguments) => backup::restore(&settings, arguments).await,
    }
}

/// Opens the database that the settings name, creating and migrating it.
async fn open(settings: &Settings) -> Result<Portal, Failure> {
    Ok(Portal::open(&settings.database).await?)
}

/// Opens a database that is there: a command that only reads must not make an empty one of a misspelt name.
async fn open_existing(settings: &Settings) -> Result<Portal, Failure> {
    if let Some(path) = settings.database.strip_prefix("sqlite:")
        && !std::path::Path::new(path).exists()
    {
        return Err(format!(
            "there is no database at {path}; run this in the folder where the server runs, or say --database"
        )
        .into());
    }
    open(settings).await
}

/// Whoever works at the terminal.
fn operator() -> Actor {
    Actor::operator("command line")
}

/// The account that a command is about: the one that the settings name, else the only one.
async fn account(portal: &Portal, settings: &Settings) -> Result<(Actor, Account), Failure> {
    let account = chosen(portal, settings).await?.ok_or(
        "there is no account yet; start `switchback serve` and create one, or bring one in with `switchback import FILE`",
    )?;
    Ok((operator(), account))
}

/// The same; none, if there is none at all.
async fn chosen(portal: &Portal, settings: &Settings) -> Result<Option<Account>, Failure> {
    let mut accounts = portal.accounts(&operator()).await?;
    let all: Vec<String> =
        accounts.iter().map(|account| format!("{} ({})", account.name, account.id)).collect();
    if let Some(wanted) = &settings.account {
        accounts.retain(|account| account.id.to_string() == *wanted || account.name == *wanted);
        if accounts.is_empty() {
            return Err(
                format!("no account is called {}; there is {}", shortened(wanted), all.join(", ")).into()
            );
        }
    }
    match accounts.len() {
        0 | 1 => Ok(accounts.pop()),
        _ => Err(format!("say --account with a name or an id; there is {}", all.join(", ")).into()),
    }
}

/// A file, or standard input for `-`.
fn open_input(path: &str) -> Result<Box<dyn Read>, Failure> {
    match path {
        "-" => Ok(Box::new(std::io::stdin().lock())),
        path => Ok(Box::new(File::open(path).map_err(|e| format!("cannot read {path}: {e}"))?)),
    }
}

/// The next [`IMPORT_PART_BYTES`] of a file, fewer at its end and none after it.
fn read_part(file: &mut dyn Read, path: &str) -> Result<Vec<u8>, Failure> {
    let mut part = Vec::new();
    file.take(IMPORT_PART_BYTES as u64)
        .read_to_end(&mut part)
        .map_err(|e| format!("cannot read {path}: {e}"))?;
    Ok(part)
}

/// The whole of a file that was begun to be read, up to a limit.
fn read_rest(begun: Vec<u8>, file: Box<dyn Read>, path: &str, bytes_max: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = begun;
    file.take(bytes_max as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| format!("cannot read {path}: {e}"))?;
    if bytes.len() > bytes_max {
        return Err(format!("{path} is larger than {} MiB, the most that is read", bytes_max >> 20).into());
    }
    Ok(bytes)
}

/// Reads a file, or standard input for `-`, up to a limit.
fn read_input(path: &str, bytes_max: usize) -> Result<Vec<u8>, Failure> {
    read_rest(Vec::new(), open_input(path)?, path, bytes_max)
}
