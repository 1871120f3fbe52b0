//! The screen of one action: the chosen DIDs, the form, the preview, and the plan once it was asked for.

use leptos::prelude::*;
use portal::{BulkPlan, FailoverRef, FieldError, Group, Selection, Survey};
use routing::Failover;

use super::{Screen, back, behaviour::behaviour, plan::planned, selection_pairs};
use crate::{
    components::{error_list, field_error, needs_javascript, path, reason_field, select_option, tel},
    desk,
    islands::before_after::{BeforeAfter, Chosen, DraftGroup, DraftOf},
    packed::Packed,
    pages::{
        confirm::broken,
        dids::choices::{barred_help, failovers_for, routes_for},
    },
    shell::{Bundle, Frame, Here, document},
    urls, words,
};

/// The screen of an action. `plan` is there once the form says enough to plan.
pub fn screen(
    frame: &Frame,
    screen: &Screen,
    selection: &Selection,
    survey: &Survey,
    plan: Option<&BulkPlan>,
    problems: &[FieldError],
    reason: &str,
) -> String {
    let bundle = match screen {
        Screen::SetRoute(_) | Screen::SetFailoverRoute(_) => Bundle::Preview,
        Screen::ClearFailoverRoute | Screen::SetAlias { .. } | Screen::Release => Bundle::Base,
    };
    document(frame, Here::Manage, screen.label(), bundle, || {
        let listed =
            problems.iter().map(|p| (input_of(screen).to_owned(), p.problem.to_string())).collect::<Vec<_>>();
        let error = problems.first().map(|p| p.problem.to_string());
        let snapshot = &survey.snapshot;
        let zone = snapshot.schedules.first().map(|schedule| schedule.zone.as_str()).unwrap_or_default();
        view! {
            <div class="title"><div>
                <a class="crumb" href=back(survey.filter.as_ref())>"Manage your DIDs"</a>
                <h1>{screen.label()}</h1>
            </div></div>
            {error_list(listed)}
            <div class="stack">
                <div class="split">
                    {chosen(survey)}
                    {form(screen, selection, survey, error, reason)}
                </div>
                {preview(screen, survey)}
                {plan.map(|plan| broken(&plan.broken_cases, &survey.snapshot, &desk::zone(snapshot, zone)))}
                {plan.map(|plan| behaviour(plan, &survey.snapshot))}
                {plan.map(planned)}
                {plan.and_then(|plan| apply_below(screen, plan))}
            </div>
        }
    })
}

fn input_of(screen: &Screen) -> &'static str {
    match screen {
        Screen::SetAlias { .. } => "alias",
        _ => "route",
    }
}

fn chosen(survey: &Survey) -> impl IntoView + use<> {
    let first = survey
        .first
        .iter()
        .map(|d| {
            view! {
                <li>
                    <a href=urls::did(d.number)>{tel(d.number)}</a>
                    <span>
                        <span class="muted">{d.alias.as_ref().map(ToString::to_string)}</span>
                        {path(&d.primary, &d.failover)}
                    </span>
                </li>
            }
        })
        .collect_view();
    let rest = survey.selected.saturating_sub(survey.first.len() as u64);
    let missing = (!survey.missing.is_empty()).then(|| {
        format!(
            "{} of the ticked numbers are no longer in the account.",
            words::figure(survey.missing.len() as u64)
        )
    });
    let how = if survey.filter.is_some() { " chosen: all that match the filter" } else { " chosen" };
    view! {
        <section class="card" aria-labelledby="chosen">
            <h2 id="chosen">{words::dids(survey.selected)}{how}</h2>
            <ul class="plain chosen">{first}</ul>
            {(rest > 0).then(|| view! { <p class="muted">{format!("and {} more", words::figure(rest))}</p> })}
            {missing.map(|m| view! { <p class="error">{m}</p> })}
            <p><a href=back(survey.filter.as_ref())>"Choose other DIDs"</a></p>
        </section>
    }
}

fn form(
    screen: &Screen,
    selection: &Selection,
    survey: &Survey,
    error: Option<String>,
    reason: &str,
) -> impl IntoView + use<> {
    let hidden = selection_pairs(selection)
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let address = urls::action(screen.slug());
    let (field, explain, class) = match screen {
        Screen::SetRoute(chosen) => {
            let chosen = chosen.map(|route| route.to_string()).unwrap_or_default();
            (route_field(survey, &chosen, false, error).into_any(), None, "button primary")
        }
        Screen::SetFailoverRoute(chosen) => {
            let chosen = chosen.map(Failover::word).unwrap_or_default();
            (route_field(survey, &chosen, true, error).into_any(), None, "button primary")
        }
        Screen::ClearFailoverRoute => (
            ().into_any(),
            Some("When the primary route fails, callers of these DIDs will hear the failure."),
            "button danger",
        ),
        Screen::SetAlias { typed, clear } => (
            view! {
                <div class="field">
                    <label for="alias">"Alias"</label>
                    <input type="text" id="alias" name="alias" value=typed.clone() autocomplete="off"
                        aria-invalid=error.is_some().then_some("true")
                        aria-describedby=if error.is_some() { "alias-error alias-help" } else { "alias-help" }/>
                    {field_error("alias-error", error)}
                    <div class="help" id="alias-help">"The same alias for all of them."</div>
                    <label class="below"><input type="checkbox" name="clear" value="yes" checked=*clear/>" Or take their aliases away"</label>
                </div>
            }
            .into_any(),
            None,
            "button primary",
        ),
        Screen::Release => (
            ().into_any(),
            Some("The DIDs leave this account with their routing; calls to them are no longer routed here. The action can be undone as long as nobody else took the numbers."),
            "button danger",
        ),
    };
    let nothing = survey.selected == 0;
    view! {
        <section class="card" aria-label=screen.label()>
            <form method="post" action=address.clone() id="action">
                {hidden}
                {field}
                {explain.map(|text| view! { <p>{text}</p> })}
                {reason_field(reason)}
                <div class="row">
                    // First in the source: Enter in a field shows, and does not do.
                    <button class="button" formmethod="get" formaction=address.clone() disabled=nothing>"Show what changes"</button>
                    <button class=class disabled=nothing>{screen.label()}</button>
                </div>
            </form>
        </section>
    }
}

/// The form's button once more, under a list that is longer than a screen.
fn apply_below(screen: &Screen, plan: &BulkPlan) -> Option<impl IntoView + use<>> {
    /// Rows that leave the form's own button in sight.
    const ROWS_IN_SIGHT: usize = 10;
    let class = match screen {
        Screen::ClearFailoverRoute | Screen::Release => "button danger",
        Screen::SetRoute(_) | Screen::SetFailoverRoute(_) | Screen::SetAlias { .. } => "button primary",
    };
    (plan.changes > 0 && plan.rows.len() > ROWS_IN_SIGHT).then(|| {
        view! { <div class="row"><button class=class form="action">{format!("Apply to {}", words::dids(plan.changes))}</button></div> }
    })
}

fn route_field(
    survey: &Survey,
    chosen: &str,
    failover: bool,
    error: Option<String>,
) -> impl IntoView + use<> {
    let (label, nothing) = if failover {
        ("Inbound Route or Failover Plan", "Choose an inbound route or a failover plan")
    } else {
        ("Inbound Route", "Choose an inbound route")
    };
    let choices = &survey.choices;
    let options = if failover {
        failovers_for(choices, chosen).into_any()
    } else {
        routes_for(choices, chosen).into_any()
    };
    let missing = if failover {
        view! { " or "<a href=urls::PLANS>"a failover plan"</a> }.into_any()
    } else {
        ().into_any()
    };
    view! {
        <div class="field">
            <label for="route">{label}</label>
            <select id="route" name="to" required autocomplete="off" aria-describedby=error.is_some().then_some("route-error")>
                {select_option("", nothing, chosen.is_empty())}
                {options}
            </select>
            {field_error("route-error", error)}
            {failover.then(|| barred_help(choices))}
            <div class="help">"Missing one? "<a href=urls::ROUTES>"Add an inbound route"</a>{missing}" first."</div>
        </div>
    }
}

fn preview(screen: &Screen, survey: &Survey) -> Option<impl IntoView + use<>> {
    let (draft_of, chosen) = match screen {
        Screen::SetRoute(chosen) => (DraftOf::Primary, chosen.map(|route| route.to_string())),
        Screen::SetFailoverRoute(chosen) => (DraftOf::Failover, chosen.map(Failover::word)),
        _ => return None,
    };
    let groups: Vec<DraftGroup> = survey
        .groups
        .iter()
        .map(|g| DraftGroup { label: label_of(g), example: g.example, count: g.count })
        .collect();
    (!groups.is_empty()).then(|| {
        let of = Packed(Chosen {
            snapshot: survey.snapshot.clone(),
            groups,
            marked_down: survey.marked_down.clone(),
            at: survey.now.0.div_euclid(1_000),
            draft_of,
            chosen: chosen.unwrap_or_default(),
        });
        view! {
            <section class="card" aria-labelledby="preview">
                <h2 id="preview">"What a call does, before and after"</h2>
                {needs_javascript()}
                <p class="small muted">{words::as_at(survey.now)}</p>
                <BeforeAfter of=of/>
            </section>
        }
    })
}

fn label_of(group: &Group) -> String {
    let failover = match &group.failover {
        FailoverRef::None => "no failover".to_owned(),
        FailoverRef::Route(route) => route.alias.to_string(),
        FailoverRef::Plan(plan) => plan.name.to_string(),
    };
    match group.weights {
        Some(weights) => {
            format!("{} {} : {} {failover}", group.primary.alias, weights.primary, weights.failover)
        }
        None => format!("{} → {failover}", group.primary.alias),
    }
}
