//! Judging users one by one, and counting what is found.

use super::{Finding, FindingKind as Kind};
use crate::{
    password::{HashFormat, HashStanding, PasswordHash},
    schema::email,
};

/// Findings that grow row by row.
#[derive(Default)]
pub(super) struct Tally(Vec<Finding>);

impl Tally {
    /// One more of a kind; only the first few ids are kept.
    pub(super) fn add(&mut self, kind: Kind, id: impl FnOnce() -> String) {
        let position = self
            .0
            .iter()
            .position(|finding| finding.kind == kind)
            .unwrap_or_else(|| {
                self.0.push(Finding::new(kind, 0, Vec::new()));
                self.0.len() - 1
            });
        let finding = &mut self.0[position];
        finding.count += 1;
        if finding.ids.len() < Finding::LISTED {
            finding.ids.push(id());
        }
    }

    /// Judges a user's address and password hash.
    pub(super) fn examine(&mut self, email: &str, hash: String, id: impl Fn() -> String) {
        let email_kind = match email::normalize(email) {
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
        self.0
    }
}
