//! Several mistakes at once: each is told, and nothing besides, although the schemas are used.

use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

#[derive(Clone, UserModel)]
#[fastapi_users(
    table = "my users", schemas(create = Registration),
    backend(name = "jwt", transport = bearer),
    routes(register = "auth")
)]
pub struct User {
    pub id: Uuid,
    pub email: String,
    pub hashed_password: PasswordHash,
    pub is_active: bool,
    pub is_superuser: bool,
    #[fastapi_users(length(min = 3, max = 2))]
    pub name: String,
    #[fastapi_users(access = admin_only)]
    pub note: String,
    #[fastapi_users(email)]
    pub other: String,
}

async fn handler(user: users_runtime::CurrentUser<User>) -> String {
    user.user.email
}

fn shown(user: &User) -> UserRead {
    user.read(String::new(), users_runtime::value::Viewer::Owner)
}

fn registration(registration: Registration, _: UserUpdate, users: users_runtime::Users<User>) {
    users.create(registration, None);
    axum::Router::<users_runtime::Users<User>>::new().route("/", axum::routing::get(handler));
}

fn main() {}
