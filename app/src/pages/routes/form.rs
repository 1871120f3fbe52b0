//! The fields of a route, for the Add New Route box and for the edit page.

use leptos::prelude::*;
use portal::{Field, FieldError, RouteDraft, RouteGround};

use crate::{
    components::{field_error, select_option},
    islands::check::{Check, Checked, with_place},
    urls, words,
};

/// What a form shows: what was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    /// As typed.
    pub draft: RouteDraft,
    /// Empty at first.
    pub problems: Vec<FieldError>,
}

impl FormState {
    fn message(&self, field: Field) -> Option<String> {
        self.problems.iter().find(|p| p.field == field).map(sentence)
    }
}

fn sentence(problem: &FieldError) -> String {
    match &problem.problem {
        portal::Problem::Target(e) => with_place(&e.to_string(), e.position()),
        portal::Problem::Alias(e) => with_place(&e.to_string(), e.position()),
        other => other.to_string(),
    }
}

/// The problems with the fields they belong to, for the list at the top.
pub fn problems_of(problems: &[FieldError]) -> Vec<(String, String)> {
    problems
        .iter()
        .map(|p| (p.field.name().to_owned(), format!("{}: {}", words::field(p.field), sentence(p))))
        .collect()
}

struct Text<'a> {
    field: Field,
    label: &'static str,
    value: &'a str,
    help: Option<&'static str>,
    list: Option<&'static str>,
}

fn text(state: &FormState, input: Text<'_>, check: Option<AnyView>) -> impl IntoView + use<> {
    let id = input.field.name();
    let error = state.message(input.field);
    let error_id = format!("{id}-error");
    // What is wrong, what the live check says, what helps: those of them that are there.
    let described: Vec<String> = [
        error.is_some().then(|| error_id.clone()),
        check.is_some().then(|| format!("{id}-live")),
        input.help.is_some().then(|| format!("{id}-help")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    view! {
        <div class="field">
            <label for=id>{input.label}</label>
            <input type="text" id=id name=id value=input.value.to_owned() autocomplete="off" spellcheck="false" list=input.list
                aria-invalid=error.is_some().then_some("true") aria-describedby=described/>
            {field_error(error_id, error)}
            {check}
            {input.help.map(|help| view! { <div class="help" id=format!("{id}-help")>{help}</div> })}
        </div>
    }
}

/// All fields.
pub(super) fn fields(state: &FormState, ground: &RouteGround) -> impl IntoView + use<> {
    let RouteGround { edges, country, .. } = ground;
    let allowed: Vec<String> = ground.allowed.iter().map(ToString::to_string).collect();
    let draft = &state.draft;
    let kinds = [("host", "Host"), ("phone", "Phone Number"), ("uri", "URI")]
        .map(|(value, label)| select_option(value, label, draft.kind == value))
        .collect_view();
    let edge_gone = !draft.edge.is_empty() && !edges.iter().any(|e| e.id.to_string() == draft.edge);
    let edge_gone = edge_gone.then(|| select_option(draft.edge.clone(), "(an edge that is gone)", true));
    let edge_options = edges
        .iter()
        .map(|e| {
            select_option(
                e.id.to_string(),
                format!("{} ({})", e.name, e.host),
                draft.edge == e.id.to_string(),
            )
        })
        .collect_view();
    let answerers = [
        ("pbx", "A phone system (PBX)"),
        ("person", "A person's phone"),
        ("live_answer", "An answering service"),
        ("voicemail", "Voicemail"),
    ]
    .map(|(value, label)| select_option(value, label, draft.answerer == value))
    .collect_view();
    let kind_error = state.message(Field::Kind);
    let edge_error = state.message(Field::Edge);
    let labelled = !draft.carrier.is_empty() || !draft.site.is_empty() || !draft.region.is_empty();
    let open = labelled
        || state.problems.iter().any(|p| matches!(p.field, Field::Carrier | Field::Site | Field::Region));
    view! {
        <div class="columns">
            <div>
                {text(state, Text { field: Field::Alias, label: "Alias for Route", value: &draft.alias, help: Some("A name of your own for it, at most 64 characters."), list: None },
                    Some(view! { <Check field=Checked::Alias country=country.clone() allowed=Vec::new()/> }.into_any()))}
                <div class="field">
                    <label for="kind">"Route Type"</label>
                    <select id="kind" name="kind" aria-invalid=kind_error.is_some().then_some("true")>{kinds}</select>
                    {field_error("kind-error", kind_error)}
                </div>
                {text(state, Text { field: Field::Value, label: "Route value", value: &draft.value, help: None, list: None },
                    Some(view! { <Check field=Checked::Value country=country.clone() allowed=allowed/> }.into_any()))}
                <div class="field">
                    <label for="edge">"Edge Strategy"</label>
                    <select id="edge" name="edge" aria-describedby="edge-help">
                        {select_option("", "No preference", draft.edge.is_empty())}
                        {edge_gone}
                        {edge_options}
                    </select>
                    {field_error("edge-error", edge_error)}
                    <div class="help" id="edge-help">"The point of presence closest to you goes first; the others stand in when it fails."</div>
                </div>
                <details open=open class="field">
                    <summary>"What it depends on, and what answers there"</summary>
                    <p class="help">"Two routes with the same carrier or site fail together; with these labels Switchback can warn you."</p>
                    <div class="field">
                        <label for="answerer">"What answers"</label>
                        <select id="answerer" name="answerer">{answerers}</select>
                    </div>
                    {text(state, Text { field: Field::Carrier, label: "Carrier", value: &draft.carrier, help: None, list: None }, None)}
                    {text(state, Text { field: Field::Site, label: "Site", value: &draft.site, help: None, list: None }, None)}
                    {text(state, Text { field: Field::Region, label: "Region", value: &draft.region, help: None, list: None }, None)}
                </details>
            </div>
            {type_help()}
        </div>
    }
}

fn type_help() -> impl IntoView {
    view! {
        <div class="type-help">
            <div class="host">
                <h3>"Host"</h3>
                <p>"Calls go straight to a host of yours. Write " <code>"host[:port]"</code> ", such as " <code>"pbx.example.com"</code>", "
                    <code>"203.0.113.7:5080"</code> " or " <code>"[2001:db8::7]"</code>
                    ". Without a port, DNS SRV records are tried. Put " <code>"sips:"</code> " before it for TLS, or "
                    <code>";transport=tcp"</code> " after it."</p>
            </div>
            <div class="phone">
                <h3>"Phone Number"</h3>
                <p>"Calls are forwarded over the public telephone network; outbound rates apply. Write it with its country code, such as "
                    <code>"+12065550100"</code> ", or as you dial it at home. Its country must be one of your " <a href=urls::COUNTRIES>"allowed countries"</a>
                    ". A failover to another DID of yours does not work."</p>
            </div>
            <div class="uri">
                <h3>"URI"</h3>
                <p>"Calls go to a SIP URI: " <code>"protocol:user@domain[:port][;transport=udp|tcp|tls]"</code> ", such as "
                    <code>"sips:frontdesk@pbx.example.com"</code> "."</p>
                <p class="caution">"! Caution: an advanced setting. Use it only if you know how your phone system handles SIP URIs."</p>
            </div>
        </div>
    }
}
