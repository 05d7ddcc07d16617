//! Users in MongoDB, with its own ids, and sessions that the server can end.
//!
//! ```text
//! MONGODB_URL=mongodb://127.0.0.1:27017/app cargo run -p mongodb-users
//! ```
//!
//! The collections are those of FastAPI Users with Beanie, so that the URL may be that of a database which it has made. `SECRET`
//! signs the tokens of mails, `BIND` says where to listen.

use std::{env, error::Error};

use axum::{Router, routing::get};
use users_runtime::{
    CurrentUser, MongoStore, PasswordHash, UserModel, Users, random_secret, value::ObjectId,
};

/// The application's user.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(table = "User", backend(name = "session", transport = bearer, strategy = database))]
pub(crate) struct User {
    pub id: ObjectId,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
    #[fastapi_users(length(max = 100))]
    pub nickname: Option<String>,
}

async fn hello(user: CurrentUser<User>) -> String {
    format!(
        "Hello {}, your id is {}!\n",
        user.nickname.as_deref().unwrap_or(&user.email),
        user.id
    )
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let url =
        env::var("MONGODB_URL").unwrap_or_else(|_| "mongodb://127.0.0.1:27017/app".to_owned());
    let store = MongoStore::<User>::connect(&url).await?;
    store.migrate().await?;
    let secret = env::var("SECRET").unwrap_or_else(|_| random_secret());
    let users = Users::<User>::builder(store, secret).build()?;
    let app = Router::new()
        .route("/hello", get(hello))
        .merge(users.router())
        .with_state(users);

    let bind = env::var("BIND").ok().filter(|bind| !bind.is_empty());
    let bind = bind.as_deref().unwrap_or("127.0.0.1:8000");
    let listener = tokio::net::TcpListener::bind(bind).await?;
    println!(
        "{}",
        TRY_IT.replace("HOST", &listener.local_addr()?.to_string())
    );
    users_runtime::serve(listener, app).await?;
    Ok(())
}

const TRY_IT: &str = r#"Serving on http://HOST with the users in MongoDB. Try it:

  curl http://HOST/auth/register -H 'Content-Type: application/json' -d '{"email": "jo@example.com", "password": "correct horse"}'
  curl http://HOST/auth/session/login -d username=jo@example.com -d 'password=correct horse'
  curl http://HOST/hello -H 'Authorization: Bearer TOKEN'
  curl -X POST http://HOST/auth/session/logout -H 'Authorization: Bearer TOKEN'
"#;
