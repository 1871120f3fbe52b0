//! The plan editor: the timeline of the draft beside its form, live, and the form's rows without a round trip.
//!
//! The state is the form's own fields; nothing else knows the draft. The form works without this island: its buttons
//! then go to the server, which does the same with the same code.

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
mod drag;

use leptos::prelude::*;
use routing::PlanDraft;

use crate::{
    desk::LEGEND,
    packed::Packed,
    plan_form::{Asked, Ground, controls, outlook},
};

/// What a call would do with the plan of the form `#plan`.
#[island]
pub fn PlanEditor(
    /// What the plan stands on, and the plan as the form shows it at first.
    start: Packed<(Ground, PlanDraft)>,
) -> impl IntoView {
    let Packed((ground, draft)) = start;
    let asked = Asked::new(&ground);
    let call = outlook(&ground, &draft, &asked).call;
    let controls = controls(&ground, &draft, &asked);
    #[cfg(feature = "hydrate")]
    browser::attach(ground, asked);
    view! {
        <div class="preview">
            <div id="asked" inner_html=controls></div>
            <p class="hidden-text" id="said" aria-live="polite"></p>
            <p class="hidden-text" id="done" aria-live="polite"></p>
            <div id="call" inner_html=call></div>
            <div inner_html=LEGEND></div>
        </div>
    }
}
