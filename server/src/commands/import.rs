//! `switchback import`: a CSV of DIDs, or a whole account's file.

use std::process::ExitCode;

use portal::{Actor, BrokenCase, DraftId, Error, ImportOutcome, Portal, Progress};
use routing::{AccountId, CaseId};

use super::{Failure, account, chosen, open, open_input, operator, read_part, read_rest};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The file; - for standard input. JSON is an account's file, anything else a CSV of DIDs
    file: String,
    /// Say what would happen and change nothing; the exit code is that of the import itself
    #[arg(long)]
    dry_run: bool,
    /// Import though this saved case would not hold any more; may be given several times
    #[arg(long, value_name = "NAME")]
    break_case: Vec<String>,
}

/// Nothing is applied if anything in the file is wrong, or if it breaks a saved case that nobody named; the exit code
/// is then 1.
pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<ExitCode, Failure> {
    let mut file = open_input(&arguments.file)?;
    let first = read_part(&mut file, &arguments.file)?;
    let portal = open(settings).await?;
    if first.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{') {
        let bytes = read_rest(first, file, &arguments.file, portal::ACCOUNT_FILE_BYTES_MAX)?;
        return account_file(&portal, settings, &arguments, &bytes).await;
    }
    let (actor, account) = account(&portal, settings).await?;
    let shown = named(&portal, account.id, &arguments.break_case).await?;
    let actor = actor.confirming_broken_cases(shown.clone());
    let mut upload = portal.begin_import(&actor, account.id, &arguments.file).await?;
    let mut part = first;
    while !part.is_empty() {
        upload.push(&part).await?;
        part = match read_part(&mut file, &arguments.file) {
            Ok(part) => part,
            Err(failed) => {
                upload.give_up().await;
                return Err(failed);
            }
        };
    }
    let draft = upload.finish().await?;
    let done = review(&portal, &actor, account.id, &draft, &arguments, &shown).await;
    match portal.discard_import(&actor, account.id, &draft).await {
        // An import that was done has taken it.
        Ok(()) | Err(Error::NotFound(_)) => done,
        Err(failed) => done.and(Err(failed.into())),
    }
}

/// A file that was brought in: says what it would do, and does it.
async fn review(
    portal: &Portal,
    actor: &Actor,
    account: AccountId,
    draft: &DraftId,
    arguments: &Arguments,
    shown: &[CaseId],
) -> Result<ExitCode, Failure> {
    let (_, plan) = portal.staged_import(actor, account, draft).await?;
    for row in &plan.rows {
        if let ImportOutcome::Error(error) = &row.outcome {
            eprintln!("line {}: {}: {error}", row.line, row.number);
        }
    }
    if !plan.ignored.is_empty() {
        eprintln!("columns that are not read: {}", plan.ignored.join(", "));
    }
    println!(
        "{} {}: {} to add, {} to change, {} as they are, {} with errors",
        plan.rows_total,
        if plan.rows_total == 1 { "row" } else { "rows" },
        plan.adds,
        plan.changes,
        plan.unchanged,
        plan.errors
    );
    if plan.errors > 0 {
        return Err("nothing was imported; correct the lines above and run it again".into());
    }
    if arguments.dry_run {
        forecast(&plan.broken_cases, shown)?;
    } else {
        let done = portal
            .apply_import(actor, account, draft, plan.as_of, &Progress::default())
            .await
            .map_err(with_way_out)?;
        println!("imported: {} added, {} changed", done.added, done.changed);
    }
    Ok(ExitCode::SUCCESS)
}

/// A whole account.
async fn account_file(
    portal: &Portal,
    settings: &Settings,
    arguments: &Arguments,
    bytes: &[u8],
) -> Result<ExitCode, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|e| format!("the file is not UTF-8: {e}"))?;
    let account = chosen(portal, settings).await?.map(|account| account.id);
    let shown = match account {
        Some(account) => named(portal, account, &arguments.break_case).await?,
        None => Vec::new(),
    };
    let actor = operator().confirming_broken_cases(shown.clone());
    let done = portal.import_account(&actor, account, text, arguments.dry_run).await.map_err(with_way_out)?;
    println!("{done}");
    forecast(&done.broken_cases, &shown).map(|()| ExitCode::SUCCESS)
}

/// The saved cases that somebody names, having read that they would break.
async fn named(portal: &Portal, account: AccountId, names: &[String]) -> Result<Vec<CaseId>, Failure> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let cases = portal.cases(&operator(), account).await?;
    let id = |name: &String| {
        let case = cases.iter().find(|case| case.name.as_str() == name);
        case.map(|case| case.id).ok_or_else(|| {
            format!("no saved case is called {}; `switchback test` lists them", routing::shortened(name))
                .into()
        })
    };
    names.iter().map(id).collect()
}

/// A dry run ends as the import would: with a failure if it breaks a saved case that is not among those shown.
fn forecast(broken: &[BrokenCase], shown: &[CaseId]) -> Result<(), Failure> {
    if broken.iter().any(|case| !shown.contains(&case.id)) {
        return Err(with_way_out(Error::BreaksCases(broken.to_vec())));
    }
    for case in broken {
        println!("saved case that would not hold any more, as confirmed: {}", case.name);
    }
    Ok(())
}

/// What is refused for saved cases says how to go on.
fn with_way_out(error: Error) -> Failure {
    match &error {
        Error::BreaksCases(broken) => {
            let flags: Vec<String> =
                broken.iter().map(|case| format!("--break-case {}", quoted(case.name.as_str()))).collect();
            format!("{error}. Nothing was imported. If that is meant, run it again with {}", flags.join(" "))
                .into()
        }
        _ => error.into(),
    }
}

/// As one word of a shell: a name may hold what a shell would run, and the line is there to be copied.
fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_word_of_a_shell_whatever_it_holds() {
        for (name, word) in
            [("Desk", "'Desk'"), ("a \"b\" $(c) `d`", "'a \"b\" $(c) `d`'"), ("O'Hara", r"'O'\''Hara'")]
        {
            assert_eq!(quoted(name), word);
        }
    }

    /// The sample account's database, and a CSV and an account file that break some of its saved cases.
    async fn sample(dir: &std::path::Path) -> (Settings, [String; 2]) {
        let database = format!("sqlite:{}", dir.join("t.sqlite").display());
        let settings = Settings::of(&database);
        let portal = open(&settings).await.unwrap();
        portal.create_sample_account().await.unwrap();
        let (actor, account) = account(&portal, &settings).await.unwrap();
        let file = portal.export_account(&actor, account.id).await.unwrap();
        let slow = file
            .replace("\"no_response_ms\":6000,\"patience_ms\"", "\"no_response_ms\":30000,\"patience_ms\"");
        assert_ne!(slow, file);
        let written = [("dids.csv", "number,failover\n+12065550100,none\n"), ("account.json", &slow)];
        let paths = written.map(|(name, text)| {
            let path = dir.join(name);
            std::fs::write(&path, text).unwrap();
            path.display().to_string()
        });
        (settings, paths)
    }

    #[tokio::test]
    async fn a_dry_run_names_the_cases_that_the_import_would_break_and_fails_as_it_would() {
        let dir = tempfile::tempdir().unwrap();
        let (settings, files) = sample(dir.path()).await;
        for file in files {
            let import = async |dry_run: bool, break_case: &[String]| {
                let file = file.clone();
                run(&settings, Arguments { file, dry_run, break_case: break_case.to_vec() }).await
            };
            let refused = import(false, &[]).await.unwrap_err().to_string();
            assert_eq!(import(true, &[]).await.unwrap_err().to_string(), refused);
            let flags =
                refused.split_once(" again with --break-case ").unwrap_or_else(|| panic!("{refused}")).1;
            let names: Vec<String> =
                flags.split(" --break-case ").map(|name| name.trim_matches('\'').to_owned()).collect();
            assert!(names.contains(&"Fiber cut: Seattle still answers, over LTE".to_owned()), "{names:?}");
            // Those that were named end neither; the dry run changed nothing, so that the import still has to.
            import(true, &names).await.unwrap();
            import(true, &names[1..]).await.unwrap_err();
            import(false, &names[1..]).await.unwrap_err();
        }
    }
}
