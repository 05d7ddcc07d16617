//! The example `full` with users as Beanie lays them out by itself, for `tests/compare/takeover.py --database beanie`: the example's
//! own ids are UUIDs. It reads the same environment and prints the same lines, but serves from MongoDB alone, and no Redis.

#[path = "../../../examples/full/src/config.rs"]
#[expect(
    dead_code,
    reason = "there is no Redis, and hashes cost what they cost by default"
)]
mod config;
#[path = "../../../examples/full/src/hooks.rs"]
mod hooks;
#[path = "../../../examples/full/src/oidc.rs"]
#[expect(dead_code, reason = "there is no OpenAPI document")]
mod oidc;
mod user;

use std::error::Error;

use config::Config;
use hooks::PrintEverything;
use user::User;
use users_runtime::{MongoStore, Users, fastapi_routing};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = Config::from_env()?;
    let store = MongoStore::<User>::connect(&config.database_url).await?;
    store.migrate().await?;
    let users = Users::<User>::builder(store, &config.secret)
        .compat(config.compat)
        // A database of the original's: whoever is logged in there stays so.
        .accept_clear_tokens(true)
        .hooks(PrintEverything)
        .build()?;
    let mut app = users.router().with_state(users.clone());
    if let Some(oidc) = &config.oidc {
        app = app.merge(oidc::Oidc::discover(oidc).await?.router(&users)?);
    }
    let listener = tokio::net::TcpListener::bind(config.bind).await?;
    println!("Serving on http://{}", listener.local_addr()?);
    users_runtime::serve(listener, fastapi_routing(app).compat(config.compat)).await?;
    Ok(())
}
