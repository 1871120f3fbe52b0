//! `switchback-bench`: seeds a database through the server's own pages, measures the server over HTTP, and writes
//! tables. It starts the server that `SWITCHBACK_BIN` names, and knows it only by its addresses and forms.

mod browser;
mod estimates;
mod html;
mod http;
mod machine;
mod measure;
mod readme;
mod report;
mod seed;
mod server;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use report::Table;

/// Every failure is a text for the person at the terminal.
type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// DIDs that are seeded, unless `SWITCHBACK_BENCH_DIDS` says otherwise.
const DIDS: u64 = 100_000;

const USAGE: &str = "\
switchback-bench [--criterion DIRECTORY] [--browser FILE] [--write FILE]

  --criterion DIRECTORY  report what criterion left there, too
  --browser FILE         report the rows that end2end/measure wrote, too
  --write FILE           put the tables between the marks of this file; without it they go to standard output

  SWITCHBACK_BIN             the server [default: target/release/switchback]
  SWITCHBACK_BENCH_DIDS      how many DIDs to seed, at least 30,000 [default: 100,000]
  SWITCHBACK_BENCH_POSTGRES  postgres://… of an empty database: measure that, too";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("switchback-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Default)]
struct Arguments {
    criterion: Option<PathBuf>,
    browser: Option<PathBuf>,
    write: Option<PathBuf>,
}

fn arguments() -> Outcome<Arguments> {
    let mut read = Arguments::default();
    let mut words = std::env::args_os().skip(1);
    while let Some(word) = words.next() {
        let into = match word.to_str() {
            Some("--criterion") => &mut read.criterion,
            Some("--browser") => &mut read.browser,
            Some("--write") => &mut read.write,
            _ => return Err(USAGE.into()),
        };
        *into = Some(words.next().ok_or(USAGE)?.into());
    }
    Ok(read)
}

fn run() -> Outcome {
    let arguments = arguments()?;
    let dids = match std::env::var("SWITCHBACK_BENCH_DIDS") {
        Ok(text) => text.replace([',', '_'], "").parse().map_err(|_| USAGE)?,
        Err(_) => DIDS,
    };
    let binary = std::env::var_os("SWITCHBACK_BIN").map_or("target/release/switchback".into(), PathBuf::from);
    let binary = binary
        .canonicalize()
        .map_err(|error| format!("cannot find the server {}: {error}", binary.display()))?;
    // Beside the server, thus on the disk of the checkout: a temporary folder is often in memory, where being
    // durable costs nothing.
    let beside = binary.parent().ok_or("the server lies in no folder")?;
    let folder = tempfile::Builder::new().prefix("switchback-bench-").tempdir_in(beside)?;

    let mut tables = vec![machine::table(folder.path())?];
    if let Some(results) = &arguments.criterion {
        tables.push(estimates::table(results)?);
    }
    if let Some(rows) = &arguments.browser {
        tables.push(browser::table(rows)?);
    }
    let mut databases = vec![("SQLite", "sqlite:bench.sqlite".to_owned())];
    databases.extend(std::env::var("SWITCHBACK_BENCH_POSTGRES").ok().map(|url| ("PostgreSQL", url)));
    for (name, url) in databases {
        eprintln!("{name}, {} DIDs", report::figure(dids));
        let rows = measure::all(
            &server::Start {
                binary: &binary,
                folder: folder.path(),
                database: &url,
                jar: &http::Jar::default(),
            },
            dids,
        )?;
        tables.push(Table { title: format!("{} DIDs over HTTP, {name}", report::figure(dids)), rows });
    }

    let text = tables.iter().map(Table::markdown).collect::<Vec<_>>().join("\n");
    match arguments.write {
        Some(file) => readme::write(&file, &text),
        None => {
            print!("{text}");
            Ok(())
        }
    }
}
