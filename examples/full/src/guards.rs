//! The routes of the application itself: one behind every kind of guard.

use axum::{Json, Router, routing::get};
use serde_json::{Value, json};
use users_runtime::{
    CurrentUser, Users,
    guards::{
        Active, ActiveSuperuser, ActiveVerified, ActiveVerifiedSuperuser, AnyUser, Guard,
        Requirements,
    },
};

use crate::user::User;

/// A verified user, active or not.
pub(crate) enum Verified {}
/// A superuser, active or not.
pub(crate) enum Superuser {}
/// An active user who presents a JSON web token in the header.
pub(crate) enum OnlyJwt {}

const NOTHING: Requirements = Requirements {
    active: false,
    verified: false,
    superuser: false,
    backends: None,
};

impl Guard for Verified {
    const REQUIREMENTS: Requirements = Requirements {
        verified: true,
        ..NOTHING
    };
}

impl Guard for Superuser {
    const REQUIREMENTS: Requirements = Requirements {
        superuser: true,
        ..NOTHING
    };
}

impl Guard for OnlyJwt {
    const REQUIREMENTS: Requirements = Requirements {
        active: true,
        backends: Some(&["jwt"]),
        ..NOTHING
    };
}

async fn hello<G: Guard>(user: CurrentUser<User, G>) -> Json<Value> {
    Json(json!({ "message": format!("Hello {}!", user.email) }))
}

async fn required<G: Guard>(user: CurrentUser<User, G>) -> Json<Value> {
    Json(json!({ "email": user.email }))
}

async fn optional<G: Guard>(user: Option<CurrentUser<User, G>>) -> Json<Value> {
    Json(json!({ "email": user.map(|user| user.into_user().email) }))
}

/// A route that answers whose request it is, behind one guard, and one that answers `null` where the guard refuses.
fn pair<G: Guard>(router: Router<Users<User>>, name: &str) -> Router<Users<User>> {
    router
        .route(&format!("/current/{name}"), get(required::<G>))
        .route(&format!("/optional/{name}"), get(optional::<G>))
}

/// All of them.
pub(crate) fn router() -> Router<Users<User>> {
    let mut router = Router::new()
        .route("/authenticated-route", get(hello::<Active>))
        .route("/verified-route", get(hello::<ActiveVerified>))
        .route("/superuser-route", get(hello::<ActiveSuperuser>))
        .route("/optional-route", get(optional::<AnyUser>))
        .route("/current/only-jwt", get(required::<OnlyJwt>));
    router = pair::<AnyUser>(router, "any");
    router = pair::<Active>(router, "active");
    router = pair::<ActiveVerified>(router, "verified");
    router = pair::<ActiveSuperuser>(router, "superuser");
    router = pair::<ActiveVerifiedSuperuser>(router, "verified-superuser");
    router = pair::<Verified>(router, "verified-any");
    pair::<Superuser>(router, "superuser-any")
}
