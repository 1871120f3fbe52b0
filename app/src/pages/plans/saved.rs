//! What is wrong with a plan as it is saved, and what of it is meant to be so. The draft's warnings stand above it: they
//! change with every letter, and only what is saved can be accepted.

use leptos::prelude::*;
use portal::{Finding, PlanView};

use crate::{
    components::{accepted_findings, open_findings},
    urls, words,
};

/// The findings of the saved plan, folded. Nothing if nothing was found.
pub(super) fn saved_findings(view: &PlanView) -> impl IntoView + use<> {
    let open = open_findings(&view.findings, &urls::plan(view.plan.id), before);
    let shown = view.findings.iter().filter(|finding| finding.accepted.is_none()).count() as u64;
    let accepted = accepted_findings(&view.findings);
    view! {
        {open.map(|open| view! {
            <details>
                <summary>{format!("{} of the saved plan, to be accepted if meant so", count(view.open))}</summary>
                {open}
                {more(view.open.saturating_sub(shown))}
            </details>
        })}
        {accepted.map(|accepted| view! {
            <details>
                <summary>{format!("{} of the saved plan: accepted", count(view.accepted))}</summary>
                {accepted}
                <p class="small muted"><a href=urls::FINDINGS>"All findings"</a></p>
            </details>
        })}
    }
}

fn count(n: u64) -> String {
    if n == 1 { "1 finding".to_owned() } else { format!("{} findings", words::figure(n)) }
}

/// Before which primary it is so: a plan may stand behind several.
fn before(finding: &Finding) -> Option<String> {
    finding.primary.as_ref().map(|primary| format!("(Primary: {}.)", primary.alias))
}

fn more(n: u64) -> Option<impl IntoView + use<>> {
    let rest = (n > 0).then(|| format!("and {} more", words::figure(n)));
    rest.map(|rest| view! { <p class="small muted"><a href=urls::FINDINGS>{rest}</a></p> })
}

#[cfg(test)]
mod tests {
    use portal::{Acceptance, PlanRef, UnixMs};
    use routing::{
        Alias, Clocks, E164, FailoverPlan, FindingDetail, FindingKind, FindingSubject, Millis, PlanId,
        RouteId, Severity, Step, Trigger, Version,
    };

    use super::*;

    fn view(accepted: &[bool], open: u64) -> PlanView {
        let name = Alias::parse("a<b").unwrap();
        let to_ref = PlanRef { id: PlanId(7), name: name.clone(), steps: Vec::new(), down: false };
        let clocks = Clocks { no_response_ms: Millis(6_000), ring_ms: Millis(20_000) };
        let finding = |accepted: &bool| Finding {
            finding: routing::Finding {
                kind: FindingKind::StepNeverEntered,
                severity: Severity::Warning,
                subject: FindingSubject::Plan(PlanId(7)),
                step: Some(1),
                detail: FindingDetail::Plain,
                dids: 1,
                example: E164::parse("+12065550100").unwrap(),
            },
            key: "step_never_entered/plan:7/step:1".into(),
            primary: None,
            failover: portal::FailoverRef::None,
            plan: Some(to_ref.clone()),
            route: None,
            accepted: accepted.then(|| Acceptance {
                by: "Dana".into(),
                reason: "for <now>".into(),
                at: UnixMs(0),
                until: None,
            }),
        };
        PlanView {
            plan: FailoverPlan {
                id: PlanId(7),
                name,
                steps: vec![Step::of([RouteId(2)], Trigger::NEVER, clocks)],
            },
            version: Version(1),
            dids: 1,
            findings: accepted.iter().map(finding).collect(),
            to_ref: to_ref.clone(),
            worst_case_ms: Millis(26_000),
            open,
            accepted: accepted.iter().filter(|accepted| **accepted).count() as u64,
        }
    }

    #[test]
    fn what_is_open_can_be_accepted_from_the_plans_page_and_what_is_accepted_says_why() {
        let html = saved_findings(&view(&[false, true], 3)).to_html();
        for part in [
            "3 findings of the saved plan, to be accepted if meant so",
            "Step 1 of a&lt;b is never entered",
            "Accept…",
            "accept=step_never_entered",
            "back=/interconnection/failover-plans/7",
            "and 2 more",
            "1 finding of the saved plan: accepted",
            "accepted by Dana: for &lt;now&gt;",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert_eq!(html.matches("Accept…").count(), 1, "{html}");
        let html = saved_findings(&view(&[], 0)).to_html();
        assert!(!html.contains("details"), "{html}");
    }
}
