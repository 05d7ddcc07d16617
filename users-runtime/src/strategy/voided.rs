//! Tokens that are stored nowhere and yet must not be good any more.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Until when the tokens of some users are void, in whole seconds since 1970, in this process. An entry is needed for as long as a
/// token lives, and forgotten then.
#[derive(Default)]
pub(super) struct Voided(Mutex<HashMap<String, u64>>);

impl Voided {
    /// Makes what was issued to a user until now void.
    pub(super) fn void(&self, user: String, now: u64, lifetime: u64) {
        let mut voided = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        voided.retain(|_, since| since.saturating_add(lifetime) >= now);
        voided.insert(user, now);
    }

    /// Whether there is any, so that nobody else pays for it.
    pub(super) fn is_empty(&self) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }

    /// Whether a token that expires then is void.
    pub(super) fn has(&self, user: &str, expires: Option<u64>, lifetime: u64) -> bool {
        self.since(user).is_some_and(|since| {
            expires.is_none_or(|expires| expires <= since.saturating_add(lifetime))
        })
    }

    /// When a token is issued to a user: now, or in the first second in which it is not void.
    pub(super) fn issues_at(&self, user: &str, now: u64) -> u64 {
        self.since(user)
            .map_or(now, |since| now.max(since.saturating_add(1)))
    }

    fn since(&self, user: &str) -> Option<u64> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(user)
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_issued_before_is_void_and_what_comes_after_is_not() {
        let voided = Voided::default();
        assert!(voided.is_empty() && !voided.has("jo", Some(160), 60));
        voided.void("jo".into(), 100, 60);
        assert!(
            voided.has("jo", Some(159), 60)
                && voided.has("jo", Some(160), 60)
                && voided.has("jo", None, 60)
        );
        assert!(!voided.has("jo", Some(161), 60) && !voided.has("al", Some(159), 60));
        assert_eq!(
            (
                voided.issues_at("jo", 100),
                voided.issues_at("jo", 200),
                voided.issues_at("al", 100)
            ),
            (101, 200, 100)
        );
        voided.void("al".into(), 161, 60);
        assert!(
            !voided.has("jo", Some(160), 60),
            "no such token is alive any more"
        );
    }
}
