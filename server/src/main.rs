//! The `switchback` process: settings, the HTTP server, and the command line.

mod assets;
mod commands;
mod http;
mod quiet;
mod serve;
mod settings;

use std::{io::IsTerminal, process::ExitCode};

use clap::Parser;

use crate::commands::{Cli, Command};

/// With the system's, a bulk action over 100,000 DIDs leaves the server half as large again (`bench/README.md`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("SWITCHBACK_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn"));
    // The log goes to standard error: standard output belongs to the commands' answers.
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let failed = cli.command.failed();
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("switchback: {error}");
            let mut source = std::error::Error::source(error.as_ref());
            while let Some(cause) = source {
                eprintln!("  because: {cause}");
                source = cause.source();
            }
            failed
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, commands::Failure> {
    let command = match cli.command {
        // It needs neither settings nor a database.
        Command::Check => return Ok(commands::check::run()),
        Command::WithSettings(command) => command,
    };
    let settings = settings::Settings::load(&cli.settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(commands::run(command, settings))
}
