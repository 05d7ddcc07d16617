//! A builder without `build`, where the users are wanted.

use axum::{Router, routing::get};
use users_runtime::{CurrentUser, PasswordHash, UserModel, Users, store::UserStore};
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
    user.email.clone()
}

fn app(store: impl UserStore<User>) -> Router {
    let users = Users::<User>::builder(store, "a secret of at least 32 bytes, here");
    Router::new()
        .merge(users.router())
        .route("/me", get(me))
        .with_state(users)
}

fn main() {}
