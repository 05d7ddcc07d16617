//! The document of the routes without its cargo feature: the compiler names the feature.

use users_runtime::openapi::Api;

fn main() {}
