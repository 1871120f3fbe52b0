//! Passkeys: those that one has, making one, and signing in with one.

use leptos::prelude::*;
use portal::{Field, FieldError, Passkey, UnixMs, You};

use super::browser;
use crate::{
    components::{Line, ago, error_note, listed},
    islands::passkey::Passkey as Asking,
    shell::{Bundle, Frame, Here, document, title, title_below},
    urls,
};

/// Whether browsers have passkeys at the address under which a page was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// They have.
    Here,
    /// They have at this address of the same server.
    At(String),
    /// They have not, under whichever address the server knows of.
    #[default]
    Nowhere,
}

impl Place {
    /// What there is to do where they have none.
    fn sentence(&self) -> Option<impl IntoView + use<>> {
        let rest = match self {
            Place::Here => return None,
            Place::At(address) => view! {
                "open the portal as "<a href=address.clone()>{address.clone()}</a>", or set "<code>"--public-url"</code>"."
            }
            .into_any(),
            Place::Nowhere => {
                view! { "the address of "<code>"--public-url"</code>" is none. Give the server one." }.into_any()
            }
        };
        Some(view! { <p class="small muted">"Passkeys need a name: "{rest}</p> })
    }
}

fn without_script() -> impl IntoView {
    view! { <noscript><p class="small muted">"Passkeys need JavaScript, which this browser does not run here."</p></noscript> }
}

/// The button on the page where one signs in.
pub(super) fn sign_in_button(place: &Place, next: &str) -> impl IntoView + use<> {
    let body = match place.sentence() {
        Some(sentence) => sentence.into_any(),
        None => view! {
            <form method="post" action=urls::SIGN_IN_PASSKEY class="scripted">
                <input type="hidden" name="next" value=next.to_owned()/>
                <button class="button" id=Field::Passkey.name()>"Sign in with a passkey"</button>
                <p class="small muted">"Your device asks for your finger, your face or its PIN; no password and no code is needed."</p>
            </form>
            {without_script()}
        }
        .into_any(),
    };
    view! { <div class="card narrow">{body}</div> }
}

/// The page on which the browser asks for a passkey to sign in with.
pub fn sign_in_asking(frame: &Frame, options: &str, next: &str) -> String {
    let sign_in = urls::sign_in(next);
    let action = format!("{}/finish", urls::SIGN_IN_PASSKEY);
    document(frame, Here::Nowhere, "Sign in with a passkey", Bundle::Base, || {
        view! {
            {title("Sign in with a passkey", ())}
            <form method="post" action=action id="ceremony" class="card narrow stack">
                <input type="hidden" name="next" value=next.to_owned()/>
                <input type="hidden" name="passkey"/>
                <Asking options=options.to_owned() makes=false/>
                {without_script()}
                <p><a href=sign_in>"Use your password instead"</a></p>
            </form>
        }
    })
}

/// The passkeys that one has, on one's own page.
pub(super) fn passkeys(you: &You, place: &Place, now: UnixMs) -> impl IntoView + use<> {
    let row = |passkey: &Passkey| {
        let used = passkey.used_at.map(|at| ago(at, now));
        let used = used.map_or_else(|| "never".into_any(), IntoAny::into_any);
        let label = format!("Rename or remove {}", passkey.name);
        view! {
            <tr>
                <td data-label="Passkey" class="wide">{passkey.name.clone()}</td>
                <td data-label="Made">{ago(passkey.created_at, now)}</td>
                <td data-label="Last used">{used}</td>
                <td><a class="button" href=urls::passkey(passkey.id) aria-label=label>"Rename or remove"</a></td>
            </tr>
        }
    };
    let table = (!you.passkeys.is_empty()).then(|| {
        let rows = you.passkeys.iter().map(row).collect_view();
        view! {
            <table class="table rows">
                <thead><tr>
                    <th scope="col">"Passkey"</th><th scope="col">"Made"</th><th scope="col">"Last used"</th>
                    <th scope="col"><span class="hidden-text">"Change it"</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
    });
    let add = match place.sentence() {
        Some(sentence) => sentence.into_any(),
        None => view! { <p><a class="button" href=urls::PASSKEYS>"Add a passkey"</a></p> }.into_any(),
    };
    let about = "A passkey stays in your device or password manager and signs you in with a finger, a face or a PIN. No password and no code is asked for then, and no other site can get hold of it.";
    let (class, about) = match table {
        None => ("card", view! { <p>{about}</p> }.into_any()),
        Some(_) => ("stack", view! { <p class="small muted">{about}</p> }.into_any()),
    };
    view! {
        <section class=class aria-labelledby="passkeys"><h2 id="passkeys">"Passkeys"</h2>{table}{about}{add}</section>
    }
}

fn below_you(heading: String) -> impl IntoView {
    title_below(urls::YOU, "You", heading, ())
}

fn name_line(value: &str, help: &'static str, problems: &[FieldError]) -> impl IntoView + use<> {
    Line { field: Field::PasskeyName, label: "Name", kind: "text", value, autocomplete: "off", help }
        .view(problems)
}

/// The page that a new passkey begins on. `typed` is its name, if it was refused; `agent` is what the browser calls itself.
pub fn new_passkey(frame: &Frame, typed: Option<&str>, agent: &str, problems: &[FieldError]) -> String {
    document(frame, Here::Nowhere, "Add a passkey", Bundle::None, || {
        let name = typed.map_or_else(|| browser(agent), str::to_owned);
        view! {
            {below_you("Add a passkey".to_owned())}
            {error_note("No passkey was added.", listed(problems), None)}
            <form method="post" action=urls::PASSKEYS class="card narrow stack scripted">
                {name_line(&name, "What you will know it by: the device or the password manager that keeps it.", problems)}
                <div class="row">
                    <button class="button primary" id=Field::Passkey.name()>"Make the passkey"</button>
                    <a class="button link" href=urls::YOU>"Cancel"</a>
                </div>
            </form>
            {without_script()}
        }
    })
}

/// The page on which the browser makes a passkey.
pub fn making_passkey(frame: &Frame, options: &str) -> String {
    let action = format!("{}/finish", urls::PASSKEYS);
    document(frame, Here::Nowhere, "Add a passkey", Bundle::Base, || {
        view! {
            {below_you("Add a passkey".to_owned())}
            <form method="post" action=action id="ceremony" class="card narrow stack">
                <input type="hidden" name="passkey"/>
                <Asking options=options.to_owned() makes=true/>
                {without_script()}
                <p><a href=urls::YOU>"Cancel"</a></p>
            </form>
        }
    })
}

/// The page of one passkey. `typed` is its new name, if it was refused.
pub fn passkey(frame: &Frame, passkey: &Passkey, typed: Option<&str>, problems: &[FieldError]) -> String {
    let address = urls::passkey(passkey.id);
    document(frame, Here::Nowhere, "Passkey", Bundle::None, || {
        view! {
            {below_you(passkey.name.clone())}
            {error_note("Nothing was saved.", listed(problems), None)}
            <div class="stack">
                <form method="post" action=address.clone() class="card narrow">
                    {name_line(typed.unwrap_or(&passkey.name), "", problems)}
                    <button class="button primary">"Save the name"</button>
                </form>
                <form method="post" action=format!("{address}/remove") class="card narrow stack" aria-labelledby="remove">
                    <h2 id="remove">"Remove it?"</h2>
                    <p>"Nobody signs in with it any more, and everywhere else you are signed out. It stays in the device or password manager until you delete it there."</p>
                    <div class="row">
                        <button class="button danger">"Remove this passkey"</button>
                        <a class="button link" href=urls::YOU>"Keep it"</a>
                    </div>
                </form>
            </div>
        }
    })
}
