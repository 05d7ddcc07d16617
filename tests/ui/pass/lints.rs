//! Every lint of the compiler that generated code meets, as an error.

#![deny(warnings, missing_docs, unused, future_incompatible, nonstandard_style, rust_2018_idioms, keyword_idents)]
#![deny(unreachable_pub, unused_qualifications, elided_lifetimes_in_paths, missing_debug_implementations, let_underscore_drop)]
#![deny(
    missing_copy_implementations,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unused_lifetimes,
    unused_results
)]
#![deny(
    explicit_outlives_requirements,
    non_ascii_idents,
    redundant_lifetimes,
    unit_bindings,
    unused_import_braces,
    variant_size_differences
)]
#![deny(
    absolute_paths_not_starting_with_crate,
    macro_use_extern_crate,
    meta_variable_misuse,
    unnameable_types,
    unsafe_code,
    redundant_imports
)]
#![deny(ambiguous_negative_literals, closure_returning_async_block, impl_trait_redundant_captures, unused_macro_rules)]

use chrono::{DateTime, Utc};
use users_runtime::{PasswordHash, UserModel};
use uuid::Uuid;

/// A member.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    schemas(read = Shown),
    backend(name = "jwt", transport = bearer, strategy = jwt),
    backend(name = "site", transport = cookie, strategy = custom, prefix = ""),
    routes(register = "", users = "/members", verify = false, requires_verification)
)]
pub struct Member {
    /// The number.
    #[fastapi_users(id(v7))]
    pub number: Uuid,
    /// The address.
    pub email: String,
    /// The hash.
    pub hashed_password: PasswordHash,
    /// Whether the member may log in.
    pub is_active: bool,
    /// Whether the member may administer others.
    pub is_superuser: bool,
    /// Whether the address is proven.
    pub is_verified: bool,
    /// How the member is called.
    #[fastapi_users(length(min = 1, max = 50), pattern = "^[A-Z]", validate = polite, default = "Anonymous")]
    pub name: String,
    /// What administrators know.
    #[fastapi_users(access = admin_only, validate = polite)]
    pub note: Option<String>,
    /// Seen by administrators.
    #[fastapi_users(read = admin, range(above = 0.5, max = 7))]
    pub size: f64,
    /// Since when.
    #[fastapi_users(access = read_only, default = Utc::now())]
    pub since: DateTime<Utc>,
    /// Anything.
    #[fastapi_users(access = private, default)]
    pub data: serde_json::Value,
    /// Not stored.
    #[fastapi_users(skip)]
    pub cache: Vec<String>,
}

fn polite(text: &str) -> Result<(), &'static str> {
    if text.is_empty() { Err("say something") } else { Ok(()) }
}

/// The schemas are of use, too.
pub fn shown(member: &Member, viewer: users_runtime::value::Viewer) -> Shown {
    member.read(String::new(), viewer)
}

fn main() {
    assert_eq!(Member::COLUMNS.len(), 11);
}
