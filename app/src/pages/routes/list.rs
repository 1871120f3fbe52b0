//! The list of routes with the Add New Route box.

use leptos::prelude::*;
use portal::{RouteGround, RouteQuery, RouteSort, RouteView, UnixMs};
use routing::RouteId;

use super::form::{FormState, fields, problems_of};
use crate::{
    components::{badge, breakable, error_list, lasting, reason_field, sort_header},
    shell::{Bundle, Frame, Here, document, title},
    urls, words,
};

/// The page. `form` holds what was typed when a new route was refused.
pub fn list(
    frame: &Frame,
    routes: &[RouteView],
    query: &RouteQuery,
    ground: &RouteGround,
    form: &FormState,
    now: UnixMs,
) -> String {
    document(frame, Here::InboundRoutes, "Inbound Routes", Bundle::Check, || {
        view! {
            {title("Inbound Routes", view! { <a data-writes="" class="button" href="#add">"Add New Route"</a> })}
            {error_list(problems_of(&form.problems))}
            <section aria-label="Inbound routes">
                {search(query)}
                {table(routes, query, now)}
            </section>
            <section class="add-route card" id="add" aria-labelledby="add-heading">
                <h2 id="add-heading">"Add New Route"</h2>
                <form method="post" action=urls::ROUTES>
                    {fields(form, ground)}
                    {reason_field(&frame.reason)}
                    <button class="button primary">"Add Route"</button>
                </form>
            </section>
        }
    })
}

fn search(query: &RouteQuery) -> impl IntoView + use<> {
    let text = query.q.clone();
    let searched = !text.is_empty();
    view! {
        <form class="filters" method="get" action=urls::ROUTES role="search">
            <div class="grow">
                <label for="q">"Search"</label>
                <input type="search" id="q" name="q" value=text placeholder="Alias or value" autocomplete="off"/>
            </div>
            <input type="hidden" name="sort" value=sort_word(query.sort)/>
            {query.descending.then(|| view! { <input type="hidden" name="dir" value="desc"/> })}
            <button class="button">"Search"</button>
            {searched.then(|| view! { <a class="button link" href=urls::ROUTES>"Show all"</a> })}
        </form>
    }
}

/// A sort as it stands in the URL.
pub(crate) fn sort_word(sort: RouteSort) -> &'static str {
    match sort {
        RouteSort::Alias => "alias",
        RouteSort::Kind => "type",
        RouteSort::Value => "value",
        RouteSort::Edge => "edge",
        RouteSort::UsedBy => "used",
        RouteSort::Health => "state",
    }
}

fn header(query: &RouteQuery, sort: RouteSort, label: &'static str) -> impl IntoView + use<> {
    let current = query.sort == sort;
    let descending = current && !query.descending;
    let href = urls::query(&[
        ("q", query.q.clone()),
        ("sort", sort_word(sort).into()),
        ("dir", if descending { "desc".into() } else { String::new() }),
    ]);
    sort_header(label, format!("{}{href}", urls::ROUTES), current.then_some(query.descending))
}

fn table(routes: &[RouteView], query: &RouteQuery, now: UnixMs) -> impl IntoView + use<> {
    let rows = routes.iter().map(|r| row(r, now)).collect_view();
    let nothing = routes.is_empty().then(|| {
        view! { <tr><td class="empty" colspan="6">"No route matches. " <a href=urls::ROUTES>"Show all routes"</a></td></tr> }
    });
    let only_built_in = (routes.len() == 1 && routes[0].route.id == RouteId::REGISTERED && query.q.is_empty()).then(|| {
        view! { <tr><td class="empty" colspan="6">"No route of your own yet."
            <span data-writes="">" "<a href="#add">"Add your first route"</a>": your phone system's host, or a number to forward to."</span></td></tr> }
    });
    view! {
        <table class="table rows">
            <thead><tr>
                {header(query, RouteSort::Alias, "Alias")}
                {header(query, RouteSort::Kind, "Type")}
                {header(query, RouteSort::Value, "Value")}
                {header(query, RouteSort::Edge, "Edge")}
                {header(query, RouteSort::Health, "State")}
                {header(query, RouteSort::UsedBy, "Used by")}
            </tr></thead>
            <tbody>{rows}{nothing}{only_built_in}</tbody>
        </table>
    }
}

fn row(view: &RouteView, now: UnixMs) -> impl IntoView + use<> {
    let route = &view.route;
    let alias = route.alias.to_string();
    let name = if route.id == RouteId::REGISTERED {
        view! { <span>{alias}" "<span class="muted small">"(built in)"</span></span> }.into_any()
    } else {
        view! { <a href=urls::route(route.id)>{alias}</a> }.into_any()
    };
    let age = view.health_since.filter(|_| view.health.is_down()).map(|at| lasting(at, now));
    let caution =
        view.cautions.first().map(|c| view! { <br/><span class="small caution">{format!("! {c}")}</span> });
    let edge = view.edge.as_ref().map_or("No preference".to_owned(), |e| e.name.clone());
    let used = match words::usage(view.usage) {
        None => view! { <span class="muted">"not used"</span> }.into_any(),
        Some(words) if view.usage.total() > 0 => {
            view! { <a href=format!("{}?route={}", urls::MANAGE, route.id)>{words}</a> }.into_any()
        }
        Some(words) => view! { <span>{words}</span> }.into_any(),
    };
    view! {
        <tr>
            <td data-label="Alias" class="wide">{name}</td>
            <td data-label="Type" class="nowrap">{words::kind(route.target.kind())}</td>
            <td data-label="Value" class="wide"><span class="code">{breakable(&words::value(&route.target))}</span>{caution}</td>
            <td data-label="Edge" class="nowrap">{edge}</td>
            <td data-label="State" class="nowrap">{badge(view.health)}" "<span class="muted small">{age}</span></td>
            <td data-label="Used by" class="figure">{used}</td>
        </tr>
    }
}
