//! The example `full` as it is deployed: in processes of its own, several on one PostgreSQL and one Redis, and on databases which go and come back.

mod crashes;
mod databases;
mod full;
mod load;
#[path = "../../../users-runtime/tests/mongodb/server.rs"]
#[expect(dead_code, reason = "the suite of the store shares servers, too")]
mod mongodb_server;
#[path = "../../../users-runtime/tests/mysql/server.rs"]
#[expect(dead_code, reason = "the suite of the store shares servers, too")]
mod mysql_server;
mod outages;
mod processes;
#[path = "../../../users-runtime/tests/postgres/server.rs"]
mod server;
