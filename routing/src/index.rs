//! A snapshot with its routes and plans ready to be found by id: a matrix looks them up tens of thousands of times, and
//! an audit once or twice for each of a hundred thousand routings.

use crate::{FailoverPlan, InboundRoute, PlanId, RouteId, Snapshot};

/// A snapshot, and the order of what is looked up in it.
#[derive(Clone, Debug)]
pub(crate) struct Index<'a> {
    pub(crate) snapshot: &'a Snapshot,
    routes: ById<'a, InboundRoute>,
    plans: ById<'a, FailoverPlan>,
}

impl<'a> Index<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot) -> Index<'a> {
        Index { snapshot, routes: ById::new(&snapshot.routes), plans: ById::new(&snapshot.plans) }
    }

    /// The route of that id; the built-in one only if it is listed.
    pub(crate) fn route(&self, id: RouteId) -> Option<&'a InboundRoute> {
        self.routes.get(id)
    }

    /// The plan of that id.
    pub(crate) fn plan(&self, id: PlanId) -> Option<&'a FailoverPlan> {
        self.plans.get(id)
    }
}

/// What has an id of its own in a snapshot.
trait Identified {
    type Id: Ord;
    fn id(&self) -> Self::Id;
}

impl Identified for InboundRoute {
    type Id = RouteId;
    fn id(&self) -> RouteId {
        self.id
    }
}

impl Identified for FailoverPlan {
    type Id = PlanId;
    fn id(&self) -> PlanId {
        self.id
    }
}

/// Things to be found by id. They mostly stand in that order already, and are then not sorted anew.
#[derive(Clone, Debug)]
struct ById<'a, T> {
    listed: &'a [T],
    sorted: Option<Vec<&'a T>>,
}

impl<'a, T: Identified> ById<'a, T> {
    fn new(listed: &'a [T]) -> ById<'a, T> {
        let sorted = (!listed.is_sorted_by_key(T::id)).then(|| {
            let mut things: Vec<&T> = listed.iter().collect();
            things.sort_by_key(|thing| thing.id());
            things
        });
        ById { listed, sorted }
    }

    fn get(&self, id: T::Id) -> Option<&'a T> {
        match &self.sorted {
            Some(sorted) => {
                sorted.binary_search_by_key(&id, |thing| thing.id()).ok().map(|place| sorted[place])
            }
            None => self.listed.binary_search_by_key(&id, T::id).ok().map(|place| &self.listed[place]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Alias;

    #[test]
    fn a_plan_is_found_in_whatever_order_plans_stand() {
        let plan = |id| FailoverPlan {
            id: PlanId(id),
            name: Alias::parse(&format!("plan {id}")).unwrap(),
            steps: Vec::new(),
        };
        for ids in [vec![], vec![1], vec![1, 2, 5], vec![5, 1, 2], vec![-3, 7, 0, 2]] {
            let snapshot = Snapshot { plans: ids.iter().copied().map(plan).collect(), ..Snapshot::default() };
            let index = Index::new(&snapshot);
            for id in -4..9 {
                assert_eq!(index.plan(PlanId(id)), snapshot.plan(PlanId(id)), "{id} of {ids:?}");
            }
        }
    }
}
