//! Whose token it is.

use crate::password::CredentialsStamp;

/// Whose token it is, and the credentials that it was issued on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenOwner<Id> {
    /// The user's id.
    pub user: Id,
    /// The stamp of the credentials that the token was issued on; `None` for a token that has none, such as one of FastAPI Users.
    /// Outside the preset, a token whose stamp is not that of the user's present credentials is refused, unless its strategy
    /// [has kept it](super::Strategy::has_kept).
    pub issued_on: Option<CredentialsStamp>,
}

impl<Id> TokenOwner<Id> {
    /// The owner of a token without a stamp.
    pub const fn new(user: Id) -> Self {
        Self {
            user,
            issued_on: None,
        }
    }

    /// Says what credentials the token was issued on.
    #[must_use]
    pub fn issued_on(mut self, stamp: Option<CredentialsStamp>) -> Self {
        self.issued_on = stamp;
        self
    }
}
