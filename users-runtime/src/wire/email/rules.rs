//! Which domains an application accepts beyond the usual ones.

use super::{Reason, domain};

/// The rules of an application: the usual ones, and the domains that it accepts although no mail on the internet is sent there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EmailRules {
    /// In their ASCII form.
    domains: Vec<String>,
}

impl EmailRules {
    /// The usual rules alone.
    pub(crate) const USUAL: &'static Self = &Self::new();

    /// The usual rules alone.
    pub(crate) const fn new() -> Self {
        Self {
            domains: Vec::new(),
        }
    }

    /// Also accepts a domain and its subdomains, such as `local` or `intranet`; the error is why it cannot be one.
    pub(crate) fn accept(&mut self, domain: &str) -> Result<(), Reason> {
        self.domains.push(domain::ascii(domain)?);
        Ok(())
    }

    /// Whether a domain in its ASCII form is one of these, or belongs to one.
    pub(super) fn accepts(&self, ascii: &str) -> bool {
        self.domains.iter().any(|accepted| {
            ascii
                .strip_suffix(accepted.as_str())
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
        })
    }

    /// Validates and normalises an address; the error is the reason of Pydantic's message.
    pub(crate) fn normalize(&self, input: &str) -> Result<String, String> {
        super::normalize_by(self, input)
    }
}
