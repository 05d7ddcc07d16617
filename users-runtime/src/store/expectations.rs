//! What a user system expects of the rows in its database.

use crate::wire::email::EmailRules;

/// What a user system expects of the rows in its database, beyond what its tables say: an examination reports rows that differ.
///
/// [`Users::doctor`](crate::Users::doctor) derives it from the options of the builder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectations {
    pub(super) hashed_tokens: bool,
    pub(super) emails: EmailRules,
}

impl Expectations {
    /// No expectations: everything that some configuration accepts passes.
    pub const fn new() -> Self {
        Self {
            hashed_tokens: false,
            emails: EmailRules::new(),
        }
    }

    /// Whether access tokens are expected to be stored as hashes, so that those in clear are
    /// [reported](crate::store::FindingKind::ClearAccessTokens). Default: no.
    #[must_use]
    pub const fn hashed_tokens(mut self, expected: bool) -> Self {
        self.hashed_tokens = expected;
        self
    }

    /// The rules by which stored addresses are checked.
    pub(crate) fn emails(mut self, rules: EmailRules) -> Self {
        self.emails = rules;
        self
    }
}
