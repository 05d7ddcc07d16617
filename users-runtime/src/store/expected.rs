//! What must still be stored for an update to happen.

use crate::{
    model::Account,
    password::PasswordHash,
    value::{Field, Role, Value},
};

/// What must still be stored for an update to happen: all of its conditions.
///
/// An update that was decided on what was read before, and then waited (for a hash, a query, a provider), is guarded by it: the
/// store compares and changes in one statement, so that of several such updates exactly one wins.
///
/// ```
/// use users_runtime::{PasswordHash, store::Expected};
///
/// let hash = PasswordHash::new("$argon2id$…");
/// let expected = Expected::new().hash(&hash).active(true);
/// assert_eq!(expected.conditions().count(), 2);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Expected<'a> {
    /// This password hash.
    pub hash: Option<&'a PasswordHash>,
    /// Exactly this e-mail address.
    pub email: Option<&'a str>,
    /// Whether the user is active.
    pub is_active: Option<bool>,
    /// Whether the user's address is verified.
    pub is_verified: Option<bool>,
    /// Whether the user is a superuser.
    pub is_superuser: Option<bool>,
    /// This e-mail address is no other user's, in whatever case. Asked only of stores that
    /// [compare it](super::UserStore::compares_free_email); it is not among the [`conditions`](Self::conditions).
    pub free_email: Option<&'a str>,
}

impl<'a> Expected<'a> {
    /// No condition yet.
    pub const fn new() -> Self {
        Self {
            hash: None,
            email: None,
            is_active: None,
            is_verified: None,
            is_superuser: None,
            free_email: None,
        }
    }

    /// Only where this is the stored password hash.
    #[must_use]
    pub const fn hash(mut self, hash: &'a PasswordHash) -> Self {
        self.hash = Some(hash);
        self
    }

    /// Only if this is exactly the stored e-mail address.
    #[must_use]
    pub const fn email(mut self, email: &'a str) -> Self {
        self.email = Some(email);
        self
    }

    /// Only where the user is active, or is not.
    #[must_use]
    pub const fn active(mut self, active: bool) -> Self {
        self.is_active = Some(active);
        self
    }

    /// Only where the user's address is verified, or is not.
    #[must_use]
    pub const fn verified(mut self, verified: bool) -> Self {
        self.is_verified = Some(verified);
        self
    }

    /// Only where the user is a superuser, or is not.
    #[must_use]
    pub const fn superuser(mut self, superuser: bool) -> Self {
        self.is_superuser = Some(superuser);
        self
    }

    /// Only where no other user has this e-mail address, in whatever case.
    #[must_use]
    pub const fn free_email(mut self, email: &'a str) -> Self {
        self.free_email = Some(email);
        self
    }

    /// Whether a user fulfils every condition of the user's own row.
    pub fn is_met_by<Id>(&self, account: &Account<'_, Id>) -> bool {
        self.hash.is_none_or(|hash| hash == account.hashed_password)
            && self.email.is_none_or(|email| email == account.email)
            && self.is_active.is_none_or(|flag| flag == account.is_active)
            && self
                .is_verified
                .is_none_or(|flag| flag == account.is_verified)
            && self
                .is_superuser
                .is_none_or(|flag| flag == account.is_superuser)
    }

    /// The conditions: what the column of each role must have, in a fixed order.
    pub fn conditions(&self) -> impl Iterator<Item = (Role, Value)> + use<> {
        let text = |text: &str| Value::Text(text.to_owned());
        [
            (Role::HashedPassword, self.hash.map(Field::to_value)),
            (Role::Email, self.email.map(text)),
            (Role::IsActive, self.is_active.map(Value::Bool)),
            (Role::IsVerified, self.is_verified.map(Value::Bool)),
            (Role::IsSuperuser, self.is_superuser.map(Value::Bool)),
        ]
        .into_iter()
        .filter_map(|(role, value)| Some((role, value?)))
    }
}
