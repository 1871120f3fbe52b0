//! A trace as a picture to scale, and as sentences.

mod picture;
#[cfg(test)]
mod tests;
mod told;

use routing::{Millis, RouteId, Snapshot, Trace};

pub(crate) use picture::percent;
pub use told::{cause_word, ending};

/// A picture never spans less than this, so that a call answered after 2 s looks as short as it is.
const SPAN_MIN_MS: u32 = 12_500;

/// How much time a picture spans: the longest of the calls that stand side by side, and a little more.
pub fn span<'a>(traces: impl IntoIterator<Item = &'a Trace>) -> Millis {
    let end = traces.into_iter().map(|trace| trace.outcome.at_ms().0).max().unwrap_or_default();
    Millis(end.saturating_add(end / 10).max(SPAN_MIN_MS))
}

/// What a route is called.
pub fn name_of(snapshot: &Snapshot, id: RouteId) -> String {
    match snapshot.routes.iter().find(|route| route.id == id) {
        Some(route) => route.alias.to_string(),
        None if id == RouteId::REGISTERED => "sip-reg".into(),
        None => format!("route {id}"),
    }
}

/// A trace, told with the names of the configuration that decided it.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    snapshot: &'a Snapshot,
    trace: &'a Trace,
    /// Whether weights put the failover route first: then step 0 is not the primary.
    swapped: bool,
}

/// Escapes text for HTML and SVG: aliases are people's own words.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
