//! A DID's routing, drawn: `● seattle-pbx → ○ mobile`.

use leptos::prelude::*;
use portal::{FailoverRef, RouteRef};

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

/// The failover half of the path.
pub fn failover_mark(failover: &FailoverRef) -> impl IntoView + use<> {
    match failover {
        FailoverRef::None => view! { <span class="none">"no failover"</span> }.into_any(),
        FailoverRef::Route(route) => route_mark(route).into_any(),
    }
}

/// Primary, arrow, failover.
pub fn path(primary: &RouteRef, failover: &FailoverRef) -> impl IntoView + use<> {
    view! {
        <span class="path">
            {route_mark(primary)}
            <span class="arrow"><span aria-hidden="true">"→"</span><span class="hidden-text">"fails over to"</span></span>
            {failover_mark(failover)}
        </span>
    }
}
