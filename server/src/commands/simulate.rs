//! `switchback simulate`: a call's timeline in the terminal.

use std::{collections::BTreeSet, process::ExitCode};

use routing::{
    CallerBehaviour, Dialling, Did, E164, Fault, FaultTarget, InjectedFault, Millis, Profile, RouteId,
    Scenario, Snapshot, shortened, simulate,
};
use serde::Deserialize;

use super::{Failure, account, input, moment, open_existing};
use crate::settings::Settings;

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
    /// What fails at every route of a plan's step, the first being 1; may be given several times
    #[arg(long, num_args = 2, value_names = ["N", "FAULT"])]
    step: Vec<String>,
    /// What fails anywhere: carrier:NAME=FAULT, or route:ID, host:NAME, site:NAME, region:NAME, edge:ID, network:phone_network and the like; may be given several times
    #[arg(long, value_name = "WHERE=FAULT")]
    fault: Vec<String>,
    /// When the call comes in, for plans with hours: 2026-11-29T11:00:00Z, or a local time with --zone [default: as if every schedule were open]
    #[arg(long, value_name = "MOMENT")]
    at: Option<String>,
    /// The time zone of --at, such as America/Los_Angeles
    #[arg(long, value_name = "ZONE", requires = "at")]
    zone: Option<String>,
    /// When the caller hangs up, in seconds
    #[arg(long, value_name = "SECONDS")]
    hangs_up_after: Option<u32>,
    /// Whose timers run: ideal (RFC 3261) or kamailio (ticks of 62.5 ms) [default: ideal, or what --input says]
    #[arg(long, value_parser = ["ideal", "kamailio"])]
    profile: Option<String>,
    /// What draws by weight start from: the same number draws the same [default: 0, or what --input says]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// A file with {"snapshot":…,"scenario":…} instead of the database; - for standard input
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["primary", "failover", "step", "fault", "at", "hangs_up_after"]
    )]
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
            let input: Input = input::read(path, "{\"snapshot\":…,\"scenario\":…}")?;
            input::check_snapshot(path, &input.snapshot)?;
            input::check_scenario(path, "scenario", &input.scenario)?;
            from_input(input, arguments.did.as_deref())?
        }
        None => from_database(settings, &arguments).await?,
    };
    overridden(&arguments, &mut scenario);
    let trace = simulate(&snapshot, &scenario)?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&trace)?);
    } else {
        print!("{}", trace.to_text(&snapshot));
    }
    Ok(if trace.reached_somebody() { ExitCode::SUCCESS } else { ExitCode::from(NOBODY_REACHED) })
}

/// What the command line says of any call, whether it comes from the database or from a file.
fn overridden(arguments: &Arguments, scenario: &mut Scenario) {
    if let Some(profile) = &arguments.profile {
        scenario.profile = if profile == "kamailio" { Profile::Kamailio } else { Profile::Ideal };
    }
    if let Some(seed) = arguments.seed {
        scenario.seed = seed;
    }
}

/// A number on the command line goes before the scenario's; the snapshot does not say whose habits it is written by.
fn from_input(input: Input, did: Option<&str>) -> Result<(Snapshot, Scenario), Failure> {
    let Input { snapshot, mut scenario } = input;
    if let Some(text) = did {
        scenario.did = E164::parse_dialled(text, &Dialling::default())
            .map_err(|e| format!("`{}` is not a number: {e}", shortened(text)))?;
    }
    Ok((snapshot, scenario))
}

async fn from_database(settings: &Settings, arguments: &Arguments) -> Result<(Snapshot, Scenario), Failure> {
    let text = arguments
        .did
        .as_deref()
        .ok_or("say which number is called, such as +12065550100, or give --input")?;
    let portal = open_existing(settings).await?;
    let (actor, account) = account(&portal, settings).await?;
    let dialling = Dialling::of(&account.country).unwrap_or_default();
    let number = E164::parse_dialled(text, &dialling)
        .map_err(|e| format!("`{}` is not a number: {e}", shortened(text)))?;
    let view = portal.did(&actor, account.id, number).await?;
    let did = view.snapshot.dids.iter().find(|d| d.number == number).ok_or("the number has no routing")?;
    let scenario = scenario(arguments, &view.snapshot, did, &view.marked_down)?;
    Ok((view.snapshot.clone(), scenario))
}

/// The call that the arguments ask for. Routes whose failure they do not name are as they are now.
fn scenario(
    arguments: &Arguments,
    snapshot: &Snapshot,
    did: &Did,
    marked_down: &[RouteId],
) -> Result<Scenario, Failure> {
    let mut scenario = Scenario::new(did.number);
    scenario.caller =
        CallerBehaviour { hangs_up_after: arguments.hangs_up_after.map(|s| Millis(s.saturating_mul(1000))) };
    if let Some(at) = &arguments.at {
        scenario.at = Some(moment::read(at, arguments.zone.as_deref())?);
    }
    let mut named = BTreeSet::new();
    for (routes, word) in broken(arguments, snapshot, did)? {
        for route in routes.into_iter().filter(|route| named.insert(*route)) {
            inject(&mut scenario, route, word)?;
        }
    }
    for text in &arguments.fault {
        let injected = InjectedFault::parse(text)?;
        // A name that is mistyped would pass for a fault that does no harm.
        if !snapshot.depends_on(&injected.on) {
            eprintln!("no route of this call depends on {}: that failure changes nothing", injected.on);
        }
        scenario.faults.push(injected);
    }
    for route in marked_down.iter().filter(|route| !named.contains(route)) {
        scenario.mark_down(&[*route]);
    }
    scenario.check()?;
    Ok(scenario)
}

/// The routes that --primary, --failover and --step break, each with its word.
fn broken<'a>(
    arguments: &'a Arguments,
    snapshot: &Snapshot,
    did: &Did,
) -> Result<Vec<(Vec<RouteId>, &'a str)>, Failure> {
    let mut broken = Vec::new();
    if let Some(word) = &arguments.primary {
        broken.push((vec![did.primary], word.as_str()));
    }
    let plan = did.failover.plan().and_then(|id| snapshot.plan(id));
    if let Some(word) = &arguments.failover {
        let why = match plan {
            Some(_) => "the number's failover is a plan; say which step fails, as in --step 1 silent",
            None => "the number has no failover route",
        };
        broken.push((vec![did.failover.route().ok_or(why)?], word));
    }
    for pair in arguments.step.chunks_exact(2) {
        let plan = plan.ok_or("the number's failover is no plan, so that it has no steps")?;
        let steps = plan.steps.len();
        let at = pair[0].parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        let step = at.and_then(|at| plan.steps.get(at)).ok_or_else(|| {
            format!("there is no step `{}`; the plan has steps 1 to {steps}", shortened(&pair[0]))
        })?;
        broken.push((step.routes.iter().map(|leg| leg.route).collect(), pair[1].as_str()));
    }
    Ok(broken)
}

fn inject(scenario: &mut Scenario, route: RouteId, word: &str) -> Result<(), Failure> {
    if word == "down" {
        scenario.mark_down(&[route]);
        return Ok(());
    }
    scenario.faults.push(InjectedFault { on: FaultTarget::Route(route), fault: Fault::parse(word)? });
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use routing::{Alias, Clocks, DidId, Failover, FailoverPlan, PlanId, Step, Trigger};

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn arguments(line: &str) -> Arguments {
        let words = std::iter::once("simulate").chain(line.split_whitespace());
        Line::try_parse_from(words).unwrap().arguments
    }

    /// Primary 1; a plan that rings 2, then 3 and 4.
    fn with_plan() -> (Snapshot, Did) {
        let clocks = Clocks { no_response_ms: Millis(6_000), ring_ms: Millis(20_000) };
        let step = |routes: &[i64]| Step::of(routes.iter().copied().map(RouteId), Trigger::default(), clocks);
        let plan = FailoverPlan {
            id: PlanId(1),
            name: Alias::parse("Plan").unwrap(),
            steps: vec![step(&[2]), step(&[3, 4])],
        };
        let did = Did {
            id: DidId(1),
            number: E164::parse("+12065550100").unwrap(),
            alias: None,
            primary: RouteId(1),
            failover: Failover::Plan(PlanId(1)),
            weights: None,
        };
        (Snapshot { plans: vec![plan], dids: vec![did.clone()], ..Snapshot::default() }, did)
    }

    #[test]
    fn a_number_given_beside_an_input_goes_before_the_scenarios() {
        for (given, expected) in [(None, "+12065550100"), (Some("(206) 555-0101"), "+12065550101")] {
            let scenario = Scenario::new(E164::parse("+12065550100").unwrap());
            let input = Input { snapshot: Snapshot::default(), scenario };
            assert_eq!(from_input(input, given).unwrap().1.did.to_string(), expected);
        }
    }

    #[test]
    fn a_seed_decides_what_is_drawn_by_weight() {
        let (mut snapshot, mut did) = with_plan();
        did.weights = Some(routing::Weights { primary: 1, failover: 1 });
        did.failover = Failover::Route(RouteId::REGISTERED);
        snapshot.dids = vec![did.clone()];
        snapshot.plans.clear();
        snapshot.routes.push(routing::InboundRoute {
            id: RouteId(1),
            alias: Alias::parse("pbx").unwrap(),
            target: routing::RouteTarget::parse(
                routing::RouteKind::Host,
                "pbx.example.com",
                &Dialling::default(),
            )
            .unwrap(),
            edge: None,
            domains: routing::Domains::default(),
        });
        let first = |line: &str| {
            let mut scenario = Scenario::new(did.number);
            scenario.seed = 5;
            overridden(&arguments(line), &mut scenario);
            let trace = simulate(&snapshot, &scenario).unwrap();
            (scenario.seed, trace.attempts[0].route)
        };
        assert_eq!(first(""), (5, first("--seed 5").1));
        let drawn: BTreeSet<RouteId> = (0..20).map(|seed| first(&format!("--seed {seed}")).1).collect();
        assert_eq!(drawn.len(), 2, "{drawn:?}");
        assert!(Line::try_parse_from(["simulate", "--seed", "-1"]).is_err());
    }

    #[test]
    fn what_fails_is_said_of_a_route_a_step_or_anything() {
        let (snapshot, did) = with_plan();
        for (line, faults, marked_down) in [
            ("", "route:4=silent", vec![4]),
            ("--primary 503", "route:1=503, route:4=silent", vec![4]),
            ("--step 2 busy", "route:3=busy, route:4=busy", vec![]),
            ("--step 1 down --step 2 rings", "route:2=silent, route:3=rings, route:4=rings", vec![2]),
            (
                "--fault carrier:Acme=silent --fault route:2=12.5s",
                "carrier:Acme=silent, route:2=12.5s, route:4=silent",
                vec![4],
            ),
        ] {
            let found = scenario(&arguments(line), &snapshot, &did, &[RouteId(4)]).unwrap();
            let texts: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
            assert_eq!(texts.join(", "), faults, "{line}");
            assert_eq!(found.marked_down, marked_down.into_iter().map(RouteId).collect::<Vec<_>>(), "{line}");
        }
        let at = arguments("--at 2026-11-29T03:00 --zone America/Los_Angeles --hangs-up-after 30");
        let found = scenario(&at, &snapshot, &did, &[]).unwrap();
        assert_eq!((found.at, found.caller.hangs_up_after), (Some(1_795_950_000), Some(Millis(30_000))));
    }

    #[test]
    fn what_cannot_fail_says_why() {
        let (snapshot, did) = with_plan();
        let plain = Did { failover: Failover::None, ..did.clone() };
        for (line, did, says) in [
            ("--primary slow", &did, "`slow` is no failure"),
            ("--primary 200", &did, "200 does not reject"),
            ("--primary -1s", &did, "`-1s` is no failure"),
            ("--failover busy", &did, "say which step"),
            ("--failover busy", &plain, "has no failover route"),
            ("--step 3 busy", &did, "the plan has steps 1 to 2"),
            ("--step 0 busy", &did, "there is no step `0`"),
            ("--step x busy", &did, "there is no step `x`"),
            ("--step 1 busy", &plain, "is no plan"),
            ("--fault Acme", &did, "does not say how it fails"),
            ("--at yesterday", &did, "is no moment"),
        ] {
            let line = line.replace("--primary -1s", "--primary=-1s");
            let error = scenario(&arguments(&line), &snapshot, did, &[]).unwrap_err().to_string();
            assert!(error.contains(says), "{line}: {error}");
        }
    }
}
