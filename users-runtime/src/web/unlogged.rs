//! The first failed request of a process that logs nothing: without it, a forgotten `migrate()` is a 500 without any trace.

use std::{
    io::{self, Write as _},
    sync::Once,
};

use tracing::{dispatcher, subscriber::NoSubscriber};

use crate::error::Error;

static REPORTED: Once = Once::new();

/// Writes the error to standard error if no subscriber of `tracing` is installed, once for each process. Overload passes by itself.
pub(super) fn report(error: &Error) {
    let is_overload = matches!(
        error,
        Error::Overloaded { .. } | Error::HooksOverloaded { .. }
    );
    if is_overload || !dispatcher::get_default(dispatcher::Dispatch::is::<NoSubscriber>) {
        return;
    }
    REPORTED.call_once(|| {
        // `Debug` of these errors is their sentence with its causes. A closed standard error does not matter.
        let _ = writeln!(
            io::stderr(),
            "request failed: {error:?} (nothing is logged: install a tracing subscriber, such as `tracing_subscriber::fmt::init()`, to see more)"
        );
    });
}
