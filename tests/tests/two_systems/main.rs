//! Two user systems on one database, as two processes have them: what is used at one is used at the other, and what ends at one ends
//! at the other. On SQLite, and with the feature `servers` on PostgreSQL, MariaDB and SecantusDB.

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

mod counted_uses;
mod events;
mod everyone;
mod fields;
mod first_users;
mod letters;
mod pair;
mod purges;
mod refreshes;
mod revocations;
#[cfg(feature = "servers")]
mod servers;
mod sqlite;
mod states;
mod strict;
mod unlocking;
mod upgrades;
mod uses;
