//! A state that has the user system, beside other things.

use axum::{Router, routing::get};
use users_runtime::{CurrentUser, PasswordHash, UserModel, Users, guards::ActiveVerified};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_verified: bool,
}

#[derive(Clone, axum::extract::FromRef)]
struct AppState {
    users: Users<User>,
    greeting: &'static str,
}

async fn me(user: CurrentUser<User>) -> String {
    user.user.email
}

#[axum::debug_handler(state = AppState)]
async fn maybe(user: Option<CurrentUser<User, ActiveVerified>>) -> String {
    user.map_or_else(String::new, |user| user.email.clone())
}

fn router(users: Users<User>) -> Router {
    let state = AppState { users, greeting: "hello" };
    assert_eq!(state.greeting, "hello");
    Router::new().route("/me", get(me)).route("/maybe", get(maybe)).with_state(state)
}

fn own(users: Users<User>) -> Router {
    Router::new().route("/me", get(me)).merge(users.router()).with_state(users)
}

fn main() {
    let _: [fn(Users<User>) -> Router; 2] = [router, own];
}
