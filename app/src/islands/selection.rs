//! The selection on Manage your DIDs: header check box, the count, "Select all N matching", ranges with Shift.
//!
//! The check boxes are the page's own; this island only counts them and ticks them. A row is tinted by the
//! style sheet (`tr:has(:checked)`), so ticking 200 rows is 200 properties and one paint.

use leptos::prelude::*;

/// The words of the bulk bar that move with the selection.
///
#[island]
pub fn Selection(
    /// How many match the filter on all pages, in words.
    matching: String,
    /// Whether that is more than the page shows.
    more: bool,
) -> impl IntoView {
    let ticked = RwSignal::new(0_usize);
    let all = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    browser::attach(ticked, all);

    let total = matching.clone();
    let count = move || {
        if all.get() {
            format!("All {total} matching DIDs selected")
        } else {
            format!("{} of {total} selected", ticked.get())
        }
    };
    let offer = format!("Select all {matching} matching");
    let choose_all = move |_| {
        all.set(true);
        #[cfg(feature = "hydrate")]
        {
            browser::set_all(true);
            // The pressed button is gone now; what comes next is the action.
            browser::focus("#action");
        }
    };
    let clear = move |_| {
        all.set(false);
        ticked.set(0);
        #[cfg(feature = "hydrate")]
        {
            browser::set_all(false);
            browser::tick_every(false);
            browser::focus("#tick-page");
        }
    };
    let may_offer = move || more && !all.get() && ticked.get() > 0;
    view! {
        <span class="count scripted" role="status">{count}</span>
        <button type="button" class="button link" hidden=move || !may_offer() on:click=choose_all>{offer}</button>
        <button type="button" class="button link" hidden=move || !all.get() && ticked.get() == 0 on:click=clear>
            "Clear selection"
        </button>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use web_sys::{Event, HtmlElement, HtmlInputElement, MouseEvent};

    use crate::islands::dom;

    fn boxes() -> Vec<HtmlInputElement> {
        dom::find_all("input[name=did]")
    }

    pub(super) fn tick_every(checked: bool) {
        for tick in boxes() {
            tick.set_checked(checked);
        }
        show_header(if checked { boxes().len() } else { 0 });
    }

    /// The box without JavaScript, "all that match", is what the form sends; here the button works it.
    pub(super) fn set_all(checked: bool) {
        if let Some(all) = dom::find::<HtmlInputElement>("input[name=all]") {
            all.set_checked(checked);
        }
        for tick in boxes() {
            tick.set_disabled(checked);
        }
        if let Some(header) = dom::find::<HtmlInputElement>("#tick-page") {
            header.set_disabled(checked);
        }
    }

    pub(super) fn focus(selector: &str) {
        if let Some(element) = dom::find::<HtmlElement>(selector) {
            let _ = element.focus();
        }
    }

    fn show_header(ticked: usize) {
        if let Some(header) = dom::find::<HtmlInputElement>("#tick-page") {
            let every = boxes().len();
            header.set_checked(ticked > 0 && ticked == every);
            header.set_indeterminate(ticked > 0 && ticked < every);
        }
    }

    pub(super) fn attach(ticked: RwSignal<usize>, all: RwSignal<bool>) {
        if let Some(plain) = dom::find::<HtmlElement>("#all-matching") {
            plain.set_hidden(true);
        }
        let header_cell = dom::find::<HtmlElement>("#tick-page-label");
        if let Some(label) = &header_cell {
            label.set_hidden(false);
        }
        let recount = move || {
            let n = boxes().iter().filter(|b| b.checked()).count();
            show_header(n);
            ticked.set(n);
        };
        let Some(form) = dom::find::<HtmlElement>("#bulk") else { return };
        let last = StoredValue::new(None::<String>);
        dom::on(&form, "click", move |event: MouseEvent| {
            let Some(tick) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) else {
                return;
            };
            if tick.name() != "did" {
                return;
            }
            if event.shift_key()
                && let Some(from) = last.get_value()
            {
                tick_range(&from, &tick.value(), tick.checked());
            }
            last.set_value(Some(tick.value()));
        });
        dom::on(&form, "change", move |event: Event| {
            let Some(tick) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) else {
                return;
            };
            if tick.id() == "tick-page" {
                tick_every(tick.checked());
            }
            recount();
        });
        // A browser that goes back restores the ticks after this script ran; `pageshow` comes after that.
        dom::on(&dom::window(), "pageshow", move |_: Event| restore(all, recount));
        dom::when_awake(move || restore(all, recount));
    }

    fn restore(all: RwSignal<bool>, recount: impl Fn()) {
        let every = dom::find::<HtmlInputElement>("input[name=all]").is_some_and(|a| a.checked());
        all.set(every);
        set_all(every);
        recount();
    }

    fn tick_range(from: &str, to: &str, checked: bool) {
        let boxes = boxes();
        let at = |value: &str| boxes.iter().position(|b| b.value() == value);
        if let (Some(a), Some(b)) = (at(from), at(to)) {
            for tick in &boxes[a.min(b)..=a.max(b)] {
                tick.set_checked(checked);
            }
        }
    }
}
