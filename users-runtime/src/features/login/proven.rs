//! The states of a login between its proof and its answer: each is a type, so that a route cannot skip one.

use crate::{
    model::UserModel,
    password::{CredentialsStamp, Password},
    session::Issued,
};

/// The proof of a login, which must still be valid when the token is stored.
#[derive(Debug)]
pub(super) enum Proof {
    /// This password was compared with the user's hash.
    Password(Password),
    /// The application has checked another proof, and has read a user with these credentials.
    Credentials(CredentialsStamp),
    /// This account at a provider is linked to the user.
    #[cfg(feature = "oauth")]
    Account {
        /// The provider's name.
        provider: String,
        /// The account's id there.
        account_id: String,
    },
}

/// A login that is half done: the user gave a proof, and is not let in yet. They may be inactive or not verified, and
/// `before_login` may refuse.
///
/// Guards and handlers take an [`Authenticated`](crate::users::Authenticated), which nothing makes of this. Only
/// [`Users::complete_login`](crate::Users::complete_login) completes it, where every login ends.
pub(crate) struct Proven<U> {
    pub(super) user: U,
    pub(super) proof: Proof,
}

impl<U> Proven<U> {
    /// A user whose hash this password fits.
    pub(super) const fn by_password(user: U, password: Password) -> Self {
        let proof = Proof::Password(password);
        Self { user, proof }
    }

    /// A user who has given the application another proof.
    pub(super) fn by_application(user: U) -> Self
    where
        U: UserModel,
    {
        let proof = Proof::Credentials(CredentialsStamp::of(user.account().hashed_password));
        Self { user, proof }
    }

    /// A user to whom this account at a provider is linked.
    #[cfg(feature = "oauth")]
    pub(super) fn by_account(user: U, provider: &str, account_id: String) -> Self {
        let proof = Proof::Account {
            provider: provider.to_owned(),
            account_id,
        };
        Self { user, proof }
    }
}

/// A login that is done: the user is let in, and the tokens are stored.
pub(crate) struct Admitted<U> {
    pub(super) user: U,
    pub(super) issued: Issued,
}
