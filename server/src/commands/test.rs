//! `switchback test`: the saved cases, run from the command line, as a table and as JUnit's XML.

mod junit;

use std::{fmt::Write, path::PathBuf, process::ExitCode};

use portal::limits::CASES_PER_ACCOUNT_MAX;
use routing::{Alias, Answerer, Case, Expectation, Reaches, RouteId, Snapshot, Verdict};
use serde::Deserialize;

use super::{Failure, account, export::replace, input, open_existing};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A file with {"snapshot":…,"cases":[{"name":…,"case":{…}}]} instead of the account's cases; - for standard input
    #[arg(long, value_name = "FILE")]
    input: Option<String>,
    /// Write the results here as well, as JUnit's XML; a file that is there is replaced
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    snapshot: Snapshot,
    #[serde(deserialize_with = "routing::bounded::list::<_, _, CASES_PER_ACCOUNT_MAX>")]
    cases: Vec<InputCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InputCase {
    name: Alias,
    case: Case,
}

/// Exit code if a case does not hold.
const SOME_FAIL: u8 = 1;

/// Cases that were run, with the configuration that names their routes.
struct Results {
    /// The account, or the file.
    suite: String,
    snapshot: Snapshot,
    cases: Vec<(Alias, Expectation, Verdict)>,
}

/// Exit code 0: all hold; 1: some do not. (If they could not be run at all, it is 2.)
pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<ExitCode, Failure> {
    let results = match &arguments.input {
        Some(path) => from_input(path, input::read(path, "{\"snapshot\":…,\"cases\":[…]}")?)?,
        None => from_database(settings).await?,
    };
    print!("{}", results.table());
    if let Some(path) = &arguments.junit {
        replace(path, junit::report(&results).as_bytes())
            .map_err(|e| format!("cannot write {}: {e}", path.display()))?;
    }
    Ok(ExitCode::from(results.exit_code()))
}

async fn from_database(settings: &Settings) -> Result<Results, Failure> {
    let portal = open_existing(settings).await?;
    let (actor, account) = account(&portal, settings).await?;
    let cases = portal.cases(&actor, account.id).await?;
    let desk = portal.desk(&actor, account.id, None).await?;
    let cases = cases.into_iter().map(|view| (view.name, view.case.expect, view.verdict)).collect();
    Ok(Results { suite: account.name, snapshot: desk.snapshot, cases })
}

fn from_input(path: &str, input: Input) -> Result<Results, Failure> {
    let Input { snapshot, cases } = input;
    input::check_snapshot(path, &snapshot)?;
    for (at, InputCase { case, .. }) in cases.iter().enumerate() {
        input::check_scenario(path, &format!("cases[{at}].case.scenario"), &case.scenario)?;
    }
    let run = |InputCase { name, case }: InputCase| (name, case.expect, case.run(&snapshot));
    let cases = cases.into_iter().map(run).collect();
    Ok(Results { suite: path.to_owned(), snapshot, cases })
}

impl Results {
    fn failing(&self) -> usize {
        self.cases.iter().filter(|(_, _, verdict)| !verdict.holds()).count()
    }

    fn exit_code(&self) -> u8 {
        if self.failing() > 0 { SOME_FAIL } else { 0 }
    }

    /// A line for each case, and the sum.
    fn table(&self) -> String {
        let width = self.cases.iter().map(|(name, ..)| name.as_str().chars().count()).max().unwrap_or(0);
        let mut text = String::new();
        for (name, expect, verdict) in &self.cases {
            let word = if verdict.holds() { "holds" } else { "FAILS" };
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{word}  {name:<width$}  {}", self.sentence(expect, verdict));
        }
        let failing = self.failing();
        let _ = match self.cases.len() {
            0 => writeln!(text, "there are no cases"),
            1 => writeln!(text, "1 case, {failing} failing"),
            all => writeln!(text, "{all} cases, {failing} failing"),
        };
        text
    }

    /// What came of a case, and what was expected if that is something else.
    fn sentence(&self, expect: &Expectation, verdict: &Verdict) -> String {
        let expected = || self.expected(expect);
        match verdict {
            Verdict::Holds(cell) => cell.outcome.to_text(&self.snapshot),
            Verdict::Elsewhere(cell) | Verdict::TooLate(cell) => {
                format!("{}; expected: {}", cell.outcome.to_text(&self.snapshot), expected())
            }
            Verdict::CannotRun(error) => format!("cannot be run: {error}; expected: {}", expected()),
        }
    }

    fn expected(&self, expect: &Expectation) -> String {
        let who = match expect.reaches {
            Reaches::Route(id) => self.alias(id),
            Reaches::Answerer(Answerer::Pbx) => "a phone system".to_owned(),
            Reaches::Answerer(Answerer::Person) => "a person".to_owned(),
            Reaches::Answerer(Answerer::LiveAnswer) => "an answering service".to_owned(),
            Reaches::Answerer(Answerer::Voicemail) => "voicemail".to_owned(),
            Reaches::Somebody => "somebody".to_owned(),
            Reaches::Nobody => "nobody".to_owned(),
        };
        match expect.within_ms {
            Some(within) => format!("{who} within {within}"),
            None => who,
        }
    }

    fn alias(&self, id: RouteId) -> String {
        match self.snapshot.route(id) {
            Some(route) => route.alias.to_string(),
            None if id == RouteId::REGISTERED => Alias::registered().to_string(),
            None => format!("inbound route {id}, which is gone"),
        }
    }
}

#[cfg(test)]
mod tests;
