//! A DID's routing, drawn: `● seattle-pbx → ○ mobile`, `● seattle-pbx → ☰ Clinic plan (3 steps)`.

use leptos::prelude::*;
use portal::{FailoverRef, PlanRef, RouteRef};
use routing::Weights;

use super::{glyph, health::class};
use crate::words;

/// One route with its health; a state that needs attention is spelled out.
pub fn route_mark(route: &RouteRef) -> impl IntoView + use<> {
    let word = words::health_if_bad(route.health);
    view! {
        <span class=format!("route {}", class(route.health))>
            {glyph(route.health)}
            <span>{route.alias.to_string()}</span>
            {word.map(|word| view! { <span class="word">{format!("({word})")}</span> })}
        </span>
    }
}

/// A plan with the number of its steps; one whose every route is down is spelled out.
pub fn plan_mark(plan: &PlanRef) -> impl IntoView + use<> {
    let steps = plan.steps.len();
    let steps = if steps == 1 { "(1 step)".to_owned() } else { format!("({steps} steps)") };
    let state = if plan.down { "route down" } else { "route unknown" };
    view! {
        <span class=state>
            <svg viewBox="0 0 12 12" aria-hidden="true">
                <path d="M1 2.5h4M3 6h4M5 9.5h6" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>
            </svg>
            <span>{plan.name.to_string()}" "<small>{steps}</small></span>
            {plan.down.then(|| view! { <span class="word">"(every route down)"</span> })}
        </span>
    }
}

/// The failover half of the path.
pub fn failover_mark(failover: &FailoverRef) -> impl IntoView + use<> {
    match failover {
        FailoverRef::None => view! { <span class="none">"no failover"</span> }.into_any(),
        FailoverRef::Route(route) => route_mark(route).into_any(),
        FailoverRef::Plan(plan) => plan_mark(plan).into_any(),
    }
}

/// Primary, arrow, failover.
pub fn path(primary: &RouteRef, failover: &FailoverRef) -> impl IntoView + use<> {
    shared_path(primary, failover, None)
}

/// The same; weights say how calls are shared between the two.
pub fn shared_path(
    primary: &RouteRef,
    failover: &FailoverRef,
    weights: Option<Weights>,
) -> impl IntoView + use<> {
    let between = match weights.filter(|_| failover.route().is_some()) {
        Some(Weights { primary, failover }) => view! {
            <span aria-hidden="true" class="figure">{format!("{primary} : {failover}")}</span>
            <span class="hidden-text">{format!("shares calls, {primary} to {failover}, with")}</span>
        }
        .into_any(),
        None => view! { <span aria-hidden="true">"→"</span><span class="hidden-text">"fails over to"</span> }
            .into_any(),
    };
    view! {
        <span class="path">
            {route_mark(primary)}
            <span class="arrow">{between}</span>
            {failover_mark(failover)}
        </span>
    }
}
