//! Words for people, for what the other crates only name.

use portal::{
    Column, Count, Drift, Field, Noun, OperationKind, OperationView, PlanRef, Refusal, RouteRef, UnixMs,
    Usage,
};
use routing::{HealthState, PlanPlace, RouteKind, RouteTarget};

pub use crate::labels::{dids, figure};

/// A count that may have been cut off: `10,000+`.
pub fn count(count: Count) -> String {
    format!("{}{}", figure(count.n), if count.capped { "+" } else { "" })
}

/// A health state as a word; of one that calls pass over although the route answers again, that too.
pub fn health(state: HealthState) -> &'static str {
    match state {
        HealthState::Unknown => "not checked",
        HealthState::Up => "up",
        HealthState::Failing => "failing",
        HealthState::Down => "down",
        HealthState::Recovering => "recovering, not used yet",
    }
}

/// The word only where somebody should look.
pub fn health_if_bad(state: HealthState) -> Option<&'static str> {
    match state {
        HealthState::Unknown | HealthState::Up => None,
        bad => Some(health(bad)),
    }
}

/// A route type, by Flowroute's label.
pub fn kind(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::Host => "Host",
        RouteKind::Phone => "Phone Number",
        RouteKind::Uri => "URI",
        RouteKind::Registered => "Registered devices",
    }
}

/// A form field's label.
pub fn field(field: Field) -> &'static str {
    match field {
        Field::Alias => "Alias",
        Field::Value => "Route value",
        Field::Kind => "Route Type",
        Field::Edge => "Edge Strategy",
        Field::Route => "Inbound Route",
        Field::Number => "Number",
        Field::Name => "Account name",
        Field::TokenName => "What it is for",
        Field::Country => "Country",
        Field::Carrier => "Carrier",
        Field::Site => "Site",
        Field::Region => "Region",
        Field::Answerer => "What answers",
        Field::PrimaryRoute => "Primary route",
        Field::FailoverRoute => "Failover route or plan",
        Field::Weights => "Weights",
        Field::Scenario => "The call",
        Field::Reaches => "Who should answer",
        Field::Within => "Within",
        Field::Reason => "Reason",
        Field::From => "From",
        Field::Until => "Until",
        Field::Actor => "Who",
        Field::PersonName => "Name",
        Field::Email => "E-mail address",
        Field::Password => "Password",
        Field::PasswordBefore => "Present password",
        Field::Code => "Code",
        Field::PasskeyName => "Name",
        Field::Passkey => "Passkey",
        Field::Role => "Role",
        Field::Scope => "Scope",
        Field::Days => "Days",
        Field::Hours => "Hours",
        Field::Note => "Note",
    }
}

/// A thing that can be missing.
pub fn noun(noun: Noun) -> &'static str {
    match noun {
        Noun::Account => "account",
        Noun::Route => "inbound route",
        Noun::Plan => "failover plan",
        Noun::Schedule => "schedule",
        Noun::Did => "DID",
        Noun::Operation => "change",
        Noun::Draft => "uploaded file",
        Noun::Selection => "selection",
        Noun::Job => "job; what it did stands in the activity",
        Noun::Case => "saved case",
        Noun::Finding => "finding",
        Noun::AcceptedFinding => "accepted finding",
        Noun::Person => "person",
        Noun::Session => "session",
        Noun::Invitation => "invitation; it was used, taken back, or is too old",
        Noun::PasswordLink => "link to a new password; it was used, or is too old",
        Noun::Token => "API token",
        Noun::Identity => "linked account",
        Noun::Passkey => "passkey",
        Noun::Destination => "allowed country",
        Noun::Note => "note",
        Noun::Page => "page",
    }
}

/// A route's value, as people read it.
pub fn value(target: &RouteTarget) -> String {
    match target {
        RouteTarget::Phone(number) => number.grouped(),
        RouteTarget::Registered => "every registered device".into(),
        other => other.canonical(),
    }
}

/// A route in a drop-down: its alias, its type, and a word if something is wrong with it.
pub fn choice(route: &RouteRef) -> String {
    match health_if_bad(route.health) {
        Some(word) => format!("{} ({}, {word})", route.alias, kind(route.kind)),
        None => format!("{} ({})", route.alias, kind(route.kind)),
    }
}

/// A plan in a drop-down: its name, its steps, and a word if something is wrong with it.
pub fn plan_choice(plan: &PlanRef) -> String {
    let steps =
        if plan.steps.len() == 1 { "1 step".to_owned() } else { format!("{} steps", plan.steps.len()) };
    let down = if plan.down { ", every route down" } else { "" };
    format!("{} ({steps}{down})", plan.name)
}

/// A moment in UTC.
pub fn moment(at: UnixMs) -> String {
    match jiff::Timestamp::from_millisecond(at.0) {
        Ok(moment) => moment.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => "at an unknown time".into(),
    }
}

/// The moment that a preview goes by.
pub fn as_at(at: UnixMs) -> String {
    format!("Calls as at {}, with the hours of that moment.", moment(at))
}

/// A column of a CSV of DIDs.
pub fn column(column: Column) -> &'static str {
    match column {
        Column::Number => "number",
        Column::Alias => "alias",
        Column::Primary => "primary",
        Column::Failover => "failover",
    }
}

/// A moment as the `datetime` of a `<time>`.
pub fn exact(at: UnixMs) -> String {
    jiff::Timestamp::from_millisecond(at.0).map(|moment| moment.to_string()).unwrap_or_default()
}

/// A kind of change, as a heading.
pub fn change_kind(kind: &OperationKind) -> String {
    match kind {
        OperationKind::CreateAccount => "Account created".into(),
        OperationKind::AddRoute => "Route added".into(),
        OperationKind::EditRoute => "Route changed".into(),
        OperationKind::DeleteRoute => "Route deleted".into(),
        OperationKind::AddPlan => "Failover plan added".into(),
        OperationKind::EditPlan => "Failover plan changed".into(),
        OperationKind::DeletePlan => "Failover plan deleted".into(),
        OperationKind::AddSchedule => "Schedule added".into(),
        OperationKind::EditSchedule => "Schedule changed".into(),
        OperationKind::DeleteSchedule => "Schedule deleted".into(),
        OperationKind::EditDid => "DID changed".into(),
        OperationKind::SetRoute => "Set Route".into(),
        OperationKind::SetFailoverRoute => "Set Failover Route".into(),
        OperationKind::ClearFailoverRoute => "Clear Failover Route".into(),
        OperationKind::SetAlias => "Set Alias".into(),
        OperationKind::Release => "Release".into(),
        OperationKind::Import => "DIDs imported".into(),
        OperationKind::SaveCase => "Case saved".into(),
        OperationKind::EditCase => "Saved case changed".into(),
        OperationKind::DeleteCase => "Saved case deleted".into(),
        OperationKind::AcceptFinding => "Finding accepted".into(),
        OperationKind::WithdrawAcceptance => "Acceptance withdrawn".into(),
        OperationKind::ImportAccount => "Account file imported".into(),
        OperationKind::Invite => "Person invited".into(),
        OperationKind::WithdrawInvitation => "Invitation taken back".into(),
        OperationKind::Join => "Person joined".into(),
        OperationKind::ChangeRole => "Role changed".into(),
        OperationKind::RemovePerson => "Person taken out".into(),
        OperationKind::GrantSupport => "Support may write".into(),
        OperationKind::EndSupport => "Support may write no more".into(),
        OperationKind::MakeToken => "API token made".into(),
        OperationKind::RevokeToken => "API token revoked".into(),
        OperationKind::AllowDestination => "Country allowed".into(),
        OperationKind::ForbidDestination => "Country allowed no more".into(),
        OperationKind::WriteNote => "Note of support".into(),
        OperationKind::RemoveNote => "Note removed".into(),
        OperationKind::AddPerson => "Person added".into(),
        OperationKind::DisablePerson => "Sign-in switched off".into(),
        OperationKind::EnablePerson => "Sign-in switched on".into(),
        OperationKind::MakePasswordLink => "Link to a new password made".into(),
        OperationKind::ResetSecondFactor => "Second factor switched off for them".into(),
        OperationKind::ChangePassword => "Password changed".into(),
        OperationKind::SetPasswordByLink => "Password set by a link".into(),
        OperationKind::SwitchOnSecondFactor => "Second factor switched on".into(),
        OperationKind::SwitchOffSecondFactor => "Second factor switched off".into(),
        OperationKind::AddPasskey => "Passkey added".into(),
        OperationKind::RemovePasskey => "Passkey removed".into(),
        OperationKind::RenamePasskey => "Passkey renamed".into(),
        OperationKind::LinkProvider => "Provider linked".into(),
        OperationKind::LinkProviderByAddress => "Provider linked by a verified address".into(),
        OperationKind::UnlinkProvider => "Provider unlinked".into(),
        OperationKind::Undo => "Undo".into(),
        OperationKind::Restore => "Restored".into(),
        OperationKind::Other(name) => name.replace('_', " "),
    }
}

/// An operation in one line: `Set Failover Route (mobile): 37 DIDs`.
pub fn operation(operation: &OperationView) -> String {
    let about = if operation.about.is_empty() { String::new() } else { format!(": {}", operation.about) };
    let many = if operation.changed > 1 {
        format!(", {}", counted(operation, operation.changed))
    } else {
        String::new()
    };
    let what = match &operation.undone {
        Some(undone) => format!("Undo of {}", change_kind(&undone.kind)),
        None => change_kind(&operation.kind),
    };
    format!("{what}{about}{many}")
}

/// So many of what an operation is about: `12 DIDs`, or `3 things` where there are routes and plans among them.
pub fn counted(operation: &OperationView, n: u64) -> String {
    let kind = operation.undone.as_ref().map_or(&operation.kind, |undone| &undone.kind);
    match (is_of_dids(kind), n) {
        (true, _) => dids(n),
        (false, 1) => "1 thing".to_owned(),
        (false, _) => format!("{} things", figure(n)),
    }
}

/// Whether it changes DIDs and nothing else.
fn is_of_dids(kind: &OperationKind) -> bool {
    matches!(
        kind,
        OperationKind::EditDid
            | OperationKind::SetRoute
            | OperationKind::SetFailoverRoute
            | OperationKind::ClearFailoverRoute
            | OperationKind::SetAlias
            | OperationKind::Release
            | OperationKind::Import
    )
}

/// What an operation did, counted.
pub fn outcome(operation: &OperationView) -> String {
    let mut text = match &operation.kind {
        OperationKind::Release => format!("{} released", dids(operation.changed)),
        OperationKind::Undo => format!("{} put back", counted(operation, operation.changed)),
        OperationKind::Import => format!("{} added or changed", dids(operation.changed)),
        OperationKind::ImportAccount => {
            format!("{} added or changed", counted(operation, operation.changed))
        }
        kind if is_of_dids(kind) => format!("{} changed", dids(operation.changed)),
        kind => change_kind(kind),
    };
    let (as_asked, refused) = match operation.kind {
        OperationKind::Undo => ("as they were already", "left as they are"),
        _ => ("already as asked", "refused"),
    };
    if operation.unchanged > 0 {
        text.push_str(&format!(", {} {as_asked}", figure(operation.unchanged)));
    }
    if operation.refused > 0 {
        text.push_str(&format!(", {} {refused}", figure(operation.refused)));
    }
    text.push('.');
    text
}

/// How what matches a filter differs from what was chosen by it; nothing if it does not.
pub fn drift(drift: Drift) -> Option<String> {
    let gone = (drift.gone > 0).then(|| match drift.gone {
        1 => "1 DID that was chosen does not match any more, or has left the account.".to_owned(),
        n => format!("{} DIDs that were chosen do not match any more, or have left the account.", figure(n)),
    });
    let came = (drift.came > 0).then(|| match drift.came {
        1 => "1 DID matches only since then: it was not chosen, and stays as it is.".to_owned(),
        n => format!("{} DIDs match only since then: they were not chosen, and stay as they are.", figure(n)),
    });
    let sentences: Vec<String> = [gone, came].into_iter().flatten().collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// What a job does, before it is done.
pub fn job(kind: &OperationKind) -> String {
    match kind {
        OperationKind::Import => "Import DIDs".into(),
        other => change_kind(other),
    }
}

/// How much a job goes through.
pub fn job_total(kind: &OperationKind, n: u64) -> String {
    match kind {
        OperationKind::Import if n == 1 => "1 part of the file".to_owned(),
        OperationKind::Import => format!("{} parts of the file", figure(n)),
        OperationKind::Undo if n == 1 => "1 change".to_owned(),
        OperationKind::Undo => format!("{} changes", figure(n)),
        _ => dids(n),
    }
}

/// From where somebody acted.
pub fn via(via: &str) -> String {
    match via {
        "browser" => "in the browser".into(),
        "command_line" => "on the command line".into(),
        "api" => "over the API".into(),
        other => other.replace('_', " "),
    }
}

/// A changed field's name.
pub fn change_field(name: &str) -> String {
    match name {
        "alias" => "Alias",
        "primary" => "Primary",
        "failover" => "Failover",
        "type" => "Type",
        "value" => "Value",
        "edge" => "Edge",
        "carrier" => "Carrier",
        "site" => "Site",
        "region" => "Region",
        "answerer" => "What answers",
        "weights" => "Weights",
        "number" => "Number",
        "at" => "At",
        "faults" => "What fails",
        "hangs_up_ms" => "The caller hangs up after (ms)",
        "profile" => "Timers",
        "seed" => "Draws start from",
        "srv" => "What DNS says",
        "marked_down" => "Marked down",
        "switched_off" => "Switched off",
        "expects" => "Expected",
        "within_ms" => "Within (ms)",
        "finding" => "Finding",
        "reason" => "Reason",
        "until" => "Until",
        "name" => "Name",
        "country" => "Country",
        "zone" => "Time zone",
        other => return plain(other),
    }
    .to_owned()
}

/// `step_1` as `Step 1`, `monday` as `Monday`.
fn plain(name: &str) -> String {
    let mut words = name.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// Why one DID was left as it was.
pub fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::EditedSince { by, at } => {
            format!("{by} changed it on {} after you chose it; look at it again.", moment(*at))
        }
        Refusal::EditedAfter { by, at, .. } => {
            format!("{by} changed it on {}, after that; it stays as it is.", moment(*at))
        }
        other => other.to_string(),
    }
}

/// A place in a failover plan, as the list of what is wrong names it.
pub fn plan_place(place: PlanPlace) -> String {
    match place {
        PlanPlace::Name => "Name".to_owned(),
        PlanPlace::Steps => "Steps".to_owned(),
        PlanPlace::Routes(step) | PlanPlace::Route(step, _) => format!("Step {}, routes", step + 1),
        PlanPlace::Weight(step, _) => format!("Step {}, weights", step + 1),
        PlanPlace::EnterOn(step) => format!("Step {}, entered on", step + 1),
        PlanPlace::Hours(step) => format!("Step {}, hours", step + 1),
        PlanPlace::NoResponse(step) => format!("Step {}, no response", step + 1),
        PlanPlace::Ring(step) => format!("Step {}, ringing", step + 1),
        PlanPlace::Stagger(step) => format!("Step {}, stagger", step + 1),
    }
}

/// What uses a route: `3 primary, 2 failover, in 1 plan`. `None`: nothing.
pub fn usage(usage: Usage) -> Option<String> {
    let dids = usage.primary + usage.failover;
    let of_dids = format!("{} primary, {} failover", figure(usage.primary), figure(usage.failover));
    let in_plans = match usage.plans {
        1 => "in 1 plan".to_owned(),
        n => format!("in {} plans", figure(n)),
    };
    match (dids, usage.plans) {
        (0, 0) => None,
        (_, 0) => Some(of_dids),
        (0, _) => Some(in_plans),
        _ => Some(format!("{of_dids}, {in_plans}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_without_words_of_its_own_is_named_as_it_is_spelt() {
        for (name, expected) in [
            ("step_1", "Step 1"),
            ("step_10", "Step 10"),
            ("sunday", "Sunday"),
            ("weights", "Weights"),
            ("zone", "Time zone"),
            ("exceptions", "Exceptions"),
            ("é", "é"),
        ] {
            assert_eq!(change_field(name), expected);
        }
    }

    #[test]
    fn of_a_route_that_answers_again_and_is_passed_over_the_word_says_so() {
        for state in [
            HealthState::Unknown,
            HealthState::Up,
            HealthState::Failing,
            HealthState::Down,
            HealthState::Recovering,
        ] {
            let said = health(state);
            assert_eq!(said == "down" || said.contains("not used"), state.is_down(), "{said}");
        }
    }

    #[test]
    fn a_route_that_a_plan_rings_is_used() {
        for (primary, failover, plans, expected) in [
            (0, 0, 0, None),
            (3, 2, 0, Some("3 primary, 2 failover")),
            (0, 0, 1, Some("in 1 plan")),
            (1_200, 0, 2, Some("1,200 primary, 0 failover, in 2 plans")),
        ] {
            assert_eq!(usage(Usage { primary, failover, plans }).as_deref(), expected);
        }
    }

    #[test]
    fn figures_are_grouped_by_thousands() {
        for (n, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(figure(n), expected);
        }
    }
}
