//! A guard that is none.

use axum::{Router, routing::get};
use users_runtime::{CurrentUser, PasswordHash, UserModel, Users};
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

struct Admin;

#[axum::debug_handler(state = Users<User>)]
async fn me(user: CurrentUser<User, Admin>) -> String {
    user.into_user().email
}

fn main() {
    let _: Router<Users<User>> = Router::new().route("/me", get(me));
}
