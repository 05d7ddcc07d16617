//! The key `events`.

use syn::{LitStr, Meta};

use super::{
    Keyed,
    forms::{self, mistake},
    keys::Keys,
};
use crate::error::Errors;

/// That events are stored, and for how long.
#[derive(Debug)]
pub(crate) struct EventsAttr {
    /// How long events are kept; `None` for the default.
    pub(crate) keep: Option<LitStr>,
}

impl EventsAttr {
    /// All keys.
    pub(crate) const KNOWN: &'static [&'static str] = &["keep"];

    pub(super) fn read(meta: &Meta, errors: &mut Errors) -> Option<Keyed<Self>> {
        if matches!(meta, Meta::NameValue(_)) {
            let message =
                "write `events`, or `events(keep = \"30d\")` to keep events for another time";
            errors.push(mistake(meta, message));
            return None;
        }
        let mut keys = Keys::within(meta, Self::KNOWN, errors);
        let keep = keys.value("keep", forms::text);
        Some(Keyed::new(meta, Self { keep }))
    }
}
