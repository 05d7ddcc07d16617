//! Rate limits in the memory of one process.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{LimitKey, LimitStore, Pass, Quota, gcra};
use crate::store::StoreError;

/// How many keys are kept where the application sets no other number.
const CAPACITY: usize = 100_000;

/// Rate limits in the memory of one process: each process counts for itself, and a restart forgets them.
///
/// It keeps a bounded number of keys, 100,000 by default, for which it needs about 20 MB. When that number is reached, it drops
/// the keys that count nothing any more. If fewer than an eighth of the keys can be dropped so, it also drops those that are closest to
/// counting nothing, until an eighth is free. A flood of new keys therefore cannot fill the memory, and does not reset keys
/// that are used up; what it resets are keys that have counted little.
///
/// The error of its methods never occurs.
pub struct MemoryLimits {
    capacity: usize,
    arrivals: Mutex<HashMap<LimitKey, i64>>,
}

impl MemoryLimits {
    /// No key has been counted yet.
    pub fn new() -> Self {
        Self {
            capacity: CAPACITY,
            arrivals: Mutex::default(),
        }
    }

    /// Keeps at most this number of keys; at least 1. The default is 100,000.
    #[must_use]
    pub fn capacity(mut self, keys: usize) -> Self {
        self.capacity = keys.max(1);
        self
    }

    fn arrivals(&self) -> MutexGuard<'_, HashMap<LimitKey, i64>> {
        // No method leaves the map half changed, so that a panic of another thread does not matter.
        self.arrivals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn store(&self, arrivals: &mut HashMap<LimitKey, i64>, key: &LimitKey, tat: i64, now: i64) {
        if let Some(slot) = arrivals.get_mut(key) {
            *slot = tat;
            return;
        }
        if arrivals.len() >= self.capacity {
            self.make_room(arrivals, now);
        }
        arrivals.insert(key.clone(), tat);
    }

    /// Drops an eighth of the keys at least, so that the next search for keys to drop is that many new keys away.
    fn make_room(&self, arrivals: &mut HashMap<LimitKey, i64>, now: i64) {
        arrivals.retain(|_, tat| *tat > now);
        let kept = self.capacity - self.capacity.div_ceil(8);
        if arrivals.len() <= kept {
            return;
        }
        let mut excess = arrivals.len() - kept;
        let mut tats = arrivals.values().copied().collect::<Vec<_>>();
        let (_, last, _) = tats.select_nth_unstable(excess - 1);
        let last = *last;
        tracing::warn!(
            dropped = excess,
            "the rate limits in memory are full: keys that have counted little are dropped"
        );
        // Keys whose times are equal to the last one's are dropped only as far as needed.
        arrivals.retain(|_, tat| {
            let is_dropped = *tat <= last && excess > 0;
            excess -= usize::from(is_dropped);
            !is_dropped
        });
    }
}

impl Default for MemoryLimits {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryLimits")
            .field("capacity", &self.capacity)
            .field("keys", &self.arrivals().len())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl LimitStore for MemoryLimits {
    async fn pass(
        &self,
        keys: &[(LimitKey, Quota)],
        now: DateTime<Utc>,
    ) -> Result<Pass, StoreError> {
        let now = now.timestamp_micros();
        let mut arrivals = self.arrivals();
        // A key may occur twice, under two quotas.
        let mut advanced = HashMap::with_capacity(keys.len());
        for (position, (key, quota)) in keys.iter().enumerate() {
            let stored = advanced.get(key).or_else(|| arrivals.get(key)).copied();
            match gcra::advance(stored, quota, now) {
                Ok(tat) => {
                    advanced.insert(key, tat);
                }
                Err(retry_after) => {
                    return Ok(Pass::Refused {
                        key: position,
                        retry_after,
                    });
                }
            }
        }
        for (key, tat) in advanced {
            self.store(&mut arrivals, key, tat, now);
        }
        Ok(Pass::Passed)
    }

    async fn refund(&self, keys: &[(LimitKey, Quota)]) -> Result<(), StoreError> {
        let mut arrivals = self.arrivals();
        for (key, quota) in keys {
            if let Some(tat) = arrivals.get_mut(key) {
                *tat = tat.saturating_sub(quota.increment_micros());
            }
        }
        Ok(())
    }

    async fn forget(&self, keys: &[LimitKey]) -> Result<(), StoreError> {
        let mut arrivals = self.arrivals();
        for key in keys {
            arrivals.remove(key);
        }
        Ok(())
    }

    async fn purge(&self, before: DateTime<Utc>, most: u32) -> Result<u64, StoreError> {
        let before = before.timestamp_micros();
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let mut arrivals = self.arrivals();
        let past = arrivals.extract_if(|_, tat| *tat < before);
        let purged = past.take(most).count();
        Ok(u64::try_from(purged).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use chrono::TimeDelta;
    use tokio::task::JoinSet;

    use super::*;

    const FIVE_A_MINUTE: Quota = Quota::new(5, Duration::from_mins(1));
    const ONE_A_MINUTE: Quota = Quota::new(1, Duration::from_mins(1));

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn key(name: &str) -> LimitKey {
        LimitKey::new(name)
    }

    async fn pass(limits: &MemoryLimits, keys: &[(&str, Quota)], seconds: i64) -> Pass {
        let keys = keys
            .iter()
            .map(|(name, quota)| (key(name), *quota))
            .collect::<Vec<_>>();
        limits.pass(&keys, at(seconds)).await.expect("an answer")
    }

    fn refused(key: usize, seconds: u64) -> Pass {
        Pass::Refused {
            key,
            retry_after: Duration::from_secs(seconds),
        }
    }

    #[cfg(feature = "conformance")]
    #[tokio::test(flavor = "multi_thread")]
    async fn the_store_conforms() {
        struct Fresh;

        #[async_trait]
        impl crate::conformance::LimitStores for Fresh {
            async fn fresh(&self) -> [Arc<dyn LimitStore>; 2] {
                let limits = Arc::new(MemoryLimits::new());
                [limits.clone(), limits]
            }
        }

        crate::conformance::run_limits(&Fresh).await.assert();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_twenty_at_once_five_pass() {
        let limits = Arc::new(MemoryLimits::new());
        let mut burst = JoinSet::new();
        for _ in 0..20 {
            let limits = Arc::clone(&limits);
            burst.spawn(async move { pass(&limits, &[("a", FIVE_A_MINUTE)], 0).await });
        }
        let passes = burst.join_all().await;
        let count = passes.iter().filter(|pass| **pass == Pass::Passed).count();
        assert_eq!(count, 5);
        let key = [("a", FIVE_A_MINUTE)];
        assert_eq!(pass(&limits, &key, 11).await, refused(0, 1));
        assert_eq!(pass(&limits, &key, 12).await, Pass::Passed);
        assert_eq!(pass(&limits, &key, 12).await, refused(0, 12));
    }

    #[tokio::test]
    async fn all_keys_are_counted_or_none() {
        let limits = MemoryLimits::new();
        let both = [("a", FIVE_A_MINUTE), ("b", ONE_A_MINUTE)];
        assert_eq!(pass(&limits, &both, 0).await, Pass::Passed);
        for _ in 0..10 {
            assert_eq!(pass(&limits, &both, 0).await, refused(1, 60));
        }
        for _ in 0..4 {
            assert_eq!(
                pass(&limits, &[("a", FIVE_A_MINUTE)], 0).await,
                Pass::Passed
            );
        }
        assert_eq!(
            pass(&limits, &both, 0).await,
            refused(0, 12),
            "the first of two that refuse"
        );
        assert_eq!(
            pass(&limits, &[both[1], both[0]], 0).await,
            refused(0, 60),
            "in the order of the keys"
        );
    }

    #[tokio::test]
    async fn a_key_that_occurs_twice_is_counted_twice() {
        let limits = MemoryLimits::new();
        let twice = [("a", FIVE_A_MINUTE); 2];
        assert_eq!(pass(&limits, &twice, 0).await, Pass::Passed);
        assert_eq!(pass(&limits, &twice, 0).await, Pass::Passed);
        assert_eq!(pass(&limits, &twice, 0).await, refused(1, 12));
        assert_eq!(
            pass(&limits, &[("a", FIVE_A_MINUTE)], 0).await,
            Pass::Passed
        );
    }

    #[tokio::test]
    async fn a_refund_gives_back_one_pass_and_forgetting_all() {
        let limits = MemoryLimits::new();
        let counted = [("a", FIVE_A_MINUTE)];
        for _ in 0..5 {
            assert_eq!(pass(&limits, &counted, 0).await, Pass::Passed);
        }
        let keys = [(key("a"), FIVE_A_MINUTE), (key("other"), FIVE_A_MINUTE)];
        limits.refund(&keys).await.expect("a refund");
        assert_eq!(pass(&limits, &counted, 0).await, Pass::Passed);
        assert_eq!(pass(&limits, &counted, 0).await, refused(0, 12));
        limits.forget(&[key("a")]).await.expect("forgotten");
        for _ in 0..5 {
            assert_eq!(pass(&limits, &counted, 0).await, Pass::Passed);
        }
    }

    #[tokio::test]
    async fn a_full_store_drops_what_counts_nothing_or_little() {
        let limits = MemoryLimits::new().capacity(16);
        let used_up = [("used up", ONE_A_MINUTE)];
        for name in 0..15 {
            pass(&limits, &[(&format!("past {name}"), FIVE_A_MINUTE)], -60).await;
        }
        assert_eq!(pass(&limits, &used_up, 0).await, Pass::Passed);
        assert_eq!(limits.arrivals().len(), 16);
        pass(&limits, &[("new", FIVE_A_MINUTE)], 0).await;
        assert_eq!(limits.arrivals().len(), 2, "what is past is dropped");
        for name in 0..1000 {
            let passed = pass(&limits, &[(&name.to_string(), FIVE_A_MINUTE)], 1).await;
            assert_eq!(passed, Pass::Passed);
            assert!(limits.arrivals().len() <= 16);
        }
        assert_eq!(pass(&limits, &used_up, 1).await, refused(0, 59));
        assert!(
            limits.arrivals().len() >= 14,
            "no more is dropped than needed"
        );
    }

    #[tokio::test]
    async fn a_purge_deletes_a_portion_of_what_is_past() {
        let limits = MemoryLimits::new();
        for name in 0..5 {
            pass(&limits, &[(&name.to_string(), ONE_A_MINUTE)], 0).await;
        }
        pass(&limits, &[("later", ONE_A_MINUTE)], 1).await;
        let purge = async |most| limits.purge(at(61), most).await.expect("an answer");
        assert_eq!(purge(0).await, 0);
        assert_eq!(purge(3).await, 3);
        assert_eq!(purge(3).await, 2);
        assert_eq!(purge(3).await, 0);
    }
}
