//! Switchback's commands: `cargo xtask run`, `test`, `dev`, `bench`, `site`.
//!
//! They need Rust and a C compiler; `test` installs or asks for the rest.

mod arrows;
mod bench;
mod compress;
mod counts;
mod css;
mod deny;
mod dev;
mod process;
mod run;
mod security;
mod setup;
mod site;
mod steps;
mod test;

use std::process::ExitCode;

/// What every command answers: a failure is a text for the person at the terminal.
type Outcome<T = ()> = Result<T, String>;

const USAGE: &str = "\
cargo xtask COMMAND

  run [-- ARGUMENTS]  build optimised and serve on http://127.0.0.1:3000; ARGUMENTS go to `switchback serve`
  test                set up what is missing, then run every check
  dev [-- ARGUMENTS]  serve a debug build, and rebuild when a source file changes
  bench               measure
  site [--dev]        build only what the browser loads, into target/site
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();

    let outcome = match command.as_str() {
        "run" => run::run(after_dashes(&rest)),
        "dev" => dev::dev(after_dashes(&rest)),
        "test" => none_left(&rest).and_then(|()| test::test()),
        "bench" => none_left(&rest).and_then(|()| bench::bench()),
        "site" => match rest.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => site::build(site::Kind::Optimised),
            ["--dev"] => site::build(site::Kind::Debug),
            _ => Err(USAGE.to_owned()),
        },
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        _ => Err(USAGE.to_owned()),
    };

    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // `test` has told everything already: its last line is the count.
            if !message.is_empty() {
                eprintln!("{message}");
            }
            ExitCode::FAILURE
        }
    }
}

/// The server's arguments. `cargo xtask run --listen …` and `cargo xtask run -- --listen …` mean the same.
fn after_dashes(rest: &[String]) -> &[String] {
    match rest {
        [dashes, server @ ..] if dashes == "--" => server,
        server => server,
    }
}

fn none_left(rest: &[String]) -> Outcome {
    match rest {
        [] => Ok(()),
        [first, ..] => Err(format!("unexpected argument `{first}`\n\n{USAGE}")),
    }
}
