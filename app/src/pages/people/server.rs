//! Everybody who may sign in, for an administrator.

use leptos::prelude::*;
use portal::{ActivityPage, FieldError, Invitation, Invite, MadeInvitation, OperationView, Person, Staff};
use routing::Version;

use super::invite::InviteSection;
use super::{made_link, role_name, staff_name};
use crate::{
    components::{Pager, error_note, field_changes, listed, select_option, when},
    shell::{Bundle, Frame, Here, document, title, title_below},
    urls, words,
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
            {title("People of this server", view! { <a class="button" href=urls::PEOPLE_ACTIVITY>"What was done"</a> })}
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

/// The page of what was done to who may sign in.
pub fn people_activity(frame: &Frame, page: &ActivityPage) -> String {
    document(frame, Here::Nowhere, "What was done to who may sign in", Bundle::None, || {
        let rows = page.rows.iter().map(done).collect_view();
        let nothing = page
            .rows
            .is_empty()
            .then(|| view! { <tr><td class="empty" colspan="4">"Nothing was done yet."</td></tr> });
        let to = |way: &str, version: Version| format!("{}?{way}={version}", urls::PEOPLE_ACTIVITY);
        let pager = Pager {
            previous: page.newer.map(|version| to("newer", version)),
            next: page.older.map(|version| to("older", version)),
            sizes: Vec::new(),
            showing: String::new(),
        };
        view! {
            {title_below(urls::PEOPLE, "People of this server", "What was done", ())}
            <p class="muted">"Insert-only and chained like the history of every account; "<code>"switchback audit verify --installation"</code>" checks it."</p>
            <table class="table rows">
                <thead><tr>
                    <th scope="col">"When"</th><th scope="col">"Who"</th><th scope="col">"What"</th><th scope="col">"Before and after"</th>
                </tr></thead>
                <tbody>{rows}{nothing}</tbody>
            </table>
            {(page.newer.is_some() || page.older.is_some()).then(|| pager.view())}
        }
    })
}

fn done(entry: &OperationView) -> impl IntoView + use<> {
    let from = entry.address.clone().map(|address| view! { <div class="muted">{address}</div> });
    view! {
        <tr>
            <td data-label="When">{when(entry.at)}</td>
            <td data-label="Who" class="wide">{entry.actor.clone()}" "<span class="muted">{words::via(&entry.via)}</span>{from}</td>
            <td data-label="What" class="wide"><b>{words::change_kind(&entry.kind)}</b><div>{entry.about.clone()}</div></td>
            <td data-label="Before and after" class="wide">{entry.changes.iter().map(|change| field_changes(&change.fields)).collect_view()}</td>
        </tr>
    }
}

/// How somebody can sign in: `password and code, passkey`.
fn ways_in(person: &Person) -> String {
    let ways = &person.ways_in;
    let password = match person.second_factor {
        true => "password and code",
        false => "password",
    };
    let names: Vec<&str> =
        [(ways.password, password), (ways.passkeys > 0, "passkey"), (!ways.issuers.is_empty(), "provider")]
            .into_iter()
            .filter_map(|(there, name)| there.then_some(name))
            .collect();
    if names.is_empty() { "not yet".to_owned() } else { names.join(", ") }
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
    let state = if person.disabled { "may not sign in".to_owned() } else { ways_in(person) };
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
    InviteSection {
        heading: "Invite support or an administrator",
        root: urls::PEOPLE,
        help: "Owners, editors and viewers are invited under People of their account.",
        invite,
        problems,
        invited,
    }
    .view(roles)
}
