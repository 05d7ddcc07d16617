//! A router without the user system, whose handler wants the current user.

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

async fn me(user: CurrentUser<User>) -> String {
    user.user.email
}

fn main() {
    let _: Router = Router::new().route("/me", get(me));
}
