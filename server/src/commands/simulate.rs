//! `switchback simulate`: a call's timeline in the terminal.

use std::process::ExitCode;

use routing::{
    CallerBehaviour, Dialling, E164, Fault, FaultTarget, InjectedFault, Millis, Profile, RejectCode, RouteId,
    Scenario, Snapshot, simulate,
};
use serde::Deserialize;

use super::{Failure, account, open_existing, read_input};
use crate::settings::Settings;

/// A snapshot of the largest account fits; more is no snapshot of ours.
const INPUT_BYTES_MAX: usize = 512 * 1024 * 1024;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The number that is called, in the database; with --input, instead of the scenario's
    did: Option<String>,
    /// What fails at the primary route: silent, trying, refused, dns, tls, rings, busy, declines, voicemail, down, a code such as 503, or 12s (answers after)
    #[arg(long, value_name = "FAULT")]
    primary: Option<String>,
    /// What fails at the failover route; the same words
    #[arg(long, value_name = "FAULT")]
    failover: Option<String>,
    /// When the caller hangs up, in seconds
    #[arg(long, value_name = "SECONDS")]
    hangs_up_after: Option<u32>,
    /// Whose timers run: ideal (RFC 3261) or kamailio (ticks of 62.5 ms) [default: ideal, or what --input says]
    #[arg(long, value_parser = ["ideal", "kamailio"])]
    profile: Option<String>,
    /// A file with {"snapshot":…,"scenario":…} instead of the database; - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["primary", "failover", "hangs_up_after"])]
    input: Option<String>,
    /// Print the trace as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    snapshot: Snapshot,
    scenario: Scenario,
}

/// Exit code if nobody was reached; 2 is clap's, for a command that is wrong.
const NOBODY_REACHED: u8 = 3;

/// Exit code 0: somebody was reached; 3: nobody was.
pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<ExitCode, Failure> {
    let (snapshot, mut scenario) = match &arguments.input {
        Some(path) => {
            let input: Input = serde_json::from_slice(&read_input(path, INPUT_BYTES_MAX)?)
                .map_err(|e| format!("{path} is not {{\"snapshot\":…,\"scenario\":…}}: {e}"))?;
            from_input(input, arguments.did.as_deref())?
        }
        None => from_database(settings, &arguments).await?,
    };
    if let Some(profile) = &arguments.profile {
        scenario.profile = if profile == "kamailio" { Profile::Kamailio } else { Profile::Ideal };
    }
    let trace = simulate(&snapshot, &scenario)?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&trace)?);
    } else {
        print!("{}", trace.to_text(&snapshot));
    }
    Ok(if trace.reached_somebody() { ExitCode::SUCCESS } else { ExitCode::from(NOBODY_REACHED) })
}

/// A number on the command line goes before the scenario's; the snapshot does not say whose habits it is written by.
fn from_input(input: Input, did: Option<&str>) -> Result<(Snapshot, Scenario), Failure> {
    let Input { snapshot, mut scenario } = input;
    if let Some(text) = did {
        scenario.did = E164::parse_dialled(text, &Dialling::default())
            .map_err(|e| format!("`{text}` is not a number: {e}"))?;
    }
    Ok((snapshot, scenario))
}

async fn from_database(settings: &Settings, arguments: &Arguments) -> Result<(Snapshot, Scenario), Failure> {
    let text = arguments
        .did
        .as_deref()
        .ok_or("say which number is called, such as +12065550100, or give --input")?;
    let portal = open_existing(settings).await?;
    let (actor, account) = account(&portal).await?;
    let dialling = Dialling::of(&account.country).unwrap_or_default();
    let number =
        E164::parse_dialled(text, &dialling).map_err(|e| format!("`{text}` is not a number: {e}"))?;
    let did = portal.did(&actor, account.id, number).await?;
    let routing = did.snapshot.dids.iter().find(|d| d.number == number).ok_or("the number has no routing")?;
    let mut scenario = Scenario::new(number);
    scenario.caller =
        CallerBehaviour { hangs_up_after: arguments.hangs_up_after.map(|s| Millis(s.saturating_mul(1000))) };
    let failover = routing.failover.route();
    if arguments.failover.is_some() && failover.is_none() {
        return Err("the number has no failover route".into());
    }
    let chosen = [(Some(routing.primary), &arguments.primary), (failover, &arguments.failover)];
    for (route, word) in chosen.into_iter().filter_map(|(route, word)| Some((route?, word))) {
        match word {
            Some(word) => inject(&mut scenario, route, word)?,
            // As it is now.
            None if did.marked_down.contains(&route) => mark_down(&mut scenario, route),
            None => {}
        }
    }
    Ok((did.snapshot.clone(), scenario))
}

fn inject(scenario: &mut Scenario, route: RouteId, word: &str) -> Result<(), Failure> {
    if word == "down" {
        mark_down(scenario, route);
        return Ok(());
    }
    scenario.faults.push(InjectedFault { on: FaultTarget::Route(route), fault: fault_of(word)? });
    Ok(())
}

/// Health has marked the route down, because it does not answer; tried as a last resort, it does not either.
fn mark_down(scenario: &mut Scenario, route: RouteId) {
    scenario.marked_down.push(route);
    scenario.faults.push(InjectedFault { on: FaultTarget::Route(route), fault: Fault::Silent });
}

fn fault_of(word: &str) -> Result<Fault, Failure> {
    Ok(match word {
        "silent" => Fault::Silent,
        "trying" => Fault::TryingOnly,
        "refused" => Fault::Refused,
        "dns" => Fault::DnsFailure,
        "tls" => Fault::TlsFailure,
        "rings" => Fault::RingsForEver,
        "busy" => Fault::Busy,
        "declines" => Fault::Declines,
        "voicemail" => Fault::VoicemailAnswers,
        other => match (other.strip_suffix('s').and_then(|s| s.parse::<u32>().ok()), other.parse::<u16>()) {
            (Some(seconds), _) => Fault::AnswersAfter(Millis(seconds.saturating_mul(1000))),
            (None, Ok(code)) => Fault::Rejects(RejectCode::new(code)?),
            (None, Err(_)) => {
                return Err(format!(
                    "`{other}` is no failure; write silent, trying, refused, dns, tls, rings, busy, declines, voicemail, down, a code such as 503, or 12s"
                )
                .into());
            }
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_given_beside_an_input_goes_before_the_scenarios() {
        for (given, expected) in [(None, "+12065550100"), (Some("(206) 555-0101"), "+12065550101")] {
            let scenario = Scenario::new(E164::parse("+12065550100").unwrap());
            let input = Input { snapshot: Snapshot::default(), scenario };
            assert_eq!(from_input(input, given).unwrap().1.did.to_string(), expected);
        }
    }

    #[test]
    fn a_failure_is_a_word_a_code_or_a_time() {
        assert_eq!(fault_of("silent").unwrap(), Fault::Silent);
        assert_eq!(fault_of("12s").unwrap(), Fault::AnswersAfter(Millis(12_000)));
        assert!(matches!(fault_of("503").unwrap(), Fault::Rejects(code) if u16::from(code) == 503));
        for wrong in ["200", "99999", "", "slow", "-1s"] {
            assert!(fault_of(wrong).is_err(), "{wrong}");
        }
    }
}
