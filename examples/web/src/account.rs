//! What needs more than a session: another address, another password, and the end of the account.
//!
//! The session may be that of a browser left open, and each of these takes the account away from its owner for good.

use axum::{
    Json, Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode, request::Parts},
    middleware::Next,
    response::{ErrorResponse, IntoResponse as _, Response},
    routing::post,
};
use chrono::{TimeDelta, Utc};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};
use users_runtime::{
    CurrentUser, Error, Password, RequestParts, Users,
    guards::{ActiveVerified, Guard as _},
    users::Session,
};

use crate::user::User;

/// The longest body of a change, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// How long after a login the password is not asked for again.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// A change that any session may make.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OnlyNames {
    #[serde(rename = "first_name")]
    _first_name: Option<IgnoredAny>,
    #[serde(rename = "last_name")]
    _last_name: Option<IgnoredAny>,
}

/// The present password, beside whatever else a body has.
#[derive(Deserialize)]
struct Proof {
    current_password: String,
}

/// Lets a `PATCH` of a user pass that changes names only. Every other one passes when the session was authenticated in the last 10
/// minutes, or with the present password as `current_password` beside the changes.
pub(crate) async fn confirmed(
    State(users): State<Users<User>>,
    request: Request,
    next: Next,
) -> Result<Response, ErrorResponse> {
    if request.method() != Method::PATCH {
        return Ok(next.run(request).await);
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT)
        .await
        .map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    if serde_json::from_slice::<OnlyNames>(&body).is_err() {
        confirm(&users, &parts, &body).await?;
    }
    Ok(next.run(Request::from_parts(parts, Body::from(body))).await)
}

/// Whether the session is fresh or the body has the present password. A wrong password is refused in a fresh session, too: its user
/// has mistaken something.
async fn confirm(users: &Users<User>, parts: &Parts, body: &Bytes) -> Result<(), ErrorResponse> {
    let current = users.current(parts, ActiveVerified::REQUIREMENTS).await?;
    let names_password = serde_json::from_slice::<Value>(body)
        .is_ok_and(|body| body.get("current_password").is_some());
    if !names_password && is_fresh(&current.session) {
        return Ok(());
    }
    let proof = serde_json::from_slice::<Proof>(body).map_err(|_| wrong_password())?;
    prove(users, &current.user, proof).await
}

fn is_fresh(session: &Session) -> bool {
    session
        .kept
        .as_ref()
        .is_some_and(|kept| Utc::now() - kept.authenticated_at < FRESH)
}

/// `POST /account/delete`
pub(crate) fn router() -> Router<Users<User>> {
    Router::new().route("/account/delete", post(delete))
}

/// Deletes the current user, who says so with their password.
async fn delete(
    user: CurrentUser<User>,
    State(users): State<Users<User>>,
    request: RequestParts,
    Json(proof): Json<Proof>,
) -> Result<Response, ErrorResponse> {
    prove(&users, &user, proof).await?;
    users.delete(&user, Some(&request)).await?;
    let backend = users.backend(&user.session.backend);
    Ok(backend.map_or_else(
        || StatusCode::NO_CONTENT.into_response(),
        |backend| backend.transport().logout_response(),
    ))
}

/// Whether it is the user's own password.
async fn prove(users: &Users<User>, user: &User, proof: Proof) -> Result<(), ErrorResponse> {
    let found = users
        .authenticate(&user.email, Password::from(proof.current_password))
        .await
        .map_err(Error::into_response)?;
    if found.is_some_and(|found| found.id == user.id) {
        Ok(())
    } else {
        Err(wrong_password())
    }
}

fn wrong_password() -> ErrorResponse {
    (
        StatusCode::BAD_REQUEST,
        Json(json!({ "detail": "CURRENT_PASSWORD_WRONG" })),
    )
        .into()
}
