//! The time, as a part that tests set.

use chrono::{DateTime, Utc};

/// A source of the current time.
///
/// The default is the system's clock. A test gives the builder one of its own, so that lifetimes and grace periods are tested without
/// waiting:
///
/// ```
/// use std::sync::{Arc, Mutex, PoisonError};
/// use chrono::{DateTime, TimeDelta, Utc};
/// use users_runtime::clock::Clock;
///
/// #[derive(Clone)]
/// struct Stopped(Arc<Mutex<DateTime<Utc>>>);
///
/// impl Clock for Stopped {
///     fn now(&self) -> DateTime<Utc> {
///         *self.0.lock().unwrap_or_else(PoisonError::into_inner)
///     }
/// }
///
/// let clock = Stopped(Arc::new(Mutex::new(DateTime::UNIX_EPOCH)));
/// *clock.0.lock().unwrap() += TimeDelta::days(31);
/// assert_eq!(clock.now().to_rfc3339(), "1970-02-01T00:00:00+00:00");
/// ```
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}
