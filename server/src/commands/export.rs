//! `switchback export`: the whole account as one readable file, or its DIDs as CSV.

use std::{io::Write, process::ExitCode};

use portal::DidFilter;

use super::{Failure, account, open};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only the DIDs, as the CSV of Download your DIDs
    #[arg(long)]
    csv: bool,
    /// Where to write; a file that is there is replaced [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<String>,
}

/// Writes the export whole or not at all.
pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<ExitCode, Failure> {
    let portal = open(settings).await?;
    let (actor, account) = account(&portal).await?;
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
        Some(path) => std::fs::write(&path, bytes).map_err(|e| format!("cannot write {path}: {e}"))?,
        None => std::io::stdout().lock().write_all(&bytes)?,
    }
    Ok(ExitCode::SUCCESS)
}
