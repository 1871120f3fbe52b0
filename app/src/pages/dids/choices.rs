//! What a DID can be routed to, as the options of a drop-down.

use leptos::prelude::*;
use portal::{PlanRef, RouteRef};
use routing::Failover;

use crate::{components::select_option, words};

/// The account's routes and failover plans.
#[derive(Clone, Copy, Debug)]
pub struct Choices<'a> {
    /// Every route, the built-in one too.
    pub routes: &'a [RouteRef],
    /// Every plan.
    pub plans: &'a [PlanRef],
}

impl Choices<'_> {
    /// The routes, of which one is chosen.
    pub(super) fn routes_for(&self, chosen: &str) -> impl IntoView + use<> {
        (self.gone(chosen), self.routes(chosen))
    }

    /// Plans and routes in two groups, of which one is chosen: `3`, `plan:3`.
    pub(super) fn failovers_for(&self, chosen: &str) -> impl IntoView + use<> {
        let plans = self
            .plans
            .iter()
            .map(|plan| {
                let value = Failover::Plan(plan.id).word();
                let is_chosen = value == chosen;
                select_option(value, words::plan_choice(plan), is_chosen)
            })
            .collect_view();
        let has_plans = !self.plans.is_empty();
        view! {
            {self.gone(chosen)}
            <optgroup label="Inbound Routes">{self.routes(chosen)}</optgroup>
            {has_plans.then(|| view! { <optgroup label="Failover Plans">{plans}</optgroup> })}
        }
    }

    fn routes(&self, chosen: &str) -> impl IntoView + use<> {
        self.routes
            .iter()
            .map(|r| select_option(r.id.to_string(), words::choice(r), r.id.to_string() == chosen))
            .collect_view()
    }

    /// What is gone stays chosen: the first of the list must not take its place unseen.
    fn gone(&self, chosen: &str) -> Option<impl IntoView + use<>> {
        let known = self.routes.iter().any(|r| r.id.to_string() == chosen)
            || self.plans.iter().any(|plan| Failover::Plan(plan.id).word() == chosen);
        (!chosen.is_empty() && !known)
            .then(|| select_option(chosen.to_owned(), "(one that is gone: choose another)", true))
    }
}
