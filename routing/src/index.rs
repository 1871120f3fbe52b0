//! A snapshot with its routes ready to be found by id: a matrix looks them up tens of thousands of times.

use crate::{InboundRoute, RouteId, Snapshot};

/// A snapshot and the order of its routes.
#[derive(Clone, Debug)]
pub(crate) struct Index<'a> {
    pub(crate) snapshot: &'a Snapshot,
    /// The routes by id, unless they stand so in the snapshot.
    sorted: Option<Vec<&'a InboundRoute>>,
}

impl<'a> Index<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot) -> Index<'a> {
        let by_id = |route: &InboundRoute| route.id;
        let sorted = (!snapshot.routes.is_sorted_by_key(by_id)).then(|| {
            let mut routes: Vec<&InboundRoute> = snapshot.routes.iter().collect();
            routes.sort_by_key(|route| route.id);
            routes
        });
        Index { snapshot, sorted }
    }

    /// The route of that id; the built-in one only if it is listed.
    pub(crate) fn route(&self, id: RouteId) -> Option<&'a InboundRoute> {
        match &self.sorted {
            Some(sorted) => {
                sorted.binary_search_by_key(&id, |route| route.id).ok().map(|place| sorted[place])
            }
            None => {
                let routes = &self.snapshot.routes;
                routes.binary_search_by_key(&id, |route| route.id).ok().map(|place| &routes[place])
            }
        }
    }
}
