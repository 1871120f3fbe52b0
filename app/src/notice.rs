//! What is said once at the top of a page, after a form sent the reader there.

/// Something that just happened. Addresses name it by its code, so that nobody can put words into our pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A route was added.
    RouteAdded,
    /// A route was deleted.
    RouteDeleted,
    /// A failover plan was added.
    PlanAdded,
    /// A failover plan was deleted.
    PlanDeleted,
    /// A schedule was added.
    ScheduleAdded,
    /// A schedule was deleted.
    ScheduleDeleted,
    /// What was typed was saved.
    Saved,
    /// What was typed is what was there.
    Same,
    /// Apply Action without an action.
    NoAction,
    /// Apply Action without a DID.
    NoDids,
    /// A file that was confirmed twice, or too late.
    ImportDone,
    /// The request was stopped.
    TooSlow,
    /// What was to be cancelled was done already.
    CancelledLate,
    /// A case was saved.
    CaseSaved,
    /// A saved case was deleted.
    CaseDeleted,
    /// A finding was accepted.
    Accepted,
    /// The acceptance of a finding was taken back.
    Withdrawn,
    /// The password was changed.
    PasswordSet,
    /// Sessions were ended.
    SignedOutElsewhere,
    /// The second factor was switched off.
    SecondFactorOff,
    /// The provider signs them in from now on.
    ProviderLinked,
    /// It does no more.
    ProviderUnlinked,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// Somebody was taken out of the account.
    PersonRemoved,
    /// Who may do what was changed.
    PeopleSaved,
    /// A token was revoked.
    TokenRevoked,
    /// A country was allowed, or is no more.
    CountriesSaved,
    /// A note was written.
    NoteWritten,
    /// A note was removed.
    NoteRemoved,
}

/// How a notice or a finding is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It worked.
    Good,
    /// Look at this.
    Warn,
    /// It did not work.
    Bad,
}

impl Tone {
    /// The class of the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Good => "note good",
            Tone::Warn => "note warn",
            Tone::Bad => "note bad",
        }
    }
}

impl Notice {
    /// Reads a code of an address; an unknown one says nothing.
    pub fn of(code: Option<&str>) -> Option<Notice> {
        let all = [
            Notice::RouteAdded,
            Notice::RouteDeleted,
            Notice::PlanAdded,
            Notice::PlanDeleted,
            Notice::ScheduleAdded,
            Notice::ScheduleDeleted,
            Notice::Saved,
            Notice::Same,
            Notice::NoAction,
            Notice::NoDids,
            Notice::ImportDone,
            Notice::TooSlow,
            Notice::CancelledLate,
            Notice::CaseSaved,
            Notice::CaseDeleted,
            Notice::Accepted,
            Notice::Withdrawn,
            Notice::PasswordSet,
            Notice::SignedOutElsewhere,
            Notice::SecondFactorOff,
            Notice::ProviderLinked,
            Notice::ProviderUnlinked,
            Notice::PasskeyAdded,
            Notice::PasskeyRemoved,
            Notice::PersonRemoved,
            Notice::PeopleSaved,
            Notice::TokenRevoked,
            Notice::CountriesSaved,
            Notice::NoteWritten,
            Notice::NoteRemoved,
        ];
        all.into_iter().find(|notice| Some(notice.code()) == code)
    }

    /// As it stands in an address.
    pub fn code(self) -> &'static str {
        match self {
            Notice::RouteAdded => "added",
            Notice::RouteDeleted => "deleted",
            Notice::PlanAdded => "plan-added",
            Notice::PlanDeleted => "plan-deleted",
            Notice::ScheduleAdded => "schedule-added",
            Notice::ScheduleDeleted => "schedule-deleted",
            Notice::Saved => "saved",
            Notice::Same => "same",
            Notice::NoAction => "no-action",
            Notice::NoDids => "no-dids",
            Notice::ImportDone => "import-done",
            Notice::TooSlow => "too-slow",
            Notice::CancelledLate => "cancelled-late",
            Notice::CaseSaved => "case-saved",
            Notice::CaseDeleted => "case-deleted",
            Notice::Accepted => "accepted",
            Notice::Withdrawn => "withdrawn",
            Notice::PasswordSet => "password-set",
            Notice::SignedOutElsewhere => "signed-out-elsewhere",
            Notice::SecondFactorOff => "second-factor-off",
            Notice::ProviderLinked => "provider-linked",
            Notice::ProviderUnlinked => "provider-unlinked",
            Notice::PasskeyAdded => "passkey-added",
            Notice::PasskeyRemoved => "passkey-removed",
            Notice::PersonRemoved => "person-removed",
            Notice::PeopleSaved => "people-saved",
            Notice::TokenRevoked => "token-revoked",
            Notice::CountriesSaved => "countries-saved",
            Notice::NoteWritten => "note-written",
            Notice::NoteRemoved => "note-removed",
        }
    }

    /// How it is meant.
    pub fn tone(self) -> Tone {
        match self {
            Notice::RouteAdded
            | Notice::RouteDeleted
            | Notice::Saved
            | Notice::Same
            | Notice::PlanAdded
            | Notice::PlanDeleted
            | Notice::ScheduleAdded
            | Notice::ScheduleDeleted
            | Notice::CaseSaved
            | Notice::CaseDeleted
            | Notice::Accepted
            | Notice::Withdrawn
            | Notice::PasswordSet
            | Notice::SignedOutElsewhere
            | Notice::SecondFactorOff
            | Notice::ProviderLinked
            | Notice::ProviderUnlinked
            | Notice::PasskeyAdded
            | Notice::PasskeyRemoved
            | Notice::PersonRemoved
            | Notice::PeopleSaved
            | Notice::TokenRevoked
            | Notice::CountriesSaved
            | Notice::NoteWritten
            | Notice::NoteRemoved => Tone::Good,
            Notice::NoAction
            | Notice::NoDids
            | Notice::ImportDone
            | Notice::TooSlow
            | Notice::CancelledLate => Tone::Warn,
        }
    }

    /// The sentence.
    pub fn words(self) -> &'static str {
        match self {
            Notice::RouteAdded => "The route was added. Choose it for your DIDs under Manage.",
            Notice::RouteDeleted => "The route was deleted.",
            Notice::PlanAdded => {
                "The plan was added. Choose it for your DIDs under Manage: tick them, then Set Failover Route."
            }
            Notice::PlanDeleted => "The plan was deleted.",
            Notice::ScheduleAdded => "The schedule was added. Choose it for a step of a failover plan.",
            Notice::ScheduleDeleted => "The schedule was deleted.",
            Notice::Saved => "Saved.",
            Notice::Same => "Nothing differed.",
            Notice::NoAction => "Choose a DID Action first, then Apply Action.",
            Notice::NoDids => "Tick at least one DID first, then Apply Action.",
            Notice::ImportDone => {
                "This file was already imported, it waited longer than a day, or later uploads took its place. See Recent changes on the overview."
            }
            Notice::TooSlow => "The request took too long and was stopped.",
            Notice::CancelledLate => "It was done before it could be cancelled. Undo takes it back.",
            Notice::CaseSaved => "The case was saved. It runs on every change of the account.",
            Notice::CaseDeleted => "The case was deleted.",
            Notice::Accepted => "The finding is accepted. It no longer stands on the overview.",
            Notice::Withdrawn => "The finding is open again.",
            Notice::PasswordSet => "The password is set. Everywhere else you were signed out.",
            Notice::SignedOutElsewhere => "Signed out there.",
            Notice::SecondFactorOff => "The second factor is off. Everywhere else you were signed out.",
            Notice::ProviderLinked => "Linked. From now on you can sign in with it as well.",
            Notice::ProviderUnlinked => "Unlinked. Everywhere else you were signed out.",
            Notice::PasskeyAdded => "The passkey is yours. Sign in with it from now on.",
            Notice::PasskeyRemoved => {
                "The passkey was removed, and everywhere else you were signed out. Delete it in your device or password manager, too."
            }
            Notice::PersonRemoved => "This person does not belong to the account any more.",
            Notice::PeopleSaved => "Saved. It counts from the next request on.",
            Notice::TokenRevoked => "The token was revoked. It works no more.",
            Notice::NoteWritten => "The note is there. The customer sees it here and on the overview.",
            Notice::NoteRemoved => "The note is removed. Activity keeps it.",
            Notice::CountriesSaved => "Saved. Routes that are added or changed from now on go by it.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_read_back_from_its_code_and_nothing_else_is() {
        for notice in [Notice::RouteAdded, Notice::Same, Notice::ImportDone] {
            assert_eq!(Notice::of(Some(notice.code())), Some(notice));
        }
        assert_eq!(Notice::of(Some("Your account is closed")), None);
        assert_eq!(Notice::of(None), None);
    }
}
