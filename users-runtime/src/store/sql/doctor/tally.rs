//! Counting what was found.

use crate::store::{Finding, FindingKind};

/// Findings that grow row by row.
#[derive(Default)]
pub(super) struct Tally(Vec<Finding>);

impl Tally {
    /// One more of a kind; only the first few ids are kept.
    pub(super) fn add(&mut self, kind: FindingKind, id: impl FnOnce() -> String) {
        let position = self.0.iter().position(|finding| finding.kind == kind).unwrap_or_else(|| {
            self.0.push(Finding::new(kind, 0, Vec::new()));
            self.0.len() - 1
        });
        let finding = &mut self.0[position];
        finding.count += 1;
        if finding.ids.len() < Finding::LISTED {
            finding.ids.push(id());
        }
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.0
    }
}
