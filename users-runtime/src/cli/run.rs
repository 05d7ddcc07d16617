//! Running a command, and the exit status of the process.

use std::{ffi::OsString, process::ExitCode};

use clap::Parser;

use super::{
    Command, Io, events,
    failure::{Failure, Outcome},
    flags, routes, schema, sessions, unlock,
};
use crate::{features::events::acting::Acting, model::UserModel, users::Users};

/// Administers the users
#[derive(Parser)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

/// Runs the command that these arguments ask for, the program's name first, on the process's standard input, output and error.
///
/// For an application without clap; one that has it embeds [`Command`].
///
/// ```
/// # use users_runtime::{SqliteStore, UserModel};
/// # #[derive(Clone, Debug, UserModel)]
/// # #[fastapi_users(backend(name = "web", transport = cookie, strategy = database))]
/// # pub struct User {
/// #     pub id: i64, pub email: String, pub hashed_password: users_runtime::PasswordHash,
/// #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
/// # }
/// use std::process::ExitCode;
/// use users_runtime::{Users, cli};
///
/// async fn start(users: Users<User>, arguments: Vec<String>) -> ExitCode {
///     if arguments.len() > 1 {
///         return cli::run(&users, arguments).await;
///     }
///     // Otherwise it serves.
///     ExitCode::SUCCESS
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let store = SqliteStore::<User>::connect("sqlite::memory:").await?;
/// # store.migrate().await?;
/// # let users = Users::<User>::builder(store, users_runtime::random_secret()).build()?;
/// // In `main`: `start(users, std::env::args().collect()).await`
/// let listed = start(users.clone(), vec!["my-app".into(), "list".into()]).await;
/// assert_eq!(format!("{listed:?}"), format!("{:?}", ExitCode::SUCCESS));
/// let refused = start(users, vec!["my-app".into(), "remove".into()]).await;
/// assert_eq!(format!("{refused:?}"), format!("{:?}", ExitCode::from(2)));
/// # Ok(())
/// # }
/// ```
pub async fn run<U: UserModel, A: Into<OsString> + Clone>(
    users: &Users<U>,
    arguments: impl IntoIterator<Item = A>,
) -> ExitCode {
    match Program::try_parse_from(arguments) {
        Ok(program) => program.command.run(users, &mut Io::process()).await,
        Err(error) => {
            // Where nobody can read it, the exit status is left.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}

impl Command {
    /// Carries the command out, and returns the process's exit status: 0 when it is done, 1 when it is refused, fails, or finds
    /// errors. The error is written to `io` as `error[CODE]: sentence`.
    pub async fn run<U: UserModel>(&self, users: &Users<U>, io: &mut Io<'_>) -> ExitCode {
        match Acting::operator().run(self.carry_out(users, io)).await {
            Ok(Outcome::Done) => ExitCode::SUCCESS,
            Ok(Outcome::ErrorsFound) => ExitCode::FAILURE,
            // Whoever was listening has heard enough, as `head` does.
            Err(failure) if failure.is_deaf_listener() => ExitCode::SUCCESS,
            Err(failure) => {
                failure.tell(io);
                ExitCode::FAILURE
            }
        }
    }

    async fn carry_out<U: UserModel>(
        &self,
        users: &Users<U>,
        io: &mut Io<'_>,
    ) -> Result<Outcome, Failure> {
        match self {
            Self::CreateSuperuser(command) => command.run(users, io).await,
            Self::List(command) => command.run(users, io).await,
            Self::Show(command) => command.run(users, io).await,
            Self::Activate(user) => flags::ACTIVATE.run(users, user, io).await,
            Self::Deactivate(user) => flags::DEACTIVATE.run(users, user, io).await,
            Self::Verify(user) => flags::VERIFY.run(users, user, io).await,
            Self::Promote(user) => flags::PROMOTE.run(users, user, io).await,
            Self::Demote(user) => flags::DEMOTE.run(users, user, io).await,
            Self::ResetPassword(command) => command.run(users, io).await,
            Self::Sessions(command) => command.run(users, io).await,
            Self::EndSession(command) => command.run(users, io).await,
            Self::RevokeSessions(command) => command.run(users, io).await,
            Self::Events(command) => command.run(users, io).await,
            Self::Unlock(user) => unlock::run(users, user, io).await,
            Self::Delete(command) => command.run(users, io).await,
            Self::PurgeTokens(command) => command.run(users, io).await,
            Self::PurgeSessions => sessions::purge(users, io).await,
            Self::PurgeEvents => events::purge(users, io).await,
            Self::Routes => routes::print(users, io),
            Self::Doctor(command) => command.run(users, io).await,
            Self::Schema => schema::print(users, io),
            Self::Migration => schema::print_pending(users, io).await,
        }
    }
}
