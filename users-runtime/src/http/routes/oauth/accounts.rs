//! The accounts that the current user has linked.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse as _, Response, Result},
    routing::MethodFilter,
};
use http::{HeaderMap, StatusCode};
use serde_json::json;

use super::{super::Methods, refusal::Refusal};
use crate::{
    http::respond,
    manager::{Requirements, Users},
    model::UserModel,
};

const GUARD: Requirements = Requirements { active: true, verified: false, superuser: false, backends: None };

pub(super) fn router<U: UserModel>() -> Router<Users<U>> {
    let router = Methods::new().on(MethodFilter::GET, "GET", list::<U>, true).mount(Router::new(), "/");
    Methods::new().on(MethodFilter::DELETE, "DELETE", unlink::<U>, true).mount(router, "/{provider}/{account_id}")
}

async fn list<U: UserModel>(State(users): State<Users<U>>, headers: HeaderMap) -> Result<Response> {
    let user = users.current(&headers, GUARD).await?.user;
    let accounts = users.oauth_accounts(&user).await.map_err(|error| Refusal::from(error).into_response())?;
    let shown = accounts.iter().map(|account| {
        json!({
            "oauth_name": account.oauth_name,
            "account_id": account.account_id,
            "account_email": account.account_email,
        })
    });
    Ok(respond::serialized(StatusCode::OK, &shown.collect::<Vec<_>>()))
}

async fn unlink<U: UserModel>(
    State(users): State<Users<U>>,
    Path((provider, account_id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let user = users.current(&headers, GUARD).await?.user;
    let unlinked = users.unlink_oauth_account(&user, &provider, &account_id).await;
    let was_linked = unlinked.map_err(|error| Refusal::from(error).into_response())?;
    let not_found = || respond::detail(StatusCode::NOT_FOUND, "Not Found");
    Ok(if was_linked { StatusCode::NO_CONTENT.into_response() } else { not_found() })
}
