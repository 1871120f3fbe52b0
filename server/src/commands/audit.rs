//! `switchback audit`: whether the history is as it was written, and the history for somebody else to keep.

use std::{
    fs::File,
    io::{self, BufReader, Write},
    process::ExitCode,
};

use app::words::figure;
use portal::{Actor, AuditFileError, ChainHash, ChainSummary, INSTALLATION, Portal, verify_audit_file};
use routing::AccountId;

use super::{Failure, account, open_existing, operator};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, clap::Subcommand)]
enum AuditCommand {
    /// Compute the hashes of the history anew and say whether anything was altered
    ///
    /// Exit code: 0 if the history is as it was written, 1 with the first version that is not, 2 if it could not be
    /// verified or the command itself is wrong.
    Verify(VerifyArguments),
    /// Print the whole history as JSON lines, to be kept elsewhere
    ///
    /// Exit code: 0 if it was printed whole, 1 if it does not verify (what is printed then ends before the first
    /// version that does not), 2 if it could not be printed or the command itself is wrong.
    Export(ExportArguments),
}

#[derive(Debug, clap::Args)]
struct VerifyArguments {
    /// An export instead of the database; - for standard input
    #[arg(long, value_name = "FILE")]
    file: Option<String>,
    /// The hash of an earlier verification or export, kept elsewhere: the history must still hold it
    #[arg(long, value_name = "HASH")]
    against: Option<ChainHash>,
    /// The history of the installation, who may sign in and as what, instead of an account's
    #[arg(long, conflicts_with = "file")]
    installation: bool,
}

#[derive(Debug, clap::Args)]
struct ExportArguments {
    /// The history of the installation, who may sign in and as what, instead of an account's
    #[arg(long)]
    installation: bool,
}

/// Exit code if the history is not as it was written.
const DOES_NOT_VERIFY: u8 = 1;

/// Exit code 0: it verifies; 1: it does not. (If it could not be verified at all, it is 2.)
pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<ExitCode, Failure> {
    match arguments.command {
        AuditCommand::Verify(VerifyArguments { file: Some(path), against, .. }) => {
            verify_file(&path, against)
        }
        AuditCommand::Verify(VerifyArguments { file: None, against, installation }) => {
            verify(settings, installation, against).await
        }
        AuditCommand::Export(ExportArguments { installation }) => export(settings, installation).await,
    }
}

/// Whose history is asked for, and what that is called.
async fn whose(
    portal: &Portal,
    settings: &Settings,
    installation: bool,
) -> Result<(Actor, AccountId, String), Failure> {
    if installation {
        return Ok((operator(), INSTALLATION, "the installation".to_owned()));
    }
    let (actor, account) = account(portal, settings).await?;
    Ok((actor, account.id, account.name))
}

async fn verify(
    settings: &Settings,
    installation: bool,
    against: Option<ChainHash>,
) -> Result<ExitCode, Failure> {
    let portal = open_existing(settings).await?;
    let (actor, account, name) = whose(&portal, settings, installation).await?;
    let found = portal.verify_chain(&actor, account, against).await?;
    Ok(tell(&name, found.map_err(|fault| fault.to_string())))
}

fn verify_file(path: &str, against: Option<ChainHash>) -> Result<ExitCode, Failure> {
    let found = match path {
        "-" => verify_audit_file(io::stdin().lock(), against),
        path => {
            let file = File::open(path).map_err(|e| format!("cannot read {path}: {e}"))?;
            verify_audit_file(BufReader::new(file), against)
        }
    };
    match found {
        Ok(found) => Ok(tell(&format!("account {}", found.account), Ok(found.summary))),
        Err(AuditFileError::Read(error)) => Err(format!("cannot read {path}: {error}").into()),
        Err(error) => Ok(tell(path, Err(error.to_string()))),
    }
}

/// Prints what was found of one history, and says by which exit code.
fn tell(whose: &str, found: Result<ChainSummary, String>) -> ExitCode {
    match found {
        Ok(summary) => {
            println!("{whose}: {}", sentence(&summary));
            if let Some(version) = summary.kept {
                println!(
                    "{whose}: version {version} has the hash that was kept; up to there, nothing was altered since"
                );
            }
            ExitCode::SUCCESS
        }
        Err(fault) => {
            println!("{whose}: {fault}");
            ExitCode::from(DOES_NOT_VERIFY)
        }
    }
}

/// What a history that verifies amounts to, and its hash.
pub(super) fn sentence(summary: &ChainSummary) -> String {
    let Some(version) = summary.version else {
        return "nothing was done yet".to_owned();
    };
    let counted = |n: u64, one: &str| format!("{} {one}{}", figure(n), if n == 1 { "" } else { "s" });
    format!(
        "version {version}: {}, {}, hash {}",
        counted(summary.operations, "operation"),
        counted(summary.changes, "change"),
        summary.hash
    )
}

async fn export(settings: &Settings, installation: bool) -> Result<ExitCode, Failure> {
    let portal = open_existing(settings).await?;
    let (actor, account, _) = whose(&portal, settings, installation).await?;
    let mut export = portal.export_audit(&actor, account).await?;
    while let Some(part) = export.part().await? {
        io::stdout().lock().write_all(&part)?;
    }
    io::stdout().flush()?;
    match export.ended() {
        Some(Err(fault)) => {
            eprintln!("switchback: the history was exported only so far: {fault}");
            Ok(ExitCode::from(DOES_NOT_VERIFY))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}
