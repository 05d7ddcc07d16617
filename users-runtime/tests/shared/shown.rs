//! What a log could show of an error.

use std::error::Error as _;

use users_runtime::store::StoreError;

/// Everything that a log could show of an error.
pub(crate) fn shown(error: &StoreError) -> String {
    let mut shown = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(error) = source {
        shown = format!("{shown} {error} {error:?}");
        source = error.source();
    }
    shown
}
