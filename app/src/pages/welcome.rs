//! The first visit: an account and a person of one's own, or a look around.

use leptos::prelude::*;
use portal::{Field, FieldError, SetUp};

use crate::{
    components::{Line, error_list, field_error, listed, message, select_option},
    shell::{Bundle, Frame, Here, document, title},
    urls,
};

/// What was typed, to be shown again when it was refused; never the password.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The account's name.
    pub name: String,
    /// Its country, ISO code.
    pub country: String,
    /// What the person is called.
    pub person: String,
    /// The address that they will sign in with.
    pub email: String,
}

/// The fields of a new account.
pub(super) fn account_fields(typed: &Typed, problems: &[FieldError]) -> impl IntoView + use<> {
    let name = Line {
        field: Field::Name,
        label: "Account name",
        kind: "text",
        value: &typed.name,
        autocomplete: "organization",
        help: "",
    };
    let chosen = if typed.country.is_empty() { "US" } else { &typed.country };
    let countries = routing::countries()
        .iter()
        .map(|c| select_option(c.iso(), format!("{} (+{})", c.name(), c.calling_code()), c.iso() == chosen))
        .collect_view();
    view! {
        {name.view(problems)}
        <div class="field">
            <label for="country">"Country"</label>
            <select id="country" name="country" aria-describedby="country-help">{countries}</select>
            <div class="help" id="country-help">"Numbers typed the way they are dialled there are understood."</div>
            {field_error("country-error", message(problems, Field::Country))}
        </div>
    }
}

fn person_fields(typed: &Typed, problems: &[FieldError]) -> impl IntoView + use<> {
    let name = Line {
        field: Field::PersonName,
        label: "Your name",
        kind: "text",
        value: &typed.person,
        autocomplete: "name",
        help: "",
    };
    let email = Line {
        field: Field::Email,
        label: "Your e-mail address",
        kind: "email",
        value: &typed.email,
        autocomplete: "username",
        help: "You sign in with it. No mail is sent.",
    };
    let password = Line {
        field: Field::Password,
        label: "Password",
        kind: "password",
        value: "",
        autocomplete: "new-password",
        help: "At least 12 characters; a few words that do not belong together are easy to remember.",
    };
    view! { {name.view(problems)}{email.view(problems)}{password.view(problems)} }
}

/// The page, with the problems of the last try.
pub fn page(frame: &Frame, needs: SetUp, typed: &Typed, problems: &[FieldError]) -> String {
    document(frame, Here::Nowhere, "Welcome", Bundle::None, || {
        let (heading, save) = match needs {
            SetUp::Person => ("The first person of this server", "Create the administrator"),
            _ => ("Start with your own numbers", "Create your account"),
        };
        let everything = needs != SetUp::Person;
        let said = match needs {
            SetUp::Person => {
                "This server has an account and nobody who can sign in yet. Whoever comes first administers it, and owns every account that is there."
            }
            _ => {
                "Say where each of your phone numbers rings, where it rings when that fails, and see what a call will do before you save it."
            }
        };
        let sample = everything.then(|| view! {
            <section class="card" aria-labelledby="sample">
                <h2 id="sample">"Only looking?"</h2>
                <p>"A made-up company with over 200 DIDs in several countries, over a dozen routes, and a few things that are wrong. You are signed in to it at once."</p>
                <form method="post" action=format!("{}/sample", urls::WELCOME)>
                    <button class="button">"Look around with sample data"</button>
                </form>
                <p class="small muted">"To start over later, stop the server and begin with a new database file."</p>
            </section>
        });
        view! {
            {title("Welcome", ())}
            <p>{said}</p>
            {error_list(listed(problems))}
            <div class="split">
                <section class="card" aria-labelledby="own">
                    <h2 id="own">{heading}</h2>
                    <form method="post" action=format!("{}/create", urls::WELCOME)>
                        {everything.then(|| account_fields(typed, problems))}
                        {person_fields(typed, problems)}
                        <button class="button primary">{save}</button>
                        <p class="small muted">"You administer this server then. Others are invited by a link."</p>
                    </form>
                </section>
                {sample}
            </div>
        }
    })
}
