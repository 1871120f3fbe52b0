//! What saving a plan changes for callers: the stored plan beside the draft, in every failure, within hours and outside.

use std::fmt::Write;

use routing::{
    Changed, CivilDate, DiffKind, E164, Failover, FailoverPlan, Failure, GroupDiff, RouteId, Routing,
    Scenario, ScheduleId, Snapshot, diff, layers,
};

use super::Ground;
use crate::{
    desk::{DiffRow, diff_rows, effects_class, effects_words, kind_words},
    labels::dids,
    timeline::{escape, name_of},
};

/// Combinations of open and closed schedules that are compared: more are a plan that nobody reads.
const HOURS_MAX: usize = 8;
/// Calls that are run for a comparison: it is made anew at every keystroke. What they do not suffice for is said to be left
/// out; the primaries of most numbers come first.
const CALLS_MAX: usize = 4_000;
/// Rows that are shown unfolded; losses come first.
const ROWS_OPEN: usize = 8;
/// How far ahead the days of the week are looked at; exceptions are, however far ahead they lie.
const DAYS_AHEAD: usize = 8;
/// Calls that are compared where weights share them: each draws anew.
const DRAWS: u64 = 12;

/// A moment at which calls are compared.
struct Hours {
    /// `None`: any, the plans have no hours.
    at: Option<i64>,
    /// To be read after a failure: `within Office`.
    words: String,
}

/// One difference, with where and when it is met.
struct Row {
    row: DiffRow,
    primaries: Vec<RouteId>,
    /// Which of the compared moments.
    hours: Vec<usize>,
}

/// What saving changes, as HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saving {
    /// How many numbers it is better or worse for, in a sentence; empty where nothing changes.
    pub sentence: String,
    /// In which failures, and how; or why there is none. Empty where no number has the stored plan.
    pub rows: String,
}

impl Saving {
    /// A remark in the place of rows.
    pub(super) fn remark(words: &str) -> Saving {
        Saving { rows: format!("<p class=\"muted\">{}</p>", escape(words)), ..Saving::default() }
    }
}

/// What saving the draft changes for the numbers that have the stored plan.
pub(super) fn saving(ground: &Ground, drafted: &Snapshot, example: E164) -> Saving {
    let (Some(stored), true) = (ground.stored(), ground.used_by > 0) else { return Saving::default() };
    let Some(new) = drafted.plan(ground.id()) else { return Saving::default() };
    if new.steps.is_empty() {
        return Saving::remark("Choose a route for a step first.");
    }
    if stored.steps == new.steps {
        return Saving::remark("Nothing: the steps are as they are saved.");
    }
    let (before, after) = (part(ground, stored, [stored, new]), part(ground, new, [stored, new]));
    let (hours, more_hours) = hours(&after, [stored, new], ground.now);
    let steps = || stored.steps.iter().chain(&new.steps);
    let weighted = steps().flat_map(|step| &step.routes).any(|leg| leg.weight.is_some());
    let draws = if weighted { DRAWS } else { 1 };
    let of_any = RouteId::default();
    let failures = Failure::of(&after).len()
        + layers(&before, &after, &changed_behind(ground, of_any, 0, example)).len();
    let calls_each = 2 * hours.len() * failures * draws as usize;
    let primaries = ground.primaries.iter().take((CALLS_MAX / calls_each.max(1)).max(1));
    let changed: Vec<Changed> =
        primaries.map(|(primary, dids)| changed_behind(ground, *primary, *dids, example)).collect();
    let mut compared: Vec<(usize, Vec<GroupDiff>)> = Vec::with_capacity(hours.len());
    for (at, hours) in hours.iter().enumerate() {
        for seed in 0..draws {
            let mut base = Scenario { at: hours.at, seed, ..Scenario::new(example) };
            base.mark_down(&ground.marked_down);
            match diff(&before, &after, &changed, &base) {
                Ok(groups) => compared.push((at, groups)),
                Err(why) => return Saving::remark(&format!("It cannot be compared: {why}.")),
            }
        }
    }
    let sentence = sentence(ground.used_by, &changed, &compared);
    let mut out = sentence.clone();
    let rows = rows(&after, &compared);
    let (open, folded) = rows.split_at(rows.len().min(ROWS_OPEN));
    if !open.is_empty() {
        table(&mut out, &after, &hours, changed.len(), open);
    }
    if !folded.is_empty() {
        let _ = write!(out, "<details id=\"more-changes\"><summary>{} more</summary>", folded.len());
        table(&mut out, &after, &hours, changed.len(), folded);
        out.push_str("</details>");
    }
    if more_hours {
        out.push_str(
            "<p class=\"muted\">The schedules are open and closed in more ways than are compared here.</p>",
        );
    }
    if draws > 1 {
        let _ = write!(out, "<p class=\"muted\">Weights share the calls: {draws} of them were compared.</p>");
    }
    Saving { sentence, rows: out }
}

/// The numbers behind a primary, whose plan changes under them.
fn changed_behind(ground: &Ground, primary: RouteId, dids: u64, example: E164) -> Changed {
    let routing = Routing { primary, failover: Failover::Plan(ground.id()), weights: None };
    Changed { before: routing, after: routing, dids, example }
}

/// The configuration with one of the plans in it, and no more than both need: no other failure can touch them.
fn part(ground: &Ground, plan: &FailoverPlan, both: [&FailoverPlan; 2]) -> Snapshot {
    let all = &ground.snapshot;
    let used: Vec<RouteId> = both
        .iter()
        .flat_map(|plan| plan.routes())
        .chain(ground.primaries.iter().map(|(primary, _)| *primary))
        .collect();
    Snapshot {
        version: all.version,
        defaults: all.defaults.clone(),
        edges: all.edges.clone(),
        routes: all.routes.iter().filter(|route| used.contains(&route.id)).cloned().collect(),
        plans: vec![plan.clone()],
        schedules: all.schedules.clone(),
        zones: all.zones.clone(),
        dids: Vec::new(),
    }
}

/// A moment for each way in which the plans' schedules are open and closed from now on; and whether there are more.
fn hours(snapshot: &Snapshot, plans: [&FailoverPlan; 2], now: i64) -> (Vec<Hours>, bool) {
    let mut ids: Vec<ScheduleId> = Vec::new();
    for id in plans.iter().flat_map(|plan| &plan.steps).filter_map(|step| step.hours) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let schedules: Vec<_> = ids.iter().filter_map(|id| snapshot.schedule(*id)).collect();
    // Whatever opens or closes does so at the edge of an interval.
    let mut moments = vec![now];
    for (schedule, zone) in &schedules {
        let day = |ahead: usize| {
            let seconds = i64::from(zone.offset_at(now)).saturating_add(86_400 * ahead as i64);
            CivilDate::of_local_second(now.saturating_add(seconds))
        };
        let exceptions = schedule.exceptions.iter().map(|exception| exception.date);
        for date in (0..DAYS_AHEAD).map(day).chain(exceptions) {
            // An exception closes what the week has open: both edges count.
            let days = [schedule.hours_of(date), &schedule.weekly[date.weekday() as usize]];
            let edges = days.iter().flat_map(|day| day.intervals()).flat_map(|i| [i.from_min(), i.end_min()]);
            moments.extend(edges.map(|minute| zone.utc_of(date.local_second(minute))));
        }
    }
    let mut seen: Vec<Vec<bool>> = Vec::new();
    let (mut found, mut more) = (Vec::new(), false);
    for at in moments.into_iter().filter(|at| *at >= now) {
        let open: Vec<bool> =
            schedules.iter().map(|(schedule, zone)| schedule.is_open_at(zone, at)).collect();
        if seen.contains(&open) {
            continue;
        }
        if found.len() == HOURS_MAX {
            more = true;
            break;
        }
        let word = |((schedule, _), open): (&(&routing::Schedule, _), &bool)| {
            format!("{} {}", if *open { "within" } else { "outside" }, schedule.name)
        };
        let words: Vec<String> = schedules.iter().zip(&open).map(word).collect();
        found.push(Hours { at: (!schedules.is_empty()).then_some(at), words: words.join(" and ") });
        seen.push(open);
    }
    (found, more)
}

/// The differences of all moments and primaries, those that are alike in one row, the worst first.
fn rows(snapshot: &Snapshot, compared: &[(usize, Vec<GroupDiff>)]) -> Vec<Row> {
    let mut of_primary: Vec<Row> = Vec::new();
    for (at, groups) in compared {
        for group in groups {
            let primary = group.changed.before.primary;
            for row in diff_rows(snapshot, group) {
                let same = |known: &&mut Row| known.row == row && known.primaries == [primary];
                match of_primary.iter_mut().find(same) {
                    Some(known) if known.hours.contains(at) => {}
                    Some(known) => known.hours.push(*at),
                    None => of_primary.push(Row { row, primaries: vec![primary], hours: vec![*at] }),
                }
            }
        }
    }
    let mut rows: Vec<Row> = Vec::new();
    for one in of_primary {
        match rows.iter_mut().find(|known| known.row == one.row && known.hours == one.hours) {
            Some(known) => known.primaries.extend(one.primaries),
            None => rows.push(one),
        }
    }
    let mut sorted = Vec::with_capacity(rows.len());
    for kind in DiffKind::ALL {
        let (of_kind, others) = rows.into_iter().partition(|row| row.row.kind == kind);
        let mut of_kind: Vec<Row> = of_kind;
        sorted.append(&mut of_kind);
        rows = others;
    }
    sorted
}

/// How many numbers each effect meets, of those that have the plan.
fn sentence(used_by: u64, changed: &[Changed], compared: &[(usize, Vec<GroupDiff>)]) -> String {
    let count = |kind: DiffKind| -> u64 {
        let has = |primary: RouteId| {
            let of = |group: &&GroupDiff| group.changed.before.primary == primary;
            compared
                .iter()
                .filter_map(|(_, groups)| groups.iter().find(of))
                .flat_map(|group| &group.differences)
                .any(|difference| difference.kind() == kind)
        };
        changed.iter().filter(|changed| has(changed.before.primary)).map(|changed| changed.dids).sum()
    };
    let total: u64 = changed.iter().map(|changed| changed.dids).sum();
    let effects = DiffKind::ALL.map(|kind| (kind, count(kind)));
    let (class, words) = (effects_class(effects), effects_words(total, effects));
    let mut out = format!("<p class=\"{class}\"><b>{words}</b></p>");
    let rest = used_by.saturating_sub(total);
    if rest > 0 {
        let _ = write!(
            out,
            "<p class=\"muted\">{} more, behind other primaries, were not compared.</p>",
            dids(rest)
        );
    }
    out
}

/// Rows as a table; the primaries are named where a row is not about all of the compared ones.
fn table(out: &mut String, snapshot: &Snapshot, hours: &[Hours], compared: usize, rows: &[Row]) {
    out.push_str(
        "<table class=\"steps diff\"><thead><tr><th scope=\"col\">When</th><th scope=\"col\">As saved</th>\
         <th scope=\"col\">With this draft</th></tr></thead><tbody>",
    );
    for Row { row, primaries, hours: met } in rows {
        let (class, sign, word) = kind_words(row.kind);
        let mut when = escape(&row.failure);
        if met.len() < hours.len() {
            let words: Vec<&str> =
                met.iter().filter_map(|at| hours.get(*at)).map(|h| h.words.as_str()).collect();
            let _ = write!(when, "; {}", escape(&words.join("; or ")));
        }
        if primaries.len() < compared {
            let names: Vec<String> = primaries.iter().map(|id| name_of(snapshot, *id)).collect();
            let _ = write!(when, " <span class=\"muted\">(primary: {})</span>", escape(&names.join(", ")));
        }
        let _ = write!(
            out,
            "<tr class=\"{class}\"><td>{when}</td><td>{}</td><td><b>{sign} {word}:</b> {}</td></tr>",
            escape(&row.before),
            escape(&row.after)
        );
    }
    out.push_str("</tbody></table>");
}
