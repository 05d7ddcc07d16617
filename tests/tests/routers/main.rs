//! The routers one by one: under other prefixes, in layers, with routes left out, beside the application's own.

mod declared;
mod left_out;
mod mounting;
mod states;

use serde_json::json;
use users_tests::PASSWORD;

fn registration() -> serde_json::Value {
    json!({ "email": "jo@example.com", "password": PASSWORD })
}
