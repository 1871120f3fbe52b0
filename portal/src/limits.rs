//! Every limit of the use cases, each with its reason.

use std::time::Duration;

/// Page sizes of the list of DIDs; the first is the default.
pub const PAGE_SIZES: [u32; 3] = [50, 100, 200];
/// Matches are counted up to here: counting 600,000 takes longer than the page itself.
pub const MATCHING_COUNT_MAX: u64 = 10_000;
/// And those of a search up to here: to know more of what is everywhere, DID by DID would have to be read.
pub const SEARCH_COUNT_MAX: u64 = 1_000;
/// So many ways in which the DIDs of an account are routed are kept in memory for its pages, a megabyte at most; where
/// there are more, they are counted anew for each.
pub(crate) const GROUPS_KEPT_MAX: usize = 16_384;
/// Characters of a carrier, site or region, and of an account's name.
pub use routing::limits::LABEL_CHARS_MAX;
/// Octets of an e-mail address (RFC 5321 §4.5.3.1.3, without its angle brackets).
pub(crate) const EMAIL_BYTES_MAX: usize = 254;
/// Characters that are kept of what a browser calls itself: enough to know it by.
pub(crate) const AGENT_CHARS_MAX: usize = 200;
/// Passkeys that somebody may have: every device that one signs in with, and some to spare.
pub(crate) const PASSKEYS_MAX: u64 = 20;
/// Octets of what a browser says of a passkey: without attestation it is below two thousand, also with an RSA key.
pub(crate) const PASSKEY_BYTES_MAX: usize = 16 * 1024;
/// Days in which an invitation can be accepted: over a week-end and a day of illness.
pub const INVITATION_DAYS: i64 = 7;
/// Invitations of an account that wait: more would be a mistake.
pub(crate) const INVITATIONS_MAX: usize = 200;
/// Hours in which a link to a new password works: it is passed on at once.
pub const PASSWORD_LINK_HOURS: i64 = 24;
/// Days for which a token works at most: longer ones are forgotten about.
pub const TOKEN_DAYS_MAX: i64 = 366;
/// Tokens of an account.
pub(crate) const TOKENS_MAX: usize = 100;
/// Hours for which support may write at most: two weeks; the owner can let them again.
pub const GRANT_HOURS_MAX: i64 = 14 * 24;
/// Looks on one page of the list.
pub(crate) const LOOKS_SHOWN: u32 = 100;
/// Characters of a note to a customer: a paragraph. More belongs into a letter.
pub const NOTE_CHARS_MAX: usize = 1_000;
/// Notes of an account, so that its overview stays one that can be read.
pub(crate) const NOTES_MAX: u64 = 200;
/// Characters of a page's address that are kept with a look.
pub(crate) const LOOK_CHARS_MAX: usize = 500;
/// Things of each kind that the search of the support desk lists: who finds more types more.
pub const SUPPORT_FOUND_MAX: u32 = 50;
/// Accounts that the support desk lists for what is wrong in them: the worst, as many as a morning has room for.
pub const SUPPORT_ACCOUNTS_MAX: usize = 50;
/// Kinds of routing among an account's DIDs up to which the support desk looks for what is wrong: the audit of these
/// takes about as long as the page may. The account's own page has no such limit.
pub(crate) const SUPPORT_GROUPS_MAX: usize = 10_000;
/// How long the support desk waits for one account's DIDs to be counted.
pub(crate) const SUPPORT_ACCOUNT_TIME: Duration = Duration::from_secs(1);
/// After this long the support desk begins with no other account; when it is next opened, it goes on where it ended.
pub(crate) const SUPPORT_TIME: Duration = Duration::from_secs(2);
/// For how long the support desk goes by what it found in an account that nobody has changed: acceptances end and
/// schedules have dates, so that it cannot be for ever.
pub(crate) const SUPPORT_TALLY_AGE_MS: i64 = 10 * 60 * 1000;
/// Characters of the reason that somebody gives for an action: a sentence or two for the record.
pub const REASON_CHARS_MAX: usize = 500;
/// Numbers in a selection by number. Ticking gives a page of them; larger sets come as a filter.
pub const SELECTED_NUMBERS_MAX: usize = 10_000;
/// DIDs of one round of a bulk action or an undo; of a bulk action two rounds are in memory. While a round is read and sent, a
/// thread sees to nothing else: for ten thousand, others waited 25 ms.
pub(crate) const BULK_CHUNK: u32 = 2_000;
/// How long whoever stops a job waits for its end: a statement that was begun runs to its end.
pub(crate) const JOB_END_WAIT: Duration = Duration::from_secs(2);
/// Rows that a plan shows; the counts are of all.
pub const PLANNED_ROWS_MAX: usize = 100;
/// Refusals that are kept with an operation; the count is of all.
pub const REFUSALS_MAX: usize = 1_000;
/// Groups whose calls a plan compares in full view; the counts are of all that were compared.
pub const DIFF_GROUPS_MAX: usize = 50;
/// Calls that a plan simulates to compare them: a tenth of a second or so on the server.
pub(crate) const DIFF_CALLS_MAX: usize = 10_000;
/// DIDs that the screen of a bulk action names.
pub(crate) const SURVEY_FIRST: u32 = 10;
/// Groups of the same routing that the screen of a bulk action tells apart.
pub(crate) const SURVEY_GROUPS_MAX: usize = 50;
/// With more routes than these, a preview gets only those that the chosen DIDs use: it travels in the page.
pub(crate) const SURVEY_ROUTES_MAX: usize = 500;
/// With more plans than these, a preview gets only those that the chosen DIDs use: see [`SURVEY_ROUTES_MAX`].
pub(crate) const SURVEY_PLANS_MAX: usize = 200;
/// DIDs that are named when a route or a plan in use cannot be deleted.
pub(crate) const IN_USE_FIRST: u32 = 5;
/// Primaries that the editor of a plan offers to preview a call with: beyond these, nobody scrolls.
pub(crate) const DESK_PRIMARIES_MAX: usize = 20;
/// Changes on the page of a DID, a route or a plan.
pub(crate) const DID_CHANGES: u32 = 20;
/// Operations on the overview.
pub(crate) const RECENT_OPERATIONS: u32 = 10;
/// Changes on one page of an operation; there are as many pages as it takes.
pub const OPERATION_CHANGES: u32 = 100;
/// Operations on one page of the activity.
pub const ACTIVITY_ROWS: u32 = 50;
/// Operations looked at to say who edited something meanwhile; older ones go unnamed.
pub(crate) const EDITORS_MAX: i64 = 1_000;
/// Changes that are read to take a whole account back: ten bulk actions over 100,000 DIDs, some seconds of reading.
pub(crate) const PAST_CHANGES_MAX: usize = 1_000_000;
/// Changes that a replayed call names, of those made since: the rest is in the activity.
pub(crate) const REPLAY_CHANGES: u32 = 50;
/// Later changes to the things of an operation that undoing it looks through: several for each of the routes, plans and
/// schedules that an account may have. Beyond these, a thing that was edited is not told by whom.
pub(crate) const LATER_CHANGES_MAX: u32 = 50_000;
/// Undos that are looked through to say which entries were undone.
pub(crate) const UNDOS_READ_MAX: u32 = 10_000;
/// Calls that are simulated to compare two moments: half a second or so on the server.
pub(crate) const COMPARE_CALLS_MAX: usize = 50_000;
/// Things that a comparison of two moments names, and DIDs: nobody reads on beyond these; the counts are of all.
pub(crate) const COMPARED_ROWS: usize = 100;
/// Octets of a CSV: a million DIDs with an alias and two routes have about 50 million, twice that in UTF-16.
pub const IMPORT_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Octets in which an import is kept, read and done, a thousand rows or more at once: enough of them that a statement is
/// worth its while, few enough that nobody waits for the processor meanwhile.
pub const IMPORT_PART_BYTES: usize = 64 * 1024;
/// Octets of one row of a CSV, with pages of notes in a column that is not read. More is a quotation mark that is never
/// closed, and a row must be in memory as a whole.
pub const IMPORT_ROW_BYTES_MAX: usize = 256 * 1024;
/// Plans of staged imports that are remembered, each with the rows that it shows.
pub(crate) const IMPORT_PLANS_KEPT: usize = 16;
/// Octets of an account file: a million DIDs with their aliases fit.
pub const ACCOUNT_FILE_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Rows of an import that a plan shows; the counts are of all.
pub const IMPORT_ROWS_SHOWN: usize = 500;
/// Column names that are repeated when a file has none for the numbers.
pub(crate) const IMPORT_NAMES_SHOWN: usize = 6;
/// Aliases of an import that are looked up for those that are called almost so: each is compared with every route.
pub(crate) const NEAR_LOOK_UPS_MAX: usize = 50;
/// Routes that are named when an alias was not found.
pub(crate) const NEAR_ALIASES_MAX: usize = 3;
/// DIDs in one part of a CSV download.
pub(crate) const EXPORT_CHUNK: u32 = 5_000;
/// Octets of one part of an exported history.
pub(crate) const AUDIT_PART_BYTES: usize = 256 * 1024;
/// Octets of a line of an exported history: many times what the largest change row has.
pub(crate) const AUDIT_LINE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Saved cases in an account: every change of it runs them all, twice.
pub const CASES_PER_ACCOUNT_MAX: usize = 500;
/// Accepted findings in an account: each was accepted by hand, with a reason, and all are read whenever findings are
/// shown.
pub const ACCEPTED_PER_ACCOUNT_MAX: usize = 2_000;
/// Groups of the same routing that the what-if desk gets: more columns than anybody looks at.
pub const DESK_GROUPS_MAX: usize = 1_000;
/// Findings in a list, of those that somebody accepted and of the others each: an account may have one for each of a
/// hundred thousand routings, and nobody reads on beyond these; the count is of all.
pub const FINDINGS_MAX: usize = 500;
/// Findings that come with a plan, of those that somebody accepted and of the others each: its pages name the worst and
/// count the rest.
pub(crate) const PLAN_FINDINGS_MAX: u64 = 50;
/// Findings on the overview: as many as one looks through in a minute; the count is of all.
pub const OVERVIEW_FINDINGS_MAX: usize = 50;
/// Errors that reading an account file reports at once: beyond these, nobody reads on.
pub(crate) const FILE_ERRORS_MAX: usize = 100;
