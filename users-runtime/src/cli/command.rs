//! What an operator can ask for.

use std::fmt;

use clap::Subcommand;

use super::{
    CreateSuperuser, Delete, Doctor, EndSession, Events, List, PurgeTokens, ResetPassword,
    RevokeSessions, Sessions, Show, Target,
};

/// A command for operators, as a `#[command(subcommand)]` of an application's own parser.
///
/// Its `Debug` names the command only.
#[derive(Clone, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Makes an active, verified superuser, whose password is asked for
    CreateSuperuser(CreateSuperuser),
    /// Lists users by e-mail address, a portion at a time
    #[command(visible_alias = "search")]
    List(List),
    /// Shows what administrators see of a user
    Show(Show),
    /// Lets a user log in again
    Activate(Target),
    /// Keeps a user from logging in, and from what they are logged in to
    Deactivate(Target),
    /// Marks a user's e-mail address as verified
    Verify(Target),
    /// Makes a user a superuser
    Promote(Target),
    /// Makes a superuser a user like all others
    Demote(Target),
    /// Gives a user a new password, or sends them a token for one
    ResetPassword(ResetPassword),
    /// Lists the sessions of a user, the newest first
    Sessions(Sessions),
    /// Ends one session of a user
    EndSession(EndSession),
    /// Ends the sessions of a user, or of all, in every backend that can, and lists those that cannot
    RevokeSessions(RevokeSessions),
    /// Lists the newest events of a user
    Events(Events),
    /// Forgets a user's failed logins, so that no limit of the account keeps the user out
    Unlock(Target),
    /// Deletes a user with their access tokens and linked accounts
    Delete(Delete),
    /// Deletes old access tokens of all users from the database
    PurgeTokens(PurgeTokens),
    /// Deletes the rows of sessions that have expired
    PurgeSessions,
    /// Deletes stored events that are older than they are kept
    PurgeEvents,
    /// Prints method, path and name of the routes that `Users::router` mounts
    Routes,
    /// Prints what is wrong with the database; exits with 1 when requests are affected
    Doctor(Doctor),
    /// Prints the tables and indexes of a new database
    Schema,
    /// Prints the statements that this database lacks, for a file of a migration tool
    Migration,
}

impl Command {
    /// Whether the command works on users, so that the tables must be there. An application that makes missing tables when it
    /// starts leaves that out for the others, which are about the database as it is, or about no database at all.
    pub const fn needs_tables(&self) -> bool {
        !matches!(
            self,
            Self::Routes | Self::Doctor(_) | Self::Schema | Self::Migration
        )
    }

    /// The command as it is typed.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::CreateSuperuser(_) => "create-superuser",
            Self::List(_) => "list",
            Self::Show(_) => "show",
            Self::Activate(_) => "activate",
            Self::Deactivate(_) => "deactivate",
            Self::Verify(_) => "verify",
            Self::Promote(_) => "promote",
            Self::Demote(_) => "demote",
            Self::ResetPassword(_) => "reset-password",
            Self::Sessions(_) => "sessions",
            Self::EndSession(_) => "end-session",
            Self::RevokeSessions(_) => "revoke-sessions",
            Self::Events(_) => "events",
            Self::Unlock(_) => "unlock",
            Self::Delete(_) => "delete",
            Self::PurgeTokens(_) => "purge-tokens",
            Self::PurgeSessions => "purge-sessions",
            Self::PurgeEvents => "purge-events",
            Self::Routes => "routes",
            Self::Doctor(_) => "doctor",
            Self::Schema => "schema",
            Self::Migration => "migration",
        }
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Command({})", self.name())
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser, error::ErrorKind};

    use super::*;

    #[derive(Debug, Parser)]
    struct Program {
        #[command(subcommand)]
        command: Command,
    }

    fn read(line: &str) -> Result<Command, clap::Error> {
        let words = std::iter::once("my-app").chain(line.split_whitespace());
        Program::try_parse_from(words).map(|program| program.command)
    }

    fn parsed(line: &str) -> Result<Command, ErrorKind> {
        read(line).map_err(|error| error.kind())
    }

    #[test]
    fn the_parser_is_sound() {
        Program::command().debug_assert();
    }

    #[test]
    fn every_command_is_typed_by_its_name() {
        let lines = [
            "create-superuser --email jo@example.com",
            "create-superuser --email jo@example.com --field name=Jo --field points=7 --password-stdin",
            "list",
            "list --email jo --active false --superuser --verified false --limit 7 --after jo@example.com 1 --json",
            "show 1",
            "show jo@example.com --json",
            "activate 1",
            "deactivate 1",
            "verify 1",
            "promote 1",
            "demote 1",
            "reset-password 1",
            "reset-password 1 --password-stdin",
            "reset-password 1 --send",
            "sessions 1",
            "sessions 1 --json",
            "end-session 1 -abc",
            "revoke-sessions 1",
            "revoke-sessions --all --yes",
            "unlock jo@example.com",
            "delete 1 --yes",
            "purge-tokens --older-than 30days",
            "purge-sessions",
            "events 1",
            "events jo@example.com --limit 7 --json",
            "purge-events",
            "routes",
            "doctor",
            "doctor --json",
            "schema",
            "migration",
        ];
        for line in lines {
            let command = parsed(line).unwrap_or_else(|kind| panic!("{line}: {kind:?}"));
            assert_eq!(command.name(), line.split(' ').next().unwrap_or_default());
        }
        assert_eq!(
            parsed("search --email jo").map(|command| command.name()),
            Ok("list")
        );
    }

    #[test]
    fn what_is_missing_or_makes_no_sense_is_refused() {
        let refused = [
            ("", ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand),
            ("remove 1", ErrorKind::InvalidSubcommand),
            ("create-superuser", ErrorKind::MissingRequiredArgument),
            (
                "create-superuser --email jo@example.com --password secret",
                ErrorKind::UnknownArgument,
            ),
            (
                "create-superuser --email jo@example.com --field name",
                ErrorKind::ValueValidation,
            ),
            (
                "create-superuser --email jo@example.com --field =Jo",
                ErrorKind::ValueValidation,
            ),
            ("list --active maybe", ErrorKind::InvalidValue),
            ("list --limit 0", ErrorKind::ValueValidation),
            (
                "list --after jo@example.com",
                ErrorKind::WrongNumberOfValues,
            ),
            ("list jo", ErrorKind::UnknownArgument),
            ("show", ErrorKind::MissingRequiredArgument),
            ("reset-password 1 secret", ErrorKind::UnknownArgument),
            (
                "reset-password 1 --send --password-stdin",
                ErrorKind::ArgumentConflict,
            ),
            ("events", ErrorKind::MissingRequiredArgument),
            ("events 1 --limit 0", ErrorKind::ValueValidation),
            ("end-session 1", ErrorKind::MissingRequiredArgument),
            ("revoke-sessions", ErrorKind::MissingRequiredArgument),
            ("revoke-sessions --all", ErrorKind::MissingRequiredArgument),
            ("revoke-sessions 1 --all --yes", ErrorKind::ArgumentConflict),
            ("delete 1", ErrorKind::MissingRequiredArgument),
            ("purge-tokens", ErrorKind::MissingRequiredArgument),
            ("purge-tokens --older-than soon", ErrorKind::ValueValidation),
        ];
        for (line, kind) in refused {
            assert_eq!(parsed(line).err(), Some(kind), "{line}");
        }
    }

    #[test]
    fn all_sessions_are_not_revoked_before_it_is_confirmed() {
        let asked = |line| {
            let error = read(line).expect_err("an error").to_string();
            let asked = error.split("Usage").next().unwrap_or_default();
            ["<USER>", "--all", "--yes"].map(|argument| asked.contains(argument))
        };
        assert_eq!(asked("revoke-sessions --all"), [false, false, true]);
        assert_eq!(asked("revoke-sessions"), [true, true, false]);
    }

    #[test]
    fn the_debug_form_shows_no_argument() {
        let command = parsed("create-superuser --email secret@example.com --field note=secret")
            .expect("a command");
        assert_eq!(format!("{command:?}"), "Command(create-superuser)");
    }

    #[test]
    fn what_examines_the_database_needs_no_tables() {
        let needs = |line| parsed(line).expect("a command").needs_tables();
        assert!(
            ["list", "delete 1 --yes", "purge-tokens --older-than 1h"]
                .into_iter()
                .all(needs)
        );
        assert!(
            !["routes", "doctor", "schema", "migration"]
                .into_iter()
                .any(needs)
        );
    }
}
