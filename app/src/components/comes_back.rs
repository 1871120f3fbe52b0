//! Beside a picture of calls: which of them come back to us.

use leptos::prelude::*;
use portal::Choice;
use routing::OwnDid;

use super::tel;

/// Routes that are named; there are seldom more than one.
const NAMED_MAX: usize = 5;

/// Says of the routes that lead back to us what a picture of their calls does not show: where they go from there.
pub fn comes_back(routes: &[&Choice]) -> Option<impl IntoView + use<>> {
    let mut routes = routes.iter().filter_map(|choice| Some((&choice.route, choice.barred.as_ref()?)));
    let named = routes.by_ref().take(NAMED_MAX).map(|(route, why)| {
        let back = match why {
            OwnDid::Number { number } | OwnDid::InsideUri { number } => {
                view! { "as a call to "{tel(*number)}", and goes that number’s way" }.into_any()
            }
            OwnDid::OwnEdge { host } => view! { "by our own edge "{host.clone()} }.into_any(),
        };
        view! { <p>"A call that "<b>{route.alias.to_string()}</b>" gets comes back to us "{back}"."</p> }
    });
    let named: Vec<_> = named.collect();
    let more = routes.count();
    (!named.is_empty()).then(|| {
        view! {
            <div class="note warn">
                {named}
                {(more > 0).then(|| view! { <p>{format!("So do those of {more} more.")}</p> })}
                <p>"The picture ends before that, as if the call had left for somebody else’s phone."</p>
            </div>
        }
    })
}

#[cfg(test)]
mod tests {
    use portal::RouteRef;
    use routing::{Alias, E164, HealthState, RouteId, RouteKind};

    use super::*;

    #[test]
    fn each_route_that_leads_back_is_named_and_the_rest_are_counted() {
        let number = E164::parse("+12065550101").unwrap();
        let choice = |id: i64, barred| Choice {
            route: RouteRef {
                id: RouteId(id),
                alias: Alias::parse(&format!("r{id}")).unwrap(),
                kind: RouteKind::Phone,
                health: HealthState::Up,
            },
            barred,
        };
        let by_number = Some(OwnDid::Number { number });
        let by_edge = Some(OwnDid::OwnEdge { host: "edge.example.net".to_owned() });
        let said = |choices: &[Choice]| {
            let choices: Vec<&Choice> = choices.iter().collect();
            comes_back(&choices).map(|view| view.to_html()).unwrap_or_default()
        };
        assert_eq!(said(&[choice(1, None)]), "");
        let few = said(&[choice(1, None), choice(2, by_number.clone()), choice(3, by_edge)]);
        for part in ["<b>r2</b>", "555", "<b>r3</b>", "edge.example.net", "The picture ends before that"] {
            assert!(few.contains(part), "{part}: {few}");
        }
        assert!(!few.contains("r1") && !few.contains("So do"), "{few}");
        let many: Vec<Choice> = (1..=8).map(|id| choice(id, by_number.clone())).collect();
        let many = said(&many);
        assert!(many.contains("<b>r5</b>") && !many.contains("<b>r6</b>"), "{many}");
        assert!(many.contains("So do those of 3 more."), "{many}");
    }
}
