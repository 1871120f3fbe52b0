//! The accounts to choose from.

use leptos::prelude::*;
use portal::{Account, FieldError, Staff};

use crate::{
    components::error_note,
    components::listed,
    pages::welcome::account_fields,
    shell::{Bundle, Frame, Here, document, title},
    urls,
};

/// The page. An administrator can create another.
pub fn accounts(
    frame: &Frame,
    accounts: &[Account],
    typed: &crate::pages::welcome::Typed,
    problems: &[FieldError],
) -> String {
    let staff = frame.reader.as_ref().and_then(|reader| reader.staff);
    document(frame, Here::Nowhere, "Accounts", Bundle::None, || {
        let items = accounts
            .iter()
            .map(|account| {
                let address = format!("{}/", urls::mount(account.id));
                view! { <li><a href=address>{account.name.clone()}</a>" "<span class="muted">{account.country.clone()}</span></li> }
            })
            .collect_view();
        let said = match (accounts.is_empty(), staff) {
            (true, None) => "You belong to no account. Ask an owner of one to invite you.",
            (true, Some(_)) => "There is no account yet.",
            (false, Some(_)) => {
                "Each look at an account that you do not belong to is on record, for its owners to see."
            }
            (false, None) => "Choose one.",
        };
        let create = (staff == Some(Staff::Admin)).then(|| {
            view! {
                <section class="card" aria-labelledby="create">
                    <h2 id="create">"Another account"</h2>
                    <form method="post" action=urls::ACCOUNTS>
                        {account_fields(typed, problems)}
                        <button class="button">"Create the account"</button>
                        <p class="small muted">"Invite its owner afterwards, under People."</p>
                    </form>
                </section>
            }
        });
        view! {
            {title("Accounts", ())}
            {error_note("Nothing was saved.", listed(problems), None)}
            <div class="stack">
                <p>{said}</p>
                <ul class="plain accounts">{items}</ul>
                {create}
            </div>
        }
    })
}
