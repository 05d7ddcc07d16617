//! The sessions of the current user: where they are logged in, and how to end that.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{ErrorResponse, IntoResponse as _},
    routing::{delete, get},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use users_runtime::{
    CurrentUser, Error, Users,
    store::{AccessToken, AccessTokenStore, token_hash},
};
use uuid::Uuid;

use crate::user::{SESSION_LIFETIME, User};

/// How often sessions that are over are cleared away.
const SWEEP_INTERVAL: Duration = Duration::from_hours(1);

/// A session as its user sees it.
#[derive(Serialize)]
struct Session {
    /// What names it: of no use to log in with.
    id: String,
    began_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    is_current: bool,
}

/// `GET /sessions`, `DELETE /sessions` for all others, `DELETE /sessions/{id}` for one
pub(crate) fn router() -> Router<Users<User>> {
    Router::new()
        .route("/sessions", get(list).delete(end_others))
        .route("/sessions/{id}", delete(end))
}

async fn list(
    user: CurrentUser<User>,
    State(users): State<Users<User>>,
) -> Result<Json<Vec<Session>>, ErrorResponse> {
    let current = token_hash(&user.session.token);
    let sessions = tokens_of(&users, &user)
        .await?
        .into_iter()
        .map(|token| Session {
            id: id(&token),
            began_at: token.created_at,
            is_current: token.token == current,
        });
    Ok(Json(sessions.rev().collect()))
}

async fn end_others(
    user: CurrentUser<User>,
    State(users): State<Users<User>>,
) -> Result<StatusCode, ErrorResponse> {
    users.revoke_sessions(&user, Some(&user.session)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn end(
    user: CurrentUser<User>,
    State(users): State<Users<User>>,
    Path(wanted): Path<String>,
) -> Result<StatusCode, ErrorResponse> {
    let token = tokens_of(&users, &user)
        .await?
        .into_iter()
        .find(|token| id(token) == wanted);
    let ended = match token {
        Some(token) => store(&users)?
            .delete_token(&token.token)
            .await
            .map_err(Error::from)?,
        None => false,
    };
    let not_found = (
        StatusCode::NOT_FOUND,
        Json(json!({ "detail": "SESSION_NOT_FOUND" })),
    );
    if ended {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(not_found.into_response().into())
    }
}

/// Clears away the sessions that are over, for as long as the server runs.
pub(crate) async fn sweep(users: Users<User>) {
    loop {
        let swept = match store(&users) {
            Ok(store) => store
                .delete_tokens_before(Utc::now() - SESSION_LIFETIME)
                .await
                .map_err(Error::from),
            Err(error) => Err(error),
        };
        if let Err(error) = swept {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "old sessions are left"
            );
        }
        tokio::time::sleep(SWEEP_INTERVAL).await;
    }
}

/// The tokens of the user's sessions, the oldest first, without those that are over.
async fn tokens_of(users: &Users<User>, user: &User) -> Result<Vec<AccessToken<Uuid>>, Error> {
    let tokens = store(users)?.tokens_of(&user.id).await?.unwrap_or_default();
    let oldest = Utc::now() - SESSION_LIFETIME;
    Ok(tokens
        .into_iter()
        .filter(|token| token.created_at > oldest)
        .collect())
}

fn store(users: &Users<User>) -> Result<&dyn AccessTokenStore<Uuid>, Error> {
    users
        .store()
        .access_tokens()
        .ok_or_else(|| Error::SessionStorage("the store holds no access tokens".into()))
}

/// The name of a session: 96 bits of a hash of what is stored, which itself is a hash of the token.
fn id(token: &AccessToken<Uuid>) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(format!("session:{}", token.token))[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_session_has_nothing_of_its_token() {
        let stored = |token: &str| AccessToken {
            token: token_hash(token),
            user_id: Uuid::nil(),
            created_at: Utc::now(),
        };
        let (name, token) = (id(&stored("a")), token_hash("a"));
        assert_eq!(name.len(), 16);
        assert_ne!(name, id(&stored("b")));
        assert!(!token.contains(&name[..4]), "{name} is from {token}");
    }
}
