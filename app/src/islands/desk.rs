//! The what-if desk: one call under any failures, the matrix of all calls, the blast radius of each failure. It
//! runs `routing` in the browser; no request leaves it. Its address follows its controls, so that an address is a
//! call.

#[cfg(feature = "hydrate")]
mod browser;

use leptos::prelude::*;
use routing::{Failure, Group, Matrix, RouteId, Snapshot, blast_radius};

use crate::{
    desk::{self, BlastList, Controls, Draft, Extent, Grid, Health, LEGEND, Offer, controls_html},
    packed::Packed,
    urls,
};

/// What the desk's calls run in.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Stage {
    /// The configuration, with one DID of each group and the one that was asked for.
    pub snapshot: Snapshot,
    /// The DIDs by their routing, the largest group first.
    pub groups: Vec<Group>,
    /// The routes that a call to any DID may go to, in order: also to those of groups that are not here.
    pub used_routes: Vec<RouteId>,
    /// Routes that health has marked down.
    pub marked_down: Vec<RouteId>,
    /// Whose national numbers are understood, ISO code.
    pub country: String,
}

impl Stage {
    fn offer(&self) -> Offer<'_> {
        Offer {
            snapshot: &self.snapshot,
            groups: &self.groups,
            used_routes: &self.used_routes,
            marked_down: &self.marked_down,
        }
    }

    /// The address of the desk that shows this call.
    pub fn address(&self, controls: &Controls) -> String {
        format!("{}{}", urls::PREVIEW, urls::query(&controls.pairs(&desk::zones(&self.snapshot))))
    }

    /// The same as a saved case's form carries it: with the number, chosen or not.
    pub fn call(&self, controls: &Controls) -> String {
        // One that is not there stays what was asked for: the server must not take the first one in its place.
        let did = controls.did.or_else(|| self.offer().did(controls).map(|did| did.number));
        let address = self.address(&Controls { did, ..controls.clone() });
        address.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default()
    }

    /// The call that the form would save, in words.
    pub fn saved_words(&self, controls: &Controls, with_down: bool) -> String {
        let offer = self.offer();
        let Some(did) = offer.did(controls) else { return "no call".to_owned() };
        let call = controls.to_save(did.number, &self.snapshot, &self.marked_down, with_down);
        desk::saved_call_words(&self.snapshot, &call, &desk::zone(&self.snapshot, &controls.zone))
    }

    /// The failures of the matrix, on top of the moment, the caller, the timers and the health that are set.
    pub fn grid(&self, controls: &Controls) -> Option<Grid> {
        let first = self.groups.first()?.example;
        let base = unfailing(controls).base(first, &self.snapshot, &self.marked_down);
        let failures = Failure::of(&self.snapshot);
        Matrix::run(&self.snapshot, self.groups.clone(), failures, &base).ok().map(Grid::new)
    }

    /// What the failure domains take down, as a list of at most so many.
    pub fn blast(&self, controls: &Controls, most: usize) -> Option<BlastList> {
        let first = self.groups.first()?.example;
        let base = unfailing(controls).base(first, &self.snapshot, &self.marked_down);
        let blasts = blast_radius(&self.snapshot, &self.groups, &base).ok()?;
        let address = |group: &Group, blast: &routing::Blast| {
            self.address(&call_of(controls, group, &Failure::Domain(blast.domain.clone())))
        };
        let list = desk::blast(&self.snapshot, &blasts, most, &address);
        #[cfg(feature = "hydrate")]
        let list = BlastList { html: super::dom::mounted_links(&list.html), ..list };
        Some(list)
    }
}

/// The circumstances without the failures of the list: a matrix breaks one thing at a time.
fn unfailing(controls: &Controls) -> Controls {
    let health = match &controls.health {
        Health::Noticed => Health::Now,
        other => other.clone(),
    };
    Controls { faults: Vec::new(), health, ..controls.clone() }
}

/// The call of a cell: that number, that failure, and nothing else changed.
fn call_of(controls: &Controls, group: &Group, failure: &Failure) -> Controls {
    let faults = failure.faults(group.routing);
    Controls {
        did: Some(group.example),
        route: None,
        faults,
        primary: None,
        failover: Draft::AsItIs,
        against: None,
        case: None,
        // The tables tell how the numbers are routed now; a draft would make each of their links long.
        unsaved: None,
        ..unfailing(controls)
    }
}

/// What the matrix and the blast radius depend on: not on the call that is shown.
fn circumstances(controls: &Controls) -> Controls {
    Controls {
        at: controls.at,
        hangs_up: controls.hangs_up,
        profile: controls.profile,
        health: unfailing(controls).health,
        seed: controls.seed,
        zone: controls.zone.clone(),
        ..Controls::default()
    }
}

/// The desk.
#[island]
pub fn Desk(
    /// What its calls run in, and what its controls say at first: what the address said.
    start: Packed<(Stage, Controls)>,
) -> impl IntoView {
    let Packed((stage, start)) = start;
    let form = controls_html(stage.offer(), &start);
    let stage = StoredValue::new(stage);
    let controls = RwSignal::new(start);
    let (matrix_open, blast_open) = (RwSignal::new(false), RwSignal::new(false));
    let (extent, blasts) = (RwSignal::new(Extent::FIRST), RwSignal::new(desk::BLASTS_FIRST));
    let shown =
        Memo::new(move |_| stage.with_value(|stage| desk::run(stage.offer(), &controls.read(), &is_open)));
    let around = Memo::new(move |_| circumstances(&controls.read()));
    // Computed when it is first opened: the desk itself must open at once.
    let grid = Memo::new_with_compare(
        move |_| matrix_open.get().then(|| stage.with_value(|stage| stage.grid(&around.read()))).flatten(),
        |_, _| true,
    );
    let matrix = move || {
        let grid = grid.read();
        let Some(grid) = &*grid else { return "<p class=\"muted\">There is no DID yet.</p>".to_owned() };
        let wanted = extent.get();
        let mut html = format!(
            "<div class=\"scroll\" role=\"region\" tabindex=\"-1\" aria-label=\"Matrix\">{}</div>",
            stage.with_value(|stage| grid.html(&stage.snapshot, wanted, true))
        );
        for (all, shown, id, what) in [
            (grid.columns(), wanted.columns, "more-columns", "columns"),
            (grid.rows(), wanted.rows, "more-rows", "failures"),
        ] {
            if all > shown {
                html.push_str(&show_all(id, all, what));
            }
        }
        html
    };
    let blast = move || {
        let most = blasts.get();
        let list =
            blast_open.get().then(|| stage.with_value(|stage| stage.blast(&around.read(), most))).flatten();
        let Some(BlastList { mut html, count }) = list else {
            return "<p class=\"muted\">There is no DID yet.</p>".to_owned();
        };
        if count > most {
            html.push_str(&show_all("more-blasts", count, "failures"));
        }
        html
    };
    #[cfg(feature = "hydrate")]
    browser::attach(stage, controls, grid, extent, blasts, (matrix_open, blast_open));
    view! {
        <div class="preview">
            <form class="desk card" id="desk" autocomplete="off" inner_html=form></form>
            <p class="hidden-text" aria-live="polite">{move || shown.read().aloud.clone()}</p>
            <div class="card" id="outcome" tabindex="-1" inner_html=move || shown.read().html.clone()></div>
            <div class="row spread">
                <div inner_html=LEGEND></div>
                <span class="row"><span role="status" id="copied"></span><button type="button" class="button" id="copy-link">"Copy link"</button></span>
            </div>
            <details class="card" id="matrix">
                <summary><h2>"Matrix: every failure, every DID"</h2></summary>
                <p class="muted">"Each cell is one call, with one thing broken, as the numbers are routed now. Press it to see the call above. Gray: the failure changes nothing there."</p>
                <div inner_html=matrix></div>
            </details>
            <details class="card" id="blast">
                <summary><h2>"Blast radius: what each failure takes down"</h2></summary>
                <div inner_html=blast></div>
            </details>
        </div>
    }
}

/// The button that shows the rest of a table.
fn show_all(id: &str, all: usize, what: &str) -> String {
    format!("<button type=\"button\" class=\"button\" id=\"{id}\">Show all {all} {what}</button>")
}

fn is_open(id: &str) -> bool {
    #[cfg(feature = "hydrate")]
    return browser::is_open(id);
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = id;
        false
    }
}
