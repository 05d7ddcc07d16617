//! `POST /register`

use axum::{Router, extract::State, response::Response};
use http::StatusCode;

use super::{Route, post, shown};
use crate::{
    http::body::JsonBody,
    manager::Users,
    model::{UserModel, Viewer},
};

pub(super) fn router<U: UserModel>(left_out: &[Route]) -> Router<Users<U>> {
    post(Router::new(), "/register", register::<U>, Route::Register, left_out)
}

async fn register<U: UserModel>(State(users): State<Users<U>>, body: JsonBody) -> axum::response::Result<Response> {
    let create = body.model::<U::Create>(Viewer::Owner)?;
    let user = users.create(create, Some(&body.parts)).await?;
    Ok(shown(&user, Viewer::Owner, StatusCode::CREATED)?)
}
