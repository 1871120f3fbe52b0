//! `switchback user`: who may sign in; and the way back in for who cannot.

use std::process::ExitCode;

use portal::{MadeInvitation, Person, PersonDraft, Portal, Staff};

use super::{Failure, open_existing, operator};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, clap::Subcommand)]
enum UserCommand {
    /// List everybody who may sign in
    List,
    /// Add somebody, and print the link by which they choose a password
    Add {
        /// Their e-mail address
        email: String,
        /// What they are called
        #[arg(long)]
        name: String,
        /// What they may do in the whole installation: support or admin
        #[arg(long, value_parser = staff)]
        staff: Option<Staff>,
    },
    /// Print a link by which somebody chooses a new password
    Password {
        /// Their e-mail address
        email: String,
    },
    /// Switch off the second factor of somebody who lost it
    ResetFactor {
        /// Their e-mail address
        email: String,
    },
    /// Let somebody sign in no more, and sign them out everywhere
    Disable {
        /// Their e-mail address
        email: String,
    },
    /// Let somebody sign in again
    Enable {
        /// Their e-mail address
        email: String,
    },
    /// Say what somebody may do in the whole installation
    Staff {
        /// Their e-mail address
        email: String,
        /// support, admin or none
        #[arg(value_parser = staff_or_none)]
        staff: StaffOrNone,
    },
}

/// What is typed for a role in the installation.
#[derive(Clone, Copy, Debug)]
struct StaffOrNone(Option<Staff>);

fn staff(text: &str) -> Result<Staff, String> {
    Staff::parse(text).ok_or_else(|| "write support or admin".to_owned())
}

fn staff_or_none(text: &str) -> Result<StaffOrNone, String> {
    if text == "none" { Ok(StaffOrNone(None)) } else { staff(text).map(|staff| StaffOrNone(Some(staff))) }
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<ExitCode, Failure> {
    let portal = open_existing(settings).await?;
    match arguments.command {
        UserCommand::List => list(&portal).await?,
        UserCommand::Add { email, name, staff } => {
            let id = portal.add_person(&operator(), &PersonDraft { email, name, staff }).await?;
            show(settings, &portal.make_password_link(&operator(), id).await?);
        }
        UserCommand::Password { email } => {
            let person = portal.person_of(&operator(), &email).await?;
            show(settings, &portal.make_password_link(&operator(), person.id).await?);
        }
        UserCommand::ResetFactor { email } => {
            let person = portal.person_of(&operator(), &email).await?;
            portal.reset_second_factor(&operator(), person.id).await?;
            println!("{} signs in with the password alone now", person.email);
        }
        UserCommand::Disable { email } => able(&portal, &email, true).await?,
        UserCommand::Enable { email } => able(&portal, &email, false).await?,
        UserCommand::Staff { email, staff } => {
            let person = portal.person_of(&operator(), &email).await?;
            portal.set_staff(&operator(), person.id, staff.0).await?;
            println!("{}: {}", person.email, staff.0.map_or("none", Staff::as_str));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn able(portal: &Portal, email: &str, disabled: bool) -> Result<(), Failure> {
    let person = portal.person_of(&operator(), email).await?;
    portal.set_disabled(&operator(), person.id, disabled).await?;
    println!("{} {}", person.email, if disabled { "may not sign in any more" } else { "may sign in again" });
    Ok(())
}

/// The link, as the server's own machine or people outside open it.
fn show(settings: &Settings, made: &MadeInvitation) {
    let path = app::urls::password_link(&made.word.reveal());
    let address = match &settings.public {
        Some(public) => format!("{public}{path}"),
        None => format!("http://{}{path}", settings.listen),
    };
    println!("A link for {}, which works once within {} hours:", made.email, portal::PASSWORD_LINK_HOURS);
    println!("{address}");
}

async fn list(portal: &Portal) -> Result<(), Failure> {
    for person in portal.people(&operator()).await? {
        println!("{}", line(&person));
    }
    Ok(())
}

fn line(person: &Person) -> String {
    let accounts: Vec<String> =
        person.accounts.iter().map(|(account, role)| format!("{role} of {}", account.name)).collect();
    let mut notes = vec![person.staff.map_or(String::new(), |staff| staff.to_string()), accounts.join(", ")];
    for (holds, note) in [
        (person.disabled, "may not sign in"),
        (person.ways_in.is_empty(), "cannot sign in yet"),
        (person.second_factor, "second factor"),
    ] {
        notes.push(if holds { note.to_owned() } else { String::new() });
    }
    notes.retain(|note| !note.is_empty());
    format!("{}  {}  {}", person.email, person.name, notes.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_in_the_installation_is_one_of_two_or_none() {
        assert_eq!(staff("admin"), Ok(Staff::Admin));
        assert!(staff("none").is_err());
        assert!(matches!(staff_or_none("none"), Ok(StaffOrNone(None))));
        assert!(matches!(staff_or_none("support"), Ok(StaffOrNone(Some(Staff::Support)))));
        assert!(staff_or_none("owner").is_err());
    }
}
