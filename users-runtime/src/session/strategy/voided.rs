//! Tokens that are not stored and are no longer valid.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::password::CredentialsStamp;

/// Until when the tokens of some users are void, in whole seconds since 1970, in this process, and the stamp of the credentials that
/// they were issued on: a token with another stamp was issued afterwards. An entry is needed for as long as a token lives, and
/// forgotten then.
#[derive(Default)]
pub(super) struct Voided(Mutex<HashMap<String, Void>>);

#[derive(Clone, Copy)]
struct Void {
    since: u64,
    stamp: CredentialsStamp,
}

impl Voided {
    /// Makes what was issued to a user until now void.
    pub(super) fn void(&self, user: String, stamp: CredentialsStamp, now: u64, lifetime: u64) {
        let mut voided = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        voided.retain(|_, void| void.since.saturating_add(lifetime) >= now);
        voided.insert(user, Void { since: now, stamp });
    }

    /// Whether there is any, so that other requests do not pay for it.
    pub(super) fn is_empty(&self) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }

    /// Whether a token with this stamp that was issued then is void; one that never expires is.
    pub(super) fn has(
        &self,
        user: &str,
        stamp: Option<CredentialsStamp>,
        issued: Option<u64>,
    ) -> bool {
        self.entry(user).is_some_and(|void| {
            stamp.is_none_or(|stamp| stamp == void.stamp)
                && issued.is_none_or(|issued| issued <= void.since)
        })
    }

    /// When a token is issued to a user: now, or in the first second in which it is not void.
    pub(super) fn issues_at(&self, user: &str, now: u64) -> u64 {
        self.entry(user)
            .map_or(now, |void| now.max(void.since.saturating_add(1)))
    }

    fn entry(&self, user: &str) -> Option<Void> {
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

    const OLD: CredentialsStamp = CredentialsStamp::from_bytes([1; CredentialsStamp::LENGTH]);
    const NEW: CredentialsStamp = CredentialsStamp::from_bytes([2; CredentialsStamp::LENGTH]);

    #[test]
    fn what_was_issued_before_is_void_and_what_comes_after_is_not() {
        let voided = Voided::default();
        assert!(voided.is_empty() && !voided.has("jo", None, Some(100)));
        voided.void("jo".into(), OLD, 100, 60);
        for stamp in [None, Some(OLD)] {
            for issued in [Some(99), Some(100), None] {
                assert!(voided.has("jo", stamp, issued), "{issued:?}");
            }
            assert!(!voided.has("jo", stamp, Some(101)));
        }
        assert!(!voided.has("al", None, Some(99)));
        assert!(
            !voided.has("jo", Some(NEW), Some(100)),
            "another process has issued it on the new credentials"
        );
        let issued = [("jo", 100, 101), ("jo", 200, 200), ("al", 100, 100)];
        for (user, now, expected) in issued {
            assert_eq!(voided.issues_at(user, now), expected);
        }
        voided.void("al".into(), OLD, 161, 60);
        assert!(
            !voided.has("jo", None, Some(100)),
            "no such token is alive any more"
        );
    }
}
