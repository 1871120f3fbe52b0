//! The columns of a CSV, by the many names that people give them.

/// A column that is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The DID.
    Number,
    /// What to call it.
    Alias,
    /// The alias of the route where it rings.
    Primary,
    /// The alias of the route where it rings when that fails, or `plan:` and the name of a failover plan.
    Failover,
}

impl Column {
    const ALL: [(Column, &[&str]); 4] = [
        (
            Column::Number,
            &[
                "number",
                "did",
                "dids",
                "didnumber",
                "phone",
                "phonenumber",
                "telephone",
                "telephonenumber",
                "tn",
                "e164",
                "numbers",
            ],
        ),
        (Column::Alias, &["alias", "name", "label", "description", "didalias"]),
        (Column::Primary, &["primary", "primaryroute", "route", "inboundroute", "primaryinboundroute"]),
        (
            Column::Failover,
            &[
                "failover",
                "failoverroute",
                "backup",
                "backuproute",
                "secondary",
                "secondaryroute",
                "failoverinboundroute",
            ],
        ),
    ];

    /// The name under which it is downloaded.
    pub fn name(self) -> &'static str {
        match self {
            Column::Number => "number",
            Column::Alias => "alias",
            Column::Primary => "primary",
            Column::Failover => "failover",
        }
    }

    pub(super) fn read(header: &str) -> Option<Column> {
        let plain: String =
            header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        Column::ALL.into_iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(column, _)| column)
    }
}
