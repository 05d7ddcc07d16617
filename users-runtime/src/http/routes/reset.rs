//! `POST /forgot-password` and `POST /reset-password`

use axum::{Router, extract::State, response::Response};
use http::StatusCode;

use super::{Route, post};
use crate::{
    http::{body::JsonBody, respond},
    manager::Users,
    model::UserModel,
    password::Password,
};

pub(super) fn router<U: UserModel>(left_out: &[Route]) -> Router<Users<U>> {
    let router = post(Router::new(), "/forgot-password", forgot_password::<U>, Route::ForgotPassword, left_out);
    post(router, "/reset-password", reset_password::<U>, Route::ResetPassword, left_out)
}

async fn forgot_password<U: UserModel>(State(users): State<Users<U>>, body: JsonBody) -> axum::response::Result<Response> {
    let email = body.embedded_email()?;
    match users.find_by_email(&email).await? {
        Some(user) => users.forgot_password(&user, Some(&body.parts)).await?,
        None => users.forgot_password_of_nobody().await?,
    }
    Ok(respond::null(StatusCode::ACCEPTED))
}

async fn reset_password<U: UserModel>(State(users): State<Users<U>>, body: JsonBody) -> axum::response::Result<Response> {
    let [token, password] = body.embedded_texts(["token", "password"])?;
    users.reset_password(&token, Password::from(password), Some(&body.parts)).await?;
    Ok(respond::null(StatusCode::OK))
}
