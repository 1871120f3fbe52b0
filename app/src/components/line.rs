//! A line to type on, with its label, its help, and what is wrong with it.

use leptos::prelude::*;
use portal::{Field, FieldError};

use super::field_error;
use crate::words;

/// A line to type on.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// Which field: its name in the form, and its id.
    pub field: Field,
    /// What stands above it.
    pub label: &'static str,
    /// The type of the input: `text`, `email`, `password`.
    pub kind: &'static str,
    /// What was typed.
    pub value: &'a str,
    /// What the browser may fill in.
    pub autocomplete: &'static str,
    /// What stands below it.
    pub help: &'static str,
}

impl Line<'_> {
    /// With the first of the problems that is about it.
    pub fn view(self, problems: &[FieldError]) -> impl IntoView + use<> {
        let id = self.field.name();
        let wrong = message(problems, self.field);
        let described = match (wrong.is_some(), self.help.is_empty()) {
            (false, true) => None,
            (true, true) => Some(format!("{id}-error")),
            (false, false) => Some(format!("{id}-help")),
            (true, false) => Some(format!("{id}-error {id}-help")),
        };
        let help = (!self.help.is_empty())
            .then(|| view! { <div class="help" id=format!("{id}-help")>{self.help}</div> });
        view! {
            <div class="field">
                <label for=id>{self.label}</label>
                <input type=self.kind id=id name=id value=self.value.to_owned() autocomplete=self.autocomplete
                    autocapitalize="none" spellcheck="false" aria-invalid=wrong.is_some().then_some("true") aria-describedby=described/>
                {field_error(format!("{id}-error"), wrong)}
                {help}
            </div>
        }
    }
}

/// What is wrong with a field.
pub fn message(problems: &[FieldError], field: Field) -> Option<String> {
    problems.iter().find(|error| error.field == field).map(|error| error.problem.to_string())
}

/// Every problem with the id of its field, for the list at the top of a form.
pub fn listed(problems: &[FieldError]) -> Vec<(String, String)> {
    let line = |error: &FieldError| {
        (error.field.name().to_owned(), format!("{}: {}", words::field(error.field), error.problem))
    };
    problems.iter().map(line).collect()
}
