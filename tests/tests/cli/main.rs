//! The command line for operators: as the program `full` that runs beside its server, and as calls in this process.

mod accounts;
mod database;
mod lists;
mod mounted;
mod passwords;
mod program;
#[cfg(feature = "servers")]
mod redis;
mod secrets;
mod sessions;
#[cfg(unix)]
mod terminal;
