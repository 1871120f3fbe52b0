//! What a link leads to that works once: an invitation, or a new password.

use leptos::prelude::*;
use portal::{Field, FieldError, InvitedTo, Joining};

use super::{
    provider::{For, button},
    role_name, staff_name,
};
use crate::{
    components::{Line, error_note, listed},
    shell::{Bundle, Frame, Here, document, title},
    urls,
};

/// Who opens an invitation.
#[derive(Clone, Debug)]
pub enum Joined {
    /// Nobody who is signed in.
    Stranger,
    /// The one that it invites.
    Invited,
    /// Somebody else, of that address.
    Other(String),
}

/// The page of an invitation.
pub fn join(
    frame: &Frame,
    word: &str,
    joining: &Joining,
    reader: &Joined,
    name: &str,
    problems: &[FieldError],
    provider: Option<&str>,
) -> String {
    let heading = match &joining.to {
        InvitedTo::Member(account, _) => format!("Join {account}"),
        InvitedTo::Staff(_) => "Join the people of this server".to_owned(),
    };
    document(frame, Here::Nowhere, &heading, Bundle::None, || {
        let role = match &joining.to {
            InvitedTo::Member(account, role) => {
                view! { "the role "<b>{role_name(*role)}</b>" in the account "<b>{account.clone()}</b> }
                    .into_any()
            }
            InvitedTo::Staff(staff) => {
                view! { "the role "<b>{staff_name(*staff)}</b>" of this server" }.into_any()
            }
        };
        let address = urls::invitation(word);
        let email = joining.email.clone();
        let body = match (reader, joining.known) {
            (Joined::Invited, _) => view! {
                <form method="post" action=address class="card narrow">
                    <button class="button primary">"Accept"</button>
                </form>
            }
            .into_any(),
            (Joined::Other(who), _) => view! {
                <div class="note warn" role="alert">
                    <p>"You are signed in as "<b>{who.clone()}</b>". This invitation is for "<b>{email.clone()}</b>". Sign out, and open the link again."</p>
                </div>
            }
            .into_any(),
            (Joined::Stranger, true) => view! {
                <p><a class="button primary" href=urls::sign_in(&address)>{format!("Sign in as {email} to accept")}</a></p>
            }
            .into_any(),
            (Joined::Stranger, false) => view! {
                {new_person(&address, &email, name, problems)}
                {provider.map(|provider| button(format!("Accept with {provider}"), &For::Join { word }, "card narrow"))}
            }
            .into_any(),
        };
        view! {
            {title(heading.clone(), ())}
            <p>{joining.by.clone()}" invites "<b>{joining.email.clone()}</b>" to "{role}"."</p>
            {error_note("Nothing was saved.", listed(problems), None)}
            {body}
        }
    })
}

fn new_person(address: &str, email: &str, name: &str, problems: &[FieldError]) -> impl IntoView + use<> {
    let called = Line {
        field: Field::PersonName,
        label: "Your name",
        kind: "text",
        value: name,
        autocomplete: "name",
        help: "",
    };
    view! {
        <form method="post" action=address.to_owned() class="card narrow">
            // So that a password manager keeps the password with the address.
            <input type="email" name="email" value=email.to_owned() autocomplete="username" readonly aria-label="E-mail address" class="once"/>
            {called.view(problems)}
            {new_password_line("Choose a password").view(problems)}
            <button class="button primary">"Accept and sign in"</button>
        </form>
    }
}

fn new_password_line(label: &'static str) -> Line<'static> {
    Line {
        field: Field::Password,
        label,
        kind: "password",
        value: "",
        autocomplete: "new-password",
        help: super::you::PASSWORD_HELP,
    }
}

/// The page of a link to a new password.
pub fn new_password(frame: &Frame, word: &str, email: &str, problems: &[FieldError]) -> String {
    document(frame, Here::Nowhere, "New password", Bundle::None, || {
        view! {
            {title("Set a new password", ())}
            {error_note("Nothing was saved.", listed(problems), None)}
            <form method="post" action=urls::password_link(word) class="card narrow">
                <input type="email" name="email" value=email.to_owned() autocomplete="username" readonly aria-label="E-mail address" class="once"/>
                {new_password_line("New password").view(problems)}
                <p class="small muted">"Wherever you are signed in, you will be signed out."</p>
                <button class="button primary">"Set the password and sign in"</button>
            </form>
        }
    })
}
