//! Two moments of the account compared: which calls end differently, and what differs.

use leptos::prelude::*;
use portal::{Comparison, NoReplay, NotCompared, OperationView};

use super::entry::change_rows;
use crate::{
    components::when,
    pages::bulk::{Wording, compared},
    shell::{Bundle, Frame, Here, document, title},
    urls, words,
};

const WORDING: Wording = Wording {
    heading: "What became of calls",
    sides: ["Then", "After"],
    health: "with nothing marked down: health is not kept",
};

/// DIDs that are listed unfolded.
const DIDS_OPEN: u64 = 10;

/// The page. `asked` is what the address says of the two moments; `None`: it says nothing yet.
pub fn compare(frame: &Frame, asked: [&str; 2], found: Option<&Result<Comparison, NotCompared>>) -> String {
    document(frame, Here::Activity, "Compare two moments", Bundle::Base, || {
        view! {
            {title("Compare two moments", view! { <a class="button" href=urls::ACTIVITY>"Activity"</a> })}
            <p class="muted">"Which calls end differently by the configuration of a second moment than by that of a first, and what differs between the two."</p>
            {form(asked)}
            <div class="stack">
                {match found {
                    None => view! { <p>"Choose the first moment. Without a second one, it is compared with today."</p> }.into_any(),
                    Some(Err(why)) => view! { <div class="note warn" role="status"><p><b>{not_compared(why)}</b></p></div> }.into_any(),
                    Some(Ok(comparison)) => shown(comparison).into_any(),
                }}
            </div>
        }
    })
}

fn form([from, to]: [&str; 2]) -> impl IntoView + use<> {
    let field = |name: &'static str, label: &'static str, value: &str| {
        view! {
            <div>
                <label for=name>{label}</label>
                <input type="text" id=name name=name value=value.to_owned() autocomplete="off" aria-describedby="moments"/>
            </div>
        }
    };
    view! {
        <form class="filters" method="get" action=urls::COMPARE>
            {field("from", "From", from)}
            {field("to", "To (empty: now)", to)}
            <button class="button primary">"Compare"</button>
        </form>
        <p class="help" id="moments">"A version, such as 12, or a moment in UTC, such as 2026-11-29T03:00."</p>
    }
}

fn not_compared(why: &NotCompared) -> String {
    match why {
        NotCompared::Backwards => "The second moment is before the first: exchange them.".into(),
        NotCompared::TooMuch => {
            "More was changed since then than this page reads. Choose moments that are closer to now.".into()
        }
        NotCompared::Moment(_, NoReplay::BeforeAccount { created_at }) => {
            format!("The account did not exist then: it was created on {}.", words::moment(*created_at))
        }
        NotCompared::Moment(_, NoReplay::NoSuchVersion { latest }) => {
            format!("The account never had that version: its latest is {latest}.")
        }
        NotCompared::Moment(..) => "That moment is yet to come.".into(),
    }
}

fn shown(comparison: &Comparison) -> impl IntoView + use<> {
    let [first, second] = &comparison.operations;
    let [before, after] = &comparison.sides;
    let is_same = comparison.things_count + comparison.dids_count == 0;
    let more = |count: u64, shown: usize| {
        let more = count.saturating_sub(shown as u64);
        (more > 0).then(|| view! { <p class="muted">{format!("and {} more", words::figure(more))}</p> })
    };
    let came = (comparison.added + comparison.released > 0).then(|| {
        format!(
            "{} added and {} released between the two: their calls have nothing to be compared with.",
            words::dids(comparison.added),
            words::figure(comparison.released)
        )
    });
    view! {
        <dl class="facts card">
            <dt>"From"</dt><dd>{version(first)}</dd>
            <dt>"To"</dt><dd>{version(second)}</dd>
        </dl>
        {comparison.unreadable.then(|| view! {
            <div class="note warn"><p>"The history keeps a part of this in a way that this version of Switchback cannot read. That part counts as it is now."</p></div>
        })}
        {is_same.then(|| view! { <div class="note good" role="status"><p><b>"Nothing differs."</b></p></div> })}
        {(!is_same).then(|| view! {
            {compared(&comparison.behaviour, [before, after], comparison.at, WORDING)}
            {came.map(|text| view! { <p>{text}</p> })}
            {(comparison.things_count > 0).then(|| view! {
                <section aria-labelledby="things">
                    <h2 id="things">{format!("What differs: {}", words::figure(comparison.things_count))}</h2>
                    {change_rows(&comparison.things, None)}
                    {more(comparison.things_count, comparison.things.len())}
                </section>
            })}
            {(comparison.dids_count > 0).then(|| view! {
                <details open=comparison.dids_count <= DIDS_OPEN>
                    <summary><h2>{format!("{} that {}", words::dids(comparison.dids_count), if comparison.dids_count == 1 { "differs" } else { "differ" })}</h2></summary>
                    {change_rows(&comparison.dids, None)}
                    {more(comparison.dids_count, comparison.dids.len())}
                </details>
            })}
        })}
    }
}

/// `Version 12, 2026-11-29 03:00 UTC, by Dana: Route changed: mobile`
fn version(operation: &OperationView) -> impl IntoView + use<> {
    view! {
        "Version "<span class="figure">{operation.version.to_string()}</span>", "{when(operation.at)}", by "
        <b>{operation.actor.clone()}</b>": "<a href=urls::entry(operation.version)>{words::operation(operation)}</a>
    }
}
