//! What a search over every account found, by kind.

use leptos::prelude::*;
use portal::{AccountName, Few, FoundDid, FoundInAll, FoundRoute, SUPPORT_FOUND_MAX};
use routing::Failover;

use super::account_link;
use crate::{components::tel, urls, words};

pub(super) fn sections(typed: &str, found: &FoundInAll) -> impl IntoView + use<> {
    let too_short = found.dids.is_none().then(|| {
        view! { <p class="note">"Numbers and their aliases are searched from three characters on: type more of it."</p> }
    });
    let nothing = (found.is_empty() && found.dids.is_some()).then(|| {
        view! {
            <p class="card">
                {format!("Nothing matches “{typed}” in any account. Check the digits, or type part of it: the last digits of the number, a word of the alias, the host of the route.")}
            </p>
        }
    });
    view! {
        <div class="stack">
            {too_short}
            {nothing}
            {found.dids.as_ref().and_then(|dids| section("Numbers", &["Number", "Account", "Alias", "Rings"], dids, did))}
            {section("Routes", &["Route", "Account", "Type", "Value"], &found.routes, route)}
            {section("Accounts", &["Account", "Id", "Goes to"], &found.accounts, account)}
        </div>
    }
}

/// A kind of thing, if any of it was found.
fn section<T, V: IntoView + 'static>(
    heading: &'static str,
    columns: &[&'static str],
    few: &Few<T>,
    row: fn(&T) -> V,
) -> Option<impl IntoView + use<T, V>> {
    let id = heading.to_lowercase();
    let columns: Vec<_> = columns.iter().map(|name| view! { <th scope="col">{*name}</th> }).collect();
    let rows: Vec<_> = few.rows.iter().map(row).collect();
    let more = few.more.then(|| {
        view! { <p class="muted">{format!("There are more than these {SUPPORT_FOUND_MAX}. Type more of it to find the others.")}</p> }
    });
    (!few.rows.is_empty()).then(|| {
        view! {
            <section aria-labelledby=id.clone()>
                <h2 id=id.clone()>{heading}</h2>
                <table class="table rows"><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>
                {more}
            </section>
        }
    })
}

fn did(found: &FoundDid) -> impl IntoView + use<> {
    let did = &found.row.did;
    let address = urls::mounted(found.account.id, &urls::did(did.number));
    view! {
        <tr>
            <td data-label="Number" class="nowrap"><a href=address>{tel(did.number)}</a></td>
            <td data-label="Account" class="wide">{account_link(&found.account)}</td>
            <td data-label="Alias" class="wide">{did.alias.as_ref().map(ToString::to_string)}</td>
            <td data-label="Rings" class="wide">{rings(found)}</td>
        </tr>
    }
}

/// Where a DID rings, and where when that fails: `seattle-pbx → mobile`.
fn rings(found: &FoundDid) -> String {
    let primary = &found.primary;
    let failover = found.failover.as_ref().map(ToString::to_string).unwrap_or_default();
    match (found.row.did.failover, found.row.did.weights) {
        (Failover::None, _) => format!("{primary}, no failover"),
        (Failover::Route(_), None) => format!("{primary} → {failover}"),
        (Failover::Route(_), Some(weights)) => {
            format!("{primary} {} : {} {failover}", weights.primary, weights.failover)
        }
        (Failover::Plan(_), _) => format!("{primary} → plan {failover}"),
    }
}

fn route(found: &FoundRoute) -> impl IntoView + use<> {
    let address = urls::mounted(found.account.id, &urls::route(found.id));
    view! {
        <tr>
            <td data-label="Route" class="wide"><a href=address>{found.alias.to_string()}</a></td>
            <td data-label="Account" class="wide">{account_link(&found.account)}</td>
            <td data-label="Type" class="nowrap">{words::kind(found.target.kind())}</td>
            <td data-label="Value" class="wide">{words::value(&found.target)}</td>
        </tr>
    }
}

fn account(found: &AccountName) -> impl IntoView + use<> {
    let manage = urls::mounted(found.id, urls::MANAGE);
    let findings = urls::mounted(found.id, urls::FINDINGS);
    view! {
        <tr>
            <td data-label="Account" class="wide">{account_link(found)}</td>
            <td data-label="Id">{found.id.to_string()}</td>
            <td data-label="Goes to"><span><a href=manage>"DIDs"</a>", "<a href=findings>"Findings"</a></span></td>
        </tr>
    }
}
