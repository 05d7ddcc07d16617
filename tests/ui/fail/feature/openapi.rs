//! The document of the routes and its page without their cargo features: the compiler names them.

use users_runtime::openapi::Api;

fn main() {}
