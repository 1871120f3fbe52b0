//! `switchback import`: a CSV of DIDs, or a whole account's file.

use std::process::ExitCode;

use portal::{Actor, Error, ImportOutcome, ImportSource, Portal, Via};

use routing::CaseId;

use super::{Failure, account, open, read_input};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The file; - for standard input. JSON is an account's file, anything else a CSV of DIDs
    file: String,
    /// Say what would happen and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Import though this saved case would not hold any more; may be given several times
    #[arg(long, value_name = "NAME")]
    break_case: Vec<String>,
}

/// Nothing is applied if anything in the file is wrong; the exit code is then 1.
pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<ExitCode, Failure> {
    let bytes = read_input(&arguments.file, portal::ACCOUNT_FILE_BYTES_MAX)?;
    let portal = open(settings).await?;
    if bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{') {
        let text = std::str::from_utf8(&bytes).map_err(|e| format!("the file is not UTF-8: {e}"))?;
        let mut actor = portal.account().await?.map(|a| Actor::owner(a.id, "command line", Via::CommandLine));
        if let Some(known) = actor {
            let shown = shown(&portal, &known, &arguments.break_case).await?;
            actor = Some(known.confirming_broken_cases(shown));
        }
        let done =
            portal.import_account(actor.as_ref(), text, arguments.dry_run).await.map_err(with_way_out)?;
        println!("{done}");
        return Ok(ExitCode::SUCCESS);
    }
    let (actor, account) = account(&portal).await?;
    let shown = shown(&portal, &actor, &arguments.break_case).await?;
    let actor = actor.confirming_broken_cases(shown);
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
        let done = portal.apply_import(&actor, account.id, source, plan.as_of).await.map_err(with_way_out)?;
        println!("imported: {} added, {} changed", done.added, done.changed);
    }
    Ok(ExitCode::SUCCESS)
}

/// The saved cases that somebody names, having read that they would break.
async fn shown(portal: &Portal, actor: &Actor, names: &[String]) -> Result<Vec<CaseId>, Failure> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let cases = portal.cases(actor, actor.account()).await?;
    let id = |name: &String| {
        let case = cases.iter().find(|case| case.name.as_str() == name);
        case.map(|case| case.id).ok_or_else(|| format!("no saved case is called {name}").into())
    };
    names.iter().map(id).collect()
}

/// What is refused for saved cases says how to go on.
fn with_way_out(error: Error) -> Failure {
    match &error {
        Error::BreaksCases(broken) => {
            let flags: Vec<String> =
                broken.iter().map(|case| format!("--break-case {:?}", case.name.as_str())).collect();
            format!("{error}. Nothing was imported. If that is meant, run it again with {}", flags.join(" "))
                .into()
        }
        _ => error.into(),
    }
}
