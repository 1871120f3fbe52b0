//! Oneself: name, password, second factor, and where one is signed in.

use leptos::prelude::*;
use portal::{Enrolment, Field, FieldError, Session, UnixMs, You};

use super::{Place, browser, passkeys};
use crate::{
    components::{Line, ago, error_note, listed},
    qr,
    shell::{Bundle, Frame, Here, document, title, title_below},
    urls,
};

/// What makes a good password.
pub(super) const PASSWORD_HELP: &str = "At least 12 characters; a few words that do not belong together are easy to remember. Spaces count, and pasting works.";

/// What was typed about oneself.
#[derive(Clone, Debug, Default)]
pub struct YouForm {
    /// The name, if it was refused.
    pub name: Option<String>,
    /// What is wrong.
    pub problems: Vec<FieldError>,
    /// What else is wrong.
    pub refused: Option<String>,
}

/// The page.
pub fn you(frame: &Frame, you: &You, form: &YouForm, place: &Place, now: UnixMs) -> String {
    document(frame, Here::Nowhere, "You", Bundle::Base, || {
        let name = Line {
            field: Field::PersonName,
            label: "Name",
            kind: "text",
            value: form.name.as_deref().unwrap_or(&you.name),
            autocomplete: "name",
            help: "",
        };
        view! {
            {title_below(urls::OVERVIEW, "Overview", "You", ())}
            {error_note("Nothing was saved.", listed(&form.problems), form.refused.clone())}
            <div class="stack">
                <section class="card" aria-labelledby="who">
                    <h2 id="who">{you.email.clone()}</h2>
                    <form method="post" action=format!("{}/name", urls::YOU)>
                        {name.view(&form.problems)}
                        <button class="button">"Save the name"</button>
                    </form>
                </section>
                {password(you, form)}
                {factor(you)}
                {super::provider::yours(you, now)}
                {passkeys::passkeys(you, place, now)}
                {sessions(you, now)}
            </div>
        }
    })
}

fn password(you: &You, form: &YouForm) -> impl IntoView + use<> {
    let before = Line {
        field: Field::PasswordBefore,
        label: "Present password",
        kind: "password",
        value: "",
        autocomplete: "current-password",
        help: "",
    };
    let after = Line {
        field: Field::Password,
        label: "New password",
        kind: "password",
        value: "",
        autocomplete: "new-password",
        help: PASSWORD_HELP,
    };
    let asked = you.has_password.then(|| before.view(&form.problems));
    let heading = if you.has_password { "Password" } else { "Set a password" };
    view! {
        <section class="card" aria-labelledby="password-heading">
            <h2 id="password-heading">{heading}</h2>
            <form method="post" action=format!("{}/password", urls::YOU)>
                <input type="email" name="email" value=you.email.clone() autocomplete="username" hidden/>
                {asked}
                {after.view(&form.problems)}
                <button class="button">{if you.has_password { "Change the password" } else { "Set the password" }}</button>
                <p class="small muted">"Everywhere else where you are signed in, you will be signed out."</p>
            </form>
        </section>
    }
}

fn factor(you: &You) -> impl IntoView + use<> {
    let body = match you.second_factor {
        None => view! {
            <p>"Off. With an authenticator app, a stolen password alone lets nobody in."</p>
            <p><a class="button" href=urls::SECOND_FACTOR>"Set up an authenticator app"</a></p>
        }
        .into_any(),
        Some(left) => view! {
            <p>"On: signing in asks for a code of your authenticator app. "
                {match left { 1 => "1 recovery code is left.".to_owned(), n => format!("{n} recovery codes are left.") }}</p>
            <form method="post" action=format!("{}/drop", urls::SECOND_FACTOR) class="row">
                <a class="button" href=urls::SECOND_FACTOR>"Set it up anew"</a>
                <button class="button">"Switch it off"</button>
            </form>
        }
        .into_any(),
    };
    view! { <section class="card" aria-labelledby="factor"><h2 id="factor">"Second factor"</h2>{body}</section> }
}

fn sessions(you: &You, now: UnixMs) -> impl IntoView + use<> {
    let here = you.here;
    let row = |session: &Session| {
        let end = if session.id == here {
            view! { <b>"this browser"</b> }.into_any()
        } else {
            let name = format!("Sign out {}", browser(&session.agent));
            view! {
                <form method="post" action=format!("{}/sessions/end", urls::YOU)>
                    <input type="hidden" name="session" value=session.id.to_string()/>
                    <button class="button" aria-label=name>"Sign out"</button>
                </form>
            }
            .into_any()
        };
        view! {
            <tr>
                <td data-label="Browser" class="wide">{browser(&session.agent)}</td>
                <td data-label="From">{session.address.clone()}</td>
                <td data-label="Signed in">{ago(session.created_at, now)}</td>
                <td data-label="Last used">{ago(session.seen_at, now)}</td>
                <td>{end}</td>
            </tr>
        }
    };
    let rows = you.sessions.iter().map(row).collect_view();
    let others = (you.sessions.len() > 1).then(|| {
        view! {
            <form method="post" action=format!("{}/sessions/end", urls::YOU)>
                <input type="hidden" name="session" value="others"/>
                <button class="button">"Sign out everywhere else"</button>
            </form>
        }
    });
    view! {
        <section class="stack" aria-labelledby="sessions">
            <h2 id="sessions">"Where you are signed in"</h2>
            <table class="table rows">
                <thead><tr>
                    <th scope="col">"Browser"</th><th scope="col">"From"</th><th scope="col">"Signed in"</th>
                    <th scope="col">"Last used"</th><th scope="col"><span class="hidden-text">"End it"</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            {others}
            <p class="small muted">"A session ends after 12 hours without use, and after 7 days in any case."</p>
        </section>
    }
}

/// The page that sets a second factor up.
pub fn second_factor(frame: &Frame, enrolment: &Enrolment, problems: &[FieldError]) -> String {
    document(frame, Here::Nowhere, "Second factor", Bundle::None, || {
        let code = Line {
            field: Field::Code,
            label: "Code that the app shows",
            kind: "text",
            value: "",
            autocomplete: "one-time-code",
            help: "",
        };
        let secret = enrolment.secret.clone();
        let groups: Vec<String> =
            secret.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        view! {
            {title_below(urls::YOU, "You", "Set up an authenticator app", ())}
            {error_note("It is not on yet.", listed(problems), None)}
            <form method="post" action=urls::SECOND_FACTOR class="card stack">
                <p>"1. In the app, add an account by reading this picture."</p>
                <div class="qr" inner_html=qr::picture(&enrolment.url)></div>
                <p>"Or type this key: "<code class="nobreak">{groups.join(" ")}</code></p>
                <p>"2. Type the code that it shows."</p>
                <input type="hidden" name="secret" value=secret/>
                {code.view(problems)}
                <div class="row">
                    <button class="button primary">"Switch it on"</button>
                    <a class="button link" href=urls::YOU>"Cancel"</a>
                </div>
            </form>
        }
    })
}

/// The page that shows the recovery codes, once.
pub fn recovery_codes(frame: &Frame, codes: &[String]) -> String {
    document(frame, Here::Nowhere, "Recovery codes", Bundle::None, || {
        let items = codes.iter().map(|code| view! { <li><code>{code.clone()}</code></li> }).collect_view();
        view! {
            {title("Keep these recovery codes", ())}
            <div class="note good" role="status"><p>"The second factor is on. Elsewhere you were signed out."</p></div>
            <div class="card stack">
                <p>"Each lets you in once without the app. They are not shown again: print them, or keep them in a password manager."</p>
                <ul class="codes">{items}</ul>
                <p><a class="button primary" href=urls::YOU>"I have kept them"</a></p>
            </div>
        }
    })
}
