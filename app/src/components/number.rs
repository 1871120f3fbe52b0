//! A phone number, grouped for reading.

use leptos::prelude::*;
use routing::E164;

/// `+1 206 555 0100` to the eye, `+12065550100` to the clipboard: the groups are set apart by margins.
pub fn tel(number: E164) -> impl IntoView + use<> {
    let groups = number.grouped();
    let groups: Vec<_> = groups.split(' ').map(|g| view! { <span>{g.to_owned()}</span> }).collect();
    view! { <span class="tel">{groups}</span> }
}
