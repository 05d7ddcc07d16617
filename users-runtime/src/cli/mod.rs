//! A command line for operators: `create-superuser`, `list`, `deactivate`, `doctor` and more, to be mounted in an application's own.
//!
//! Every command does what the application does: the rules of the schemas, the password policy, [`Hooks`](crate::Hooks) (with no
//! request) and the options count. [The page for operators](crate::docs::operators) shows each of them at work.
//!
//! An application that has a clap parser embeds [`Command`] in it:
//!
//! ```
//! # use users_runtime::{SqliteStore, UserModel};
//! # #[derive(Clone, Debug, UserModel)]
//! # #[fastapi_users(backend(name = "web", transport = cookie, strategy = database))]
//! # pub struct User {
//! #     pub id: i64, pub email: String, pub hashed_password: users_runtime::PasswordHash,
//! #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
//! # }
//! use clap::{Parser, Subcommand};
//! use users_runtime::{Users, cli};
//!
//! #[derive(Parser)]
//! struct Arguments {
//!     /// Serves when there is none.
//!     #[command(subcommand)]
//!     task: Option<Task>,
//! }
//!
//! #[derive(Subcommand)]
//! enum Task {
//!     /// Administers the users
//!     #[command(subcommand)]
//!     Users(cli::Command),
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let store = SqliteStore::<User>::connect("sqlite::memory:").await?;
//! # store.migrate().await?;
//! # let users = Users::<User>::builder(store, users_runtime::random_secret()).build()?;
//! let arguments = Arguments::try_parse_from(["my-app", "users", "create-superuser", "--email", "jo@example.com", "--password-stdin"])?;
//! let Some(Task::Users(command)) = arguments.task else { return Ok(()) };
//! // A program of its own passes `cli::Io::process()`.
//! let (mut said, mut complained) = (Vec::new(), Vec::new());
//! command.run(&users, &mut cli::Io::new(&b"correct horse\n"[..], &mut said, &mut complained)).await;
//! assert_eq!(String::from_utf8(said)?, "User 1 (jo@example.com) is a superuser.\n");
//! # assert!(complained.is_empty() && users.find_by_email("jo@example.com").await?.unwrap().is_superuser);
//! # Ok(())
//! # }
//! ```
//!
//! An application without one calls [`run`] when it has arguments.
//!
//! The exit status is 0 when a command is done, 1 when it is refused, fails, or finds errors, and 2 when its arguments are wrong.
//! Errors are printed to standard error as `error[CODE]: sentence`, and a code never changes. Stored text is
//! shown with its control characters escaped; password hashes and tokens are never shown.

mod command;
mod create_superuser;
mod delete;
mod doctor;
mod escape;
mod events;
mod failure;
mod field;
mod flags;
mod io;
mod list;
mod new_password;
mod reset_password;
mod routes;
mod run;
mod schema;
mod sessions;
mod show;
mod target;
mod tenant;
mod tokens;
mod unlock;

pub use command::Command;
pub use create_superuser::CreateSuperuser;
pub use delete::Delete;
pub use doctor::Doctor;
pub use events::Events;
pub use io::Io;
pub use list::List;
pub use reset_password::ResetPassword;
pub use run::run;
pub use sessions::{EndSession, RevokeSessions, Sessions};
pub use show::Show;
pub use target::Target;
pub use tokens::PurgeTokens;
