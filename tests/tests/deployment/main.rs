//! The example `full` as it is deployed: in processes of its own, several on one PostgreSQL and one Redis, which go and come back.

mod full;
mod load;
mod outages;
mod processes;
#[path = "../../../users-runtime/tests/postgres/server.rs"]
mod server;
