//! The support desk, for the staff: one search over every account, and what is wrong where.

mod found;
mod standings;

use leptos::prelude::*;
use portal::{AccountName, FoundInAll, Standings};

use crate::{
    shell::{Bundle, Frame, Here, document, title},
    urls,
};

/// The page before a search.
pub fn desk(frame: &Frame, standings: &Standings) -> String {
    document(frame, Here::Nowhere, "Support desk", Bundle::None, || {
        view! {
            {title("Support desk", ())}
            {search("")}
            {standings::section(standings)}
        }
    })
}

/// The page after a search.
pub fn found(frame: &Frame, typed: &str, found: &FoundInAll) -> String {
    document(frame, Here::Nowhere, &format!("{typed}: support desk"), Bundle::None, || {
        view! {
            {title("Support desk", view! { <a class="button" href=urls::SUPPORT>"What is wrong where"</a> })}
            {search(typed)}
            {found::sections(typed, found)}
        }
    })
}

fn search(typed: &str) -> impl IntoView + use<> {
    view! {
        <form class="filters support" method="get" action=urls::SUPPORT role="search">
            <div class="grow">
                <label for="q">"Search every account"</label>
                <input type="search" id="q" name="q" value=typed.to_owned() autocomplete="off" aria-describedby="what" autofocus=typed.is_empty()/>
            </div>
            <button class="button primary">"Search"</button>
        </form>
        <p class="small muted" id="what">
            "A number in any format or part of one, an alias, the value or host of a route, the name or id of an account. A whole number leads straight to its page."
        </p>
    }
}

/// An account by its name, leading to its overview.
fn account_link(account: &AccountName) -> impl IntoView + use<> {
    let address = urls::mounted(account.id, urls::OVERVIEW);
    view! { <a href=address>{account.name.clone()}</a> }
}
