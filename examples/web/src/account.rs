//! What needs the present password again: another address, another password, and the end of the account.
//!
//! A session alone is not enough for these. It may be that of a browser left open, and each of them takes the account away from
//! its owner for good.

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{ErrorResponse, IntoResponse as _, Response},
    routing::post,
};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::json;
use users_runtime::{Active, CurrentUser, Error, Guard as _, Password, RequestParts, Users};

use crate::user::User;

/// The longest body of a change, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// A change that may be made without the password.
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

/// Lets every `PATCH` of a user through that changes names only, and every other one with the present password beside the
/// changes, as `current_password`.
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
        let current = users.current(&parts, Active::REQUIREMENTS).await?;
        let proof = serde_json::from_slice::<Proof>(&body).map_err(|_| wrong_password())?;
        prove(&users, &current.user, proof).await?;
    }
    Ok(next.run(Request::from_parts(parts, Body::from(body))).await)
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
