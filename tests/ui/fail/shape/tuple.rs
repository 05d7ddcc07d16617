//! A tuple struct.

use users_runtime::UserModel;

#[derive(Clone, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub struct User(i64, String);

fn main() {}
