//! Routes where a router mounts them.

use super::{Context, Operation, OperationRoute, Page};

/// A route at its whole path.
pub(super) struct Placed {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) operation: Operation,
    pub(super) context: Context,
    pub(super) document: fn(&mut Page<'_>),
}

impl Placed {
    pub(super) fn name(&self) -> &str {
        &self.operation.name
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn route(&self) -> OperationRoute<'_> {
        OperationRoute {
            name: &self.operation.name,
            path: &self.path,
            method: self.method,
            tag: self.operation.tag(),
        }
    }
}
