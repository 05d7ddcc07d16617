//! Login with an account at a provider.

use std::sync::Arc;

use axum::{Router, extract::State, response::Response, routing::MethodFilter};
use http::request::Parts;

use super::{
    super::Methods,
    refusal::Refusal,
    round_trip::{Returned, RoundTrip},
};
use crate::{
    backend::Backend,
    error::Error,
    http::{parts::QuietParts, respond},
    manager::{OAuthRules, Users},
    model::UserModel,
    oauth::{Flow, OAuth},
};

pub(super) fn router<U: UserModel>(oauth: Arc<OAuth>, backend: &Backend<U>) -> Router<Users<U>> {
    let flow = Flow::login(oauth.client.name(), backend.name());
    let trip = RoundTrip::new(oauth, flow);
    let (back, backend) = (trip.clone(), backend.clone());
    let authorize = move |State(users): State<Users<U>>, QuietParts(parts): QuietParts| {
        let answer = trip.authorize(&users, &parts, None).unwrap_or_else(Refusal::into_response);
        std::future::ready(answer)
    };
    let callback =
        move |State(users): State<Users<U>>, QuietParts(parts): QuietParts| callback(back.clone(), backend.clone(), users, parts);
    let router = Methods::new().on(MethodFilter::GET, "GET", authorize, true).mount(Router::new(), "/authorize");
    Methods::new().on(MethodFilter::GET, "GET", callback, true).mount(router, "/callback")
}

async fn callback<U: UserModel>(trip: RoundTrip, backend: Backend<U>, users: Users<U>, parts: Parts) -> Response {
    let returned = match trip.returned(&users, &parts) {
        Ok(returned) => returned,
        Err(refusal) => return trip.refuse(&users, &parts, refusal),
    };
    let answer = log_in(&trip, &backend, &users, &parts, &returned).await;
    trip.answer(&users, returned.state.next.as_ref(), answer).await
}

async fn log_in<U: UserModel>(
    trip: &RoundTrip,
    backend: &Backend<U>,
    users: &Users<U>,
    parts: &Parts,
    returned: &Returned,
) -> Result<Response, Refusal> {
    let (token, profile) = trip.identify(users, returned).await?;
    let oauth = &*trip.oauth;
    let rules = OAuthRules {
        associate_by_email: oauth.associate_by_email,
        is_verified_by_default: oauth.is_verified_by_default,
        trusts_addresses: oauth.trusts_addresses,
    };
    let user = users.oauth_login(oauth.client.name(), &token, profile, rules, Some(parts)).await?;
    if !user.account().is_active {
        return Err(Refusal::bad_request("LOGIN_BAD_CREDENTIALS"));
    }
    let token = backend.strategy().write(&user).await?;
    let mut response = respond::no_store(backend.transport().login_response(&token));
    tracing::info!(user.id = %user.account().id, backend = backend.name(), provider = oauth.client.name(), "logged in");
    users.hooks().on_after_login(&user, Some(parts), &mut response).await.map_err(Error::Hook)?;
    Ok(response)
}
