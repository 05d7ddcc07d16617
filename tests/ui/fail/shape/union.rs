//! A union.

use users_runtime::UserModel;

#[derive(UserModel)]
pub union User {
    id: i64,
    number: i64,
}

fn main() {}
