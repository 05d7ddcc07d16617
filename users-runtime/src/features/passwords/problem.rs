//! Why a password is refused.

use std::fmt;

/// Why a [policy](super::PasswordPolicy) refuses a password. `Display` is one English sentence for the user;
/// [`PasswordPolicy::reasons`](super::PasswordPolicy::reasons) words them differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordProblem {
    /// The password has fewer characters than this.
    TooShort {
        /// The least number of Unicode code points.
        min: usize,
    },
    /// The password is one of the most common ones.
    Common,
    /// The password is the e-mail address, its local part or the application's name, alone or with digits and signs around it.
    Guessable,
    /// The password is in a public collection of leaked passwords.
    Leaked,
}

impl fmt::Display for PasswordProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { min } => write!(f, "Password should be at least {min} characters"),
            Self::Common => f.write_str("This password is one of the most common ones"),
            Self::Guessable => f.write_str(
                "Password should not be your e-mail address or the name of this application",
            ),
            Self::Leaked => f.write_str("This password is known from a data leak"),
        }
    }
}
