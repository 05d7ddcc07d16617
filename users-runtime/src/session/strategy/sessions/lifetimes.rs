//! When a session ends.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::SessionOptions;

/// The options, and what follows from them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lifetimes(pub(super) SessionOptions);

/// At most so long passes until a use is written.
const LONGEST_INTERVAL: Duration = Duration::from_mins(5);

impl Lifetimes {
    /// The end that nothing moves.
    pub(super) fn ends_at(&self, now: DateTime<Utc>, remembered: bool) -> DateTime<Utc> {
        let absolute = if remembered {
            self.0.absolute
        } else {
            self.0.absolute.min(self.0.unremembered)
        };
        after(now, absolute)
    }

    /// The end of a session that is used now.
    pub(super) fn expires_at(&self, now: DateTime<Utc>, ends_at: DateTime<Utc>) -> DateTime<Utc> {
        after(now, self.0.idle).min(ends_at)
    }

    /// A session that was last used before this instant is written as used now: 5 minutes ago, or a quarter of the idle lifetime.
    pub(super) fn written_before(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let interval = LONGEST_INTERVAL.min(self.0.idle / 4);
        now - TimeDelta::from_std(interval).unwrap_or(TimeDelta::zero())
    }
}

/// An instant so long after another; the last one there is where that is beyond the calendar.
pub(super) fn after(now: DateTime<Utc>, duration: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(duration)
        .ok()
        .and_then(|duration| now.checked_add_signed(duration))
        // What a store keeps: microseconds in 64 bits.
        .filter(|instant| instant.timestamp_micros() < i64::MAX / 2)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remember_me_only_shortens() {
        let day = Duration::from_hours(24);
        let now = DateTime::UNIX_EPOCH;
        let long = Lifetimes(SessionOptions::new());
        assert_eq!(long.ends_at(now, true), after(now, 30 * day));
        assert_eq!(long.ends_at(now, false), after(now, day));
        let short = Lifetimes(SessionOptions::new().absolute(day / 2));
        assert_eq!(short.ends_at(now, false), after(now, day / 2));
    }

    #[test]
    fn a_use_moves_the_end_no_further_than_the_absolute_one() {
        let day = Duration::from_hours(24);
        let lifetimes = Lifetimes(SessionOptions::new());
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(
            lifetimes.expires_at(now, after(now, 30 * day)),
            after(now, 14 * day)
        );
        assert_eq!(lifetimes.expires_at(now, after(now, day)), after(now, day));
    }

    #[test]
    fn a_use_is_written_once_in_five_minutes_or_a_quarter_of_the_idle_lifetime() {
        let now = DateTime::UNIX_EPOCH;
        let before = |idle| now - Lifetimes(SessionOptions::new().idle(idle)).written_before(now);
        assert_eq!(before(Duration::from_hours(1)), TimeDelta::minutes(5));
        assert_eq!(before(Duration::from_secs(40)), TimeDelta::seconds(10));
    }
}
