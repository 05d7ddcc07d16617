//! Checking users one by one, and counting the findings.

use super::{Expectations, Finding, FindingKind as Kind};
use crate::password::{HashFormat, HashStanding, PasswordHash};

/// Findings that grow row by row.
pub(super) struct Tally<'a> {
    expected: &'a Expectations,
    findings: Vec<Finding>,
}

impl<'a> Tally<'a> {
    /// Nothing yet.
    pub(super) const fn new(expected: &'a Expectations) -> Self {
        Self {
            expected,
            findings: Vec::new(),
        }
    }

    /// One more of a kind; only the first few ids are kept.
    pub(super) fn add(&mut self, kind: Kind, id: impl FnOnce() -> String) {
        let position = self
            .findings
            .iter()
            .position(|finding| finding.kind == kind)
            .unwrap_or_else(|| {
                self.findings.push(Finding::new(kind, 0, Vec::new()));
                self.findings.len() - 1
            });
        let finding = &mut self.findings[position];
        finding.count += 1;
        if finding.ids.len() < Finding::LISTED {
            finding.ids.push(id());
        }
    }

    /// Checks a user's address and password hash.
    pub(super) fn examine(&mut self, email: &str, hash: String, id: impl Fn() -> String) {
        let email_kind = match self.expected.emails.normalize(email) {
            Err(_) => Some(Kind::RefusedEmails),
            Ok(form) => (form != email).then_some(Kind::OtherEmailForms),
        };
        let HashFormat {
            name: format,
            standing,
        } = PasswordHash::new(hash).format();
        let hash_kind = match standing {
            HashStanding::Current => None,
            HashStanding::Outdated => Some(Kind::OutdatedHashes { format }),
            HashStanding::TooCostly => Some(Kind::CostlyHashes { format }),
            HashStanding::Unreadable => Some(Kind::UnreadableHashes { format }),
        };
        for kind in [email_kind, hash_kind].into_iter().flatten() {
            self.add(kind, &id);
        }
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}
