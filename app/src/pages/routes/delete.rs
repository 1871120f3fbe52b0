//! Deleting a route: asked first, refused while it is in use.

use leptos::prelude::*;
use portal::{ChangeView, InUse, RouteView};
use routing::Alias;

use crate::{
    components::reason_field,
    pages::deleting::{changed_meanwhile, used_by_dids},
    shell::{Bundle, Frame, Here, document, title_below},
    urls, words,
};

/// The page. `in_use` names the DIDs and plans that stand in the way; `changes` is what somebody else did meanwhile.
pub fn delete(frame: &Frame, route: &RouteView, in_use: Option<&InUse>, changes: &[ChangeView]) -> String {
    let alias = route.route.alias.to_string();
    document(frame, Here::InboundRoutes, "Delete route", Bundle::None, || {
        let body = match in_use {
            Some(in_use) => blocked(in_use).into_any(),
            None => view! {
                <div class="card stack">
                    <p>"Delete " <b>{alias.clone()}</b> " (" <span class="code">{words::value(&route.route.target)}</span>
                        ")? No DID and no plan uses it."</p>
                    <form method="post" action=urls::delete_route(route.route.id)>
                        <input type="hidden" name="as_of" value=route.version.to_string()/>
                        {reason_field(&frame.reason)}
                        <div class="row">
                            <button class="button danger">"Delete this route"</button>
                            <a class="button link" href=urls::route(route.route.id)>"Keep it"</a>
                        </div>
                    </form>
                </div>
            }
            .into_any(),
        };
        let changed = changed_meanwhile("route", changes);
        view! { {title_below(urls::route(route.route.id), alias.clone(), format!("Delete {alias}"), ())}<div class="stack">{changed}{body}</div> }
    })
}

fn blocked(in_use: &InUse) -> impl IntoView + use<> {
    let plans = in_use.plans.iter().map(Alias::as_str).collect::<Vec<_>>().join(", ");
    let plans = (!plans.is_empty()).then(|| {
        view! {
            <div class="note bad" role="alert">
                <p><b>"Failover plans ring it: "</b>{plans}". Please take it out of them before deleting."</p>
            </div>
        }
    });
    let all = format!("{}?route={}", urls::MANAGE, in_use.route.id);
    let show = (in_use.count > 0)
        .then(|| view! { <a class="button primary" href=all>"Show the DIDs that use it"</a> });
    view! {
        {used_by_dids("route", &in_use.first, in_use.count)}
        {plans}
        <p class="row">
            {show}
            <a class="button link" href=urls::route(in_use.route.id)>"Back to the route"</a>
        </p>
    }
}
