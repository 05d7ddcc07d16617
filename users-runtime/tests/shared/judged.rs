//! What the suite that judges every store has found of one.

use users_runtime::conformance::Report;

/// Fails unless the store has passed, and has been asked much.
pub(crate) fn is_whole(report: &Report) {
    report.assert();
    assert!(
        report.outcomes().len() > 100,
        "{} checks",
        report.outcomes().len()
    );
}

/// The checks that the store has failed.
pub(crate) fn failed(report: &Report) -> Vec<&str> {
    report
        .failures()
        .map(|outcome| outcome.check.as_str())
        .collect()
}

/// What a store fails whose addresses are unique with regard to case.
pub(crate) const WITHOUT_EMAIL_INDEX: [&str; 5] = [
    "emails refuses an address that is taken",
    "emails refuses a change to an address that is taken",
    "emails lets one of many concurrent registrations win",
    "limits errors show no values",
    "accounts come with their user or not at all",
];
