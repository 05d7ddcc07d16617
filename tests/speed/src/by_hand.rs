//! The server that ours is compared with: axum, sqlx and argon2 by hand, with the same work for each request and nothing else.
//!
//! It checks tokens by their shape, reads a token together with its user in one statement, keeps the memory of argon2 and the state
//! of the HMAC, and does not validate addresses, write cookies or limit attempts.

use std::{env, sync::Arc};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Result, SECRET,
    by_hand_database::{Database, User},
    by_hand_secrets::{Hasher, Jwt, random_token},
};

/// How long tokens are valid, in seconds.
pub(crate) const LIFETIME: u64 = 3600;

struct Server {
    database: Database,
    redis: ConnectionManager,
    hasher: Hasher,
    jwt: Jwt,
}

type Shared = State<Arc<Server>>;
type Answer<T> = std::result::Result<T, Refused>;

/// Why a request is not answered.
enum Refused {
    Unauthorized,
    Bad(&'static str),
    Failed,
}

impl<E: std::error::Error> From<E> for Refused {
    fn from(_: E) -> Self {
        Self::Failed
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, detail) = match self {
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "Unauthorized"),
            Self::Bad(detail) => (StatusCode::BAD_REQUEST, detail),
            Self::Failed => (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
        };
        (status, Json(serde_json::json!({ "detail": detail }))).into_response()
    }
}

#[derive(Deserialize)]
struct Credentials {
    #[serde(alias = "username")]
    email: String,
    password: String,
}

#[derive(Deserialize)]
struct Address {
    email: String,
}

#[derive(Serialize)]
struct Token {
    access_token: String,
    token_type: &'static str,
}

/// Serves on the address in `SPEED_BIND`.
pub(crate) async fn serve() -> Result<()> {
    let client = redis::Client::open(env::var("SPEED_REDIS")?)?;
    let server = Server {
        database: Database::connect(&env::var("SPEED_DATABASE")?).await?,
        redis: ConnectionManager::new_lazy_with_config(client, ConnectionManagerConfig::new())?,
        hasher: Hasher::new()?,
        jwt: Jwt::new(SECRET),
    };
    let app = Router::new()
        .route("/auth/register", post(register))
        .route("/auth/jwt/login", post(log_in_jwt))
        .route("/auth/session/login", post(log_in_database))
        .route("/auth/db/login", post(log_in_database))
        .route("/auth/redis/login", post(log_in_redis))
        .route("/auth/forgot-password", post(forgot))
        .route("/users/me", get(me).patch(change_me))
        .with_state(Arc::new(server));
    let listener = tokio::net::TcpListener::bind(env::var("SPEED_BIND")?).await?;
    axum::serve(listener, app).await?;
    Ok(())
}

async fn register(
    State(server): Shared,
    Json(body): Json<Credentials>,
) -> Answer<(StatusCode, Json<User>)> {
    if server.database.by_email(&body.email).await?.is_some() {
        return Err(Refused::Bad("REGISTER_USER_ALREADY_EXISTS"));
    }
    let user = User {
        id: Uuid::new_v4(),
        email: body.email,
        hashed_password: server.hasher.hash(body.password).await?,
        is_active: true,
        is_superuser: false,
        is_verified: false,
    };
    server.database.insert(&user).await?;
    Ok((StatusCode::CREATED, Json(user)))
}

async fn authenticated(server: &Server, form: Credentials) -> Answer<User> {
    let found = server.database.by_email(&form.email).await?;
    let user = found.ok_or(Refused::Bad("LOGIN_BAD_CREDENTIALS"))?;
    let hash = user.hashed_password.clone();
    let is_right = server.hasher.verify(form.password, hash).await?;
    if is_right && user.is_active {
        Ok(user)
    } else {
        Err(Refused::Bad("LOGIN_BAD_CREDENTIALS"))
    }
}

fn bearer(access_token: String) -> Json<Token> {
    Json(Token {
        access_token,
        token_type: "bearer",
    })
}

async fn log_in_jwt(State(server): Shared, Form(form): Form<Credentials>) -> Answer<Json<Token>> {
    let user = authenticated(&server, form).await?;
    Ok(bearer(server.jwt.sign(user.id)))
}

async fn log_in_database(
    State(server): Shared,
    Form(form): Form<Credentials>,
) -> Answer<Json<Token>> {
    let user = authenticated(&server, form).await?;
    let token = random_token("d_");
    server.database.insert_token(&token, user.id).await?;
    Ok(bearer(token))
}

async fn log_in_redis(State(server): Shared, Form(form): Form<Credentials>) -> Answer<Json<Token>> {
    let user = authenticated(&server, form).await?;
    let token = random_token("r_");
    redis::cmd("SET")
        .arg(&[redis_key(&token), user.id.to_string()])
        .arg("EX")
        .arg(LIFETIME)
        .exec_async(&mut server.redis.clone())
        .await?;
    Ok(bearer(token))
}

fn redis_key(token: &str) -> String {
    format!("fastapi_users_token:{token}")
}

/// The active user of a request's token, whose shape tells its kind.
async fn current(server: &Server, headers: &HeaderMap) -> Answer<User> {
    let header = headers.get(header::AUTHORIZATION);
    let token = header
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .ok_or(Refused::Unauthorized)?;
    let user = if token.starts_with("d_") {
        server.database.by_token(token).await?
    } else if token.starts_with("r_") {
        let key = redis_key(token);
        let mut redis = server.redis.clone();
        let id: Option<String> = redis::cmd("GET").arg(key).query_async(&mut redis).await?;
        let id = id.and_then(|id| id.parse().ok());
        server
            .database
            .by_id(id.ok_or(Refused::Unauthorized)?)
            .await?
    } else {
        let id = server.jwt.subject(token).ok_or(Refused::Unauthorized)?;
        server.database.by_id(id).await?
    };
    user.filter(|user| user.is_active)
        .ok_or(Refused::Unauthorized)
}

async fn me(State(server): Shared, headers: HeaderMap) -> Answer<Json<User>> {
    Ok(Json(current(&server, &headers).await?))
}

async fn change_me(
    State(server): Shared,
    headers: HeaderMap,
    Json(body): Json<Address>,
) -> Answer<Json<User>> {
    let mut user = current(&server, &headers).await?;
    if body.email != user.email {
        server.database.set_email(user.id, &body.email).await?;
        user.email = body.email;
        user.is_verified = false;
    }
    Ok(Json(user))
}

async fn forgot(
    State(server): Shared,
    Json(body): Json<Address>,
) -> Answer<(StatusCode, Json<()>)> {
    if let Some(user) = server.database.by_email(&body.email).await? {
        std::hint::black_box(server.jwt.sign(user.id));
    }
    Ok((StatusCode::ACCEPTED, Json(())))
}
