//! The matrix as a table: failures down, DIDs that behave alike across.

use std::collections::HashMap;
use std::fmt::Write;

use routing::{
    Answerer, Cell, Failure, Fault, FaultTarget, Group, Matrix, Millis, NetworkKind, Outcome, Snapshot,
};

use super::{Naming, naming::in_order, outcome_mark};
use crate::timeline::escape;

/// Columns that are shown at first: more do not fit any screen, and each costs the browser a cell a failure.
pub const COLUMNS_FIRST: usize = 24;
/// Rows that are shown at first: an account of a thousand routes has some thousand failures.
pub const ROWS_FIRST: usize = 60;

/// How much of a matrix is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Columns, at most.
    pub columns: usize,
    /// Rows, at most.
    pub rows: usize,
}

impl Extent {
    /// What is shown before anybody asks for more.
    pub const FIRST: Extent = Extent { columns: COLUMNS_FIRST, rows: ROWS_FIRST };
}

/// A matrix whose identical columns are one.
#[derive(Clone, Debug)]
pub struct Grid {
    matrix: Matrix,
    /// Places of groups that end alike under every failure, largest first.
    columns: Vec<Vec<usize>>,
}

/// A cell as it is marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// `good`, `warn` or `bad`; the sign says it too.
    pub class: &'static str,
    /// ✓, ✉, ! or ✕.
    pub sign: &'static str,
    /// Who answers, or what the caller gets.
    pub who: String,
    /// After how long.
    pub at: Millis,
}

impl Grid {
    /// Merges the columns of a matrix.
    pub fn new(matrix: Matrix) -> Grid {
        let mut columns: Vec<Vec<usize>> = Vec::new();
        let mut known: HashMap<Vec<(u8, i64, u32)>, usize> = HashMap::new();
        for group in 0..matrix.groups.len() {
            let ends: Vec<(u8, i64, u32)> = matrix.cells.iter().map(|row| fingerprint(&row[group])).collect();
            let next = columns.len();
            let place = *known.entry(ends).or_insert(next);
            match columns.get_mut(place) {
                Some(column) => column.push(group),
                None => columns.push(vec![group]),
            }
        }
        let rank = |column: &Vec<usize>| format!("{:020}", u64::MAX - dids_of(&matrix, column));
        let columns = in_order(columns, rank);
        Grid { matrix, columns }
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.matrix.failures.len()
    }

    /// What a cell loads into the desk: a number of its column, and the failure of its row.
    pub fn call(&self, row: usize, column: usize) -> Option<(&Group, &Failure)> {
        let group = *self.columns.get(column)?.first()?;
        Some((self.matrix.groups.get(group)?, self.matrix.failures.get(row)?))
    }

    /// A cell.
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        let group = *self.columns.get(column)?.first()?;
        self.matrix.cells.get(row)?.get(group)
    }

    /// The first columns and rows as a table. In the browser its cells are buttons, of which one is in the tab order: the
    /// arrows go to the others.
    pub fn html(&self, snapshot: &Snapshot, extent: Extent, buttons: bool) -> String {
        let naming = Naming(snapshot);
        let shown = self.columns.len().min(extent.columns);
        let failures = &self.matrix.failures[..self.rows().min(extent.rows)];
        let mut out = String::with_capacity(shown * failures.len() * 160);
        let role = if buttons { " role=\"grid\"" } else { "" };
        let _ = write!(
            out,
            "<table class=\"matrix\"{role} aria-label=\"What a call comes to, by failure and by DID\"><thead>\
             <tr><th scope=\"col\">When this fails</th>"
        );
        let heads: Vec<Head> =
            self.columns[..shown].iter().map(|c| head(snapshot, &self.matrix, c)).collect();
        for head in &heads {
            let _ = write!(
                out,
                "<th scope=\"col\"><b>{}</b><span>{}</span><span>{}</span></th>",
                escape(&head.name),
                escape(&head.count),
                escape(&head.routing)
            );
        }
        out.push_str("</tr></thead><tbody>");
        for (row, failure) in failures.iter().enumerate() {
            let _ = write!(out, "<tr><th scope=\"row\">{}</th>", escape(&row_label(naming, failure)));
            for (column, head) in heads.iter().enumerate() {
                let Some(cell) = self.cell(row, column) else { continue };
                let same = row > 0 && self.cell(0, column).is_some_and(|first| first.outcome == cell.outcome);
                let mark = mark(snapshot, cell);
                let class = if same { "same" } else { mark.class };
                let inside = format!(
                    "<span>{} {}</span><span class=\"figure\">{}</span>",
                    mark.sign,
                    escape(&mark.who),
                    mark.at
                );
                if buttons {
                    // Read after what is seen: the name of a button holds its visible words.
                    let label = format!(
                        "{} ({}), when {}: {}",
                        head.name,
                        head.count,
                        naming.failure(failure),
                        spoken(&mark, cell)
                    );
                    let tab = if (row, column) == (0, 0) { 0 } else { -1 };
                    let _ = write!(
                        out,
                        "<td class=\"{class}\"><button type=\"button\" tabindex=\"{tab}\" data-row=\"{row}\" \
                         data-column=\"{column}\">{inside}<span class=\"hidden-text\">{}</span></button></td>",
                        escape(&label)
                    );
                } else {
                    let _ = write!(out, "<td class=\"{class}\">{inside}</td>");
                }
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table>");
        out
    }
}

/// What tells two cells of a row apart.
fn fingerprint(cell: &Cell) -> (u8, i64, u32) {
    match cell.outcome {
        Outcome::Answered { route, at_ms, by: Answerer::Voicemail } => (1, route.0, at_ms.0),
        Outcome::Answered { route, at_ms, .. } => (0, route.0, at_ms.0),
        Outcome::Rejected { code, at_ms } => (2, i64::from(code.get()), at_ms.0),
        Outcome::CallerHungUp { at_ms } => (3, 0, at_ms.0),
    }
}

fn dids_of(matrix: &Matrix, column: &[usize]) -> u64 {
    column.iter().filter_map(|group| matrix.groups.get(*group)).map(|group| group.dids).sum()
}

struct Head {
    name: String,
    count: String,
    routing: String,
}

fn head(snapshot: &Snapshot, matrix: &Matrix, column: &[usize]) -> Head {
    let naming = Naming(snapshot);
    let groups: Vec<&Group> = column.iter().filter_map(|group| matrix.groups.get(*group)).collect();
    let Some(first) = groups.first() else {
        return Head { name: String::new(), count: String::new(), routing: String::new() };
    };
    let did = snapshot.dids.iter().find(|did| did.number == first.example);
    let alias = did.and_then(|did| did.alias.as_ref()).map(ToString::to_string);
    let dids = dids_of(matrix, column);
    let more = if groups.len() > 1 { format!(" and {} more", groups.len() - 1) } else { String::new() };
    Head {
        name: alias.unwrap_or_else(|| first.example.grouped()),
        count: if dids == 1 { "1 DID".into() } else { format!("{dids} DIDs") },
        routing: format!("{}{more}", naming.routing(first.routing)),
    }
}

/// A failure as the head of its row: short, for it stands in a column.
fn row_label(naming: Naming<'_>, failure: &Failure) -> String {
    match failure {
        Failure::Nothing => "Nothing".into(),
        Failure::Primary(Fault::Silent) => "Primary: dead".into(),
        Failure::Primary(Fault::RingsForEver) => "Primary: nobody answers".into(),
        Failure::Primary(Fault::Busy) => "Primary: busy".into(),
        Failure::Primary(Fault::Declines) => "Primary: declines".into(),
        Failure::Primary(fault) => format!("Primary: {fault}"),
        Failure::Layers { .. } => naming.failure(failure),
        Failure::Domain(target) => {
            let kind = match target {
                FaultTarget::Route(_) => "Route",
                FaultTarget::Host(_) => "Host",
                FaultTarget::Site(_) => "Site",
                FaultTarget::Carrier(_) => "Carrier",
                FaultTarget::Region(_) => "Region",
                FaultTarget::Edge(_) => "Edge",
                FaultTarget::Network(NetworkKind::SipHosts) => return "All SIP hosts".into(),
                FaultTarget::Network(NetworkKind::PhoneNetwork) => return "The phone network".into(),
                FaultTarget::Network(NetworkKind::RegisteredDevices) => {
                    return "All registered devices".into();
                }
            };
            format!("{kind}: {}", naming.target(target))
        }
    }
}

/// How a cell is marked.
pub(super) fn mark(snapshot: &Snapshot, cell: &Cell) -> Mark {
    let (class, sign) = outcome_mark(&cell.outcome, snapshot.defaults.patience_ms);
    let who = match cell.outcome {
        Outcome::Answered { route, .. } => Naming(snapshot).route(route),
        Outcome::Rejected { code, .. } => code.get().to_string(),
        Outcome::CallerHungUp { .. } => "hung up".into(),
    };
    Mark { class, sign, who, at: cell.outcome.at_ms() }
}

fn spoken(mark: &Mark, cell: &Cell) -> String {
    match cell.outcome {
        Outcome::Answered { by: Answerer::Voicemail, .. } => {
            format!("the voicemail {} answers after {}", mark.who, mark.at)
        }
        Outcome::Answered { .. } => format!("{} answers after {}", mark.who, mark.at),
        Outcome::Rejected { code, .. } => {
            format!("nobody answers; {} {} after {}", mark.who, code.phrase(), mark.at)
        }
        Outcome::CallerHungUp { .. } => format!("the caller hangs up after {}", mark.at),
    }
}

#[cfg(test)]
mod tests {
    use routing::{Alias, Did, DidId, Domains, E164, Failover, InboundRoute, RouteId, RouteTarget, Scenario};

    use super::*;

    fn snapshot() -> Snapshot {
        let route = |id: i64, answerer| InboundRoute {
            id: RouteId(id),
            alias: Alias::parse(&format!("r{id}")).unwrap(),
            target: RouteTarget::Phone(E164::from_u64(12_065_550_190 + u64::try_from(id).unwrap()).unwrap()),
            edge: None,
            domains: Domains { answerer, ..Domains::default() },
        };
        let did = |id: i64, primary, failover| Did {
            id: DidId(id),
            number: E164::from_u64(12_065_550_100 + u64::try_from(id).unwrap()).unwrap(),
            alias: (id == 1).then(|| Alias::parse("Front desk").unwrap()),
            primary: RouteId(primary),
            failover,
            weights: None,
        };
        Snapshot {
            routes: vec![
                route(1, Answerer::Pbx),
                route(2, Answerer::Voicemail),
                route(3, Answerer::Voicemail),
            ],
            dids: vec![
                did(1, 1, Failover::Route(RouteId(2))),
                did(2, 1, Failover::None),
                // A failover to the primary itself does what none does.
                did(3, 1, Failover::Route(RouteId(1))),
                did(4, 1, Failover::None),
            ],
            ..Snapshot::default()
        }
    }

    fn grid(snapshot: &Snapshot) -> Grid {
        let base = Scenario::new(snapshot.dids[0].number);
        let failures = vec![Failure::Nothing, Failure::Primary(Fault::Busy), Failure::Primary(Fault::Silent)];
        Grid::new(Matrix::run(snapshot, snapshot.groups(), failures, &base).unwrap())
    }

    #[test]
    fn columns_that_end_alike_are_one_and_the_largest_comes_first() {
        let snapshot = snapshot();
        let grid = grid(&snapshot);
        let html = grid.html(&snapshot, Extent::FIRST, false);
        assert!(html.contains("<b>Front desk</b><span>1 DID</span><span>r1 → r2</span>"), "{html}");
        let (group, failure) = grid.call(2, 0).unwrap();
        assert_eq!((group.example, failure), (snapshot.dids[1].number, &Failure::Primary(Fault::Silent)));
        assert!(grid.call(3, 0).is_none() && grid.call(0, grid.columns()).is_none());
    }

    #[test]
    fn a_cell_is_marked_by_a_sign_and_words_and_gray_where_nothing_changes() {
        let snapshot = snapshot();
        let html = grid(&snapshot).html(&snapshot, Extent::FIRST, true);
        for part in [
            "<td class=\"good\"><button type=\"button\" tabindex=\"0\" data-row=\"0\" data-column=\"0\">\
             <span>✓ r1</span><span class=\"figure\">2 s</span>",
            "<td class=\"bad\"><button type=\"button\" tabindex=\"-1\" data-row=\"1\" data-column=\"0\">\
             <span>✕ 486</span>",
            "<span>✉ r2</span><span class=\"figure\">8 s</span><span class=\"hidden-text\">Front desk (1 DID), when \
             the primary route does not answer at all: the voicemail r2 answers after 8 s</span>",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert_eq!(html.matches("tabindex=\"0\"").count(), 1, "one cell is in the tab order");
    }
}
