//! The sample account's tables. Every number is from a range that is kept free for fiction: 555-01xx of the North
//! American Numbering Plan, and those of Ofcom, ARCEP, the Bundesnetzagentur and the ACMA. Every host is under
//! `.example` or in an address range for documentation (RFC 2606 §2, RFC 5737 §3, RFC 3849 §2).

use routing::{Answerer, HealthState, RouteKind, Weights};

/// The business.
pub(super) const NAME: &str = "Juniper Ridge Dental Group";
pub(super) const COUNTRY: &str = "US";
/// Where else its routes to phone numbers may ring.
pub(super) const DESTINATIONS: [&str; 2] = ["+44", "+61"];

/// The people who changed things lately.
pub(super) const DANA: &str = "Dana Whitfield";
pub(super) const MARCUS: &str = "Marcus Adeyemi";
pub(super) const PRIYA: &str = "Priya Raman";

/// A route of the sample.
pub(super) struct SampleRoute {
    pub(super) alias: &'static str,
    pub(super) kind: RouteKind,
    pub(super) value: &'static str,
    /// The name of the preferred edge; empty for none.
    pub(super) edge: &'static str,
    pub(super) carrier: &'static str,
    pub(super) site: &'static str,
    pub(super) region: &'static str,
    pub(super) answerer: Answerer,
    /// Its health, and for how many minutes it has been so.
    pub(super) health: (HealthState, i64),
}

const fn route(alias: &'static str, kind: RouteKind, value: &'static str, answerer: Answerer) -> SampleRoute {
    SampleRoute {
        alias,
        kind,
        value,
        edge: "",
        carrier: "",
        site: "",
        region: "",
        answerer,
        health: (HealthState::Unknown, 0),
    }
}

impl SampleRoute {
    const fn at(self, site: &'static str, region: &'static str, carrier: &'static str) -> SampleRoute {
        SampleRoute { site, region, carrier, ..self }
    }

    const fn edge(self, edge: &'static str) -> SampleRoute {
        SampleRoute { edge, ..self }
    }

    const fn health(self, state: HealthState, minutes: i64) -> SampleRoute {
        SampleRoute { health: (state, minutes), ..self }
    }
}

const DAY: i64 = 24 * 60;

/// The routes.
pub(super) const ROUTES: [SampleRoute; 17] = {
    use Answerer::{LiveAnswer, Pbx, Person, Voicemail};
    use HealthState::{Down, Failing, Recovering, Up};
    use RouteKind::{Host, Phone, Uri};
    [
        route("seattle-pbx", Host, "sips:pbx.sea.juniperridge.example", Pbx)
            .at("Seattle, Pine Street", "US West", "Cascade Fiber")
            .edge("US-West-OR")
            .health(Up, 11 * DAY),
        route("seattle-pbx-lte", Host, "pbx.sea.juniperridge.example:5080;transport=tcp", Pbx)
            .at("Seattle, Pine Street", "US West", "Northgate Wireless")
            .edge("US-West-OR")
            .health(Up, 4 * DAY),
        route("seattle-urgent-care", Uri, "sip:urgent@pbx.sea.juniperridge.example;transport=tcp", Pbx)
            .at("Seattle, Pine Street", "US West", "Cascade Fiber")
            .edge("US-West-OR")
            .health(Up, 11 * DAY),
        route("portland-pbx", Host, "203.0.113.24:5060", Pbx)
            .at("Portland, Alder Street", "US West", "Cascade Fiber")
            .edge("US-West-OR")
            .health(Failing, 7),
        route("denver-pbx", Host, "pbx.den.juniperridge.example;transport=tcp", Pbx)
            .at("Denver, Larimer Street", "US Mountain", "Front Range Telecom")
            .health(Up, 11 * DAY),
        route("denver-billing", Uri, "sip:billing@pbx.den.juniperridge.example", Pbx)
            .at("Denver, Larimer Street", "US Mountain", "Front Range Telecom")
            .health(Up, 11 * DAY),
        route("toronto-pbx", Host, "pbx.tor.juniperridge.example", Pbx)
            .at("Toronto, Queen Street", "Canada", "Lakeshore Networks")
            .edge("US-East-VA")
            .health(Down, 3 * 60 + 12),
        route("london-pbx", Host, "[2001:db8:44::10]:5060", Pbx)
            .at("London, Holborn", "UK", "Thames Voice")
            .edge("US-East-VA")
            .health(Up, 9 * DAY),
        route("paris-accueil", Uri, "sips:accueil@voip.juniperridge.example", Pbx)
            .at("Paris, rue des Lilas", "France", "Rive Telecom")
            .edge("US-East-VA")
            .health(Up, 9 * DAY),
        route("berlin-pbx", Host, "198.51.100.77", Pbx)
            .at("Berlin, Kastanienallee", "Germany", "Spree Voice")
            .edge("US-East-VA")
            .health(Recovering, 4),
        route("sydney-pbx", Host, "pbx.syd.juniperridge.example", Pbx)
            .at("Sydney, George Street", "Australia", "Harbour Net")
            .edge("US-West-OR")
            .health(Up, 6 * DAY),
        route("answering-service", Uri, "sip:intake@answering.brightdesk.example;transport=tcp", LiveAnswer)
            .at("", "US Central", "Brightdesk")
            .health(Up, 11 * DAY),
        route("on-call-mobile", Phone, "+12065550199", Person).at("", "US West", "Northgate Wireless"),
        route("london-manager-mobile", Phone, "+447700900123", Person).at("", "UK", "Thames Mobile"),
        route("sydney-on-call", Phone, "+61491570006", Person).at("", "Australia", "Harbour Net"),
        route("voicemail", Uri, "sip:voicemail@media.juniperridge.example", Voicemail)
            .at("", "US East", "")
            .health(Up, 2 * DAY),
        // Nobody uses it any more: it can be deleted.
        route("old-fax-gateway", Host, "fax.juniperridge.example", Pbx).at(
            "Seattle, Pine Street",
            "US West",
            "",
        ),
    ]
};

/// A run of numbers of one place.
pub(super) struct Run {
    /// The first number; the others follow it.
    pub(super) first: u64,
    pub(super) count: u64,
    pub(super) place: &'static str,
    pub(super) primary: &'static str,
    /// The failover of the first ones: a route's alias, or a plan's name after `plan:`; empty for none.
    pub(super) failover: &'static str,
    /// How many at the end have the other failover.
    pub(super) others: u64,
    pub(super) other_failover: &'static str,
    /// How calls to those are shared between their primary and their failover route.
    pub(super) other_weights: Option<Weights>,
}

const fn run(
    first: u64,
    count: u64,
    place: &'static str,
    primary: &'static str,
    failover: &'static str,
    (others, other_failover): (u64, &'static str),
) -> Run {
    Run { first, count, place, primary, failover, others, other_failover, other_weights: None }
}

impl Run {
    const fn sharing(self, primary: u16, failover: u16) -> Run {
        Run { other_weights: Some(Weights { primary, failover }), ..self }
    }
}

/// Numbers that came with the first import.
pub(super) const AMERICA: [Run; 5] = [
    run(12_065_550_100, 40, "Seattle", "seattle-pbx", "denver-pbx", (12, "seattle-pbx-lte"))
        // A fifth of the calls goes over LTE, so that everybody knows it works.
        .sharing(80, 20),
    run(12_065_550_140, 12, "Seattle home office", "seattle-pbx", "on-call-mobile", (0, "")),
    run(15_035_550_100, 25, "Portland", "portland-pbx", "seattle-pbx", (5, "plan:After hours")),
    run(13_035_550_100, 25, "Denver", "denver-pbx", "", (5, "denver-billing")),
    run(14_165_550_100, 20, "Toronto", "toronto-pbx", "answering-service", (6, "")),
];

/// Numbers that came with the second.
pub(super) const ABROAD: [Run; 5] = [
    run(442_079_460_100, 30, "London", "london-pbx", "london-manager-mobile", (10, "")),
    run(441_134_960_100, 10, "Leeds", "london-pbx", "voicemail", (0, "")),
    run(33_199_001_000, 20, "Paris", "paris-accueil", "london-pbx", (6, "voicemail")),
    run(493_023_125_100, 20, "Berlin", "berlin-pbx", "voicemail", (4, "")),
    run(61_255_500_100, 15, "Sydney", "sydney-pbx", "sydney-on-call", (0, "")),
];

/// What the lines of a place are called, in this order; those after the last are direct lines.
pub(super) const DESKS: [&str; 14] = [
    "Front desk",
    "New patients",
    "Appointments",
    "Billing",
    "Insurance",
    "Urgent care",
    "Orthodontics",
    "Children's dentistry",
    "Hygienists",
    "Oral surgery",
    "Laboratory",
    "Referrals",
    "Records",
    "Practice manager",
];
