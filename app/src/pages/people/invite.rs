//! Inviting somebody, and who was invited and is not here yet: to an account and to the installation alike.

use leptos::prelude::*;
use portal::{Field, FieldError, Invitation, Invite, Invited};

use super::{role_name, staff_name};
use crate::components::{Line, when};

/// The section of a page. Its forms post below `root`, the page's own address.
pub(super) struct InviteSection<'a> {
    pub(super) heading: &'static str,
    pub(super) root: &'static str,
    /// What stands below the address.
    pub(super) help: &'static str,
    /// As typed.
    pub(super) invite: &'a Invite,
    pub(super) problems: &'a [FieldError],
    /// Who was invited.
    pub(super) invited: &'a [Invitation],
}

impl InviteSection<'_> {
    /// With the options of the role.
    pub(super) fn view<V: IntoView>(self, roles: V) -> impl IntoView + use<V> {
        let email = Line {
            field: Field::Email,
            label: "E-mail address",
            kind: "email",
            value: &self.invite.email,
            autocomplete: "off",
            help: self.help,
        };
        let root = self.root;
        let waiting = self.invited.iter().map(|invitation| waiting(invitation, root)).collect_view();
        let waiting = (!self.invited.is_empty())
            .then(|| view! { <h3>"Invited, not here yet"</h3><ul class="plain">{waiting}</ul> });
        view! {
            <section class="card" aria-labelledby="invite">
                <h2 id="invite">{self.heading}</h2>
                <form method="post" action=format!("{root}/invite")>
                    {email.view(self.problems)}
                    <div class="field"><label for="role">"Role"</label><select id="role" name="role">{roles}</select></div>
                    <button class="button primary">"Make a link"</button>
                </form>
                {waiting}
            </section>
        }
    }
}

fn waiting(invitation: &Invitation, root: &str) -> impl IntoView + use<> {
    let role = match invitation.to {
        Invited::Member(_, role) => role_name(role),
        Invited::Staff(staff) => staff_name(staff),
    };
    view! {
        <li>
            <form method="post" action=format!("{root}/withdraw") class="row">
                <span>{invitation.email.clone()}" as "{role}", until "{when(invitation.expires_at)}</span>
                <input type="hidden" name="invitation" value=invitation.id.to_string()/>
                <button class="button link" aria-label=format!("Take back the invitation of {}", invitation.email)>"Take back"</button>
            </form>
        </li>
    }
}
