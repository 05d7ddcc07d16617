//! A state of the application's own that has no user system.

use axum::{Router, routing::get};
use users_runtime::{CurrentUser, PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone)]
struct AppState;

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

#[axum::debug_handler(state = AppState)]
async fn me(user: CurrentUser<User>) -> String {
    user.user.email
}

fn main() {
    let _: Router = Router::new().route("/me", get(me)).with_state(AppState);
}
