//! A case as somebody puts it together, and what can be wrong with it.

use routing::limits::SETUP_MAX_MS;
use routing::{Alias, Case, CaseId, Reaches};

use super::SavedCase;
use crate::book::Book;
use crate::{Field, FieldError, Problem};

/// A case as somebody puts it together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseDraft {
    /// What to call it.
    pub name: String,
    /// The call, and what it is expected to come to.
    pub case: Case,
}

/// The name of a draft that can be saved; `id` is the case that it changes, if it is not a new one. What the call
/// breaks need not be there: it may be gone later as well.
pub(super) fn read(
    draft: &CaseDraft,
    id: Option<CaseId>,
    cases: &[SavedCase],
    is_ours: bool,
    book: &Book,
) -> Result<Alias, Vec<FieldError>> {
    let mut problems = Vec::new();
    let mut refuse = |field, problem| problems.push(FieldError::new(field, problem));
    let expect = &draft.case.expect;
    let name = match Alias::parse(&draft.name) {
        Ok(name) => {
            let key = name.fold();
            if cases.iter().any(|case| Some(case.id) != id && case.name.fold() == key) {
                refuse(Field::Name, Problem::CaseNameTaken);
            }
            Some(name)
        }
        Err(error) => {
            refuse(Field::Name, Problem::Alias(error));
            None
        }
    };
    if !is_ours {
        refuse(Field::Number, Problem::UnknownNumber);
    }
    if let Err(error) = draft.case.check() {
        refuse(Field::Scenario, Problem::Scenario(error));
    }
    if let Reaches::Route(route) = expect.reaches
        && book.get(route).is_none()
    {
        refuse(Field::Reaches, Problem::UnknownRoute);
    }
    if expect.within_ms.is_some_and(|within| within > SETUP_MAX_MS) {
        refuse(Field::Within, Problem::BeyondSetUp);
    }
    match name {
        Some(name) if problems.is_empty() => Ok(name),
        _ => Err(problems),
    }
}
