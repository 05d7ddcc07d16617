//! A store whose cargo feature is off: the compiler names the feature.

use users_runtime::MongoStore;
use users_runtime::MySqlStore;
use users_runtime::PostgresStore;
use users_runtime::session::RedisStrategy;
use users_runtime::SeaOrmStore;
use users_runtime::SqliteStore;
use users_runtime::store::MongoStore as _;
use users_runtime::store::MySqlStore as _;
use users_runtime::store::PostgresStore as _;
use users_runtime::store::SeaOrmStore as _;
use users_runtime::store::SqliteStore as _;

fn main() {}
