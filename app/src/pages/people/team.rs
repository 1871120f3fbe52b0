//! Who belongs to an account, whether support may write in it, and who of the staff looked.

use leptos::prelude::*;
use portal::{
    Field, FieldError, GRANT_HOURS_MAX, Grant, Invite, Look, LookPage, MadeInvitation, Member, Role, Team,
    UnixMs,
};

use super::invite::InviteSection;
use super::{made_link, role_name, role_words};
use crate::{
    components::{Line, Pager, ago, error_note, listed, select_option, when},
    shell::{Bundle, Frame, Here, document, title, title_below},
    urls,
};

/// The page. `made` is an invitation whose link is shown now; `origin` is how this server is called from outside.
pub fn team(
    frame: &Frame,
    team: &Team,
    invite: &Invite,
    problems: &[FieldError],
    made: Option<(&MadeInvitation, String)>,
    now: UnixMs,
) -> String {
    document(frame, Here::Team, "People", Bundle::Base, || {
        let made = made.map(|(made, address)| made_link(made, address, "A link"));
        let looks =
            team.manages.then(|| view! { <a class="button" href=urls::LOOKS>"Who of support looked"</a> });
        view! {
            {title("People", looks)}
            {error_note("Nothing was saved.", listed(problems), None)}
            <div class="stack">
                {made}
                {members(team, frame, now)}
                {team.manages.then(|| invitations(team, invite, problems))}
                {support(team, problems)}
            </div>
        }
    })
}

fn members(team: &Team, frame: &Frame, now: UnixMs) -> impl IntoView + use<> {
    let mine = frame.reader.as_ref().map(|reader| reader.email.clone()).unwrap_or_default();
    let rows = team
        .members
        .iter()
        .map(|member| {
            let own = member.email == mine;
            view! {
                <tr>
                    <td data-label="Who" class="wide"><b>{member.name.clone()}</b><div class="muted">{member.email.clone()}</div></td>
                    <td data-label="Role">{role(team, member)}</td>
                    <td data-label="Second factor">{if member.second_factor { "on" } else { "off" }}</td>
                    <td data-label="Since">{ago(member.since, now)}{member.disabled.then_some(" · may not sign in")}</td>
                    <td>{(team.manages || own).then(|| remove(member, own))}</td>
                </tr>
            }
        })
        .collect_view();
    let nobody = team.members.is_empty().then(|| {
        view! { <tr><td class="empty" colspan="5">"Nobody belongs to this account yet. Invite its owner below."</td></tr> }
    });
    view! {
        <table class="table rows">
            <thead><tr>
                <th scope="col">"Who"</th><th scope="col">"Role"</th><th scope="col">"Second factor"</th>
                <th scope="col">"Since"</th><th scope="col"><span class="hidden-text">"Take out"</span></th>
            </tr></thead>
            <tbody>{rows}{nobody}</tbody>
        </table>
    }
}

fn roles(chosen: Role) -> impl IntoView + use<> {
    Role::ALL
        .into_iter()
        .rev()
        .map(|role| select_option(role.as_str(), role_words(role), role == chosen))
        .collect_view()
}

fn role(team: &Team, member: &Member) -> AnyView {
    if !team.manages {
        return role_name(member.role).into_any();
    }
    view! {
        <form method="post" action=format!("{}/role", urls::TEAM) class="row">
            <input type="hidden" name="user" value=member.user.to_string()/>
            <select name="role" aria-label=format!("Role of {}", member.email)>{roles(member.role)}</select>
            <button class="button">"Set"</button>
        </form>
    }
    .into_any()
}

fn remove(member: &Member, own: bool) -> impl IntoView + use<> {
    let (words, label) = match own {
        true => ("Leave", "Leave this account".to_owned()),
        false => ("Take out", format!("Take out {}", member.email)),
    };
    view! {
        <form method="post" action=format!("{}/remove", urls::TEAM)>
            <input type="hidden" name="user" value=member.user.to_string()/>
            <button class="button" aria-label=label>{words}</button>
        </form>
    }
}

fn invitations(team: &Team, invite: &Invite, problems: &[FieldError]) -> impl IntoView + use<> {
    InviteSection {
        heading: "Invite somebody",
        root: urls::TEAM,
        help: "You get a link for this person, and pass it on yourself.",
        invite,
        problems,
        invited: &team.invitations,
    }
    .view(roles(Role::parse(&invite.role).unwrap_or(Role::Editor)))
}

fn support(team: &Team, problems: &[FieldError]) -> impl IntoView + use<> {
    let now = match &team.grant {
        Some(Grant { by, until, .. }) => {
            view! { <p>"Support may change this account until "{when(*until)}"; "{by.clone()}" allowed it."</p> }.into_any()
        }
        None => view! { <p>"Support may look at this account and change nothing. Each look is on record."</p> }.into_any(),
    };
    let hours = Line {
        field: Field::Hours,
        label: "Let support change it for so many hours",
        kind: "text",
        value: "24",
        autocomplete: "off",
        help: "",
    };
    let form = team.manages.then(|| {
        let end = team.grant.is_some().then(|| {
            view! {
                <form method="post" action=format!("{}/support", urls::TEAM)>
                    <input type="hidden" name="end" value="yes"/>
                    <button class="button danger">"End it now"</button>
                </form>
            }
        });
        view! {
            <form method="post" action=format!("{}/support", urls::TEAM)>
                {hours.view(problems)}
                <p class="small muted">{format!("From 1 to {GRANT_HOURS_MAX}. What support does then stands in Activity, with your name.")}</p>
                <button class="button">"Allow it"</button>
            </form>
            {end}
        }
    });
    view! { <section class="card" aria-labelledby="support"><h2 id="support">"Support"</h2>{now}{form}</section> }
}

/// The page of who of the staff looked at an account.
pub fn looks(frame: &Frame, page: &LookPage, first: bool) -> String {
    document(frame, Here::Team, "Who of support looked", Bundle::Base, || {
        let row = |look: &Look| {
            let page = match look.address == urls::SUPPORT {
                // Its readers could not open it, and what was searched for may be of another account.
                true => "A search of the support desk showed numbers or routes".into_any(),
                false => view! { <a href=look.address.clone()>{look.address.clone()}</a> }.into_any(),
            };
            view! {
                <tr>
                    <td data-label="When">{when(look.at)}</td>
                    <td data-label="Who" class="wide">{look.name.clone()}" "<span class="muted">{look.email.clone()}</span></td>
                    <td data-label="Page" class="wide">{page}</td>
                </tr>
            }
        };
        let rows = page.looks.iter().map(row).collect_view();
        let nobody = page.looks.is_empty().then(|| {
            view! { <tr><td class="empty" colspan="3">"Nobody who does not belong to the account looked at it."</td></tr> }
        });
        let pager = (page.older.is_some() || !first).then(|| {
            Pager {
                previous: (!first).then(|| urls::LOOKS.to_owned()),
                next: page.older.map(|below| format!("{}?below={below}", urls::LOOKS)),
                sizes: Vec::new(),
                showing: String::new(),
            }
            .view()
        });
        view! {
            {title_below(urls::TEAM, "People", "Who of support looked", ())}
            <table class="table rows">
                <thead><tr><th scope="col">"When"</th><th scope="col">"Who"</th><th scope="col">"Page"</th></tr></thead>
                <tbody>{rows}{nobody}</tbody>
            </table>
            {pager}
        }
    })
}
