//! The fields of a saved case: what to call it, who should answer, how soon.

use leptos::prelude::*;
use portal::{Field, FieldError};
use routing::{Case, Reaches, Snapshot};

use crate::{
    components::{field_error, select_option},
    desk::{ANSWERERS, answerer_words, reaches_word},
};

/// What the form of a case says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseForm {
    /// What to call it.
    pub name: String,
    /// Who should answer.
    pub reaches: String,
    /// Within so many seconds; empty: however late.
    pub within: String,
    /// Whether the desk's call is saved with the routes that are down at the moment.
    pub with_down: bool,
}

/// A form that was refused, or is as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseState {
    /// As typed.
    pub form: CaseForm,
    /// What is wrong with it.
    pub problems: Vec<(String, String)>,
}

impl CaseForm {
    /// A stored case.
    pub fn of(name: &str, case: &Case) -> CaseForm {
        CaseForm {
            name: name.to_owned(),
            reaches: reaches_word(case.expect.reaches),
            within: case.expect.within_ms.map(|within| within.seconds()).unwrap_or_default(),
            with_down: false,
        }
    }
}

impl CaseState {
    /// What is wrong, as the use case said it; each beside its field.
    pub fn refused(form: CaseForm, errors: &[FieldError]) -> CaseState {
        let problems = errors
            .iter()
            .map(|error| (input_of(error.field).to_owned(), error.problem.to_string()))
            .collect();
        CaseState { form, problems }
    }
}

/// The input that a problem stands at; what is wrong with the call itself stands at its name.
fn input_of(field: Field) -> &'static str {
    match field {
        Field::Reaches => "reaches",
        Field::Within => "within",
        _ => "name",
    }
}

/// The fields.
pub(super) fn fields(state: &CaseState, snapshot: &Snapshot) -> impl IntoView + use<> {
    let message = |input: &str| {
        let texts: Vec<&str> =
            state.problems.iter().filter(|(at, _)| at == input).map(|(_, text)| text.as_str()).collect();
        (!texts.is_empty()).then(|| texts.join(" "))
    };
    let (name_error, reaches_error, within_error) = (message("name"), message("reaches"), message("within"));
    let form = state.form.clone();
    let option = |reaches: Reaches, label: String| {
        let word = reaches_word(reaches);
        let chosen = word == form.reaches;
        select_option(word, label, chosen)
    };
    let kinds = ANSWERERS
        .map(|(_, answerer)| option(Reaches::Answerer(answerer), answerer_words(answerer).to_owned()))
        .collect_view();
    let mut routes: Vec<(String, routing::RouteId)> =
        snapshot.routes.iter().map(|route| (route.alias.to_string(), route.id)).collect();
    routes.sort();
    if !routes.iter().any(|(_, id)| *id == routing::RouteId::REGISTERED) {
        routes.push(("sip-reg".into(), routing::RouteId::REGISTERED));
    }
    let gone = form
        .reaches
        .strip_prefix("route:")
        .filter(|id| !routes.iter().any(|(_, route)| route.to_string() == *id))
        .map(|id| select_option(form.reaches.clone(), format!("route {id} (gone: choose another)"), true));
    let routes = routes.into_iter().map(|(alias, id)| option(Reaches::Route(id), alias)).collect_view();
    view! {
        <div class="field">
            <label for="name">"Name"</label>
            <input type="text" id="name" name="name" value=form.name.clone() autocomplete="off"
                placeholder="Sunday night with Seattle down"
                aria-invalid=name_error.is_some().then_some("true") aria-describedby=name_error.is_some().then_some("name-error")/>
            {field_error("name-error", name_error)}
        </div>
        <div class="field">
            <label for="reaches">"Who should answer"</label>
            <select id="reaches" name="reaches" aria-invalid=reaches_error.is_some().then_some("true") aria-describedby=reaches_error.is_some().then_some("reaches-error")>
                {option(Reaches::Somebody, "somebody, no matter who".into())}
                {option(Reaches::Nobody, "nobody (the caller is told so, or gets a voicemail)".into())}
                <optgroup label="Whatever is">{kinds}</optgroup>
                <optgroup label="This route">{gone}{routes}</optgroup>
            </select>
            {field_error("reaches-error", reaches_error)}
        </div>
        <div class="field">
            <label for="within">"Within, in seconds "<span class="muted">"(empty: however late)"</span></label>
            <input type="text" class="short" id="within" name="within" value=form.within.clone() inputmode="decimal" autocomplete="off"
                aria-invalid=within_error.is_some().then_some("true") aria-describedby=within_error.is_some().then_some("within-error")/>
            {field_error("within-error", within_error)}
        </div>
    }
}
