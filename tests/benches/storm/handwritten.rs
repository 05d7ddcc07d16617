//! What somebody would write by hand for registration, login and `/users/me`: axum, sqlx and argon2, nothing else.

use std::{error::Error, sync::Arc};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::PasswordHash,
};
use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::Utc;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;
use sqlx::{
    Row as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use tokio::sync::Semaphore;
use uuid::Uuid;

#[derive(Clone)]
struct Server {
    pool: SqlitePool,
    hashing: Arc<Semaphore>,
}

#[derive(Deserialize)]
struct Registration {
    email: String,
    password: String,
}

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
}

/// Serves on a free port, and prints its URL.
pub(crate) async fn serve() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("users.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    let pool = SqlitePool::connect_with(options).await?;
    sqlx::query(
        "CREATE TABLE user (id TEXT PRIMARY KEY, email TEXT UNIQUE, hashed_password TEXT, is_active BOOLEAN, is_superuser BOOLEAN, \
         is_verified BOOLEAN, first_name TEXT, note TEXT, points INTEGER)",
    )
    .execute(&pool)
    .await?;
    let cores = std::thread::available_parallelism()?.get();
    let server = Server {
        pool,
        hashing: Arc::new(Semaphore::new(cores)),
    };
    let app = Router::new()
        .route("/auth/register", post(register))
        .route("/auth/jwt/login", post(login))
        .route("/users/me", get(me))
        .with_state(server);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(65536, 3, 4, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

impl Server {
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, StatusCode> {
        let _permit = self.hashing.acquire().await.map_err(failed)?;
        tokio::task::spawn_blocking(work).await.map_err(failed)
    }
}

fn failed(_: impl Error) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

async fn register(
    State(server): State<Server>,
    Json(body): Json<Registration>,
) -> Result<StatusCode, StatusCode> {
    let hash = move || {
        argon2()
            .hash_password(body.password.as_bytes())
            .map(|hash| hash.to_string())
    };
    let hash = server
        .blocking(hash)
        .await?
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    sqlx::query("INSERT INTO user VALUES (?, ?, ?, 1, 0, 0, NULL, NULL, 0)")
        .bind(Uuid::new_v4().to_string())
        .bind(body.email)
        .bind(hash)
        .execute(&server.pool)
        .await
        .map_err(failed)?;
    Ok(StatusCode::CREATED)
}

async fn login(
    State(server): State<Server>,
    Form(form): Form<Login>,
) -> Result<Json<Value>, StatusCode> {
    let row =
        sqlx::query("SELECT id, hashed_password FROM user WHERE email = ?").bind(form.username);
    let row = row
        .fetch_optional(&server.pool)
        .await
        .map_err(failed)?
        .ok_or(StatusCode::BAD_REQUEST)?;
    let (id, hash): (String, String) = (row.get(0), row.get(1));
    let verify = move || {
        PasswordHash::new(&hash).is_ok_and(|hash| {
            argon2()
                .verify_password(form.password.as_bytes(), &hash)
                .is_ok()
        })
    };
    if !server.blocking(verify).await? {
        return Err(StatusCode::BAD_REQUEST);
    }
    let claims =
        json!({ "sub": id, "aud": ["fastapi-users:auth"], "exp": Utc::now().timestamp() + 3600 });
    let signed = format!(
        "{}.{}",
        encode(br#"{"alg":"HS256","typ":"JWT"}"#),
        encode(claims.to_string().as_bytes())
    );
    let token = format!("{signed}.{}", encode(&signature(&signed)));
    Ok(Json(
        json!({ "access_token": token, "token_type": "bearer" }),
    ))
}

fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn signature(signed: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(users_tests::SECRET.as_bytes())
        .expect("HMAC takes keys of every length");
    mac.update(signed.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn user_of(headers: &HeaderMap) -> Option<String> {
    let token = headers
        .get("authorization")?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")?;
    let (signed, given) = token.rsplit_once('.')?;
    if BASE64_URL_SAFE_NO_PAD.decode(given).ok()? != signature(signed) {
        return None;
    }
    let claims = BASE64_URL_SAFE_NO_PAD
        .decode(signed.split_once('.')?.1)
        .ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    (claims["exp"].as_i64()? > Utc::now().timestamp())
        .then(|| claims["sub"].as_str().map(str::to_owned))?
}

async fn me(State(server): State<Server>, headers: HeaderMap) -> Result<Json<Value>, StatusCode> {
    let id = user_of(&headers).ok_or(StatusCode::UNAUTHORIZED)?;
    let row = sqlx::query(
        "SELECT id, email, is_active, is_superuser, is_verified, first_name, points FROM user WHERE id = ?",
    );
    let row = row
        .bind(id)
        .fetch_optional(&server.pool)
        .await
        .map_err(failed)?
        .ok_or(StatusCode::UNAUTHORIZED)?;
    if !row.get::<bool, _>(2) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    Ok(Json(json!({
        "id": row.get::<String, _>(0),
        "email": row.get::<String, _>(1),
        "is_active": row.get::<bool, _>(2),
        "is_superuser": row.get::<bool, _>(3),
        "is_verified": row.get::<bool, _>(4),
        "first_name": row.get::<Option<String>, _>(5),
        "points": row.get::<i64, _>(6),
    })))
}
