//! Custom rules: hooks, a password policy, a cookie with other attributes, and routes that answer differently.
//!
//! ```text
//! cargo run -p custom-manager
//! ```

mod hooks;

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
    response::{ErrorResponse, IntoResponse as _, Response},
    routing::{get, post},
};
use hooks::Rules;
use serde_json::json;
use users_runtime::{
    CookieTransport, CurrentUser, PasswordHash, RequestParts, SqliteStore, UserModel, Users,
    errors::RegisterError, guards::ActiveSuperuser, random_secret, session::SameSite, web::Route,
};

/// A member of a club, whose number the database assigns.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "members",
    backend(name = "api", transport = bearer, strategy = jwt),
    backend(name = "web", transport = cookie, strategy = database)
)]
pub(crate) struct Member {
    /// The member's number.
    pub id: i64,
    /// The e-mail address.
    pub email: String,
    /// The hash of the password.
    pub hashed_password: PasswordHash,
    /// Whether the member may log in.
    pub is_active: bool,
    /// Whether the member administers the club.
    pub is_superuser: bool,
    /// Whether the address is proven.
    pub is_verified: bool,
}

/// A custom registration: the same rules, another response. Neither its text nor its time reveals whether an address is taken.
async fn join(
    State(users): State<Users<Member>>,
    request: RequestParts,
    body: Result<Json<MemberCreate>, JsonRejection>,
) -> Result<Response, ErrorResponse> {
    // Read as the built-in route reads it: what a client says of itself does not make it a superuser.
    let Json(create) = body.map_err(|refused| {
        (
            refused.status(),
            Json(json!({ "detail": refused.body_text() })),
        )
    })?;
    let password = create.password.clone();
    match users.create(create, Some(&request)).await {
        Err(RegisterError::EmailTaken) => users
            .passwords()
            .verify_nobody(password)
            .await
            .map_err(users_runtime::Error::from)?,
        created => drop(created?),
    }
    Ok((
        StatusCode::ACCEPTED,
        Json(json!({ "message": "Look into your mailbox." })),
    )
        .into_response())
}

async fn club(admin: CurrentUser<Member, ActiveSuperuser>) -> String {
    format!("Member {} runs the club.\n", admin.id)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt::init();
    let store = SqliteStore::<Member>::connect("sqlite://members.db?mode=rwc").await?;
    store.migrate().await?;
    let cookie = CookieTransport::new()
        .name("club")
        .same_site(SameSite::Strict)
        .max_age(Duration::from_hours(14 * 24));
    let users = Users::<Member>::builder(store, random_secret())
        .hooks(Rules)
        .transport("web", cookie)
        .access_token_lifetime(Duration::from_hours(14 * 24))
        .build()?;
    let routes = users.router_without(&[Route::Register]);
    let app = Router::new()
        .route("/join", post(join))
        .route("/club", get(club))
        .merge(routes)
        .with_state(users);

    let bind = std::env::var("BIND").ok().filter(|bind| !bind.is_empty());
    let bind = bind.as_deref().unwrap_or("127.0.0.1:8000");
    let listener = tokio::net::TcpListener::bind(bind).await?;
    let address = listener.local_addr()?;
    println!("Serving on http://{address}. Try it:\n");
    println!("  curl http://{address}/join -H 'Content-Type: application/json' \\");
    println!(r#"       -d '{{"email": "jo@example.com", "password": "correct horse"}}'"#);
    println!(
        "  curl -i http://{address}/auth/web/login -d username=jo@example.com -d 'password=correct horse'"
    );
    users_runtime::serve(listener, app).await?;
    Ok(())
}
