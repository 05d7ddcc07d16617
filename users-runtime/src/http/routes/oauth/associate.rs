//! Linking an account at a provider to the current user.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse as _, Response},
    routing::MethodFilter,
};
use http::{StatusCode, request::Parts};

use super::{
    super::{Methods, shown},
    refusal::Refusal,
    round_trip::{Returned, RoundTrip},
};
use crate::{
    http::parts::QuietParts,
    manager::{Requirements, Users},
    model::{UserModel, Viewer},
    oauth::{Flow, OAuth, StateError},
};

pub(super) fn router<U: UserModel>(oauth: Arc<OAuth>) -> Router<Users<U>> {
    let flow = Flow::associate(oauth.client.name());
    let trip = RoundTrip::new(oauth, flow);
    let there = trip.clone();
    let authorize = move |State(users): State<Users<U>>, QuietParts(parts): QuietParts| authorize(there.clone(), users, parts);
    let callback = move |State(users): State<Users<U>>, QuietParts(parts): QuietParts| callback(trip.clone(), users, parts);
    let router = Methods::new().on(MethodFilter::GET, "GET", authorize, true).mount(Router::new(), "/authorize");
    Methods::new().on(MethodFilter::GET, "GET", callback, true).mount(router, "/callback")
}

fn guard(trip: &RoundTrip) -> Requirements {
    Requirements { active: true, verified: trip.oauth.requires_verification, superuser: false, backends: None }
}

async fn authorize<U: UserModel>(trip: RoundTrip, users: Users<U>, parts: Parts) -> Response {
    match users.current(&parts.headers, guard(&trip)).await {
        Ok(found) => {
            let subject = found.user.account().id.to_string();
            trip.authorize(&users, &parts, Some(subject)).unwrap_or_else(Refusal::into_response)
        }
        Err(refused) => refused.into_response(),
    }
}

async fn callback<U: UserModel>(trip: RoundTrip, users: Users<U>, parts: Parts) -> Response {
    let user = match users.current(&parts.headers, guard(&trip)).await {
        Ok(found) => found.user,
        Err(refused) => return refused.into_response(),
    };
    let returned = match trip.returned(&users, &parts).and_then(|returned| of_user(returned, &user)) {
        Ok(returned) => returned,
        Err(refusal) => return trip.refuse(&users, &parts, refusal),
    };
    let answer = link(&trip, &users, &user, &parts, &returned).await;
    trip.answer(&users, returned.state.next.as_ref(), answer).await
}

/// A state that was made for the same user.
fn of_user<U: UserModel>(returned: Returned, user: &U) -> Result<Returned, Refusal> {
    match &returned.state.subject {
        Some(subject) if *subject == user.account().id.to_string() => Ok(returned),
        Some(_) => Err(Refusal::bad_request("Bad Request")),
        None => Err(StateError::Invalid.into()),
    }
}

async fn link<U: UserModel>(
    trip: &RoundTrip,
    users: &Users<U>,
    user: &U,
    parts: &Parts,
    returned: &Returned,
) -> Result<Response, Refusal> {
    let (token, profile) = trip.identify(users, returned).await?;
    users.oauth_associate(user, trip.oauth.client.name(), &token, profile, Some(parts)).await?;
    if returned.state.next.is_some() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(shown(user, Viewer::Owner, StatusCode::OK)?)
}
