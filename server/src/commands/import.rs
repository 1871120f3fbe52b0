//! `switchback import`: a CSV of DIDs, or a whole account's file.

use std::process::ExitCode;

use portal::{Actor, ImportOutcome, ImportSource, Via};

use super::{Failure, account, open, read_input};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The file; - for standard input. JSON is an account's file, anything else a CSV of DIDs
    file: String,
    /// Say what would happen and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Nothing is applied if anything in the file is wrong; the exit code is then 1.
pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<ExitCode, Failure> {
    let bytes = read_input(&arguments.file, portal::ACCOUNT_FILE_BYTES_MAX)?;
    let portal = open(settings).await?;
    if bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{') {
        let text = std::str::from_utf8(&bytes).map_err(|e| format!("the file is not UTF-8: {e}"))?;
        let actor = portal.account().await?.map(|a| Actor::owner(a.id, "command line", Via::CommandLine));
        let done = portal.import_account(actor.as_ref(), text, arguments.dry_run).await?;
        println!("{done}");
        return Ok(ExitCode::SUCCESS);
    }
    let (actor, account) = account(&portal).await?;
    let plan = portal.plan_import(&actor, account.id, &bytes).await?;
    for row in &plan.rows {
        if let ImportOutcome::Error(error) = &row.outcome {
            eprintln!("line {}: {}: {error}", row.line, row.number);
        }
    }
    if !plan.ignored.is_empty() {
        eprintln!("columns that are not read: {}", plan.ignored.join(", "));
    }
    println!(
        "{} rows: {} to add, {} to change, {} as they are, {} with errors",
        plan.rows_total, plan.adds, plan.changes, plan.unchanged, plan.errors
    );
    if plan.errors > 0 {
        return Err("nothing was imported; correct the lines above and run it again".into());
    }
    if !arguments.dry_run {
        let source = ImportSource::Bytes { name: &arguments.file, csv: &bytes };
        let done = portal.apply_import(&actor, account.id, source, plan.as_of).await?;
        println!("imported: {} added, {} changed", done.added, done.changed);
    }
    Ok(ExitCode::SUCCESS)
}
