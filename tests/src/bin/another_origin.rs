//! The server of `tests/browser/another_origin.py`: the guide's CORS layer around backends with each kind of cookie and one with tokens
//! in bodies.

use std::error::Error;

use axum::{
    Router,
    http::{HeaderValue, Method, header},
};
use tower_http::cors::CorsLayer;
use users_runtime::{
    CookieTransport, PasswordHash, SqliteStore, UserModel, Users, random_secret, session::SameSite,
};

/// The user of the test.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    backend(name = "web", transport = cookie, strategy = session, refresh),
    backend(name = "host", transport = cookie, strategy = session),
    backend(name = "third", transport = cookie, strategy = session),
    backend(name = "third_refreshed", transport = cookie, strategy = session, refresh),
    backend(name = "api", transport = bearer, strategy = jwt, refresh),
    limits(login = "3/h/account")
)]
pub struct User {
    /// The primary key.
    pub id: i64,
    /// The e-mail address.
    pub email: String,
    /// The password hash.
    pub hashed_password: PasswordHash,
    /// Whether the user may log in.
    pub is_active: bool,
    /// Whether the user may administer others.
    pub is_superuser: bool,
    /// Whether the address is verified.
    pub is_verified: bool,
}

/// What the guide shows, except that nothing is exposed, for more front ends: two of the same site, one of another site that is
/// trusted, and one that is not.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin([
            HeaderValue::from_static("https://front.example.com"),
            HeaderValue::from_static("https://app.example.com"),
            HeaderValue::from_static("https://front.example.net"),
            HeaderValue::from_static("https://partner.example.org"),
        ])
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION])
        .allow_credentials(true)
}

fn app(users: Users<User>) -> Router {
    let unexposed = Router::new().merge(users.router()).layer(cors());
    Router::new()
        .merge(users.router())
        .layer(cors().expose_headers([header::RETRY_AFTER]))
        .nest("/unexposed", unexposed)
        .with_state(users)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let store = SqliteStore::<User>::connect("sqlite::memory:").await?;
    store.migrate().await?;
    let third = |name| CookieTransport::new().name(name).same_site(SameSite::None);
    let users = Users::<User>::builder(store, random_secret())
        .transport("host", CookieTransport::new().name("host").host_prefix())
        .transport("third", third("third"))
        .transport("third_refreshed", third("third_refreshed"))
        .trusted_origins(["https://app.example.com", "https://front.example.net"])
        .build()?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("Serving on http://{}", listener.local_addr()?);
    users_runtime::serve(listener, app(users)).await?;
    Ok(())
}
