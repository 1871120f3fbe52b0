//! The sample's schedules, failover plans and saved cases: what a plan does can be seen in them, and one falls into a
//! trap that is easily set.

use routing::Preset;

/// A schedule of the sample.
pub(super) struct SampleSchedule {
    pub(super) name: &'static str,
    /// Monday first.
    pub(super) weekly: [&'static str; 7],
    /// The hours of the holidays.
    pub(super) on_holidays: &'static str,
}

/// Where the clinics' hours are told.
pub(super) const ZONE: &str = "America/Los_Angeles";
pub(super) const HOLIDAYS: [&str; 2] = ["2026-12-25", "2027-01-01"];

const CLINIC_HOURS: &str = "Clinic hours";
const EVENINGS: &str = "Evenings, weekends, holidays";

/// The schedules. Over lunch, both are closed.
pub(super) const SCHEDULES: [SampleSchedule; 2] = {
    const DAY: &str = "08:00-12:00, 13:00-17:30";
    const NIGHT: &str = "00:00-08:00, 17:30-24:00";
    const ALL: &str = "00:00-24:00";
    const SHUT: &str = "closed";
    [
        SampleSchedule {
            name: CLINIC_HOURS,
            weekly: [DAY, DAY, DAY, DAY, "08:00-12:00", SHUT, SHUT],
            on_holidays: SHUT,
        },
        SampleSchedule {
            name: EVENINGS,
            weekly: [NIGHT, NIGHT, NIGHT, NIGHT, "00:00-08:00, 12:00-24:00", ALL, ALL],
            on_holidays: ALL,
        },
    ]
};

/// A failover plan of the sample.
pub(super) struct SamplePlan {
    pub(super) name: &'static str,
    pub(super) steps: &'static [SampleStep],
}

/// One step of one.
pub(super) struct SampleStep {
    /// The aliases of its routes.
    pub(super) routes: &'static [&'static str],
    pub(super) enter_on: Preset,
    /// A schedule's name; empty: always.
    pub(super) hours: &'static str,
    /// The two clocks, in seconds.
    pub(super) clocks: (u32, u32),
}

const fn step(
    routes: &'static [&'static str],
    enter_on: Preset,
    hours: &'static str,
    clocks: (u32, u32),
) -> SampleStep {
    SampleStep { routes, enter_on, hours, clocks }
}

/// A second trunk, then people, then a machine.
pub(super) const CLINIC: &str = "Clinic, then people";
/// By the hours of the day.
pub(super) const AFTER_HOURS: &str = "After hours";
/// It goes to another town, over the carrier that the first one depends on.
pub(super) const BY_WAY_OF_SEATTLE: &str = "Portland by way of Seattle";

/// The plans that came with the account file.
pub(super) const PLANS: [SamplePlan; 2] = [
    SamplePlan {
        name: AFTER_HOURS,
        steps: &[
            step(&["seattle-pbx"], Preset::Outage, CLINIC_HOURS, (6, 15)),
            step(&["answering-service"], Preset::OutageOrNoAnswer, EVENINGS, (6, 20)),
            step(&["voicemail"], Preset::AnyFailure, "", (6, 10)),
        ],
    },
    SamplePlan {
        name: BY_WAY_OF_SEATTLE,
        steps: &[
            step(&["seattle-pbx"], Preset::Outage, "", (6, 15)),
            step(&["seattle-urgent-care"], Preset::OutageOrNoAnswer, "", (6, 15)),
        ],
    },
];

/// The plan that was added after a fiber cut. The mobile is rung in clinic hours only: nobody shall be woken.
pub(super) const CLINIC_PLAN: SamplePlan = SamplePlan {
    name: CLINIC,
    steps: &[
        step(&["seattle-pbx-lte"], Preset::Outage, "", (6, 15)),
        step(&["on-call-mobile"], Preset::OutageOrNoAnswer, CLINIC_HOURS, (6, 15)),
        step(&["answering-service"], Preset::OutageOrNoAnswer, "", (6, 20)),
        step(&["voicemail"], Preset::AnyFailure, "", (6, 10)),
    ],
};

/// The first desk of Seattle; its calls are what most cases are about.
pub(super) const FRONT_DESK: u64 = 12_065_550_100;
/// The first desk of Toronto.
pub(super) const TORONTO_DESK: u64 = 14_165_550_100;
/// Sunday, 29 November 2026, 03:00 in Seattle.
pub(super) const SUNDAY_NIGHT: i64 = 1_795_950_000;

pub(super) const FIBER_CUT: &str = "Fiber cut: Seattle still answers, over LTE";
pub(super) const SEATTLE_DARK: &str = "Seattle dark on a Sunday night: the service answers";
pub(super) const TORONTO_DOWN: &str = "Toronto marked down: the service answers at once";

/// Why it is no fault that one host stands behind both trunks of Seattle.
pub(super) const ONE_PBX: &str =
    "One PBX stands behind both trunks. LTE is for a cut fiber; a second PBX comes in spring.";
