//! Which of the attempts beyond a limit are stored.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Utc};

/// The clients whose attempts beyond a limit were stored in the present minute.
///
/// A refused attempt costs a client nothing, so a row for each would let anyone fill the database.
#[derive(Debug, Default)]
pub(super) struct RepeatedAttempts(Mutex<Minute>);

#[derive(Debug, Default)]
struct Minute {
    number: i64,
    stored: HashSet<String>,
}

impl RepeatedAttempts {
    /// How many are stored in one minute: a flood from many addresses is visible in fewer.
    const MOST: usize = 1000;

    /// Whether this is the first attempt of the subject in this minute, and is to be stored.
    pub(super) fn is_first(&self, subject: String, now: DateTime<Utc>) -> bool {
        let number = now.timestamp().div_euclid(60);
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.number != number {
            *minute = Minute {
                number,
                ..Minute::default()
            };
        }
        minute.stored.len() < Self::MOST && minute.stored.insert(subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_stored_once_a_minute() {
        let attempts = RepeatedAttempts::default();
        let at = |seconds| DateTime::from_timestamp(seconds, 0).expect("an instant");
        assert!(attempts.is_first("a".into(), at(0)));
        assert!(!attempts.is_first("a".into(), at(59)));
        assert!(attempts.is_first("b".into(), at(59)));
        assert!(attempts.is_first("a".into(), at(60)));
    }

    #[test]
    fn a_flood_stores_a_bounded_number() {
        let attempts = RepeatedAttempts::default();
        let subjects = (0..5000).map(|number: u32| number.to_string());
        let stored =
            subjects.filter(|subject| attempts.is_first(subject.clone(), DateTime::UNIX_EPOCH));
        assert_eq!(stored.count(), RepeatedAttempts::MOST);
    }
}
