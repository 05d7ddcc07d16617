//! The arithmetic of the generic cell rate algorithm, in microseconds since the Unix epoch.

use std::time::Duration;

use super::Quota;

/// The latest theoretical arrival time with which a key passes.
pub(in crate::store) fn latest(quota: &Quota, now: i64) -> i64 {
    let ahead = quota.tolerance_micros() - quota.increment_micros();
    now.saturating_add(ahead.max(0))
}

/// The theoretical arrival time of a key after one more pass.
///
/// `stored` is the key's time so far, `None` for a key that has counted nothing.
///
/// # Errors
///
/// How long to wait, where the quota is used up.
pub(in crate::store) fn advance(
    stored: Option<i64>,
    quota: &Quota,
    now: i64,
) -> Result<i64, Duration> {
    let tat = stored.map_or(now, |tat| tat.max(now));
    match u64::try_from(tat.saturating_sub(latest(quota, now))) {
        Ok(excess) if excess > 0 => Err(Duration::from_micros(excess)),
        _ => Ok(tat.saturating_add(quota.increment_micros())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIVE_A_MINUTE: Quota = Quota::new(5, Duration::from_mins(1));
    const SECOND: i64 = 1_000_000;

    #[test]
    fn a_burst_passes_at_once_and_then_one_pass_comes_back_at_a_time() {
        let mut tat = None;
        for _ in 0..5 {
            tat = Some(advance(tat, &FIVE_A_MINUTE, 0).expect("a pass"));
        }
        assert_eq!(
            advance(tat, &FIVE_A_MINUTE, 0),
            Err(Duration::from_secs(12))
        );
        assert_eq!(
            advance(tat, &FIVE_A_MINUTE, 11 * SECOND),
            Err(Duration::from_secs(1))
        );
        assert_eq!(
            advance(tat, &FIVE_A_MINUTE, 12 * SECOND),
            Ok(72 * SECOND),
            "the wait that was reported suffices"
        );
    }

    #[test]
    fn a_time_in_the_past_counts_nothing() {
        let expected = advance(None, &FIVE_A_MINUTE, 100 * SECOND);
        assert_eq!(
            advance(Some(SECOND), &FIVE_A_MINUTE, 100 * SECOND),
            expected
        );
    }

    #[test]
    fn extreme_quotas_and_instants_do_not_overflow() {
        let forever = Quota::new(1, Duration::MAX);
        assert_eq!(advance(Some(i64::MAX), &forever, i64::MAX), Ok(i64::MAX));
        let tat = advance(None, &forever, 0).expect("a pass");
        assert!(advance(Some(tat), &forever, 0).is_err());
        let shortest = Quota::new(1, Duration::ZERO);
        assert_eq!(advance(None, &shortest, 0), Ok(1));
        assert_eq!(
            advance(Some(1), &shortest, 0),
            Err(Duration::from_micros(1))
        );
    }
}
