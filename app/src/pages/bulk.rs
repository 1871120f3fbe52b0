//! The screens of Choose a DID Action, and what came of it.

use leptos::prelude::*;
use portal::{
    BulkPlan, ChangeView, Choice, FailoverRef, FieldError, Group, OperationKind, OperationView, PAGE_SIZES,
    PlannedOutcome, PlannedRow, Refusal, Selected, Selection, Subject, Survey,
};
use routing::{RouteId, Version};

use super::dids::filter_pairs;
use crate::{
    components::{error_list, field_changes, field_error, needs_javascript, path, select_option, tel},
    islands::preview::{BeforeAfter, DraftGroup, DraftOf},
    shell::{Bundle, Frame, Here, document, title},
    urls, words,
};

/// Which screen, with what its form says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Set Route.
    SetRoute(Option<RouteId>),
    /// Set Failover Route.
    SetFailoverRoute(Option<RouteId>),
    /// Clear Failover Route.
    ClearFailoverRoute,
    /// Set Alias, as typed.
    SetAlias {
        /// The alias.
        typed: String,
        /// "Or take their aliases away".
        clear: bool,
    },
    /// Release.
    Release,
}

impl Screen {
    /// The last part of its address.
    pub fn slug(&self) -> &'static str {
        match self {
            Screen::SetRoute(_) => "set-route",
            Screen::SetFailoverRoute(_) => "set-failover-route",
            Screen::ClearFailoverRoute => "clear-failover-route",
            Screen::SetAlias { .. } => "set-alias",
            Screen::Release => "release",
        }
    }

    /// Flowroute's label; the confirm button bears it too.
    pub fn label(&self) -> &'static str {
        match self {
            Screen::SetRoute(_) => "Set Route",
            Screen::SetFailoverRoute(_) => "Set Failover Route",
            Screen::ClearFailoverRoute => "Clear Failover Route",
            Screen::SetAlias { .. } => "Set Alias",
            Screen::Release => "Release",
        }
    }
}

/// The screen of an action. `plan` is there once the form says enough to plan.
pub fn screen(
    frame: &Frame,
    screen: &Screen,
    selection: &Selection,
    survey: &Survey,
    plan: Option<&BulkPlan>,
    problems: &[FieldError],
    reason: &str,
) -> String {
    let bundle = match screen {
        Screen::SetRoute(_) | Screen::SetFailoverRoute(_) => Bundle::Desk,
        Screen::ClearFailoverRoute | Screen::SetAlias { .. } | Screen::Release => Bundle::Base,
    };
    document(frame, Here::Manage, screen.label(), bundle, || {
        let listed =
            problems.iter().map(|p| (input_of(screen).to_owned(), p.problem.to_string())).collect::<Vec<_>>();
        let error = problems.first().map(|p| p.problem.to_string());
        view! {
            <div class="title"><div>
                <a class="crumb" href=back(selection)>"Manage your DIDs"</a>
                <h1>{screen.label()}</h1>
            </div></div>
            {error_list(listed)}
            <div class="stack">
                <div class="split">
                    {chosen(survey, selection)}
                    {form(screen, selection, survey, error, reason)}
                </div>
                {preview(screen, survey)}
                {plan.map(planned)}
            </div>
        }
    })
}

fn input_of(screen: &Screen) -> &'static str {
    match screen {
        Screen::SetAlias { .. } => "alias",
        _ => "route",
    }
}

/// Back to the list, with the same filter.
fn back(selection: &Selection) -> String {
    match &selection.what {
        Selected::Matching(filter) => format!("{}{}", urls::MANAGE, urls::query(&filter_pairs(filter))),
        Selected::Numbers(_) => urls::MANAGE.to_owned(),
    }
}

/// The selection as form fields, or as a query for the same screen.
pub fn selection_pairs(selection: &Selection) -> Vec<(&'static str, String)> {
    let mut pairs = match &selection.what {
        Selected::Numbers(numbers) => {
            let digits: Vec<String> = numbers.iter().map(|n| n.digits().to_string()).collect();
            vec![("dids", digits.join(","))]
        }
        Selected::Matching(filter) => {
            let mut pairs = filter_pairs(filter);
            pairs.push(("all", "matching".into()));
            pairs
        }
    };
    pairs.push(("as_of", selection.as_of.to_string()));
    pairs.retain(|(_, value)| !value.is_empty());
    pairs
}

fn chosen(survey: &Survey, selection: &Selection) -> impl IntoView + use<> {
    let first = survey
        .first
        .iter()
        .map(|d| {
            view! {
                <li>
                    <a href=urls::did(d.number)>{tel(d.number)}</a>
                    <span>
                        <span class="muted">{d.alias.as_ref().map(ToString::to_string)}</span>
                        {path(&d.primary, &d.failover)}
                    </span>
                </li>
            }
        })
        .collect_view();
    let rest = survey.selected.saturating_sub(survey.first.len() as u64);
    let missing = (!survey.missing.is_empty()).then(|| {
        format!(
            "{} of the ticked numbers are no longer in the account.",
            words::figure(survey.missing.len() as u64)
        )
    });
    let how = match selection.what {
        Selected::Matching(_) => " chosen: all that match the filter",
        Selected::Numbers(_) => " chosen",
    };
    view! {
        <section class="card" aria-labelledby="chosen">
            <h2 id="chosen">{words::dids(survey.selected)}{how}</h2>
            <ul class="plain chosen">{first}</ul>
            {(rest > 0).then(|| view! { <p class="muted">{format!("and {} more", words::figure(rest))}</p> })}
            {missing.map(|m| view! { <p class="error">{m}</p> })}
            <p><a href=back(selection)>"Choose other DIDs"</a></p>
        </section>
    }
}

fn form(
    screen: &Screen,
    selection: &Selection,
    survey: &Survey,
    error: Option<String>,
    reason: &str,
) -> impl IntoView + use<> {
    let hidden = selection_pairs(selection)
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let address = urls::action(screen.slug());
    let (field, explain, class) = match screen {
        Screen::SetRoute(chosen) | Screen::SetFailoverRoute(chosen) => {
            let failover = matches!(screen, Screen::SetFailoverRoute(_));
            (route_field(&survey.choices, *chosen, failover, error).into_any(), None, "button primary")
        }
        Screen::ClearFailoverRoute => (
            ().into_any(),
            Some("When the primary route fails, callers of these DIDs will hear the failure."),
            "button danger",
        ),
        Screen::SetAlias { typed, clear } => (
            view! {
                <div class="field">
                    <label for="alias">"Alias"</label>
                    <input type="text" id="alias" name="alias" value=typed.clone() autocomplete="off"
                        aria-invalid=error.is_some().then_some("true")
                        aria-describedby=if error.is_some() { "alias-error alias-help" } else { "alias-help" }/>
                    {field_error("alias-error", error)}
                    <div class="help" id="alias-help">"The same alias for all of them."</div>
                    <label class="below"><input type="checkbox" name="clear" value="yes" checked=*clear/>" Or take their aliases away"</label>
                </div>
            }
            .into_any(),
            None,
            "button primary",
        ),
        Screen::Release => (
            ().into_any(),
            Some("The DIDs leave this account with their routing; calls to them are no longer routed here. Download them first if you may want them back: the file can be imported again."),
            "button danger",
        ),
    };
    let nothing = survey.selected == 0;
    view! {
        <section class="card" aria-label=screen.label()>
            <form method="post" action=address.clone()>
                {hidden}
                {field}
                {explain.map(|text| view! { <p>{text}</p> })}
                <div class="field">
                    <label for="reason">"Reason "<span class="muted">"(for the record, optional)"</span></label>
                    <input type="text" id="reason" name="reason" value=reason.to_owned() maxlength=portal::REASON_CHARS_MAX.to_string() autocomplete="off"/>
                </div>
                <div class="row">
                    // First in the source: Enter in a field shows, and does not do.
                    <button class="button" formmethod="get" formaction=address.clone() disabled=nothing>"Show what changes"</button>
                    <button class=class disabled=nothing>{screen.label()}</button>
                </div>
            </form>
        </section>
    }
}

fn route_field(
    choices: &[Choice],
    chosen: Option<RouteId>,
    failover: bool,
    error: Option<String>,
) -> impl IntoView + use<> {
    let options = choices
        .iter()
        .map(|c| {
            let barred = if failover { c.barred.as_ref() } else { None };
            let label = match barred {
                Some(_) => format!("{} (rings your own DIDs)", words::choice(&c.route)),
                None => words::choice(&c.route),
            };
            view! {
                <option value=c.route.id.to_string() selected=chosen == Some(c.route.id) disabled=barred.is_some()>{label}</option>
            }
        })
        .collect_view();
    let barred = choices.iter().any(|c| failover && c.barred.is_some());
    view! {
        <div class="field">
            <label for="route">"Inbound Route"</label>
            <select id="route" name="to" required autocomplete="off" aria-describedby=error.is_some().then_some("route-error")>
                {select_option("", "Choose an inbound route", chosen.is_none())}
                {options}
            </select>
            {field_error("route-error", error)}
            {barred.then(|| view! { <div class="help">"A failover to another of your own DIDs does not work, so such routes cannot be chosen."</div> })}
            <div class="help">"Missing one? "<a href=urls::ROUTES>"Add an inbound route"</a>" first."</div>
        </div>
    }
}

fn preview(screen: &Screen, survey: &Survey) -> Option<impl IntoView + use<>> {
    let (draft_of, chosen) = match screen {
        Screen::SetRoute(chosen) => (DraftOf::Primary, *chosen),
        Screen::SetFailoverRoute(chosen) => (DraftOf::Failover, *chosen),
        _ => return None,
    };
    let groups: Vec<DraftGroup> = survey
        .groups
        .iter()
        .map(|g| DraftGroup { label: label_of(g), example: g.example, count: g.count })
        .collect();
    let marked_down = survey.marked_down.clone();
    let snapshot = survey.snapshot.clone();
    (!groups.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="preview">
                <h2 id="preview">"What a call does, before and after"</h2>
                {needs_javascript()}
                <BeforeAfter snapshot=snapshot groups=groups marked_down=marked_down draft_of=draft_of chosen=chosen/>
            </section>
        }
    })
}

fn label_of(group: &Group) -> String {
    let failover = match &group.failover {
        FailoverRef::None => "no failover".to_owned(),
        FailoverRef::Route(route) => route.alias.to_string(),
    };
    format!("{} → {failover}", group.primary.alias)
}

/// Per DID what changes, what stays and what is refused.
fn planned(plan: &BulkPlan) -> impl IntoView + use<> {
    let rows = plan.rows.iter().map(planned_row).collect_view();
    let gone = plan
        .missing
        .iter()
        .take(portal::limits::PLANNED_ROWS_MAX)
        .map(|number| gone_row(*number))
        .collect_view();
    let left_out = plan.selected.saturating_sub(plan.rows.len() as u64 + plan.missing.len() as u64);
    let class = if plan.refused > 0 { "note warn" } else { "note good" };
    view! {
        <section class="stack" aria-labelledby="plan">
            <h2 id="plan">"What changes"</h2>
            <div class=class role="status"><p>{format!(
                "{} will change, {} already as asked, {} refused. Nothing has been changed yet.",
                words::dids(plan.changes), words::figure(plan.unchanged), words::figure(plan.refused)
            )}</p></div>
            <table class="table rows">
                <thead><tr>
                    <th scope="col">"Number"</th><th scope="col">"Now"</th><th scope="col">"After"</th>
                </tr></thead>
                <tbody>{gone}{rows}</tbody>
            </table>
            {(left_out > 0).then(|| view! { <p class="muted">{format!("{} more are not shown; refused ones come first.", words::figure(left_out))}</p> })}
        </section>
    }
}

fn gone_row(number: routing::E164) -> impl IntoView + use<> {
    view! {
        <tr>
            <td class="nowrap" data-label="Number">{tel(number)}</td>
            <td data-label="Now"></td>
            <td data-label="After"><span class="error">"✕ "{words::refusal(&Refusal::Gone)}</span></td>
        </tr>
    }
}

fn planned_row(row: &PlannedRow) -> impl IntoView + use<> {
    let after = match &row.after {
        PlannedOutcome::Changes { primary, failover, alias, released } => {
            if *released {
                view! { <span>"released"</span> }.into_any()
            } else if let Some(alias) = alias {
                let text = alias.as_ref().map_or("no alias".to_owned(), ToString::to_string);
                view! { <span>"alias: "{text}</span> }.into_any()
            } else {
                path(primary, failover).into_any()
            }
        }
        PlannedOutcome::Unchanged => view! { <span class="muted">"as it is"</span> }.into_any(),
        PlannedOutcome::Refused(refusal) => {
            view! { <span class="error">"✕ "{words::refusal(refusal)}</span> }.into_any()
        }
    };
    view! {
        <tr>
            <td class="nowrap" data-label="Number"><a href=urls::did(row.number)>{tel(row.number)}</a>" "<span class="muted">{row.alias.as_ref().map(ToString::to_string)}</span></td>
            <td data-label="Now">{path(&row.before.0, &row.before.1)}</td>
            <td data-label="After">{after}</td>
        </tr>
    }
}

/// What an action did: a page of its own, so that reloading it repeats nothing.
pub fn result(frame: &Frame, operation: &OperationView) -> String {
    document(frame, Here::Manage, "Result", Bundle::Base, || {
        let refusals: Vec<(routing::E164, Refusal)> = operation.refusals.clone();
        let class = if operation.refused > 0 { "note warn" } else { "note good" };
        let shown = refusals.len() as u64;
        view! {
            {title(words::operation(operation), view! { <a class="button primary" href=urls::MANAGE>"Back to Manage your DIDs"</a> })}
            <div class="stack">
                <div class=class role="status">
                    <p><b>{words::outcome(operation)}</b></p>
                    {again(&operation.kind, &refusals, operation.version)}
                </div>
                <dl class="facts card">
                    <dt>"Who"</dt><dd>{operation.actor.clone()}" "<span class="muted">{words::via(&operation.via)}</span></dd>
                    <dt>"When"</dt><dd>{crate::components::when(operation.at)}</dd>
                    {operation.reason.clone().map(|r| view! { <dt>"Reason"</dt><dd>{r}</dd> })}
                    <dt>"Configuration version"</dt><dd class="figure">{operation.version.to_string()}</dd>
                </dl>
                {refused_table(&refusals, operation.refused.saturating_sub(shown))}
                {(!operation.changes.is_empty()).then(|| view! {
                    <section aria-labelledby="changed">
                        <h2 id="changed">"What was changed"</h2>
                        {subject_table(operation)}
                    </section>
                })}
            </div>
        }
    })
}

/// The answer when every DID was refused: nothing changed, so there is no result to keep.
pub fn nothing_changed(
    frame: &Frame,
    screen: &Screen,
    selection: &Selection,
    unchanged: u64,
    refusals: &[(routing::E164, Refusal)],
    refused: u64,
    as_of: Version,
) -> String {
    document(frame, Here::Manage, screen.label(), Bundle::None, || {
        view! {
            {title(screen.label(), view! { <a class="button primary" href=back(selection)>"Back to Manage your DIDs"</a> })}
            <div class="stack">
                <div class="note warn" role="alert"><p><b>"Nothing was changed. "</b>
                    {format!("{} already as asked, {} refused.", words::dids(unchanged), words::figure(refused))}</p>
                    {look_again(screen, refusals, as_of)}</div>
                {refused_table(refusals, refused.saturating_sub(refusals.len() as u64))}
            </div>
        }
    })
}

/// The way on for those that were refused because somebody had changed them: the same screen, as of now.
fn again(
    kind: &OperationKind,
    refusals: &[(routing::E164, Refusal)],
    as_of: Version,
) -> Option<impl IntoView + use<>> {
    let screen = match kind {
        OperationKind::SetRoute => Screen::SetRoute(None),
        OperationKind::SetFailoverRoute => Screen::SetFailoverRoute(None),
        OperationKind::ClearFailoverRoute => Screen::ClearFailoverRoute,
        OperationKind::SetAlias => Screen::SetAlias { typed: String::new(), clear: false },
        OperationKind::Release => Screen::Release,
        _ => return None,
    };
    look_again(&screen, refusals, as_of)
}

fn look_again(
    screen: &Screen,
    refusals: &[(routing::E164, Refusal)],
    as_of: Version,
) -> Option<impl IntoView + use<>> {
    let numbers: Vec<routing::E164> = refusals
        .iter()
        .filter(|(_, refusal)| matches!(refusal, Refusal::EditedSince { .. }))
        .map(|(number, _)| *number)
        .take(PAGE_SIZES[PAGE_SIZES.len() - 1] as usize)
        .collect();
    let count = words::dids(numbers.len() as u64);
    let label = format!("Look again at {count} that somebody changed meanwhile: {}", screen.label());
    let selection = Selection { what: Selected::Numbers(numbers.clone()), as_of };
    let address = format!("{}{}", urls::action(screen.slug()), urls::query(&selection_pairs(&selection)));
    (!numbers.is_empty()).then(|| view! { <p><a href=address>{label}</a></p> })
}

fn refused_table(refusals: &[(routing::E164, Refusal)], left_out: u64) -> impl IntoView + use<> {
    let rows = refusals
        .iter()
        .map(|(number, refusal)| {
            view! {
                <tr>
                    <td class="nowrap" data-label="Number"><a href=urls::did(*number)>{tel(*number)}</a></td>
                    <td class="wide" data-label="Why">{words::refusal(refusal)}</td>
                </tr>
            }
        })
        .collect_view();
    (!refusals.is_empty()).then(|| {
        view! {
            <section aria-labelledby="refused">
                <h2 id="refused">"Refused"</h2>
                <table class="table rows">
                    <thead><tr><th scope="col">"Number"</th><th scope="col">"Why"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
                {(left_out > 0).then(|| view! { <p class="muted">{format!("and {} more", words::figure(left_out))}</p> })}
            </section>
        }
    })
}

/// What was changed, as a link to where it is now.
fn subject(change: &ChangeView) -> impl IntoView + use<> {
    match change.subject {
        Subject::Did(number) => view! { <a href=urls::did(number)>{tel(number)}</a> }.into_any(),
        Subject::Route(id) => view! { <a href=urls::route(id)>{change.label.clone()}</a> }.into_any(),
        Subject::Account => change.label.clone().into_any(),
    }
}

fn subject_table(operation: &OperationView) -> impl IntoView + use<> {
    let rows = operation
        .changes
        .iter()
        .map(|change| {
            view! {
                <tr>
                    <td class="wide" data-label="What">{subject(change)}</td>
                    <td class="wide" data-label="Before → after">{field_changes(&change.fields)}</td>
                </tr>
            }
        })
        .collect_view();
    let total = operation.changed;
    let shown = operation.changes.len() as u64;
    view! {
        <table class="table rows">
            <thead><tr><th scope="col">"What"</th><th scope="col">"Before → after"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
        {(total > shown).then(|| view! { <p class="muted">{format!("and {} more", words::figure(total - shown))}</p> })}
    }
}
