//! Every limit of the core, each with its reason.

use crate::Millis;

/// Steps in a failover plan: beyond ten, the caller has long hung up.
pub const STEPS_MAX: usize = 10;
/// Routes in one step: more legs than this and the edge floods its own upstream.
pub const ROUTES_PER_STEP_MAX: usize = 10;
/// Attempts in a call, the primary counted: Kamailio's `max_branches` on our edge.
pub const ATTEMPTS_MAX: usize = 30;
/// The longest worst-case set-up that may be saved; upstream carriers give up at about this time.
pub const SETUP_MAX_MS: Millis = Millis(120_000);
/// How long a caller waits before hanging up, unless the account says otherwise; beyond it we warn.
pub const PATIENCE_MS: Millis = Millis(30_000);
/// Code points in an alias (Flowroute's own limit).
pub const ALIAS_CHARS_MAX: usize = 64;
/// Digits in an E.164 number, without the plus (ITU-T E.164 §6.2.1), and the least that can be a public number.
pub const E164_DIGITS_MAX: usize = 15;
/// See [`E164_DIGITS_MAX`].
pub const E164_DIGITS_MIN: usize = 7;
/// Octets of a DNS name and of one label (RFC 1035 §2.3.4).
pub const DNS_NAME_OCTETS_MAX: usize = 253;
/// See [`DNS_NAME_OCTETS_MAX`].
pub const DNS_LABEL_OCTETS_MAX: usize = 63;
/// Octets of a SIP URI: a request line must fit in one UDP datagram with its headers (RFC 3261 §18.1.1).
pub const URI_OCTETS_MAX: usize = 512;
/// Characters of a carrier, site or region, of an account's name and of an edge's.
pub const LABEL_CHARS_MAX: usize = 64;
/// Octets of any value a person types that we are ready to look at; longer input is refused unread.
pub const INPUT_OCTETS_MAX: usize = 1024;
/// Characters of what somebody sent that a refusal repeats: enough to recognise it by, even where a whole file was
/// pasted into a field.
pub const QUOTED_CHARS_MAX: usize = 64;
/// Characters of a message that a parser of others made: it may repeat whatever it stumbled over.
pub const MESSAGE_CHARS_MAX: usize = 500;
/// DIDs in an account.
pub const DIDS_PER_ACCOUNT_MAX: usize = 1_000_000;
/// Inbound routes in an account.
pub const ROUTES_PER_ACCOUNT_MAX: usize = 10_000;
/// A weight of Flowroute's `;weight=`.
pub const WEIGHT_MAX: u16 = 1000;
/// Failover plans in an account: a page of them is still read by a person.
pub const PLANS_PER_ACCOUNT_MAX: usize = 1_000;
/// Schedules in an account.
pub const SCHEDULES_PER_ACCOUNT_MAX: usize = 200;
/// Stretches of hours in one day.
pub const INTERVALS_PER_DAY_MAX: usize = 12;
/// Dated exceptions of a schedule: the holidays of several years.
pub const EXCEPTIONS_MAX: usize = 200;
/// The longest clock of an attempt; a longer one could never run out before the set-up ends.
pub const CLOCK_MAX_MS: Millis = SETUP_MAX_MS;
/// The shortest clock of an attempt: Kamailio's timers tick sixteen times a second, and a far end needs a moment.
pub const CLOCK_MIN_MS: Millis = Millis(500);
/// SRV targets of one host that are looked at: a set of more does not fit into a DNS answer over UDP.
pub const SRV_TARGETS_MAX: usize = 16;
/// Faults in one scenario: more than anybody can read.
pub const FAULTS_MAX: usize = 200;
/// Faults in the call of a saved case: every change of the account runs all cases, and somebody must be able to read one.
pub const CASE_FAULTS_MAX: usize = 50;
/// Routes in a saved case that are marked down, and as many that are switched off: all of a large carrier's.
pub const CASE_ROUTES_DOWN_MAX: usize = 500;
/// Hosts in a saved case of which it says what DNS has of them: a call tries at most thirty routes.
pub const CASE_SRV_HOSTS_MAX: usize = 30;
/// How long an attempt waits for one SRV target before it tries the next (DIDWW's figure).
pub const SRV_TARGET_MS: Millis = Millis(2_000);
/// Hosts in one scenario of which it says what DNS has of them.
pub const SRV_HOSTS_MAX: usize = 200;
/// Points of presence of ours.
pub const EDGES_MAX: usize = 100;
/// Time zones in a snapshot: IANA knows about six hundred names.
pub const ZONES_MAX: usize = 1_000;
/// Changes of one zone's offset in a snapshot: two a year for five centuries.
pub const OFFSET_CHANGES_MAX: usize = 1_000;
/// How far a zone can be from UTC, in seconds either way: no place was ever further than sixteen hours.
pub const OFFSET_MAX_S: i32 = 18 * 60 * 60;
