//! Signing in.

use leptos::prelude::*;
use portal::{Field, FieldError};

use super::provider::{For, button};
use super::{Place, passkeys};
use crate::{
    components::{Line, error_note, listed},
    shell::{Bundle, Frame, Here, document, title},
    urls,
};

/// What was typed, but never the password.
#[derive(Clone, Debug, Default)]
pub struct SignInForm {
    /// The address.
    pub email: String,
    /// The page to go on with.
    pub next: String,
    /// What people call the provider that signs them in as well, if there is one.
    pub provider: Option<String>,
    /// Whether a passkey could be used instead.
    pub passkeys: Place,
    /// What is wrong.
    pub problems: Vec<FieldError>,
    /// What else is wrong: too many tries, say.
    pub refused: Option<String>,
}

/// The page.
pub fn sign_in(frame: &Frame, form: &SignInForm) -> String {
    document(frame, Here::Nowhere, "Sign in", Bundle::None, || {
        let email = Line {
            field: Field::Email,
            label: "E-mail address",
            kind: "email",
            value: &form.email,
            autocomplete: "username",
            help: "",
        };
        let password = Line {
            field: Field::Password,
            label: "Password",
            kind: "password",
            value: "",
            autocomplete: "current-password",
            help: "",
        };
        view! {
            {title("Sign in", ())}
            {error_note("You are not signed in.", listed(&form.problems), form.refused.clone())}
            <form method="post" action=urls::SIGN_IN class="card narrow">
                <input type="hidden" name="next" value=form.next.clone()/>
                {email.view(&form.problems)}
                {password.view(&form.problems)}
                <button class="button primary">"Sign in"</button>
                <p class="small muted">"Forgotten? Ask an administrator of this server for a link to a new password."</p>
            </form>
            {form.provider.as_ref().map(|provider| {
                button(format!("Sign in with {provider}"), &For::SignIn { next: &form.next }, "card narrow")
            })}
            {passkeys::sign_in_button(&form.passkeys, &form.next)}
        }
    })
}

/// The page of the second step.
pub fn code(frame: &Frame, form: &SignInForm) -> String {
    document(frame, Here::Nowhere, "Sign in: code", Bundle::None, || {
        let code = Line {
            field: Field::Code,
            label: "Code",
            kind: "text",
            value: "",
            autocomplete: "one-time-code",
            help: "Six digits of your authenticator app, or one of your recovery codes.",
        };
        view! {
            {title("One more step", ())}
            {error_note("You are not signed in yet.", listed(&form.problems), form.refused.clone())}
            <form method="post" action=urls::SIGN_IN_CODE class="card narrow">
                <input type="hidden" name="next" value=form.next.clone()/>
                {code.view(&form.problems)}
                <div class="row">
                    <button class="button primary">"Sign in"</button>
                    <a class="button link" href=urls::sign_in(&form.next)>"Begin again"</a>
                </div>
            </form>
        }
    })
}

/// Before somebody signs out for good.
pub fn last_sign_out(frame: &Frame) -> String {
    document(frame, Here::Nowhere, "Sign out", Bundle::None, || {
        view! {
            {title("Sign out for good?", ())}
            <div class="card stack narrow">
                <p>"You have no password, no passkey and no provider: nobody could sign in as you again. Then only another administrator can help, or who has the terminal of the server, with "
                    <code>"switchback user password"</code>"."</p>
                <form method="post" action=urls::SIGN_OUT class="row" data-outside="">
                    <input type="hidden" name="sure" value="yes"/>
                    <a class="button primary" href=urls::YOU>"Set a password"</a>
                    <button class="button danger">"Sign out for good"</button>
                </form>
            </div>
        }
    })
}
