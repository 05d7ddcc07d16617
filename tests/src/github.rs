//! A GitHub that needs no network.

use std::collections::HashMap;

use axum::body::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use users_runtime::oauth::HttpError;

/// Answers as GitHub does, where a code and an access token are `ID:ADDRESS` of the user.
///
/// # Errors
///
/// Never.
pub async fn github(request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let form: HashMap<_, _> = form_urlencoded::parse(request.body())
        .into_owned()
        .collect();
    let bearer = request.headers().get("authorization");
    let bearer = bearer.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let code = form.get("code").map(String::as_str).or(bearer);
    let (id, email) = code.and_then(|code| code.split_once(':')).expect("a code");
    let answer: Value = match request.uri().path() {
        "/user" => json!({ "id": id.parse::<u32>().expect("a number"), "email": email }),
        "/user/emails" => json!([{ "email": email, "primary": true, "verified": true }]),
        _ => json!({ "access_token": code, "token_type": "bearer" }),
    };
    Ok(Response::new(answer.to_string().into()))
}
