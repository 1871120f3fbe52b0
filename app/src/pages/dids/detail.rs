//! One number: its routing, the failover preview, its recent changes.

use leptos::prelude::*;
use portal::{
    ChangeView, Choice, Choices, DidDraft, DidView, Field, FieldError, PlanView, RouteRow, Subject,
};
use routing::{Defaults, Millis, RouteId, Snapshot, Step, Version};

use crate::{
    components::{
        accepted_findings, badge, comes_back, error_list, field_error, needs_javascript, open_findings,
        reason_field, select_option, shared_path, tel,
    },
    desk::Naming,
    islands::preview::{Preview, Previewed},
    labels,
    packed::Packed,
    pages::{
        dids::choices::{barred_help, failovers_for, routes_for},
        history::{change_table, history_table},
        notes::notes,
        routes::problems_of,
    },
    shell::{Bundle, Frame, Here, document},
    urls, words,
};

/// What the edit form shows when it was refused.
#[derive(Clone, Debug, Default)]
pub struct DidForm {
    /// As typed, with the version that the form was filled from; `None`: as it is stored.
    pub draft: Option<(DidDraft, Version)>,
    /// What is wrong with it.
    pub problems: Vec<FieldError>,
    /// What somebody else changed while it was edited.
    pub changed_meanwhile: Vec<ChangeView>,
}

/// The page.
pub fn detail(frame: &Frame, did: &DidView, choices: &Choices, form: &DidForm) -> String {
    let number = did.row.number;
    let alias = did.row.alias.as_ref().map(ToString::to_string);
    let is_called = |choice: &&Choice| did.snapshot.routes.iter().any(|route| route.id == choice.route.id);
    let called: Vec<&Choice> = choices.routes.iter().filter(is_called).collect();
    document(frame, Here::Manage, &number.grouped(), Bundle::Preview, || {
        view! {
            <div class="title">
                <div>
                    <a class="crumb" href=urls::MANAGE>"Manage your DIDs"</a>
                    <h1>{tel(number)}" "<span class="muted">{alias.clone()}</span></h1>
                </div>
            </div>
            {error_list(problems_of(&form.problems))}
            {changed_meanwhile(&form.changed_meanwhile)}
            <div class="stack">
                {notes(frame, &did.notes, Some(number))}
                {findings(did)}
                <div class="split">
                    <section class="card" aria-labelledby="routing">
                        <h2 id="routing">"Routing"</h2>
                        <p>{shared_path(&did.row.primary, &did.row.failover, did.row.weights)}</p>
                        <dl class="facts">
                            {route_facts("Primary", Some(&did.primary))}
                            {match &did.failover_plan {
                                Some(plan) => plan_facts(plan, &did.snapshot).into_any(),
                                None => failover_facts(did).into_any(),
                            }}
                            <dt>"Country"</dt>
                            <dd>{format!("{} (+{})", number.region().name, number.calling_code())}</dd>
                        </dl>
                    </section>
                    {edit_form(did, choices, form, &frame.reason)}
                </div>
                <section class="card" aria-labelledby="preview">
                    <div class="row spread">
                        <h2 id="preview">"Failover preview"</h2>
                        <a href=urls::preview_of(number)>"Open it on the desk: any moment, any failures"</a>
                    </div>
                    {needs_javascript()}
                    <p class="muted">"Choose what fails and see what a call to this number does. Nothing is called and nothing is saved."</p>
                    <p class="small muted">{words::as_at(did.now)}</p>
                    {comes_back(&called)}
                    <Preview of=Packed(Previewed {
                        snapshot: did.snapshot.clone(),
                        did: number,
                        marked_down: did.marked_down.clone(),
                        at: did.now.0.div_euclid(1_000),
                    })/>
                </section>
                <section aria-labelledby="changes">
                    <h2 id="changes">"Recent changes"</h2>
                    {if did.changes.is_empty() {
                        view! { <p class="muted">"Nothing has been changed since this number was added."</p> }.into_any()
                    } else {
                        history_table(Subject::Did(number), &did.changes).into_any()
                    }}
                    <p><a href=urls::activity_of_did(number)>"All that was done to this number"</a>" · "
                        <a href=urls::replay(number)>"Replay a call of the past"</a></p>
                    {changed_under_it(did)}
                </section>
            </div>
        }
    })
}

fn route_facts(label: &'static str, route: Option<&RouteRow>) -> impl IntoView + use<> {
    let fact = match route {
        None => {
            view! { <span class="none">"none: when the primary fails, the caller hears the failure"</span> }
                .into_any()
        }
        Some(row) if row.route.id == RouteId::REGISTERED => {
            view! { {row.route.alias.to_string()}" "<span class="muted">"every registered device"</span> }
                .into_any()
        }
        Some(row) => view! {
            <a href=urls::route(row.route.id)>{row.route.alias.to_string()}</a>
            " " <span class="code">{words::value(&row.route.target)}</span> " " {badge(row.health)}
        }
        .into_any(),
    };
    view! { <dt>{label}</dt><dd>{fact}</dd> }
}

/// A failover route, which is entered and rung as the account has it, like the primary.
fn failover_facts(did: &DidView) -> impl IntoView + use<> {
    let Defaults { no_response_ms, ring_ms, trigger, .. } = &did.snapshot.defaults;
    view! {
        {route_facts("Failover", did.failover.as_ref())}
        <dt>"Fails over on"</dt>
        <dd>{labels::trigger(trigger)}</dd>
        <dt>"Clocks"</dt>
        <dd>{clocks(*no_response_ms, *ring_ms)}</dd>
    }
}

/// A number's calls change with its routes and its plan as well: where to look who changed those.
fn changed_under_it(did: &DidView) -> impl IntoView + use<> {
    let plan = did.failover_plan.as_ref();
    let routes = [Some(&did.primary), did.failover.as_ref()].into_iter().flatten();
    let routes = routes
        .filter(|row| row.route.id != RouteId::REGISTERED)
        .map(|row| (urls::activity_of_route(row.route.id), format!("the route {}", row.route.alias)));
    let plan =
        plan.map(|view| (urls::activity_of_plan(view.plan.id), format!("the plan {}", view.plan.name)));
    let links: Vec<(String, String)> = routes.chain(plan).collect();
    (!links.is_empty()).then(|| {
        let links = links
            .into_iter()
            .map(|(address, words)| view! { <li><a href=address>"What was done to "{words}</a></li> })
            .collect_view();
        view! { <ul class="plain small">{links}</ul> }
    })
}

/// A plan, whose steps each have a trigger, hours and clocks of their own; the account's clocks are the primary's.
fn plan_facts(plan: &PlanView, snapshot: &Snapshot) -> impl IntoView + use<> {
    let steps = (1..)
        .zip(&plan.plan.steps)
        .map(|(number, step)| view! { <li>{step_words(snapshot, number, step)}</li> })
        .collect_view();
    let Defaults { no_response_ms, ring_ms, .. } = snapshot.defaults;
    view! {
        <dt>"Failover"</dt>
        <dd>
            <a href=urls::plan(plan.plan.id)>{plan.plan.name.to_string()}</a>
            " "<span class="muted">{format!("at the longest {}", plan.worst_case_ms)}</span>
            <ol class="plain small">{steps}</ol>
        </dd>
        <dt>"Clocks of the primary"</dt>
        <dd>{clocks(no_response_ms, ring_ms)}</dd>
    }
}

fn clocks(no_response_ms: Millis, ring_ms: Millis) -> String {
    format!("{no_response_ms} for a first response, then {ring_ms} of ringing")
}

/// `1. mobile and desk: after busy; during Office; 6 s for a first response, then 20 s of ringing`.
fn step_words(snapshot: &Snapshot, number: usize, step: &Step) -> String {
    let naming = Naming(snapshot);
    let routes: Vec<String> = step.routes.iter().map(|leg| naming.route(leg.route)).collect();
    let trigger = labels::trigger(&step.enter_on);
    let hours = match step.hours {
        Some(id) => format!("during {}", naming.schedule(id)),
        None => "at all hours".to_owned(),
    };
    let apart = if step.routes.len() > 1 && step.stagger_ms > Millis::ZERO {
        format!("; one after another, {} apart", step.stagger_ms)
    } else {
        String::new()
    };
    let clocks = clocks(step.no_response_ms, step.ring_ms);
    format!("{number}. {}: after {trigger}; {hours}; {clocks}{apart}", routes.join(" and "))
}

fn findings(did: &DidView) -> impl IntoView + use<> {
    let open = open_findings(&did.findings, &urls::did(did.row.number), |_| None);
    view! {
        {open.map(|open| view! {
            <div class="note warn">{open}<p class="small"><a href=urls::FINDINGS>"Accept what is meant to be so"</a></p></div>
        })}
        {accepted_findings(&did.findings).map(|accepted| view! {
            <details class="note"><summary>"Accepted findings"</summary>{accepted}</details>
        })}
    }
}

fn edit_form(did: &DidView, choices: &Choices, form: &DidForm, reason: &str) -> impl IntoView + use<> {
    let (draft, as_of) = form.draft.clone().unwrap_or_else(|| (DidDraft::of(&did.row), did.as_of));
    let message =
        |field: Field| form.problems.iter().find(|p| p.field == field).map(|p| p.problem.to_string());
    let (alias_error, primary_error) = (message(Field::Alias), message(Field::PrimaryRoute));
    let (failover_error, weights_error) = (message(Field::FailoverRoute), message(Field::Weights));
    let described = |error: &Option<String>, id: &'static str| error.is_some().then_some(id);
    let invalid = |error: &Option<String>| error.is_some().then_some("true");
    let weighted =
        !draft.primary_weight.is_empty() || !draft.failover_weight.is_empty() || weights_error.is_some();
    view! {
        <section class="card" aria-labelledby="change">
            <h2 id="change">"Change it"</h2>
            <form method="post" action=urls::did(did.row.number)>
                <input type="hidden" name="as_of" value=as_of.to_string()/>
                <div class="field">
                    <label for="alias">"Alias"</label>
                    <input type="text" id="alias" name="alias" value=draft.alias.clone() autocomplete="off"
                        aria-invalid=invalid(&alias_error) aria-describedby=described(&alias_error, "alias-error")/>
                    {field_error("alias-error", alias_error)}
                </div>
                <div class="field">
                    <label for="primary">"Primary route"</label>
                    <select id="primary" name="primary" aria-invalid=invalid(&primary_error) aria-describedby=described(&primary_error, "primary-error")>
                        {routes_for(choices, &draft.primary)}
                    </select>
                    {field_error("primary-error", primary_error)}
                </div>
                <div class="field">
                    <label for="failover">"Failover route or plan"</label>
                    <select id="failover" name="failover" aria-invalid=invalid(&failover_error) aria-describedby=described(&failover_error, "failover-error")>
                        {select_option("", "No failover", draft.failover.is_empty())}
                        {failovers_for(choices, &draft.failover)}
                    </select>
                    {field_error("failover-error", failover_error)}
                    {barred_help(choices)}
                </div>
                <details class="field" id="weights" open=weighted>
                    <summary>"Share calls by weight"</summary>
                    <div class="row">
                        <label for="primary_weight">"Primary"</label>
                        <input type="text" class="short" id="primary_weight" name="primary_weight" inputmode="numeric"
                            value=draft.primary_weight.clone() autocomplete="off"
                            aria-invalid=invalid(&weights_error) aria-describedby=described(&weights_error, "weights-error")/>
                        <label for="failover_weight">"Failover"</label>
                        <input type="text" class="short" id="failover_weight" name="failover_weight" inputmode="numeric"
                            value=draft.failover_weight.clone() autocomplete="off"
                            aria-invalid=invalid(&weights_error) aria-describedby=described(&weights_error, "weights-error")/>
                    </div>
                    {field_error("weights-error", weights_error)}
                    <div class="help">"Of 70 and 30, seven calls in ten go to the primary first, the others to the failover route first; the other of the two is tried next. Empty: the primary always goes first."</div>
                </details>
                {reason_field(reason)}
                <button class="button primary">"Save"</button>
            </form>
        </section>
    }
}

fn changed_meanwhile(changes: &[ChangeView]) -> impl IntoView + use<> {
    let table = (!changes.is_empty()).then(|| change_table(changes));
    table.map(|table| {
        view! {
            <div class="note bad" role="alert">
                <p><b>"Nothing was saved: this number was changed while you were editing it."</b></p>
                {table}
                <p>"Your entries are still below. Save again to put them in place of those."</p>
            </div>
        }
    })
}

#[cfg(test)]
mod tests {
    use routing::{Alias, Clocks, Domains, InboundRoute, Preset, RouteTarget, Schedule, ScheduleId, Trigger};

    use super::*;

    #[test]
    fn each_step_of_a_plan_has_its_own_trigger_hours_and_clocks() {
        let route = |id, alias: &str| InboundRoute {
            id: RouteId(id),
            alias: Alias::parse(alias).unwrap(),
            target: RouteTarget::Registered,
            edge: None,
            domains: Domains::default(),
        };
        let office = Schedule {
            id: ScheduleId(7),
            name: Alias::parse("Office").unwrap(),
            zone: "UTC".into(),
            weekly: Default::default(),
            exceptions: Vec::new(),
        };
        let snapshot = Snapshot {
            routes: vec![route(1, "mobile"), route(2, "desk")],
            schedules: vec![office],
            ..Snapshot::default()
        };
        let clocks = Clocks { no_response_ms: Millis(3_000), ring_ms: Millis(12_500) };
        let both = Step {
            hours: Some(ScheduleId(7)),
            stagger_ms: Millis(5_000),
            ..Step::of([RouteId(1), RouteId(2)], Preset::Busy.trigger(), clocks)
        };
        let one = Step::of([RouteId(2)], Trigger::parse("404, no_answer").unwrap(), clocks);
        for (number, step, expected) in [
            (
                1,
                both,
                "1. mobile and desk: after busy; during Office; 3 s for a first response, then 12.5 s of ringing; one \
                 after another, 5 s apart",
            ),
            (
                2,
                one,
                "2. desk: after 404, no answer; at all hours; 3 s for a first response, then 12.5 s of ringing",
            ),
        ] {
            assert_eq!(step_words(&snapshot, number, &step), expected);
        }
    }
}
