//! What a DID can be routed to, as the options of a drop-down.

use leptos::prelude::*;
use portal::Choices;
use routing::Failover;

use crate::{components::select_option, words};

/// The routes, of which one is chosen. What leads back to us says so.
pub(in crate::pages) fn routes_for(choices: &Choices, chosen: &str) -> impl IntoView + use<> {
    let routes = choices.routes.iter().map(|choice| {
        let value = choice.route.id.to_string();
        let is_chosen = value == chosen;
        select_option(value, label(words::choice(&choice.route), choice.barred.is_some()), is_chosen)
    });
    let known = choices.routes.iter().any(|choice| choice.route.id.to_string() == chosen);
    (gone(known, chosen), routes.collect_view())
}

fn label(words: String, barred: bool) -> String {
    if barred { format!("{words} (leads back to us)") } else { words }
}

/// Routes and plans in two groups, of which one is chosen: `3`, `plan:3`. What leads back to us cannot be.
pub(in crate::pages) fn failovers_for(choices: &Choices, chosen: &str) -> impl IntoView + use<> {
    let option = |value: String, words: String, barred: bool| {
        let is_chosen = value == chosen;
        // What was chosen before is sent again, and then told of: it must not become none unseen.
        view! { <option value=value selected=is_chosen disabled=barred && !is_chosen>{label(words, barred)}</option> }
    };
    let routes = choices.routes.iter().map(|choice| {
        option(choice.route.id.to_string(), words::choice(&choice.route), choice.barred.is_some())
    });
    let plans = choices.plans.iter().map(|choice| {
        let value = Failover::Plan(choice.plan.id).word();
        option(value, words::plan_choice(&choice.plan), choice.barred.is_some())
    });
    let (routes, plans) = (routes.collect_view(), plans.collect_view());
    let has_plans = !choices.plans.is_empty();
    let known = choices.routes.iter().any(|choice| choice.route.id.to_string() == chosen)
        || choices.plans.iter().any(|choice| Failover::Plan(choice.plan.id).word() == chosen);
    view! {
        {gone(known, chosen)}
        <optgroup label="Inbound Routes">{routes}</optgroup>
        {has_plans.then(|| view! { <optgroup label="Failover Plans">{plans}</optgroup> })}
    }
}

/// Why some of the failovers cannot be chosen, if that is so.
pub(in crate::pages) fn barred_help(choices: &Choices) -> Option<impl IntoView + use<>> {
    let barred = choices.routes.iter().any(|choice| choice.barred.is_some())
        || choices.plans.iter().any(|choice| choice.barred.is_some());
    barred.then(|| {
        view! {
            <div class="help">
                "A failover that leads back to us, to another of your own DIDs or to one of our edges, does not work and cannot be chosen."
            </div>
        }
    })
}

/// What is gone stays chosen: the first of the list must not take its place unseen.
fn gone(known: bool, chosen: &str) -> Option<impl IntoView + use<>> {
    (!chosen.is_empty() && !known)
        .then(|| select_option(chosen.to_owned(), "(one that is gone: choose another)", true))
}

#[cfg(test)]
mod tests {
    use portal::{Choice, PlanChoice, PlanRef, RouteRef};
    use routing::{Alias, E164, HealthState, OwnDid, PlanId, RouteId, RouteKind};

    use super::*;

    /// Two routes and two plans; the second of each leads back to us.
    fn choices() -> Choices {
        let named = |name: &str| Alias::parse(name).unwrap();
        let back = OwnDid::Number { number: E164::parse("+12065550101").unwrap() };
        let barred = |id: i64| (id == 2).then(|| back.clone());
        let route = |id: i64| Choice {
            route: RouteRef {
                id: RouteId(id),
                alias: named(&format!("r{id}")),
                kind: RouteKind::Phone,
                health: HealthState::Up,
            },
            barred: barred(id),
        };
        let plan = |id: i64| PlanChoice {
            plan: PlanRef { id: PlanId(id), name: named(&format!("p{id}")), steps: Vec::new(), down: false },
            barred: barred(id),
        };
        Choices { routes: vec![route(1), route(2)], plans: vec![plan(1), plan(2)] }
    }

    /// The options as value, chosen, and whether it is switched off.
    fn options(html: &str) -> Vec<(String, bool, bool)> {
        let tags = html.split("<option").skip(1).map(|rest| rest.split('>').next().unwrap_or_default());
        tags.map(|tag| {
            let value =
                tag.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
            (value.to_owned(), tag.contains(" selected"), tag.contains(" disabled"))
        })
        .collect()
    }

    #[test]
    fn what_leads_back_to_us_is_no_failover_to_choose_and_stays_one_that_was_chosen() {
        let off = |chosen: &str| -> Vec<String> {
            let options = options(&failovers_for(&choices(), chosen).to_html());
            assert_eq!(
                options.iter().filter(|option| option.1).count(),
                usize::from(!chosen.is_empty()),
                "{chosen}"
            );
            options.into_iter().filter(|option| option.2).map(|option| option.0).collect()
        };
        for (chosen, expected) in [
            ("", vec!["2", "plan:2"]),
            ("1", vec!["2", "plan:2"]),
            ("2", vec!["plan:2"]),
            ("plan:2", vec!["2"]),
            ("7", vec!["2", "plan:2"]),
        ] {
            assert_eq!(off(chosen), expected, "{chosen}");
        }
    }

    #[test]
    fn a_primary_may_lead_back_and_what_is_gone_or_no_route_stays_chosen() {
        for (chosen, expected) in [("2", "2"), ("7", "7"), ("plan:2", "plan:2")] {
            let html = routes_for(&choices(), chosen).to_html();
            let options = options(&html);
            let selected: Vec<&str> = options.iter().filter(|o| o.1).map(|o| o.0.as_str()).collect();
            assert_eq!(selected, [expected], "{html}");
            assert!(options.iter().all(|option| !option.2), "{html}");
            assert_eq!(html.matches("(leads back to us)").count(), 1, "{html}");
        }
    }
}
