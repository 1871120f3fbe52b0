//! Findings in words: what is wrong, and the way out.

use routing::{Cause, Finding, FindingDetail, FindingKind, FindingSubject, Millis, OwnDid, Severity};

/// A finding as two sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingWords {
    /// What is wrong, and what that does to a call.
    pub what: String,
    /// What to do about it.
    pub way_out: String,
}

/// What the things of a finding are called.
#[derive(Clone, Copy, Debug, Default)]
pub struct Called<'a> {
    /// The route that it is about, where it is about one.
    pub route: Option<&'a str>,
    /// The plan. `None`: the reader has it before the eyes, and a step is "step 2".
    pub plan: Option<&'a str>,
}

/// Says a finding.
pub fn say(finding: &Finding, called: Called<'_>) -> FindingWords {
    let place = Place { step: finding.step, is_plan: is_of_plan(finding), plan: called.plan };
    let route = called.route.unwrap_or("A route");
    let shared = |verb: &str, choose: &str| shared(&place, &finding.detail, verb, choose);
    let (what, way_out) = match finding.kind {
        FindingKind::PrimaryDownNoFailover => (
            "The primary route is down and there is no failover: calls are lost now.".into(),
            "Set a failover route or plan, or another primary route.".into(),
        ),
        FindingKind::Loop => (
            "Calls would go round among your own numbers, and nobody would answer.".into(),
            "Choose a route that leaves the circle: a host, or a number that is no DID of yours.".into(),
        ),
        FindingKind::OwnDid => (
            format!("{} would come back to us and fail{}.", place.capital(), leads_back(&finding.detail)),
            "Choose a number outside, a host or a URI.".into(),
        ),
        FindingKind::FailoverDown if place.is_plan => (
            format!("Every route of {} is down now.", place.plan.unwrap_or("the plan")),
            "Mend one of them, or put a route that is up into the plan.".into(),
        ),
        FindingKind::FailoverDown => {
            ("The failover route is down itself.".into(), "Mend it, or choose another failover.".into())
        }
        FindingKind::NoFailover => (
            "No failover: when the primary route fails, the caller hears the failure.".into(),
            "Tick the DIDs and choose Set Failover Route.".into(),
        ),
        FindingKind::SharedHost => shared("leads to", "a route to another host"),
        FindingKind::SharedCarrier => shared("uses", "a route of another carrier"),
        FindingKind::SharedSite => shared("stands in", "a route at another site"),
        FindingKind::StepNeverEntered => (
            format!(
                "{} is never entered: nothing enters it, its hours are never open, or the call has used up its \
                 attempts before it.",
                place.capital()
            ),
            "Change what it is entered on or its hours, or take it out.".into(),
        ),
        FindingKind::OutageEntersNoStep => (
            format!(
                "No step of {} is entered when the primary {}: callers hear the failure.",
                called.plan.unwrap_or("this plan"),
                outages(&finding.detail)
            ),
            "Let one step be entered on any outage.".into(),
        ),
        FindingKind::ScheduleGap => {
            (gap(&finding.detail), "Add a last step without hours, such as an answering service.".into())
        }
        FindingKind::VoicemailTrap if finding.severity == Severity::Warning => (
            format!(
                "{route} is a voicemail that rings beside others in {}: it takes the call before anybody can.",
                place.plain()
            ),
            format!("Put {route} into a step of its own, after the others."),
        ),
        FindingKind::VoicemailTrap => (
            format!(
                "{route} rings beside others in {}: if that phone is switched off, its voicemail takes the call \
                 before anybody can.",
                place.plain()
            ),
            "Put it into a step of its own, or let it start last with a stagger.".into(),
        ),
        FindingKind::OverCap => (
            format!(
                "Setting up a call may take {}. It is ended after {}, and the last steps are cut short.",
                after(&finding.detail),
                routing::limits::SETUP_MAX_MS
            ),
            "Shorten some clocks, or take out a step.".into(),
        ),
        FindingKind::OverPatience => (
            format!(
                "{} may begin only after {}: most callers have hung up by then.",
                place.capital(),
                after(&finding.detail)
            ),
            "Shorten the clocks before it, or move it up.".into(),
        ),
        FindingKind::AttemptsCut => (
            format!(
                "{} is cut short: a call makes at most {} attempts.",
                place.capital(),
                routing::limits::ATTEMPTS_MAX
            ),
            "Take out routes that will not answer.".into(),
        ),
        FindingKind::PremiumRate => (
            format!("{route} rings a number that costs more than others."),
            "Check that this is meant, or choose another number.".into(),
        ),
        FindingKind::RouteTwice => (
            format!("{route} rings once more in {}: what has failed is likely to fail again.", place.plain()),
            format!("Choose another route for {}, unless a second try is meant.", place.plain()),
        ),
        FindingKind::WeightsUnused => (
            format!(
                "The weights of {} do nothing: they choose which of several routes starts first, and here none \
                 starts before another.",
                place.plain()
            ),
            "Give the step a stagger, or take its weights away.".into(),
        ),
        FindingKind::EndsAtVoicemail => (
            if place.is_plan {
                "The last step is a voicemail, and no answering service comes before it: nobody is reached."
                    .into()
            } else {
                "The failover is a voicemail: nobody is reached.".into()
            },
            "Put a person or an answering service before it.".into(),
        ),
    };
    FindingWords { what, way_out }
}

/// Which step a finding speaks of.
struct Place<'a> {
    step: Option<u8>,
    is_plan: bool,
    plan: Option<&'a str>,
}

impl Place<'_> {
    /// `step 2`, `step 2 of Layered`, `the failover`.
    fn plain(&self) -> String {
        match (self.is_plan, self.step, self.plan) {
            (true, Some(step), Some(plan)) => format!("step {step} of {plan}"),
            (true, Some(step), None) => format!("step {step}"),
            (true, None, Some(plan)) => format!("every step of {plan}"),
            (true, None, None) => "every step".into(),
            (false, ..) => "the failover".into(),
        }
    }

    /// The same at the start of a sentence.
    fn capital(&self) -> String {
        let plain = self.plain();
        let mut chars = plain.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
    }
}

fn is_of_plan(finding: &Finding) -> bool {
    match finding.subject {
        FindingSubject::Routing(routing) => routing.failover.plan().is_some(),
        FindingSubject::Plan(_) => true,
        FindingSubject::Route(_) => false,
    }
}

fn shared(place: &Place<'_>, detail: &FindingDetail, verb: &str, choose: &str) -> (String, String) {
    let label = match detail {
        FindingDetail::Shared(label) => label.as_str(),
        _ => "the same",
    };
    let all = place.is_plan && place.step.is_none();
    let both = if all { "all fail" } else { "both fail" };
    let whose = if all { "one step at least".into() } else { place.plain() };
    (
        format!("{} {verb} {label} like the primary: when {label} fails, {both}.", place.capital()),
        format!("Choose {choose} for {whose}."),
    )
}

fn leads_back(detail: &FindingDetail) -> String {
    match detail {
        FindingDetail::LeadsBack(OwnDid::Number { number } | OwnDid::InsideUri { number }) => {
            format!(": {} is a DID of this platform", number.grouped())
        }
        FindingDetail::LeadsBack(OwnDid::OwnEdge { host }) => format!(": {host} is one of our own edges"),
        _ => String::new(),
    }
}

fn after(detail: &FindingDetail) -> Millis {
    match detail {
        FindingDetail::After(at) => *at,
        _ => Millis::ZERO,
    }
}

/// What befalls the primary: `is silent, cannot be reached or answers 503`.
fn outages(detail: &FindingDetail) -> String {
    let FindingDetail::Outages(causes) = detail else { return "fails".into() };
    let says = |cause: &Cause| match cause {
        Cause::NoResponse => "is silent".to_owned(),
        Cause::NoAnswer => "rings and nobody answers".to_owned(),
        Cause::Unreachable(_) => "cannot be reached".to_owned(),
        Cause::MarkedDown => "is marked down".to_owned(),
        Cause::Response(code) => format!("answers {code}"),
    };
    let mut said: Vec<String> = causes.iter().map(says).collect();
    let last = said.pop().unwrap_or_default();
    if said.is_empty() { last } else { format!("{} or {last}", said.join(", ")) }
}

fn gap(detail: &FindingDetail) -> String {
    /// Minutes of a week.
    const WEEK_MIN: u32 = 7 * 24 * 60;
    match *detail {
        FindingDetail::Gap { minutes: WEEK_MIN, .. } => {
            "No step is ever open: callers hear the failure.".into()
        }
        FindingDetail::Gap { day, from_min, minutes } => format!(
            "No step is open from {} {:02}:{:02} on, {} of the week in all: callers then hear the failure.",
            day.name(),
            from_min / 60,
            from_min % 60,
            hours(minutes)
        ),
        _ => "No step is open at some hours of the week: callers then hear the failure.".into(),
    }
}

/// `63 h`, `1 h 30 min`, `45 min`.
fn hours(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use routing::{E164, Failover, PlanId, RouteId, Routing, SipCode, Weekday};

    use super::*;

    fn finding(kind: FindingKind, failover: Failover, step: Option<u8>, detail: FindingDetail) -> Finding {
        let routing = Routing { primary: RouteId(1), failover, weights: None };
        Finding {
            kind,
            severity: Severity::Warning,
            subject: FindingSubject::Routing(routing),
            step,
            detail,
            dids: 7,
            example: E164::parse("+12065550100").unwrap(),
        }
    }

    #[test]
    fn a_finding_names_the_step_the_thing_shared_and_the_way_out() {
        let plan = Failover::Plan(PlanId(1));
        let route = Failover::Route(RouteId(2));
        let shared = || FindingDetail::Shared("Cascade Fiber".into());
        let friday = FindingDetail::Gap { day: Weekday::Friday, from_min: 1_050, minutes: 3_810 };
        for (kind, failover, step, detail, expected) in [
            (
                FindingKind::SharedCarrier,
                plan,
                Some(1),
                shared(),
                "Step 1 uses Cascade Fiber like the primary: when Cascade Fiber fails, both fail. Choose a route of \
                 another carrier for step 1.",
            ),
            (
                FindingKind::SharedSite,
                route,
                None,
                shared(),
                "The failover stands in Cascade Fiber like the primary: when Cascade Fiber fails, both fail. Choose \
                 a route at another site for the failover.",
            ),
            (
                FindingKind::SharedHost,
                plan,
                None,
                shared(),
                "Every step leads to Cascade Fiber like the primary: when Cascade Fiber fails, all fail. Choose a \
                 route to another host for one step at least.",
            ),
            (
                FindingKind::ScheduleGap,
                plan,
                None,
                friday,
                "No step is open from Friday 17:30 on, 63 h 30 min of the week in all: callers then hear the \
                 failure. Add a last step without hours, such as an answering service.",
            ),
            (
                FindingKind::OutageEntersNoStep,
                plan,
                None,
                FindingDetail::Outages(vec![
                    Cause::NoResponse,
                    Cause::MarkedDown,
                    Cause::Response(SipCode::SERVICE_UNAVAILABLE),
                ]),
                "No step of this plan is entered when the primary is silent, is marked down or answers 503 Service \
                 Unavailable: callers hear the failure. Let one step be entered on any outage.",
            ),
            (
                FindingKind::WeightsUnused,
                plan,
                Some(2),
                FindingDetail::Plain,
                "The weights of step 2 do nothing: they choose which of several routes starts first, and here \
                 none starts before another. Give the step a stagger, or take its weights away.",
            ),
            (
                FindingKind::OverPatience,
                plan,
                Some(3),
                FindingDetail::After(Millis(45_500)),
                "Step 3 may begin only after 45.5 s: most callers have hung up by then. Shorten the clocks before \
                 it, or move it up.",
            ),
            (
                FindingKind::OwnDid,
                plan,
                Some(2),
                FindingDetail::LeadsBack(OwnDid::OwnEdge { host: "edge.example.com".into() }),
                "Step 2 would come back to us and fail: edge.example.com is one of our own edges. Choose a number \
                 outside, a host or a URI.",
            ),
        ] {
            let said = say(&finding(kind, failover, step, detail), Called::default());
            assert_eq!(format!("{} {}", said.what, said.way_out), expected);
        }
    }

    #[test]
    fn every_kind_of_finding_has_whole_sentences_in_every_setting() {
        for kind in FindingKind::ALL {
            for failover in [Failover::None, Failover::Route(RouteId(2)), Failover::Plan(PlanId(1))] {
                for step in [None, Some(1)] {
                    let finding = finding(kind, failover, step, FindingDetail::Plain);
                    let called = Called { route: Some("mobile"), plan: Some("Layered") };
                    let said = say(&finding, called);
                    for sentence in [said.what, said.way_out] {
                        assert!(sentence.ends_with('.'), "{kind}: {sentence}");
                        assert!(
                            sentence.starts_with(|c: char| c.is_uppercase() || c == 'm'),
                            "{kind}: {sentence}"
                        );
                        assert!(!sentence.contains("  "), "{kind}: {sentence}");
                    }
                }
            }
        }
    }
}
