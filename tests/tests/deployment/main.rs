//! The examples `full` and `web` as they are deployed: in processes of their own, several on one database, and on databases which go and
//! come back.

mod changes;
mod crashes;
mod databases;
mod everyone;
mod full;
mod guesses;
mod interleavings;
mod load;
#[path = "../../../users-runtime/tests/mongodb/server.rs"]
mod mongodb_server;
#[path = "../../../users-runtime/tests/mysql/server.rs"]
mod mysql_server;
mod outages;
mod process;
mod processes;
#[path = "../../../users-runtime/tests/postgres/server.rs"]
mod server;
mod sessions;
mod web;
