//! A plan's steps in a line: `mobile → desk + reception → dispatch`.

use leptos::prelude::*;
use portal::PlanRef;

use crate::components::route_mark;

/// Each step with its routes; those that ring at once are joined by a plus.
pub fn plan_steps(plan: &PlanRef) -> impl IntoView + use<> {
    let steps = plan
        .steps
        .iter()
        .enumerate()
        .map(|(at, routes)| {
            let legs = routes
                .iter()
                .enumerate()
                .map(|(leg, route)| {
                    let plus = (leg > 0).then(|| view! { <span class="arrow">"+"</span> });
                    view! { {plus}{route_mark(route)} }
                })
                .collect_view();
            let arrow = (at > 0).then(|| {
                view! { <span class="arrow"><span aria-hidden="true">"→"</span><span class="hidden-text">"then"</span></span> }
            });
            view! { {arrow}{legs} }
        })
        .collect_view();
    view! { <span class="path">{steps}</span> }
}
