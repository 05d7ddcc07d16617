//! `POST /request-verify-token` and `POST /verify`

use axum::{Router, extract::State, response::Response};
use http::StatusCode;

use super::{Route, post, shown};
use crate::{
    http::{body::JsonBody, respond},
    manager::Users,
    model::{UserModel, Viewer},
};

pub(super) fn router<U: UserModel>(left_out: &[Route]) -> Router<Users<U>> {
    let router = post(Router::new(), "/request-verify-token", request_token::<U>, Route::RequestVerifyToken, left_out);
    post(router, "/verify", verify::<U>, Route::Verify, left_out)
}

async fn request_token<U: UserModel>(State(users): State<Users<U>>, body: JsonBody) -> axum::response::Result<Response> {
    let email = body.embedded_email()?;
    if let Some(user) = users.find_by_email(&email).await? {
        users.request_verify(&user, Some(&body.parts)).await?;
    }
    Ok(respond::null(StatusCode::ACCEPTED))
}

async fn verify<U: UserModel>(State(users): State<Users<U>>, body: JsonBody) -> axum::response::Result<Response> {
    let [token] = body.embedded_texts(["token"])?;
    let user = users.verify(&token, Some(&body.parts)).await?;
    Ok(shown(&user, Viewer::Owner, StatusCode::OK)?)
}
