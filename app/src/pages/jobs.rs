//! A job: how far it is, or what became of it.

use leptos::prelude::*;
use portal::{JobPhase, JobView, OperationKind};

use crate::{
    components::when,
    shell::{Bundle, Frame, Here, document},
    urls, words,
};

/// What an address says whose reader cancelled too late.
pub const LATE: (&str, &str) = ("cancel", "late");

/// The page. `late` says that the reader tried to cancel it, too late. While the job runs, the page is fetched again and
/// again: in place by `start.js`, which replaces what is marked `data-follow`, or else whole.
pub fn job(frame: &Frame, job: &JobView, late: bool) -> String {
    let heading = words::job(&job.kind);
    let runs = matches!(job.phase, JobPhase::Running { .. } | JobPhase::Committing | JobPhase::Elsewhere);
    let frame = &Frame { refreshes: runs, ..frame.clone() };
    let here = if job.kind == OperationKind::Undo { Here::Activity } else { Here::Manage };
    document(frame, here, &heading, Bundle::Base, || {
        let body = if runs { under_way(job, late).into_any() } else { ended(job).into_any() };
        view! {
            <div class="title"><h1>{heading.clone()}</h1></div>
            <div class="stack">
                {body}
                <dl class="facts card">
                    <dt>"Who"</dt><dd>{job.made_by.clone()}</dd>
                    <dt>"Begun"</dt><dd>{when(job.since)}</dd>
                </dl>
            </div>
        }
    })
}

fn under_way(job: &JobView, late: bool) -> impl IntoView + use<> {
    let (value, total, figures, said) = match job.phase {
        JobPhase::Running { done, total } if total > 0 => {
            let done = done.min(total);
            let figures = format!("{} of {}", words::figure(done), words::job_total(&job.kind, total));
            // In tens, so that it is not read out all the time.
            (Some(done), Some(total), figures, format!("{} percent", done * 10 / total * 10))
        }
        JobPhase::Running { .. } => (None, None, "It is about to begin.".to_owned(), String::new()),
        JobPhase::Elsewhere => {
            (None, None, "Another server does it, and knows how far it is.".to_owned(), String::new())
        }
        _ => {
            let committing = "All is written, and is being confirmed.";
            (None, None, committing.to_owned(), committing.to_owned())
        }
    };
    let cancellable = job.phase != JobPhase::Committing && !late;
    view! {
        <section class="card stack" aria-labelledby="under-way">
            <h2 id="under-way">"Under way"</h2>
            <div class="how-far" data-follow="">
                <progress aria-label="How far it is" value=value.map(|n| n.to_string()) max=total.map(|n| n.to_string())></progress>
                <p class="figure"><b>{figures}</b></p>
            </div>
            <p class="hidden-text" role="status" data-follow="">{said}</p>
            <p class="muted">"Nothing is changed before all of it is. You may leave this page: "<a href=urls::ACTIVITY>"Activity"</a>
                " leads back to it."</p>
            {late.then(|| view! { <p role="alert">"It is too late to cancel: all is written already."</p> })}
            {cancellable.then(|| view! {
                <form method="post" action=urls::cancel_job(job.id)><button class="button danger">"Cancel"</button></form>
            })}
        </section>
    }
}

fn ended(job: &JobView) -> impl IntoView + use<> {
    let words = match job.phase {
        JobPhase::Cancelled => "It was cancelled. Nothing was changed.",
        JobPhase::Stopped => "It was cut off: the server was stopped, or it failed. Nothing was changed.",
        _ => "Nothing was changed: there was nothing to do, or it was refused, or it failed.",
    };
    view! {
        <div class="note warn" role="status"><p><b>{words}</b></p></div>
        <p><a class="button primary" href=job.form.clone()>"Back to it, with the same choice"</a></p>
    }
}
