//! Deleting a route: asked first, refused while it is in use.

use leptos::prelude::*;
use portal::{ChangeView, InUse, RouteView};

use crate::{
    components::tel,
    pages::dids::change_table,
    shell::{Bundle, Frame, Here, document, title},
    urls, words,
};

/// The page. `in_use` names the DIDs that stand in the way; `changes` is what somebody else did meanwhile.
pub fn delete(frame: &Frame, route: &RouteView, in_use: Option<&InUse>, changes: &[ChangeView]) -> String {
    let alias = route.route.alias.to_string();
    document(frame, Here::InboundRoutes, "Delete route", Bundle::None, || {
        let body = match in_use {
            Some(in_use) => blocked(in_use).into_any(),
            None => view! {
                <div class="card stack">
                    <p>"Delete " <b>{alias.clone()}</b> " (" <span class="code">{words::value(&route.route.target)}</span>
                        ")? No DID uses it."</p>
                    <form method="post" action=urls::delete_route(route.route.id) class="row">
                        <input type="hidden" name="as_of" value=route.version.to_string()/>
                        <button class="button danger">"Delete this route"</button>
                        <a class="button link" href=urls::route(route.route.id)>"Keep it"</a>
                    </form>
                </div>
            }
            .into_any(),
        };
        let changed = (!changes.is_empty()).then(|| {
            view! {
                <div class="note bad" role="alert">
                    <p><b>"Nothing was deleted: the route was changed while you were looking at it."</b></p>
                    {change_table(changes)}
                </div>
            }
        });
        view! { {title(format!("Delete {alias}"), ())}<div class="stack">{changed}{body}</div> }
    })
}

fn blocked(in_use: &InUse) -> impl IntoView + use<> {
    let first = in_use
        .first
        .iter()
        .map(|(number, alias)| {
            view! { <li><a href=urls::did(*number)>{tel(*number)}</a>" "{alias.as_ref().map(ToString::to_string)}</li> }
        })
        .collect_view();
    let shown = in_use.first.len() as u64;
    let rest = (in_use.count > shown).then(|| format!("and {} more", words::figure(in_use.count - shown)));
    let all = format!("{}?route={}", urls::MANAGE, in_use.route.id);
    view! {
        <div class="note bad" role="alert">
            <p><b>{format!("{} use this route. ", words::dids(in_use.count))}</b>"Please disassociate all numbers before deleting."</p>
            <ul>{first}</ul>
            <p>{rest}</p>
        </div>
        <p class="row">
            <a class="button primary" href=all>"Show the DIDs that use it"</a>
            <a class="button link" href=urls::route(in_use.route.id)>"Back to the route"</a>
        </p>
    }
}
