//! One route: edited in place, for every DID that uses it.

use leptos::prelude::*;
use portal::{ChangeView, RouteConflict, RouteGround, RouteView, Subject, Usage};
use routing::Version;

use super::form::{FormState, fields, problems_of};
use crate::{
    components::{badge, error_list, reason_field},
    pages::history::{change_table, history_table},
    shell::{Bundle, Frame, Here, document, title_below},
    urls, words,
};

/// What was changed of the route.
#[derive(Clone, Copy, Debug)]
pub struct RouteChanges<'a> {
    /// By somebody else, after the form was filled.
    pub meanwhile: Option<&'a RouteConflict>,
    /// Of late, newest first.
    pub recent: &'a [ChangeView],
}

/// The page. `as_of` is the version that the form was filled from.
pub fn edit(
    frame: &Frame,
    route: &RouteView,
    as_of: Version,
    ground: &RouteGround,
    form: &FormState,
    RouteChanges { meanwhile, recent }: RouteChanges<'_>,
) -> String {
    let alias = route.route.alias.to_string();
    document(frame, Here::InboundRoutes, &format!("{alias} · Inbound Routes"), Bundle::Check, || {
        let touched = route.usage.primary + route.usage.failover;
        let warning = (touched > 0).then(|| {
            view! {
                <div class="note warn"><p>
                    "Saving changes the routing of " <b>{words::dids(touched)}</b> " at once: "
                    <a href=format!("{}?route={}", urls::MANAGE, route.route.id)>
                        {format!("{} as primary, {} as failover", words::figure(route.usage.primary), words::figure(route.usage.failover))}
                    </a> "."
                </p></div>
            }
        });
        let in_plans = words::usage(Usage { primary: 0, failover: 0, ..route.usage }).map(|in_plans| {
            view! {
                <div class="note warn"><p>"It is "<a href=urls::PLANS>{in_plans}</a>": saving changes what those plans ring."</p></div>
            }
        });
        let save = if touched > 0 { format!("Save for {}", words::dids(touched)) } else { "Save".to_owned() };
        view! {
            {title_below(urls::ROUTES, "Inbound Routes", alias.clone(), view! {
                {badge(route.health)}
                <a class="button" href=urls::activity_of_route(route.route.id)>"Its activity"</a>
                <a class="button" href=urls::preview_of_route(route.route.id)>"Preview its calls"</a>
                <a data-writes="" class="button" href=urls::delete_route(route.route.id)>"Delete…"</a>
            })}
            {error_list(problems_of(&form.problems))}
            {meanwhile.map(conflict_note)}
            {warning}
            {in_plans}
            <section class="add-route" aria-label="Edit route">
                <form method="post" action=urls::route(route.route.id)>
                    <input type="hidden" name="as_of" value=as_of.to_string()/>
                    {fields(form, ground)}
                    {reason_field(&frame.reason)}
                    <div class="row">
                        <button class="button primary">{save}</button>
                        <a class="button link" href=urls::ROUTES>"Cancel"</a>
                    </div>
                </form>
            </section>
            {(!recent.is_empty()).then(|| view! {
                <section class="later" aria-labelledby="changes">
                    <h2 id="changes">"Recent changes"</h2>
                    {history_table(Subject::Route(route.route.id), recent)}
                    <p><a href=urls::activity_of_route(route.route.id)>"All that was done to this route"</a></p>
                </section>
            })}
        }
    })
}

fn conflict_note(conflict: &RouteConflict) -> impl IntoView + use<> {
    view! {
        <div class="note bad" role="alert">
            <p><b>"Nothing was saved: this route was changed while you were editing it."</b></p>
            {change_table(&conflict.changes)}
            <p>"Your entries are still below. Save again to put them in place of those, or "
                <a href=urls::route(conflict.now.route.id)>"take the route as it is now"</a> "."</p>
        </div>
    }
}
