//! The current user, if there is one.

use axum::{Router, routing::get};
use users_runtime::{CurrentUser, PasswordHash, UserModel};
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

#[axum::debug_handler]
async fn me(user: Option<CurrentUser<User>>) -> String {
    user.map_or_else(String::new, |user| user.user.email)
}

fn main() {
    let _: Router = Router::new().route("/me", get(me));
}
