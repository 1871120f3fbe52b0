//! Sortable headers and pages.

use leptos::prelude::*;

/// A column header that sorts: the link toggles the direction, `aria-sort` says which is in force.
pub fn sort_header(label: &'static str, href: String, state: Option<bool>) -> impl IntoView + use<> {
    let (aria, arrow) = match state {
        Some(false) => (Some("ascending"), " ↑"),
        Some(true) => (Some("descending"), " ↓"),
        None => (None, ""),
    };
    view! { <th scope="col" aria-sort=aria><a href=href>{label}<span aria-hidden="true">{arrow}</span></a></th> }
}

/// Links to the pages before and after; keyset pages have no numbers.
pub struct Pager {
    /// Address of the page before.
    pub previous: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
    /// The sizes that may be chosen, if any: label, address, whether it is in force.
    pub sizes: Vec<(u32, String, bool)>,
    /// What is shown, in words.
    pub showing: String,
}

impl Pager {
    /// The row under the table.
    pub fn view(self) -> impl IntoView + use<> {
        let sizes: Vec<_> = self
            .sizes
            .into_iter()
            .map(|(size, href, current)| {
                view! { <a class="button link" href=href aria-current=current.then_some("true")>{size}</a> }
            })
            .collect();
        view! {
            <nav class="pager" aria-label="Pages">
                <span class="figure muted">{self.showing}</span>
                <span class="row">
                    {self.previous.map(|href| view! { <a class="button" rel="prev" href=href>"← Previous"</a> })}
                    {self.next.map(|href| view! { <a class="button" rel="next" href=href>"Next →"</a> })}
                </span>
                {(!sizes.is_empty()).then(|| view! { <span class="row"><span class="muted">"Rows:"</span>{sizes}</span> })}
            </nav>
        }
    }
}
