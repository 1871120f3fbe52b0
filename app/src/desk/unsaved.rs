//! A failover plan that is not saved yet, brought to the desk in its address.

use routing::{
    Alias, FailoverPlan, Known, OwnDid, PlanDraft, PlanError, PlanId, PlanPlace, PlanProblem, RouteId,
    ScheduleId, Snapshot,
};
use serde::{Deserialize, Serialize};

use crate::plan_form::draft_of;

/// Stands for the plan that is not saved, in a configuration and in an address. Stored ids begin at 1.
pub const UNSAVED: PlanId = PlanId(0);

/// A failover plan as the editor's form holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsavedPlan {
    /// The stored plan that it is to take the place of; `None`: it is new.
    pub of: Option<PlanId>,
    /// The form's fields, as they stand in the address.
    pub fields: Vec<(String, String)>,
}

/// What the desk's configuration knows. That a route leads back to us is for the editor to say: the call is run all
/// the same.
struct Here<'a>(&'a Snapshot);

impl Known for Here<'_> {
    fn has_route(&self, route: RouteId) -> bool {
        route == RouteId::REGISTERED || self.0.route(route).is_some()
    }

    fn has_schedule(&self, schedule: ScheduleId) -> bool {
        self.0.schedules.iter().any(|known| known.id == schedule)
    }

    fn leads_back(&self, _: RouteId) -> Option<OwnDid> {
        None
    }
}

impl UnsavedPlan {
    /// The plan as it was typed.
    pub fn draft(&self) -> PlanDraft {
        draft_of(self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// Puts the plan into the configuration, as [`UNSAVED`].
    ///
    /// # Errors
    /// What keeps it from being walked; a missing name does not, nor does a step that rings nowhere yet.
    pub fn lay_into(&self, snapshot: &mut Snapshot) -> Result<(), Vec<PlanError>> {
        let draft = self.draft();
        let reading = draft.read(&Here(snapshot));
        let rings = |step: usize| {
            let step = draft.steps.get(step);
            step.is_some_and(|step| step.routes.iter().any(|leg| !leg.route.trim().is_empty()))
        };
        let matters = |error: &PlanError| match error.place {
            PlanPlace::Name => false,
            PlanPlace::Steps => true,
            PlanPlace::Routes(step)
            | PlanPlace::Route(step, _)
            | PlanPlace::Weight(step, _)
            | PlanPlace::EnterOn(step)
            | PlanPlace::Hours(step)
            | PlanPlace::NoResponse(step)
            | PlanPlace::Ring(step)
            | PlanPlace::Stagger(step) => rings(step) && !matches!(error.problem, PlanProblem::NoRoute),
        };
        let mut wrong: Vec<PlanError> = reading.errors.into_iter().filter(matters).collect();
        if wrong.is_empty() && reading.steps.is_empty() {
            wrong.push(PlanError { place: PlanPlace::Steps, problem: PlanProblem::NoStep });
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let stored = self.of.and_then(|id| snapshot.plan(id)).map(|plan| plan.name.clone());
        let name = reading.name.or(stored).or_else(|| Alias::parse("The draft").ok());
        if let Some(name) = name {
            snapshot.plans.push(FailoverPlan { id: UNSAVED, name, steps: reading.steps });
        }
        Ok(())
    }
}
