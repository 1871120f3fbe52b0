//! What a step is entered on: a set of SIP codes and local causes.

mod text;

use std::fmt;

pub use text::TriggerError;

use crate::{Cause, SipCode};

/// The first and the last code that a trigger can hold.
const CODES: std::ops::RangeInclusive<u16> = 300..=699;
/// Words of 64 bits for the codes.
const WORDS: usize = 7;

/// The causes that a step is entered on: SIP codes from 300 to 699 and local causes, as a set of bits.
///
/// As text it is the name of a preset (`outage`), or a list such as `408, 5xx, 600-604, no_response`. In JSON
/// it is the preset's name or `{"codes":["408","5xx"],"causes":["no_response"]}`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Trigger {
    codes: [u64; WORDS],
    causes: u8,
}

/// A cause that we find ourselves, without a response from the far end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LocalCause {
    /// Silence, or nothing but `100 Trying`.
    NoResponse,
    /// It rang and nobody answered.
    NoAnswer,
    /// Refused connection, DNS or TLS failure.
    Unreachable,
    /// The step before was passed over for its health.
    MarkedDown,
}

impl LocalCause {
    /// Every local cause, in the order that they are written in.
    pub const ALL: [LocalCause; 4] =
        [LocalCause::NoResponse, LocalCause::NoAnswer, LocalCause::Unreachable, LocalCause::MarkedDown];

    /// As written in a trigger.
    pub fn name(self) -> &'static str {
        match self {
            LocalCause::NoResponse => "no_response",
            LocalCause::NoAnswer => "no_answer",
            LocalCause::Unreachable => "unreachable",
            LocalCause::MarkedDown => "marked_down",
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A named trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preset {
    /// The far end is dead or broken. The default.
    Outage,
    /// The same, and nobody answering.
    OutageOrNoAnswer,
    /// As VoIPBIN documents it: 404, 5xx, 6xx.
    Voipbin,
    /// As Telnyx does it.
    Telnyx,
    /// As DIDWW does it.
    Didww,
    /// Everything but an answer and the caller's own cancel.
    AnyFailure,
    /// Busy, here or everywhere.
    Busy,
    /// Nobody answered in time.
    NoAnswer,
    /// Nothing came back at all.
    Unreachable,
}

impl Preset {
    /// Every preset, in the order to offer them.
    pub const ALL: [Preset; 9] = [
        Preset::Outage,
        Preset::OutageOrNoAnswer,
        Preset::AnyFailure,
        Preset::Busy,
        Preset::NoAnswer,
        Preset::Unreachable,
        Preset::Voipbin,
        Preset::Telnyx,
        Preset::Didww,
    ];

    /// The name in configuration and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Outage => "outage",
            Preset::OutageOrNoAnswer => "outage_or_no_answer",
            Preset::Voipbin => "voipbin",
            Preset::Telnyx => "telnyx",
            Preset::Didww => "didww",
            Preset::AnyFailure => "any_failure",
            Preset::Busy => "busy",
            Preset::NoAnswer => "no_answer",
            Preset::Unreachable => "unreachable",
        }
    }

    /// The preset of that name.
    pub fn from_name(name: &str) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// What it holds.
    pub fn trigger(self) -> Trigger {
        use LocalCause::{MarkedDown, NoAnswer, NoResponse, Unreachable};
        match self {
            Preset::Outage => Trigger::of(
                &[(408, 408), (500, 500), (502, 504), (506, 599)],
                &[NoResponse, Unreachable, MarkedDown],
            ),
            Preset::OutageOrNoAnswer => {
                let mut trigger = Preset::Outage.trigger();
                trigger.insert_cause(NoAnswer);
                trigger
            }
            Preset::Voipbin => Trigger::of(&[(404, 404), (500, 699)], &[NoResponse, MarkedDown]),
            Preset::Telnyx => {
                Trigger::of(&[(408, 408), (480, 480), (503, 504)], &[NoResponse, Unreachable, MarkedDown])
            }
            Preset::Didww => Trigger::of(&DIDWW, &LocalCause::ALL),
            Preset::AnyFailure => Trigger::of(&[(300, 699)], &LocalCause::ALL),
            Preset::Busy => Trigger::of(&[(486, 486), (600, 600)], &[]),
            Preset::NoAnswer => Trigger::of(&[], &[NoAnswer]),
            Preset::Unreachable => Trigger::of(&[], &[Unreachable, NoResponse, MarkedDown]),
        }
    }
}

/// DIDWW's documented default. It leaves out 401 and 503.
const DIDWW: [(u16, u16); 19] = [
    (400, 400),
    (402, 404),
    (408, 410),
    (412, 417),
    (420, 424),
    (428, 429),
    (433, 433),
    (436, 438),
    (480, 480),
    (482, 488),
    (494, 494),
    (500, 502),
    (504, 505),
    (513, 513),
    (580, 580),
    (600, 600),
    (603, 603),
    (604, 604),
    (606, 606),
];

impl Trigger {
    /// A trigger that nothing matches.
    pub const NEVER: Trigger = Trigger { codes: [0; WORDS], causes: 0 };

    /// The preset of that name; `None` where there is no such preset.
    pub fn preset(name: &str) -> Option<Trigger> {
        Preset::from_name(name).map(Preset::trigger)
    }

    /// The preset's name, or `custom`. It is derived from what the trigger holds, so a custom set that equals
    /// a preset is that preset.
    pub fn name(&self) -> &'static str {
        self.as_preset().map_or("custom", Preset::name)
    }

    /// The preset that holds exactly this.
    pub fn as_preset(&self) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.trigger() == *self)
    }

    /// Whether a failure with this cause enters the step.
    ///
    /// A cause of our own matches by its name; `unreachable` also matches where the code 503 would, and
    /// `no_response` where 408 would. `no_answer` and `marked_down` match by name only, or `outage`, which holds
    /// 408, would be `outage_or_no_answer`.
    pub fn matches(&self, cause: &Cause) -> bool {
        match cause {
            Cause::NoResponse => {
                self.holds_cause(LocalCause::NoResponse) || self.holds_code(SipCode::REQUEST_TIMEOUT)
            }
            Cause::Unreachable(_) => {
                self.holds_cause(LocalCause::Unreachable) || self.holds_code(SipCode::SERVICE_UNAVAILABLE)
            }
            Cause::NoAnswer => self.holds_cause(LocalCause::NoAnswer),
            Cause::MarkedDown => self.holds_cause(LocalCause::MarkedDown),
            Cause::Response(code) => self.holds_code(*code),
        }
    }

    /// Whether the set holds the code.
    pub fn holds_code(&self, code: SipCode) -> bool {
        bit(code.get()).is_some_and(|(word, mask)| self.codes[word] & mask != 0)
    }

    /// Whether the set holds the local cause by name.
    pub fn holds_cause(&self, cause: LocalCause) -> bool {
        self.causes & cause.bit() != 0
    }

    /// Adds a code; codes below 300 are no failures and are left out.
    pub fn insert_code(&mut self, code: SipCode) {
        self.insert_number(code.get());
    }

    /// Adds a local cause.
    pub fn insert_cause(&mut self, cause: LocalCause) {
        self.causes |= cause.bit();
    }

    fn insert_number(&mut self, code: u16) {
        if let Some((word, mask)) = bit(code) {
            self.codes[word] |= mask;
        }
    }

    fn holds_number(&self, code: u16) -> bool {
        bit(code).is_some_and(|(word, mask)| self.codes[word] & mask != 0)
    }

    fn of(ranges: &[(u16, u16)], causes: &[LocalCause]) -> Trigger {
        let mut trigger = Trigger::NEVER;
        for &(first, last) in ranges {
            (first..=last).for_each(|code| trigger.insert_number(code));
        }
        causes.iter().for_each(|&cause| trigger.insert_cause(cause));
        trigger
    }
}

fn bit(code: u16) -> Option<(usize, u64)> {
    CODES.contains(&code).then(|| {
        let index = code - CODES.start();
        (usize::from(index / 64), 1 << (index % 64))
    })
}

impl Default for Trigger {
    fn default() -> Self {
        Preset::Outage.trigger()
    }
}

impl fmt::Debug for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trigger({self})")
    }
}
