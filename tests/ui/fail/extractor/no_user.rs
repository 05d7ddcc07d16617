//! The current user of a type that is none.

use axum::{Router, routing::get};
use users_runtime::CurrentUser;

#[derive(Clone)]
struct Person;

#[axum::debug_handler]
async fn me(user: CurrentUser<Person>) -> String {
    let _ = user;
    String::new()
}

fn main() {
    let _: Router = Router::new().route("/me", get(me));
}
