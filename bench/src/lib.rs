//! What the criterion benches run on: a small account, and how long to measure.

use std::error::Error;

use routing::{
    Alias, Clocks, Dialling, Did, DidId, Domains, E164, Failover, FailoverPlan, InboundRoute, Millis, PlanId,
    Preset, RouteId, RouteKind, RouteTarget, Snapshot, Step, Version, limits,
};

/// Where the account's calls ring first: a SIP host reached over TLS.
pub const PRIMARY: RouteId = RouteId(1);
/// Where they ring when that fails: a phone number.
pub const FAILOVER: RouteId = RouteId(2);

/// An account with that many numbers, each with a primary and a failover route.
///
/// # Errors
/// A value written here is not one that the core takes.
pub fn account(dids: u64) -> Result<Snapshot, Box<dyn Error>> {
    let dialling = Dialling::of("US").ok_or("the United States are not in the table of countries")?;
    let route = |id, alias, kind, value| -> Result<InboundRoute, Box<dyn Error>> {
        Ok(InboundRoute {
            id,
            alias: Alias::parse(alias)?,
            target: RouteTarget::parse(kind, value, &dialling)?,
            edge: None,
            domains: Domains::default(),
        })
    };
    let routes = vec![
        route(PRIMARY, "seattle-pbx", RouteKind::Host, "pbx.example.com:5061;transport=tls")?,
        route(FAILOVER, "mobile", RouteKind::Phone, "+1 206 555 0142")?,
    ];
    let did = |index| -> Result<Did, Box<dyn Error>> {
        Ok(Did {
            id: DidId(i64::try_from(index)?),
            number: E164::from_u64(442_079_460_000 + index)?,
            alias: None,
            primary: PRIMARY,
            failover: Failover::Route(FAILOVER),
            weights: None,
        })
    };
    let dids = (0..dids).map(did).collect::<Result<_, _>>()?;
    Ok(Snapshot { version: Version(1), routes, dids, ..Snapshot::default() })
}

/// The first route of a large account; the others follow.
pub const FIRST: RouteId = RouteId(100);

/// An account in which no two DIDs are routed alike: as many routes as fifty to the square, ten carriers, and plans
/// of as many steps as there may be. The `at`th DID has its primary by the place, and a plan by the turn.
///
/// # Errors
/// A value written here is not one that the core takes.
pub fn large_account(dids: u64) -> Result<Snapshot, Box<dyn Error>> {
    const ROUTES: i64 = 2_000;
    const PLANS: i64 = 50;
    let mut snapshot = account(dids)?;
    for at in 0..ROUTES {
        let mut route = snapshot.routes[0].clone();
        route.id = RouteId(FIRST.0 + at);
        route.alias = Alias::parse(&format!("trunk {at}"))?;
        route.target =
            RouteTarget::parse(RouteKind::Host, &format!("trunk{at}.example.com"), &Dialling::default())?;
        route.domains.carrier = Some(format!("Carrier {}", at % 10));
        snapshot.routes.push(route);
    }
    let steps = i64::try_from(limits::STEPS_MAX)?;
    let clocks = Clocks { no_response_ms: Millis(2_000), ring_ms: Millis(8_000) };
    for plan in 0..PLANS {
        let route = |step: i64| RouteId(FIRST.0 + (plan * steps + step) % ROUTES);
        snapshot.plans.push(FailoverPlan {
            id: PlanId(plan + 1),
            name: Alias::parse(&format!("plan {plan}"))?,
            steps: (0..steps)
                .map(|step| Step::of([route(step)], Preset::AnyFailure.trigger(), clocks))
                .collect(),
        });
    }
    for (at, did) in (0..).zip(&mut snapshot.dids) {
        did.primary = RouteId(FIRST.0 + at % ROUTES);
        did.failover = Failover::Plan(PlanId(at / ROUTES % PLANS + 1));
    }
    Ok(snapshot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_of_the_benches_is_one_that_the_core_takes() {
        let snapshot = account(10_000).unwrap();
        assert_eq!((snapshot.dids.len(), snapshot.routes.len()), (10_000, 2));
        let snapshot = large_account(100_000).unwrap();
        assert_eq!(snapshot.groups().len(), 100_000);
    }
}
