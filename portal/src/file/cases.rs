//! Parts of a saved case as an account file writes them: routes by alias, edges by name.

use routing::{
    Alias, Answerer, Case, EdgeId, FaultError, FaultTarget, InjectedFault, Profile, Reaches, RouteId,
    shortened,
};

use crate::Problem;
use crate::book::Book;
use crate::routes::{answerer, answerer_name};

/// The profiles by their names.
pub(super) const PROFILES: [(Profile, &str); 2] =
    [(Profile::Ideal, "ideal"), (Profile::Kamailio, "kamailio")];

/// The case without what it breaks that is gone: as things are, it makes no difference. `None` if the
/// route is gone that the call should end at: it has no alias to be named by, and the case cannot hold without it.
pub(super) fn present(case: &Case, book: &Book) -> Option<Case> {
    let is_there = |id: &RouteId| book.get(*id).is_some();
    if let Reaches::Route(id) = case.expect.reaches
        && !is_there(&id)
    {
        return None;
    }
    let mut case = case.clone();
    let scenario = &mut case.scenario;
    scenario.faults.retain(|injected| match injected.on {
        FaultTarget::Route(id) => is_there(&id),
        FaultTarget::Edge(id) => edge_name(book, id).is_some(),
        _ => true,
    });
    scenario.marked_down.retain(is_there);
    scenario.switched_off.retain(is_there);
    Some(case)
}

/// Another case of the same call, with other ids of routes.
pub(super) fn map(mut case: Case, route: impl Fn(RouteId) -> RouteId) -> Case {
    let scenario = &mut case.scenario;
    for injected in &mut scenario.faults {
        if let FaultTarget::Route(id) = &mut injected.on {
            *id = route(*id);
        }
    }
    scenario.marked_down.iter_mut().for_each(|id| *id = route(*id));
    scenario.switched_off.iter_mut().for_each(|id| *id = route(*id));
    if let Reaches::Route(id) = &mut case.expect.reaches {
        *id = route(*id);
    }
    case
}

fn edge_name(book: &Book, id: EdgeId) -> Option<&str> {
    book.edges().iter().find(|edge| edge.id == id).map(|edge| edge.name.as_str())
}

/// Such as `route:seattle-pbx=503`.
pub(crate) fn fault_text(book: &Book, injected: &InjectedFault) -> String {
    let how = injected.fault.word();
    match &injected.on {
        FaultTarget::Route(id) => format!("route:{}={how}", book.alias(*id)),
        FaultTarget::Edge(id) => match edge_name(book, *id) {
            Some(name) => format!("edge:{name}={how}"),
            None => injected.to_string(),
        },
        _ => injected.to_string(),
    }
}

/// Reads a fault. An alias may hold any sign: the last `=` counts, and the first colon.
pub(super) fn read_fault(book: &Book, typed: &str) -> Result<InjectedFault, String> {
    let unknown = |what: &str| {
        format!(
            "`{what}` is nothing that can fail. Write route:ALIAS, host:NAME, site:NAME, carrier:NAME, region:NAME, \
             edge:NAME or network:sip_hosts, network:phone_network, network:registered_devices."
        )
    };
    let sentence = |error: FaultError| match &error {
        FaultError::UnknownTarget(what) => unknown(what),
        _ => error.to_string(),
    };
    let named = typed.rsplit_once('=').and_then(|(on, how)| Some((on.split_once(':')?, how)));
    let on = match named {
        Some(((kind, alias), _)) if kind.trim() == "route" => FaultTarget::Route(route_called(book, alias)?),
        Some(((kind, name), _)) if kind.trim() == "edge" => {
            let name = name.trim();
            let edge = book.edges().iter().find(|edge| edge.name.eq_ignore_ascii_case(name));
            FaultTarget::Edge(edge.ok_or_else(|| format!("No edge is called {}.", shortened(name)))?.id)
        }
        _ => return InjectedFault::parse(typed).map_err(sentence),
    };
    let how = named.map(|(_, how)| how).unwrap_or_default();
    Ok(InjectedFault { on, fault: routing::Fault::parse(how).map_err(sentence)? })
}

/// The route of an alias, which may be the built-in one.
pub(super) fn route_called(book: &Book, typed: &str) -> Result<RouteId, String> {
    let typed = typed.trim();
    let found = Alias::parse(typed).ok().and_then(|alias| book.find(&alias).map(|row| row.route.id));
    found.ok_or_else(|| format!("No inbound route is called {}.", shortened(typed)))
}

/// `route:ALIAS`, `answerer:live_answer`, `somebody` or `nobody`.
pub(super) fn reaches_text(book: &Book, reaches: Reaches) -> String {
    match reaches {
        Reaches::Route(id) => format!("route:{}", book.alias(id)),
        Reaches::Answerer(answerer) => format!("answerer:{}", answerer_name(answerer)),
        Reaches::Somebody => "somebody".to_owned(),
        Reaches::Nobody => "nobody".to_owned(),
    }
}

/// Reads what [`reaches_text`] wrote.
pub(super) fn read_reaches(book: &Book, typed: &str) -> Result<Reaches, String> {
    match typed.trim().split_once(':') {
        Some(("route", alias)) => route_called(book, alias).map(Reaches::Route),
        Some(("answerer", name)) => {
            let found: Option<Answerer> = answerer(name).filter(|_| !name.trim().is_empty());
            found.map(Reaches::Answerer).ok_or_else(|| Problem::UnknownAnswerer.to_string())
        }
        None if typed.trim() == "somebody" => Ok(Reaches::Somebody),
        None if typed.trim() == "nobody" => Ok(Reaches::Nobody),
        _ => Err(format!(
            "`{}` is nobody to reach. Write route:ALIAS, answerer:live_answer, somebody or nobody.",
            shortened(typed)
        )),
    }
}
