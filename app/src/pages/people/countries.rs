//! Where an account's routes to phone numbers may ring.

use leptos::prelude::*;
use portal::{Allowed, Destinations, RouteRef};
use routing::Destination;

use crate::{
    components::{error_note, select_option},
    shell::{Bundle, Frame, Here, document, title},
    urls,
};

/// The page. `problem` is why something was not done.
pub fn countries(frame: &Frame, destinations: &Destinations, problem: Option<String>) -> String {
    document(frame, Here::Countries, "Allowed countries", Bundle::Base, || {
        view! {
            {title("Allowed countries", ())}
            <p class="lead">"A phone-number route may ring a number in these countries only. Whoever gets hold of somebody's browser cannot send your calls to where minutes are dear."</p>
            {error_note("Nothing was changed.", Vec::new(), problem)}
            <div class="stack">
                {table(destinations)}
                {elsewhere(destinations)}
                {destinations.manages.then(|| allow(&destinations.others))}
                {(!destinations.manages).then(|| view! { <p class="muted">"An owner of the account allows countries and takes them back."</p> })}
            </div>
        }
    })
}

/// `+1 876`, or nothing for premium rate, which no digits tell.
fn code(destination: Destination) -> String {
    match destination {
        Destination::PREMIUM_RATE => "in any country".to_owned(),
        other => other.to_string(),
    }
}

fn table(destinations: &Destinations) -> impl IntoView + use<> {
    let manages = destinations.manages;
    let home = destinations.home;
    let rows = destinations.allowed.iter().map(|allowed| row(allowed, manages)).collect_view();
    view! {
        <table class="table rows">
            <thead><tr>
                <th scope="col">"Country"</th><th scope="col">"Begins with"</th><th scope="col">"Routes that ring there"</th>
                <th scope="col"><span class="hidden-text">"Take back"</span></th>
            </tr></thead>
            <tbody>
                <tr>
                    <td data-label="Country"><b>{home.name()}</b></td>
                    <td data-label="Begins with">{code(home)}</td>
                    <td data-label="Routes that ring there" class="wide muted">"The account's own country: always allowed."</td>
                    <td></td>
                </tr>
                {rows}
            </tbody>
        </table>
    }
}

fn row(allowed: &Allowed, manages: bool) -> impl IntoView + use<> {
    let Allowed { destination, routes } = allowed;
    let (name, value) = (destination.name(), destination.to_string());
    let forbid = (manages && routes.is_empty()).then(|| {
        view! {
            <form method="post" action=format!("{}/forbid", urls::COUNTRIES)>
                <input type="hidden" name="country" value=value/>
                <button class="button" aria-label=format!("Take back {name}")>"Take back"</button>
            </form>
        }
    });
    view! {
        <tr>
            <td data-label="Country"><b>{name}</b></td>
            <td data-label="Begins with">{code(*destination)}</td>
            <td data-label="Routes that ring there" class="wide">{links(routes)}</td>
            <td>{forbid}</td>
        </tr>
    }
}

fn links(routes: &[RouteRef]) -> AnyView {
    if routes.is_empty() {
        return view! { <span class="muted">"none"</span> }.into_any();
    }
    routes
        .iter()
        .enumerate()
        .map(|(at, route)| {
            view! { {(at > 0).then_some(", ")}<a href=urls::route(route.id)>{route.alias.to_string()}</a> }
        })
        .collect_view()
        .into_any()
}

fn elsewhere(destinations: &Destinations) -> Option<AnyView> {
    if destinations.elsewhere.is_empty() {
        return None;
    }
    let lines = destinations
        .elsewhere
        .iter()
        .map(|(destination, route)| {
            view! { <li><a href=urls::route(route.id)>{route.alias.to_string()}</a>" rings "{destination.name()}" ("{code(*destination)}")"</li> }
        })
        .collect_view();
    Some(
        view! {
            <div class="note warn">
                <p>"These routes ring where nobody allowed it: they are from before countries had to be allowed, or from when the account was at home elsewhere. They go on ringing; their value cannot be changed to another number there."</p>
                <ul>{lines}</ul>
            </div>
        }
        .into_any(),
    )
}

fn allow(others: &[Destination]) -> impl IntoView + use<> {
    let option = |other: &Destination| {
        let words = match *other {
            Destination::PREMIUM_RATE => "Premium-rate numbers, in every allowed country".to_owned(),
            other => format!("{} ({other})", other.name()),
        };
        select_option(other.to_string(), words, false)
    };
    let (plain, dear): (Vec<&Destination>, Vec<&Destination>) =
        others.iter().partition(|other| !other.is_dear());
    let group = |chosen: &[&Destination]| chosen.iter().map(|other| option(other)).collect_view();
    view! {
        <section class="card" aria-labelledby="allow">
            <h2 id="allow">"Allow another one"</h2>
            <form method="post" action=urls::COUNTRIES>
                <div class="field">
                    <label for="country">"Country"</label>
                    <select id="country" name="country" required>
                        {select_option(String::new(), "Choose a country", true)}
                        <optgroup label="Countries">{group(&plain)}</optgroup>
                        <optgroup label="Dear: premium rate, satellites and the like">{group(&dear)}</optgroup>
                    </select>
                    <p class="help">"Premium-rate numbers and satellites stay forbidden until you allow them by name."</p>
                </div>
                <button class="button primary">"Allow it"</button>
            </form>
            <p class="small muted">"If you signed in a while ago, you are asked to sign in again first. Activity says who allowed what."</p>
        </section>
    }
}
