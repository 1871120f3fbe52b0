//! Kinds of operations, each with the name that the history stores.

macro_rules! kinds {
    (
        in accounts { $($(#[$doc:meta])* $kind:ident = $name:literal,)* }
        in the installation { $($(#[$own_doc:meta])* $own:ident = $own_name:literal,)* }
    ) => {
        /// What kind of operation it was.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum OperationKind {
            $($(#[$doc])* $kind,)*
            $($(#[$own_doc])* $own,)*
            /// Written by a newer version of this program.
            Other(String),
        }

        impl OperationKind {
            /// Every kind that this program writes in an account's history.
            pub const NAMED: &[OperationKind] = &[$(OperationKind::$kind),*];

            /// Its stable name, as the history stores it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(OperationKind::$kind => $name,)*
                    $(OperationKind::$own => $own_name,)*
                    OperationKind::Other(name) => name,
                }
            }

            /// The kind of a stable name, if this program writes it.
            pub fn parse(name: &str) -> Option<OperationKind> {
                match name {
                    $($name => Some(OperationKind::$kind),)*
                    $($own_name => Some(OperationKind::$own),)*
                    _ => None,
                }
            }

            /// Whether it is of the installation's own history alone.
            pub(crate) fn is_of_the_installation(&self) -> bool {
                matches!(self, $(OperationKind::$own)|*)
            }
        }
    };
}

kinds! {
    in accounts {
        /// The account was created.
        CreateAccount = "create_account",
        /// A route was added.
        AddRoute = "add_route",
        /// A route was changed.
        EditRoute = "edit_route",
        /// A route was deleted.
        DeleteRoute = "delete_route",
        /// A failover plan was added.
        AddPlan = "add_plan",
        /// A failover plan was changed.
        EditPlan = "edit_plan",
        /// A failover plan was deleted.
        DeletePlan = "delete_plan",
        /// A schedule was added.
        AddSchedule = "add_schedule",
        /// A schedule was changed.
        EditSchedule = "edit_schedule",
        /// A schedule was deleted.
        DeleteSchedule = "delete_schedule",
        /// One DID was changed on its page.
        EditDid = "edit_did",
        /// Set Route.
        SetRoute = "set_route",
        /// Set Failover Route.
        SetFailoverRoute = "set_failover_route",
        /// Clear Failover Route.
        ClearFailoverRoute = "clear_failover_route",
        /// Set Alias.
        SetAlias = "set_alias",
        /// Release.
        Release = "release",
        /// A CSV of DIDs.
        Import = "import",
        /// An account file.
        ImportAccount = "import_account",
        /// A case was saved.
        SaveCase = "save_case",
        /// A saved case was changed.
        EditCase = "edit_case",
        /// A saved case was deleted.
        DeleteCase = "delete_case",
        /// A finding was accepted.
        AcceptFinding = "accept_finding",
        /// The acceptance of a finding was taken back.
        WithdrawAcceptance = "withdraw_acceptance",
        /// Somebody was invited.
        Invite = "invite",
        /// An invitation was taken back.
        WithdrawInvitation = "withdraw_invitation",
        /// Somebody belongs to the account since.
        Join = "join",
        /// Somebody has another role since.
        ChangeRole = "change_role",
        /// Somebody belongs to the account no more.
        RemovePerson = "remove_person",
        /// Support may write for a time.
        GrantSupport = "grant_support",
        /// Support may write no more.
        EndSupport = "end_support",
        /// An API token was made.
        MakeToken = "make_token",
        /// An API token was revoked.
        RevokeToken = "revoke_token",
        /// Routes to phone numbers may ring in one more country.
        AllowDestination = "allow_destination",
        /// They may ring there no more.
        ForbidDestination = "forbid_destination",
        /// The staff told the customer something.
        WriteNote = "write_note",
        /// A note is gone.
        RemoveNote = "remove_note",
        /// Something that was done was undone.
        Undo = "undo",
        /// One thing was put back to how it was after a version.
        Restore = "restore",
    }
    in the installation {
        /// Somebody may sign in since.
        AddPerson = "add_person",
        /// Somebody may sign in no more.
        DisablePerson = "disable_person",
        /// Somebody may sign in again.
        EnablePerson = "enable_person",
        /// A link to a new password was made for somebody.
        MakePasswordLink = "make_password_link",
        /// Somebody's second factor was switched off for them.
        ResetSecondFactor = "reset_second_factor",
        /// Somebody has another password since.
        ChangePassword = "change_password",
        /// Somebody set a password by a link, which took passkeys and providers away.
        SetPasswordByLink = "set_password_by_link",
        /// Somebody's second factor was switched on.
        SwitchOnSecondFactor = "switch_on_second_factor",
        /// Somebody switched their second factor off.
        SwitchOffSecondFactor = "switch_off_second_factor",
        /// Somebody may sign in with a passkey since.
        AddPasskey = "add_passkey",
        /// A passkey is called something else since.
        RenamePasskey = "rename_passkey",
        /// A passkey is gone.
        RemovePasskey = "remove_passkey",
        /// An account at the provider lets somebody in since.
        LinkProvider = "link_provider",
        /// The same, by an address that the provider verified.
        LinkProviderByAddress = "link_provider_by_address",
        /// It does so no more.
        UnlinkProvider = "unlink_provider",
    }
}

impl OperationKind {
    pub(crate) fn read(name: String) -> OperationKind {
        OperationKind::parse(&name).unwrap_or(OperationKind::Other(name))
    }
}
