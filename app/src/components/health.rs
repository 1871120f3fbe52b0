//! A route's health: a shape and a word, never colour alone.

use leptos::prelude::*;
use routing::HealthState;

use crate::words;

/// The class of the style sheet for a state.
pub(super) fn class(state: HealthState) -> &'static str {
    match state {
        HealthState::Unknown => "unknown",
        HealthState::Up => "up",
        HealthState::Failing => "failing",
        HealthState::Down => "down",
        HealthState::Recovering => "recovering",
    }
}

/// The state's shape: full, half, empty, crossed.
pub fn glyph(state: HealthState) -> impl IntoView + use<> {
    let shape = match state {
        HealthState::Up => view! { <circle cx="6" cy="6" r="5" fill="currentColor"/> }.into_any(),
        HealthState::Failing | HealthState::Recovering => view! {
            <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" stroke-width="1.5"/>
            <path d="M6 1.5a4.5 4.5 0 0 0 0 9z" fill="currentColor"/>
        }
        .into_any(),
        HealthState::Down => {
            view! { <path d="M2 2l8 8M10 2l-8 8" stroke="currentColor" stroke-width="2.2"/> }.into_any()
        }
        HealthState::Unknown => {
            view! { <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" stroke-width="1.5"/> }
                .into_any()
        }
    };
    view! { <svg viewBox="0 0 12 12" aria-hidden="true">{shape}</svg> }
}

/// The shape with its word.
pub fn badge(state: HealthState) -> impl IntoView + use<> {
    view! { <span class=format!("badge {}", class(state))>{glyph(state)}{words::health(state)}</span> }
}
