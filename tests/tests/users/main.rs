//! `/users/me` and `/users/{id}`

mod administration;
mod reading;
mod updates;

use users_runtime::value::Value;
use users_tests::{App, Client, User};

async fn superuser(app: &App) -> (User, Client) {
    let user = app.user("root@example.com").await;
    let user = app.set(&user, "is_superuser", Value::Bool(true)).await;
    let client = app.client_of(&user).await;
    (user, client)
}
