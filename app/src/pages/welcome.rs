//! The first visit: an account of one's own, or a look around.

use leptos::prelude::*;
use portal::{Field, FieldError};

use crate::{
    components::{error_list, field_error, select_option},
    shell::{Bundle, Frame, Here, document, title},
    words,
};

/// What was typed, to be shown again when it was refused.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The account's name.
    pub name: String,
    /// Its country, ISO code.
    pub country: String,
}

/// The page, with the problems of the last try.
pub fn page(frame: &Frame, typed: &Typed, problems: &[FieldError]) -> String {
    let message = |field: Field| problems.iter().find(|p| p.field == field).map(|p| p.problem.to_string());
    let name_error = message(Field::Name);
    let country_error = message(Field::Country);
    let listed = problems
        .iter()
        .map(|p| {
            let id = if p.field == Field::Country { "country" } else { "name" };
            (id.to_owned(), format!("{}: {}", words::field(p.field), p.problem))
        })
        .collect();
    let chosen = if typed.country.is_empty() { "US" } else { &typed.country };
    let countries = routing::countries()
        .iter()
        .map(|c| select_option(c.iso(), format!("{} (+{})", c.name(), c.calling_code()), c.iso() == chosen))
        .collect_view();
    document(frame, Here::Nowhere, "Welcome", Bundle::None, || {
        view! {
            {title("Welcome", ())}
            <p>"Say where each of your phone numbers rings, where it rings when that fails, and see what a call will do before you save it."</p>
            {error_list(listed)}
            <div class="split">
                <section class="card" aria-labelledby="own">
                    <h2 id="own">"Start with your own numbers"</h2>
                    <form method="post" action="/welcome/create">
                        <div class="field">
                            <label for="name">"Account name"</label>
                            <input type="text" id="name" name="name" value=typed.name.clone() autocomplete="organization"
                                aria-invalid=name_error.is_some().then_some("true")
                                aria-describedby=name_error.is_some().then_some("name-error")/>
                            {field_error("name-error", name_error.clone())}
                        </div>
                        <div class="field">
                            <label for="country">"Country"</label>
                            <select id="country" name="country" aria-describedby="country-help">{countries}</select>
                            <div class="help" id="country-help">"Numbers typed the way they are dialled there are understood."</div>
                            {field_error("country-error", country_error.clone())}
                        </div>
                        <button class="button primary">"Create your account"</button>
                    </form>
                </section>
                <section class="card" aria-labelledby="sample">
                    <h2 id="sample">"Only looking?"</h2>
                    <p>"A made-up company with over 200 DIDs in several countries, a dozen routes, and a few things that are wrong."</p>
                    <form method="post" action="/welcome/sample">
                        <button class="button">"Look around with sample data"</button>
                    </form>
                    <p class="small muted">"To start over later, stop the server and begin with a new database file."</p>
                </section>
            </div>
        }
    })
}
