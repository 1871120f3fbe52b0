//! Findings: what is wrong, and what of it is meant to be so.

use leptos::prelude::*;
use portal::{Finding, FindingList};

use crate::{
    components::{field_error, finding_words, pressing_first, severity, touched, when},
    shell::{Bundle, Frame, Here, document, title},
    urls, words,
};

/// An acceptance that is asked for or was refused: which finding, what was typed, what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AcceptState {
    /// The finding's key.
    pub key: String,
    /// Why it is meant to be so.
    pub reason: String,
    /// Until when.
    pub until: String,
    /// The page to go back to afterwards; empty: this one.
    pub back: String,
    /// What is wrong, by the field's name.
    pub problems: Vec<(String, String)>,
}

/// The page.
pub fn page(frame: &Frame, list: &FindingList, state: &AcceptState) -> String {
    document(frame, Here::Findings, "Findings", Bundle::Base, || {
        let (accepted, open): (Vec<&Finding>, Vec<&Finding>) =
            list.findings.iter().partition(|finding| finding.accepted.is_some());
        let open = pressing_first(open);
        let rows = open.iter().enumerate().map(|(place, finding)| row(place, finding, state)).collect_view();
        let shown = if open.is_empty() {
            view! { <div class="note good"><p>"Nothing is wrong that nobody has accepted."</p></div> }
                .into_any()
        } else {
            view! {
                <table class="table rows findings">
                    <thead><tr>
                        <th scope="col">"Severity"</th><th scope="col">"What is wrong, and the way out"</th>
                        <th scope="col">"Touches"</th><th scope="col">"Meant to be so?"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }
            .into_any()
        };
        view! {
            {title("Findings", view! { <a class="button" href=urls::PREVIEW>"Preview"</a> })}
            <p class="muted">"What Switchback found wrong with your routing before any call fails. What is meant to be so can be accepted, with a reason; it then no longer stands on the overview."</p>
            <div class="stack">
                {shown}
                {(list.more > 0).then(|| view! { <p class="muted">{more(list.more)}</p> })}
                {(!accepted.is_empty()).then(|| folded(&accepted))}
            </div>
        }
    })
}

/// What the page leaves out.
fn more(n: u64) -> String {
    match n {
        1 => "1 more is not shown; the worst come first.".to_owned(),
        n => format!("{} more are not shown; the worst come first.", words::figure(n)),
    }
}

fn row(place: usize, finding: &Finding, state: &AcceptState) -> impl IntoView + use<> {
    let said = finding_words(finding);
    view! {
        <tr id=urls::finding_anchor(&finding.key)>
            <td data-label="Severity" class="nowrap">{severity(finding.finding.severity)}</td>
            <td data-label="Finding" class="wide">{said.what}<br/><span class="muted small">{said.way_out}</span></td>
            <td data-label="Touches">{touched(finding)}</td>
            <td class="accept">{accept(place, finding, state)}</td>
        </tr>
    }
}

/// Folded, so that the list stays a list; open where it was asked for or refused.
fn accept(place: usize, finding: &Finding, state: &AcceptState) -> impl IntoView + use<> {
    let open = state.key == finding.key;
    let typed = if open { state.clone() } else { AcceptState::default() };
    let (reason, until) = (format!("reason-{place}"), format!("until-{place}"));
    let message =
        |field: &str| typed.problems.iter().find(|(at, _)| at == field).map(|(_, text)| text.clone());
    let (reason_error, until_error) = (message("reason"), message("until"));
    let (reason_error_id, until_error_id) = (format!("{reason}-error"), format!("{until}-error"));
    view! {
        <details open=open>
            <summary>"Accept…"</summary>
            <form method="post" action=urls::ACCEPT_FINDING>
                <input type="hidden" name="key" value=finding.key.clone()/>
                {(!typed.back.is_empty()).then(|| view! { <input type="hidden" name="back" value=typed.back.clone()/> })}
                <div class="field">
                    <label for=reason.clone()>"Why it is meant to be so"</label>
                    <input type="text" id=reason.clone() name="reason" value=typed.reason.clone() autocomplete="off"
                        maxlength=portal::REASON_CHARS_MAX.to_string()
                        aria-invalid=reason_error.is_some().then_some("true")
                        aria-describedby=reason_error.is_some().then(|| reason_error_id.clone())/>
                    {field_error(reason_error_id.clone(), reason_error)}
                </div>
                <div class="field">
                    <label for=until.clone()>"Until "<span class="muted">"(empty: for good)"</span></label>
                    <input type="date" id=until.clone() name="until" value=typed.until.clone()
                        aria-invalid=until_error.is_some().then_some("true")
                        aria-describedby=until_error.is_some().then(|| until_error_id.clone())/>
                    {field_error(until_error_id.clone(), until_error)}
                </div>
                <button class="button">"Accept"</button>
            </form>
        </details>
    }
}

fn folded(accepted: &[&Finding]) -> impl IntoView + use<> {
    let rows = accepted.iter().map(|finding| accepted_row(finding)).collect_view();
    let heading = match accepted.len() {
        1 => "1 accepted finding".to_owned(),
        n => format!("{} accepted findings", words::figure(n as u64)),
    };
    view! {
        <details class="card" id="accepted">
            <summary><h2>{heading}</h2></summary>
            <table class="table rows">
                <thead><tr>
                    <th scope="col">"Severity"</th><th scope="col">"Finding"</th><th scope="col">"Touches"</th>
                    <th scope="col">"Accepted"</th><th scope="col"><span class="hidden-text">"What can be done"</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
}

fn accepted_row(finding: &Finding) -> impl IntoView + use<> {
    let said = finding_words(finding);
    let acceptance = finding.accepted.as_ref().map(|accepted| {
        let until = accepted.until.map(|until| view! { ", until "{when(until)} });
        view! {
            <div>{accepted.reason.clone()}</div>
            <div class="small muted">{accepted.by.clone()}", "{when(accepted.at)}{until}</div>
        }
    });
    view! {
        <tr>
            <td data-label="Severity" class="nowrap">{severity(finding.finding.severity)}</td>
            <td data-label="Finding" class="wide">{said.what}</td>
            <td data-label="Touches">{touched(finding)}</td>
            <td data-label="Accepted" class="wide">{acceptance}</td>
            <td>
                <form method="post" action=urls::WITHDRAW_FINDING>
                    <input type="hidden" name="key" value=finding.key.clone()/>
                    <button class="button">"Withdraw"</button>
                </form>
            </td>
        </tr>
    }
}
