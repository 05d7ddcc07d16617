//! Events: what happens to users, typed, logged, stored where the struct declares it, and reported to the application.

pub(crate) mod acting;
pub(crate) mod event;
mod log;
mod options;
mod repeated;
pub(crate) mod routes;
mod rows;
mod rules;
mod stored;

pub(crate) use rows::StoredEvents;
pub use stored::{EventCursor, EventPage, StoredEvent};
