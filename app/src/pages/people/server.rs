//! Everybody who may sign in, for an administrator.

use leptos::prelude::*;
use portal::{Field, FieldError, Invitation, Invite, Invited, MadeInvitation, Person, Staff};

use super::{made_link, role_name, staff_name};
use crate::{
    components::{Line, error_note, listed, select_option, when},
    shell::{Bundle, Frame, Here, document, title},
    urls,
};

/// The page. `made` is a link that is shown now.
pub fn people(
    frame: &Frame,
    people: &[Person],
    invited: &[Invitation],
    invite: &Invite,
    problems: &[FieldError],
    made: Option<(&MadeInvitation, String)>,
) -> String {
    document(frame, Here::Nowhere, "People of this server", Bundle::None, || {
        let made = made.map(|(made, address)| made_link(made, address, "A link"));
        let rows = people.iter().map(row).collect_view();
        view! {
            {title("People of this server", ())}
            {error_note("Nothing was saved.", listed(problems), None)}
            <div class="stack">
                {made}
                <table class="table rows">
                    <thead><tr>
                        <th scope="col">"Who"</th><th scope="col">"Belongs to"</th><th scope="col">"Of this server"</th>
                        <th scope="col">"Sign-in"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
                {invitations(invited, invite, problems)}
            </div>
        }
    })
}

fn row(person: &Person) -> impl IntoView + use<> {
    let accounts = person
        .accounts
        .iter()
        .map(|(account, role)| {
            let address = format!("{}/", urls::mount(account.id));
            view! { <div><a href=address>{account.name.clone()}</a>" "<span class="muted">{role_name(*role)}</span></div> }
        })
        .collect_view();
    let id = person.id.to_string();
    let button = |action: &'static str, name: &'static str, words: &'static str, value: &'static str| {
        let label = format!("{words}: {}", person.email);
        view! {
            <form method="post" action=format!("{}/{action}", urls::PEOPLE)>
                <input type="hidden" name="user" value=id.clone()/>
                <input type="hidden" name=name value=value/>
                <button class="button link" aria-label=label>{words}</button>
            </form>
        }
    };
    let factor = person.second_factor.then(|| button("second-factor", "off", "Second factor off", "yes"));
    let able = match person.disabled {
        true => button("disable", "disabled", "Let them sign in again", "no"),
        false => button("disable", "disabled", "Let them sign in no more", "yes"),
    };
    let state = match (person.disabled, person.has_password, person.second_factor) {
        (true, ..) => "may not sign in",
        (_, false, _) => "no password",
        (_, _, true) => "password and code",
        _ => "password",
    };
    let options = [None, Some(Staff::Support), Some(Staff::Admin)]
        .map(|staff| {
            let words = staff.map_or("Nothing", staff_name);
            select_option(staff.map_or("none", Staff::as_str), words, staff == person.staff)
        })
        .collect_view();
    view! {
        <tr>
            <td data-label="Who" class="wide"><b>{person.name.clone()}</b><div class="muted">{person.email.clone()}</div></td>
            <td data-label="Belongs to" class="wide">{accounts}</td>
            <td data-label="Of this server">
                <form method="post" action=format!("{}/staff", urls::PEOPLE) class="row">
                    <input type="hidden" name="user" value=id.clone()/>
                    <select name="staff" aria-label=format!("What {} is of this server", person.email)>{options}</select>
                    <button class="button">"Set"</button>
                </form>
            </td>
            <td data-label="Sign-in" class="wide"><div>{state}</div>{button("password", "link", "Link to a new password", "yes")}{factor}{able}</td>
        </tr>
    }
}

fn invitations(invited: &[Invitation], invite: &Invite, problems: &[FieldError]) -> impl IntoView + use<> {
    let email = Line {
        field: Field::Email,
        label: "E-mail address",
        kind: "email",
        value: &invite.email,
        autocomplete: "off",
        help: "Owners, editors and viewers are invited under People of their account.",
    };
    let chosen = Staff::parse(&invite.role).unwrap_or(Staff::Support);
    let roles = Staff::ALL
        .map(|staff| {
            let words = match staff {
                Staff::Support => "Support: looks at every account",
                Staff::Admin => "Administrator: does everything",
            };
            select_option(staff.as_str(), words, staff == chosen)
        })
        .collect_view();
    let waiting = invited
        .iter()
        .map(|invitation| {
            let Invited::Staff(staff) = invitation.to else { return ().into_any() };
            view! {
                <li>
                    <form method="post" action=format!("{}/withdraw", urls::PEOPLE) class="row">
                        <span>{invitation.email.clone()}" as "{staff_name(staff)}", until "{when(invitation.expires_at)}</span>
                        <input type="hidden" name="invitation" value=invitation.id.to_string()/>
                        <button class="button link" aria-label=format!("Take back the invitation of {}", invitation.email)>"Take back"</button>
                    </form>
                </li>
            }
            .into_any()
        })
        .collect_view();
    let heading = (!invited.is_empty())
        .then(|| view! { <h3>"Invited, not here yet"</h3><ul class="plain">{waiting}</ul> });
    view! {
        <section class="card" aria-labelledby="invite">
            <h2 id="invite">"Invite support or an administrator"</h2>
            <form method="post" action=format!("{}/invite", urls::PEOPLE)>
                {email.view(problems)}
                <div class="field"><label for="role">"Role"</label><select id="role" name="role">{roles}</select></div>
                <button class="button primary">"Make a link"</button>
            </form>
            {heading}
        </section>
    }
}
