//! The password policy.

use std::{fmt, sync::Arc};

use http::request::Parts;

#[cfg(feature = "oauth")]
use super::PwnedPasswords;
use super::{PasswordProblem, common::is_common_or_repeated};
use crate::password::Password;

/// The closure that provides the text of the reasons.
type Reasons = dyn Fn(&PasswordProblem, Option<&Parts>) -> String + Send + Sync;

/// The requirements for every new password: at registration, in a `PATCH`, at a reset, by administrators and on the command line.
/// There are no rules about character classes: they make passwords worse (NIST SP 800-63B-4, section 3.1.1.2).
///
/// The default requires 8 characters and refuses the most common passwords, the e-mail address, and words that the application
/// names.
///
/// ```
/// use users_runtime::password_policy::PasswordPolicy;
///
/// let policy = PasswordPolicy::nist().words(["Acme", "acme.example"]);
/// ```
#[derive(Clone)]
pub struct PasswordPolicy {
    min: usize,
    max: usize,
    refuses_common: bool,
    refuses_email: bool,
    words: Vec<String>,
    reasons: Arc<Reasons>,
    #[cfg(feature = "oauth")]
    pub(super) pwned: Option<PwnedPasswords>,
}

impl PasswordPolicy {
    /// The default: 8 to 1024 characters, not one of the 11,000 most common passwords, not the e-mail address.
    pub fn new() -> Self {
        Self {
            min: 8,
            max: 1024,
            refuses_common: true,
            refuses_email: true,
            words: Vec::new(),
            reasons: Arc::new(|problem, _| problem.to_string()),
            #[cfg(feature = "oauth")]
            pwned: None,
        }
    }

    /// The default with 15 characters, which NIST SP 800-63B-4 requires for passwords without a second factor.
    pub fn nist() -> Self {
        Self::new().min_length(15)
    }

    /// Accepts every password of any length.
    pub fn none() -> Self {
        Self {
            min: 0,
            max: usize::MAX,
            refuses_common: false,
            refuses_email: false,
            ..Self::new()
        }
    }

    /// The minimum length, in Unicode code points of form C. The default is 8.
    #[must_use]
    pub const fn min_length(mut self, characters: usize) -> Self {
        self.min = characters;
        self
    }

    /// The maximum length, in Unicode code points of form C. The default is 1024; a longer password is a 422, like other fields
    /// that are too long. At least 64 should be accepted.
    #[must_use]
    pub const fn max_length(mut self, characters: usize) -> Self {
        self.max = characters;
        self
    }

    /// Whether the most common passwords are refused, whatever their case and also repeated (`passwordPassword`). The default is yes.
    #[must_use]
    pub const fn refuse_common(mut self, refuse: bool) -> Self {
        self.refuses_common = refuse;
        self
    }

    /// Whether the user's e-mail address and its local part are refused, alone or with digits and signs around them. The default is
    /// yes.
    #[must_use]
    pub const fn refuse_email(mut self, refuse: bool) -> Self {
        self.refuses_email = refuse;
        self
    }

    /// Words that are refused alone or with digits and signs around them, such as the name of the application. Case is ignored.
    #[must_use]
    pub fn words<W: Into<String>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        let lower = |word: W| word.into().to_lowercase();
        self.words.extend(words.into_iter().map(lower));
        self
    }

    /// The text of the reasons, for example in the language of the request's `Accept-Language`. The default is English.
    /// The request is `None` for passwords that the command line or application code sets.
    #[must_use]
    pub fn reasons(
        mut self,
        reasons: impl Fn(&PasswordProblem, Option<&Parts>) -> String + Send + Sync + 'static,
    ) -> Self {
        self.reasons = Arc::new(reasons);
        self
    }

    /// Also refuses passwords that Have I Been Pwned knows from data leaks. It is not used by default.
    #[cfg(feature = "oauth")]
    #[must_use]
    pub fn pwned_passwords(mut self, pwned: PwnedPasswords) -> Self {
        self.pwned = Some(pwned);
        self
    }

    /// The limit that a password is longer than, if it is.
    pub(super) fn exceeded(&self, password: &Password) -> Option<usize> {
        (length(password) > self.max).then_some(self.max)
    }

    /// What is wrong with a password, as far as it can be seen here. `emails` are the addresses that its user has or will have.
    pub fn check(&self, password: &Password, emails: &[&str]) -> Result<(), PasswordProblem> {
        if length(password) < self.min {
            return Err(PasswordProblem::TooShort { min: self.min });
        }
        let form_c = password.normalized();
        let lower = form_c.as_ref().unwrap_or(password).expose().to_lowercase();
        let lower = Password::from(lower);
        let lower = lower.expose();
        if self.refuses_common && is_common_or_repeated(lower) {
            return Err(PasswordProblem::Common);
        }
        let emails: &[&str] = if self.refuses_email { emails } else { &[] };
        let of_email = emails.iter().map(|email| email.to_lowercase());
        let is_local_part = |email: &str| {
            email
                .rsplit_once('@')
                .is_some_and(|(local, _)| is_derived(lower, local))
        };
        let mut of_email = of_email.map(|email| is_derived(lower, &email) || is_local_part(&email));
        if of_email.any(|is_refused| is_refused)
            || self.words.iter().any(|word| is_derived(lower, word))
        {
            return Err(PasswordProblem::Guessable);
        }
        Ok(())
    }

    pub(super) fn reason(&self, problem: PasswordProblem, request: Option<&Parts>) -> String {
        (self.reasons)(&problem, request)
    }
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for PasswordPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordPolicy")
            .field("min", &self.min)
            .field("max", &self.max)
            .field("refuses_common", &self.refuses_common)
            .field("refuses_email", &self.refuses_email)
            .field("words", &self.words)
            .finish_non_exhaustive()
    }
}

/// Whether a password is a word, alone or with characters around it that are not letters.
fn is_derived(password: &str, word: &str) -> bool {
    let no_letter = |char: char| !char.is_alphabetic();
    let bare = password.trim_matches(no_letter);
    password == word || (!bare.is_empty() && bare == word.trim_matches(no_letter))
}

/// The number of code points of what is hashed.
fn length(password: &Password) -> usize {
    let form_c = password.normalized();
    form_c.as_ref().unwrap_or(password).expose().chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(policy: &PasswordPolicy, password: &str) -> Result<(), PasswordProblem> {
        policy.check(&password.into(), &["Jo.Miller@Example.com"])
    }

    #[test]
    fn the_default_policy() {
        let policy = PasswordPolicy::new().words(["Acme", "acme.example"]);
        let too_short = Err(PasswordProblem::TooShort { min: 8 });
        let guessable = Err(PasswordProblem::Guessable);
        for (password, expected) in [
            ("seven77", too_short),
            ("", too_short),
            // Eight bytes, and eight code points before they are composed.
            ("ééééxxx", too_short),
            ("e\u{301}e\u{301}e\u{301}e\u{301}", too_short),
            ("correct horse", Ok(())),
            ("        ", Ok(())),
            ("🦀🦀🦀🦀🦀🦀🦀🦀", Ok(())),
            ("alllowercase", Ok(())),
            ("password", Err(PasswordProblem::Common)),
            ("PassWord", Err(PasswordProblem::Common)),
            ("1234567890", Err(PasswordProblem::Common)),
            ("passwordPASSWORD", Err(PasswordProblem::Common)),
            ("jo.miller@example.com", guessable),
            ("JO.MILLER", guessable),
            ("jo.miller1984!", guessable),
            ("acme.example", guessable),
            ("ACME2026", guessable),
            ("acme and something", Ok(())),
        ] {
            assert_eq!(check(&policy, password), expected, "{password:?}");
        }
        assert_eq!(policy.exceeded(&"é".repeat(1024).into()), None);
        assert_eq!(policy.exceeded(&"é".repeat(1025).into()), Some(1024));
    }

    #[test]
    fn other_policies() {
        let nist = PasswordPolicy::nist();
        let too_short = Err(PasswordProblem::TooShort { min: 15 });
        assert_eq!(check(&nist, "14 characters."), too_short);
        assert_eq!(check(&nist, "15 characters.."), Ok(()));
        for common in ["passwordpassword", "PasswordPasswor", "111111111111111"] {
            assert_eq!(
                check(&nist, common),
                Err(PasswordProblem::Common),
                "{common}"
            );
        }
        let none = PasswordPolicy::none();
        for password in ["", "x", "password", "jo.miller"] {
            assert_eq!(check(&none, password), Ok(()), "{password}");
        }
        assert_eq!(none.exceeded(&"x".repeat(100_000).into()), None);
    }

    #[test]
    fn an_address_of_digits_refuses_no_other_digits() {
        let policy = PasswordPolicy::new();
        let check = |password: &str| policy.check(&password.into(), &["4711@example.com"]);
        assert_eq!(check("8237465019"), Ok(()));
        assert_eq!(
            policy.check(&"47114711".into(), &["47114711@example.com"]),
            Err(PasswordProblem::Guessable)
        );
    }
}
