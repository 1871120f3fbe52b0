//! People: signing in, oneself, who belongs to an account, and what an administrator sees.

mod accounts;
mod countries;
mod invite;
mod join;
mod passkeys;
mod provider;
mod server;
mod sign_in;
mod team;
mod tokens;
mod you;

pub use accounts::accounts;
pub use countries::countries;
pub use join::{Joined, join, new_password};
pub use passkeys::{Place, making_passkey, new_passkey, passkey, sign_in_asking};
pub use provider::to_provider;
pub use server::{people, people_activity};
pub use sign_in::{SignInForm, code, last_sign_out, sign_in};
pub use team::{looks, team};
pub use tokens::{TokenForm, tokens};
pub use you::{YouForm, recovery_codes, second_factor, you};

use leptos::prelude::*;
use portal::{MadeInvitation, Role, Staff};

use crate::components::{textarea, when};

/// What a role may do, for a drop-down.
fn role_words(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Viewer: looks at everything",
        Role::Editor => "Editor: changes routing",
        Role::Owner => "Owner: also says who belongs here",
    }
}

/// The role alone.
fn role_name(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Viewer",
        Role::Editor => "Editor",
        Role::Owner => "Owner",
    }
}

/// What somebody may do in the whole installation.
fn staff_name(staff: Staff) -> &'static str {
    match staff {
        Staff::Support => "Support",
        Staff::Admin => "Administrator",
    }
}

/// A link that is shown once, to be passed on.
fn made_link(made: &MadeInvitation, address: String, what: &'static str) -> impl IntoView + use<> {
    let (email, until) = (made.email.clone(), made.expires_at);
    view! {
        <div class="note good" role="status">
            <p><b>{what}" for "{email}": "</b>"pass it on yourself, since Switchback sends no mail. It works once, until "{when(until)}", and is not shown again."</p>
            <p><textarea class="once" rows="1" readonly aria-label="The link">{textarea(&address)}</textarea></p>
        </div>
    }
}

/// What a browser calls itself, shortened to what people know it by.
fn browser(agent: &str) -> String {
    let known = [
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    let systems = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |table: &[(&str, &'static str)]| {
        table.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&known), find(&systems)) {
        (Some(name), Some(system)) => format!("{name} on {system}"),
        (Some(name), None) => name.to_owned(),
        _ if agent.is_empty() => "a browser without a name".to_owned(),
        _ => routing::shortened(agent).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_as_people_know_it() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36",
                "Chrome on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.5.0", "curl"),
            ("", "a browser without a name"),
        ] {
            assert_eq!(browser(agent), expected);
        }
    }
}
