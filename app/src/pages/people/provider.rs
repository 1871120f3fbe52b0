//! The provider that signs people in: its button, the page on the way there, and what somebody sees of it of themselves.

use leptos::prelude::*;
use portal::{UnixMs, You, YourProvider};

use crate::{
    components::ago,
    shell::{Bundle, Frame, Here, document, title},
    urls,
};

/// What somebody goes to the provider for, as the button's form says it.
pub(super) enum For<'a> {
    /// To sign in, and then on to a page.
    SignIn { next: &'a str },
    /// To link themselves.
    Link,
    /// To accept the invitation of a word.
    Join { word: &'a str },
}

/// The button that leads to the provider.
pub(super) fn button(words: String, errand: &For<'_>, class: &'static str) -> impl IntoView + use<> {
    let (value, name, more) = match errand {
        For::SignIn { next } => ("sign-in", "next", (*next).to_owned()),
        For::Link => ("link", "next", urls::YOU.to_owned()),
        For::Join { word } => ("join", "word", (*word).to_owned()),
    };
    view! {
        <form method="post" action=urls::PROVIDER class=class>
            <input type="hidden" name="for" value=value/>
            <input type="hidden" name=name value=more/>
            <button class="button">{words}</button>
        </form>
    }
}

/// The page on the way to the provider. It moves on by itself, by a header: a browser would hold a redirect of a form
/// against the policy of where our forms may lead, and so each further one that the provider makes.
pub fn to_provider(frame: &Frame, provider: &str, address: &str) -> String {
    document(frame, Here::Nowhere, "On to sign in", Bundle::None, || {
        view! {
            {title(format!("On to {provider}"), ())}
            <p>"You sign in there, and come back. If nothing happens: "
                <a class="button" href=address.to_owned()>{format!("Go on to {provider}")}</a></p>
        }
    })
}

/// The provider on somebody's own page.
pub(super) fn yours(you: &You, now: UnixMs) -> Option<impl IntoView + use<>> {
    let YourProvider { label, linked } = you.provider.as_ref()?;
    let body = match linked {
        None => view! {
            <p>"Not linked. Once it is, you can sign in with your account there."</p>
            {button(format!("Link {label}"), &For::Link, "row")}
        }
        .into_any(),
        Some(identity) => {
            let account = identity.email.clone().unwrap_or_else(|| "an account there".to_owned());
            let other = you.has_password || !you.passkeys.is_empty();
            let end = other.then(|| {
                view! {
                    <form method="post" action=urls::UNLINK_PROVIDER class="row">
                        <button class="button">{format!("Unlink {label}")}</button>
                    </form>
                }
            });
            let only = (!other).then(|| view! {
                <p class="small muted">"It is your only way in. With a password or a passkey you could unlink it."</p>
            });
            view! {
                <p>"You sign in with "<b>{account}</b>", linked "{ago(identity.linked_at, now)}"."</p>
                {end}{only}
            }
            .into_any()
        }
    };
    Some(
        view! { <section class="card" aria-labelledby="provider"><h2 id="provider">{label.clone()}</h2>{body}</section> },
    )
}
