//! Pages for what did not work. They say what to do next.

use leptos::prelude::*;
use portal::INVITATION_DAYS;

use crate::{
    shell::{Bundle, Frame, Here, document, title},
    urls, words,
};

/// What is not there, at an address. `error` says what was looked for, where a use case was reached at all; `fields` is what
/// a form sent that was meant for it.
pub fn not_found(
    frame: &Frame,
    address: &str,
    error: Option<&portal::Error>,
    fields: &[(String, String)],
) -> String {
    match error {
        Some(portal::Error::NotFound(portal::Noun::Account)) => return no_such_account(frame),
        Some(portal::Error::NotFound(portal::Noun::Selection)) => return no_such_selection(frame),
        Some(portal::Error::NotFound(portal::Noun::Draft)) => return no_such_upload(frame),
        Some(portal::Error::NotFound(portal::Noun::Invitation)) if frame.reader.is_none() => {
            return no_such_invitation(frame);
        }
        _ => {}
    }
    let heading = match error {
        Some(portal::Error::NotFound(noun)) => format!("There is no such {}", words::noun(*noun)),
        _ => "There is no such page".to_owned(),
    };
    let number = match error {
        Some(portal::Error::NotFound(portal::Noun::Did)) => urls::number_at(address),
        _ => None,
    };
    document(frame, Here::Nowhere, "Not found", Bundle::None, || {
        let history = number.map(|number| {
            let words = format!("What was done to {}", number.grouped());
            view! { <p><a href=urls::activity_of_did(number)>{words}</a>", if it was one of yours."</p> }
        });
        view! {
            {title(heading, ())}
            <div class="card stack">
                <p>"The address may be mistyped, or what it named was deleted or released meanwhile."</p>
                {history}
                <form class="filters" method="get" action=urls::MANAGE role="search">
                    <div class="grow">
                        <label for="q">"Look for a DID by its digits or alias"</label>
                        <input type="search" id="q" name="q" autocomplete="off"/>
                    </div>
                    <button class="button primary">"Search"</button>
                </form>
                <p>
                    "Or go to " <a href=urls::OVERVIEW>"the overview"</a> ", "
                    <a href=urls::MANAGE>"Manage your DIDs"</a> " or " <a href=urls::ROUTES>"Inbound Routes"</a> "."
                </p>
            </div>
            {sent(fields)}
        }
    })
}

/// What somebody typed in vain, to be copied from.
fn sent(fields: &[(String, String)]) -> Option<impl IntoView + use<>> {
    let typed: Vec<_> = fields
        .iter()
        .filter(|(name, value)| !value.is_empty() && name != "as_of")
        .map(|(name, value)| view! { <dt>{name.clone()}</dt><dd>{value.clone()}</dd> })
        .collect();
    (!typed.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="sent">
                <h2 id="sent">"What you sent, which was not saved"</h2>
                <dl class="facts">{typed}</dl>
            </section>
        }
    })
}

/// Nobody is signed in, and a form was sent.
pub fn signed_out(frame: &Frame, address: &str, fields: &[(String, String)]) -> String {
    let why = "Nothing was changed: your session has ended, or you signed out elsewhere.";
    sign_in_and_send(frame, ("Not signed in", "You are not signed in", why), address, fields)
}

/// What a form asks for takes somebody who proved a short while ago who they are.
pub fn signed_in_long_ago(frame: &Frame, address: &str, fields: &[(String, String)]) -> String {
    let why = "Nothing was changed: for this, show once more that it is you. You signed in a while ago.";
    sign_in_and_send(frame, ("Sign in again", "Sign in again for this", why), address, fields)
}

/// A form stands here again with all that it said, to be sent once more after signing in.
fn sign_in_and_send(
    frame: &Frame,
    (title_text, heading, why): (&'static str, &'static str, &'static str),
    address: &str,
    fields: &[(String, String)],
) -> String {
    document(frame, Here::Nowhere, title_text, Bundle::None, || {
        let hidden = kept(fields);
        let again = match fields.is_empty() {
            true => view! { <p>"Then come back to this one, go one page back, and send it again."</p> }.into_any(),
            false => view! {
                <p>"Then come back to this one, and send what you typed again. It is kept here."</p>
                <form method="post" action=address.to_owned()>{hidden}<button class="button">"Send it again"</button></form>
            }
            .into_any(),
        };
        view! {
            {title(heading, ())}
            <div class="card stack">
                <p role="alert">{why}</p>
                <p><a class="button primary" href=urls::SIGN_IN target="_blank" rel="noopener">"Sign in, in another tab"</a></p>
                {again}
            </div>
        }
    })
}

/// An account's page, where no account is named and the reader has none or several.
pub fn which_account(frame: &Frame) -> String {
    let staff = frame.reader.as_ref().is_some_and(|reader| reader.staff.is_some());
    let desk = staff
        .then(|| view! { " or " <a href=urls::SUPPORT>"search all of them at the support desk"</a> "." });
    document(frame, Here::Nowhere, "Choose an account", Bundle::None, || {
        view! {
            {title("Choose an account first", ())}
            <div class="card stack">
                <p>"This address does not say which account it is about."</p>
                <p><a class="button primary" href=urls::ACCOUNTS>"Go to the accounts"</a>{desk}</p>
            </div>
        }
    })
}

/// An account that is not there, or not the reader's to see.
fn no_such_account(frame: &Frame) -> String {
    document(frame, Here::Nowhere, "Not found", Bundle::None, || {
        view! {
            {title("There is no such account", ())}
            <div class="card stack">
                <p>"The address may be mistyped, or you do not belong to that account any more."</p>
                <p><a class="button primary" href=urls::ACCOUNTS>"Go to your accounts"</a></p>
            </div>
        }
    })
}

/// An upload that was imported, such as who goes back from the result finds, or that is too old.
fn no_such_upload(frame: &Frame) -> String {
    document(frame, Here::Manage, "No such upload", Bundle::None, || {
        view! {
            {title("This upload is not there any more", ())}
            <div class="card stack">
                <p role="alert">"It was imported already, or waited for more than a day. What was imported is in the activity."</p>
                <div class="row">
                    <a class="button primary" href=urls::ACTIVITY>"Look at the activity"</a>
                    <a data-writes="" class="button" href=urls::IMPORT>"Choose another file"</a>
                </div>
            </div>
        }
    })
}

/// An invitation that cannot be accepted, to whoever has its link.
fn no_such_invitation(frame: &Frame) -> String {
    document(frame, Here::Nowhere, "No such invitation", Bundle::None, || {
        view! {
            {title("This invitation cannot be used", ())}
            <div class="card stack">
                <p role="alert">{format!(
                    "It was used already or taken back, or is older than {INVITATION_DAYS} days. Ask whoever invited you for another link."
                )}</p>
                <p>"Are you here already? " <a href=urls::SIGN_IN>"Sign in"</a></p>
            </div>
        }
    })
}

/// A selection that is too old, or somebody else's.
fn no_such_selection(frame: &Frame) -> String {
    document(frame, Here::Manage, "Choose the DIDs again", Bundle::None, || {
        view! {
            {title("Choose the DIDs again", ())}
            <div class="card stack">
                <p role="alert">"Nothing was changed. What was chosen here is kept for a day, and for the person who chose it: it is not there any more, or not yours."</p>
                <p><a class="button primary" href=urls::MANAGE>"Choose again under Manage your DIDs"</a></p>
            </div>
        }
    })
}

/// Another job of the account runs. What was sent stands here again, to be sent once more afterwards.
pub fn job_runs(
    frame: &Frame,
    job: portal::JobId,
    why: &str,
    address: &str,
    fields: &[(String, String)],
) -> String {
    document(frame, Here::Nowhere, "Not now", Bundle::None, || {
        view! {
            {title("Something else is being done", ())}
            <div class="card stack">
                <p role="alert">{why.to_owned()}" Nothing of yours was changed."</p>
                <p><a class="button primary" href=urls::job(job) target="_blank" rel="noopener">"See how far it is, in another tab"</a></p>
                <form method="post" action=address.to_owned()>{kept(fields)}<button class="button">"Try it again"</button></form>
            </div>
        }
    })
}

/// What a form said, to be sent again.
fn kept(fields: &[(String, String)]) -> impl IntoView + use<> {
    fields
        .iter()
        .map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone()/> })
        .collect_view()
}

/// A request that is refused, with what would be right.
pub fn refused(frame: &Frame, why: &str) -> String {
    document(frame, Here::Nowhere, "Not possible", Bundle::None, || {
        view! {
            {title("That is not possible", ())}
            <div class="card stack">
                <p role="alert">{why.to_owned()}</p>
                <p>"Nothing was changed. Go back and try again, or go to " <a href=urls::OVERVIEW>"the overview"</a> "."</p>
            </div>
        }
    })
}

/// An address that only takes what the form of a page sends, and was looked at.
pub fn form_alone(frame: &Frame, page: &str) -> String {
    const WHY: &str =
        "It takes what a form sends, and that was not sent again. Whatever the form did is done.";
    wrong_method(frame, page, ("Nothing is to be seen at this address", WHY, "Go to the page of the form"))
}

/// An address that takes nothing, and was sent something.
pub fn page_alone(frame: &Frame, page: &str) -> String {
    const WHY: &str = "It is a page to look at. Nothing was changed.";
    wrong_method(frame, page, ("Nothing can be sent to this address", WHY, "Look at it"))
}

fn wrong_method(
    frame: &Frame,
    page: &str,
    (heading, why, on): (&'static str, &'static str, &'static str),
) -> String {
    document(frame, Here::Nowhere, "Not possible", Bundle::None, || {
        view! {
            {title(heading, ())}
            <div class="card stack">
                <p role="alert">{why}</p>
                <p><a class="button primary" href=page.to_owned()>{on}</a></p>
            </div>
        }
    })
}

/// Something broke in here.
pub fn broken(frame: &Frame, reference: &str) -> String {
    trouble(
        frame,
        "Something went wrong in Switchback",
        "If you were saving something, it was saved whole or not at all: look at Recent changes on the overview before you try again.",
        (),
        reference,
    )
}

/// 503: the database is busy or out of reach. What a form said stands here again.
pub fn away(frame: &Frame, reference: &str, address: &str, fields: &[(String, String)]) -> String {
    let again = (!fields.is_empty()).then(|| {
        view! {
            <form method="post" action=address.to_owned()>{kept(fields)}<button class="button">"Send it again"</button></form>
        }
    });
    trouble(
        frame,
        "The database does not answer",
        "Try again in a moment: it may be out of reach, or busy with something large, such as an import. If you were saving something, it was saved whole or not at all: look at Recent changes on the overview first.",
        again,
        reference,
    )
}

/// 507: there is no room to write.
pub fn full(frame: &Frame, reference: &str) -> String {
    trouble(
        frame,
        "There is no room to save this",
        "The disk of the database is full. Nothing was changed. It can be saved once whoever runs this server has made room.",
        (),
        reference,
    )
}

fn trouble(
    frame: &Frame,
    heading: &'static str,
    what: &'static str,
    again: impl IntoView + 'static,
    reference: &str,
) -> String {
    document(frame, Here::Nowhere, heading, Bundle::None, || {
        view! {
            {title(heading, ())}
            <div class="card stack">
                <p role="alert">{what}</p>
                {again}
                <p>"If it stays, tell whoever runs this server the reference number "
                    <b class="code">{reference.to_owned()}</b> ": the log says more under it."</p>
                <p><a class="button" href=urls::OVERVIEW>"Go to the overview"</a></p>
            </div>
        }
    })
}
