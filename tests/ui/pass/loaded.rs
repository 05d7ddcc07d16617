//! Computed fields that ask the store, without a prelude, with a private type in a public struct, and with lints as errors.

#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, unnameable_types, unused_qualifications)]
#![deny(single_use_lifetimes, private_bounds, impl_trait_redundant_captures)]

#[no_implicit_prelude]
#[allow(private_interfaces, reason = "a computed field of a private type is what is tried")]
mod users {
    use ::core::result::Result::{self, Ok};
    use ::std::vec::Vec;

    /// A type that no other module can name.
    #[derive(::core::fmt::Debug, ::serde::Serialize)]
    struct Hidden;

    struct Directory;

    async fn hidden(_: &Directory, users: &[User]) -> Result<Vec<Hidden>, ::core::convert::Infallible> {
        let users = ::core::iter::IntoIterator::into_iter(users);
        Ok(::core::iter::Iterator::collect(::core::iter::Iterator::map(users, |_| Hidden)))
    }

    /// A user.
    #[derive(::core::clone::Clone, ::core::fmt::Debug, ::users_runtime::UserModel)]
    #[fastapi_users(
        computed(
            hidden: Hidden = async hidden,
            /// How many there are.
            r#type: usize = async |_: &::users_runtime::Users<User>, users: &[User]| {
                Ok::<_, ::users_runtime::Error>(::std::vec![users.len(); users.len()])
            },
        ),
        backend(name = "jwt", transport = bearer, strategy = jwt)
    )]
    pub struct User {
        /// The primary key.
        pub id: ::uuid::Uuid,
        /// The e-mail address.
        pub email: ::std::string::String,
        /// The password hash.
        pub hashed_password: ::users_runtime::PasswordHash,
        /// Whether the user may log in.
        pub is_active: bool,
        /// Whether the user may administer others.
        pub is_superuser: bool,
        /// Whether the address is proven.
        pub is_verified: bool,
    }

    pub(crate) fn given(builder: ::users_runtime::UsersBuilder<User>) -> ::users_runtime::UsersBuilder<User> {
        builder.state(Directory)
    }
}

pub use users::{User, UserCreate, UserLoaded, UserRead, UserUpdate};

fn main() {
    let _ = users::given;
}
