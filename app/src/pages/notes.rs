//! What the staff tells a customer, where it concerns them: on the overview and on a DID's page.

use leptos::prelude::*;
use portal::Note;
use portal::limits::NOTE_CHARS_MAX;
use routing::E164;

use crate::{
    components::{error_note, tel, textarea, when},
    shell::{Access, Bundle, Frame, Here, document, title_below},
    urls,
};

/// The notes, with a form for who writes them; nothing where there are none and the reader writes none. `about` is the
/// DID whose page it is.
pub(crate) fn notes(frame: &Frame, notes: &[Note], about: Option<E164>) -> Option<impl IntoView + use<>> {
    let writes = frame.reader.as_ref().is_some_and(|reader| reader.staff.is_some());
    let removes = writes
        || frame
            .reader
            .as_ref()
            .is_some_and(|reader| matches!(reader.access, Access::Write | Access::VisitAndWrite));
    let items = notes.iter().map(|note| item(note, about, removes)).collect_view();
    let heading = if writes { "Notes to the customer" } else { "Notes from support" };
    (writes || !notes.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="notes">
                <h2 id="notes">{heading}</h2>
                {(!notes.is_empty()).then(|| view! { <ul class="plain notes">{items}</ul> })}
                {writes.then(|| write(about))}
            </section>
        }
    })
}

/// Where the forms lead back to.
fn place(about: Option<E164>) -> impl IntoView + use<> {
    about.map(|number| view! { <input type="hidden" name="did" value=number.digits().to_string()/> })
}

fn item(note: &Note, about: Option<E164>, removes: bool) -> impl IntoView + use<> {
    let of = note.number.filter(|number| Some(*number) != about).map(|number| {
        view! { <a href=urls::did(number)>{tel(number)}</a>": " }
    });
    let remove = removes.then(|| {
        view! {
            <form method="post" action=format!("{}/remove", urls::NOTES) data-outside="">
                {place(about)}
                <input type="hidden" name="note" value=note.id.to_string()/>
                <button class="button link" aria-label=format!("Remove the note of {}", note.by)>"Remove"</button>
            </form>
        }
    });
    view! {
        <li>
            <p>{of}{note.text.clone()}</p>
            <div class="row small muted">{note.by.clone()}", "{when(note.at)}{remove}</div>
        </li>
    }
}

/// The form again, of a note that was not written.
pub fn refused(frame: &Frame, about: Option<E164>, typed: &str, why: String) -> String {
    document(frame, Here::Nowhere, "Note", Bundle::None, || {
        let back = about.map_or_else(|| urls::OVERVIEW.to_owned(), urls::did);
        view! {
            {title_below(back, "Back", "The note was not written", ())}
            {error_note("Nothing was written.", Vec::new(), Some(why))}
            <section class="card">{form(about, typed)}</section>
        }
    })
}

fn write(about: Option<E164>) -> impl IntoView + use<> {
    view! { <details><summary>"Write a note"</summary>{form(about, "")}</details> }
}

/// Not of the account's configuration: who may only look at that may send it.
fn form(about: Option<E164>, typed: &str) -> impl IntoView + use<> {
    let label = match about {
        Some(_) => "Tell the customer something of this number",
        None => "Tell the customer something",
    };
    view! {
        <form method="post" action=urls::NOTES data-outside="">
            {place(about)}
            <div class="field">
                <label for="note">{label}</label>
                <textarea id="note" name="note" rows="2" required maxlength=NOTE_CHARS_MAX.to_string()>{textarea(typed)}</textarea>
            </div>
            <button class="button">"Write the note"</button>
        </form>
    }
}
