//! Users who belong to tenants, over HTTP: the same address in two of them, and nothing of one is seen in the other. On SQLite, and with
//! the feature `servers` on PostgreSQL, MariaDB, SecantusDB and SeaORM.

#[cfg(feature = "servers")]
#[path = "../deployment/databases.rs"]
mod databases;
#[cfg(feature = "servers")]
#[path = "../../../users-runtime/tests/mongodb/server.rs"]
#[expect(dead_code, reason = "the suite of the store shares servers, too")]
mod mongodb_server;
#[cfg(feature = "servers")]
#[path = "../../../users-runtime/tests/mysql/server.rs"]
#[expect(dead_code, reason = "the suite of the store shares servers, too")]
mod mysql_server;
#[cfg(feature = "servers")]
#[path = "../../../users-runtime/tests/postgres/server.rs"]
#[expect(dead_code, reason = "the suite of the deployments needs more of it")]
mod server;

mod accounts;
mod administrators;
mod commands;
mod existing;
mod from_code;
mod letters;
mod members;
#[cfg(feature = "servers")]
mod servers;
mod sqlite;
mod suite;
mod system;
mod tokens;
