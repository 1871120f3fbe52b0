//! What the criterion benches run on: a small account, and how long to measure.

use std::error::Error;

use routing::{
    Alias, Dialling, Did, DidId, Domains, E164, Failover, InboundRoute, RouteId, RouteKind, RouteTarget,
    Snapshot, Version,
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
        })
    };
    let dids = (0..dids).map(did).collect::<Result<_, _>>()?;
    Ok(Snapshot { version: Version(1), routes, dids, ..Snapshot::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_of_the_benches_is_one_that_the_core_takes() {
        let snapshot = account(10_000).unwrap();
        assert_eq!((snapshot.dids.len(), snapshot.routes.len()), (10_000, 2));
    }
}
