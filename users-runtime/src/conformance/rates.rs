//! Rate limits, in stores that count them.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::JoinSet;

use super::{
    Stores,
    report::{Failed, Report, ensure},
};
use crate::{
    model::UserModel,
    store::{LimitKey, LimitStore, Pass, Quota, StoreError, UserStore},
};

/// Where the suite gets stores of rate limits from.
#[async_trait]
pub trait LimitStores: Send + Sync {
    /// Two stores that count together and have counted nothing: of two processes, say. One that only one process has is given twice.
    async fn fresh(&self) -> [Arc<dyn LimitStore>; 2];
}

/// Tests a store of rate limits that is not part of a store of users.
pub async fn run_limits(stores: &dyn LimitStores) -> Report {
    let mut report = Report::default();
    macro_rules! check {
        ($($check:ident),* $(,)?) => {
            $(report.add(concat!("rates::", stringify!($check)), $check(&stores.fresh().await).await);)*
        };
    }
    check!(
        pass_as_often_as_the_quota_has_it,
        let_a_burst_pass_as_often_as_the_quota_has_it,
        come_back_with_time,
        count_every_key_or_none,
        are_given_back,
        are_forgotten,
        are_purged_where_they_count_nothing,
    );
    report
}

/// Tests the rate limits of a store of users, if it has them.
pub(super) async fn run<U: UserModel>(stores: &dyn Stores<U>) -> Report {
    if stores.fresh().await.limits().is_none() {
        return Report::default();
    }
    run_limits(&OfStores(stores)).await
}

struct OfStores<'a, U>(&'a dyn Stores<U>);

#[async_trait]
impl<U: UserModel> LimitStores for OfStores<'_, U> {
    async fn fresh(&self) -> [Arc<dyn LimitStore>; 2] {
        let of = |store| -> Arc<dyn LimitStore> { Arc::new(OfStore(store)) };
        self.0.pair().await.map(of)
    }
}

/// The rate limits of a store of users.
struct OfStore<U>(Arc<dyn UserStore<U>>);

impl<U: UserModel> OfStore<U> {
    fn limits(&self) -> Result<&dyn LimitStore, StoreError> {
        let none = || StoreError::Database("a store counts no limits, and another does".into());
        self.0.limits().ok_or_else(none)
    }
}

#[async_trait]
impl<U: UserModel> LimitStore for OfStore<U> {
    async fn pass(
        &self,
        keys: &[(LimitKey, Quota)],
        now: DateTime<Utc>,
    ) -> Result<Pass, StoreError> {
        self.limits()?.pass(keys, now).await
    }

    async fn refund(&self, keys: &[(LimitKey, Quota)]) -> Result<(), StoreError> {
        self.limits()?.refund(keys).await
    }

    async fn forget(&self, keys: &[LimitKey]) -> Result<(), StoreError> {
        self.limits()?.forget(keys).await
    }

    async fn purge(&self, before: DateTime<Utc>, most: u32) -> Result<u64, StoreError> {
        self.limits()?.purge(before, most).await
    }
}

type Two = [Arc<dyn LimitStore>; 2];

/// Five at once, and one more every minute.
const FIVE: Quota = Quota::new(5, Duration::from_mins(5));
const MINUTE: TimeDelta = TimeDelta::minutes(1);

fn key(name: &str) -> LimitKey {
    LimitKey::new(name)
}

/// The present, in whole milliseconds, as the coarsest stores keep it.
fn now() -> DateTime<Utc> {
    let now = Utc::now().timestamp_millis();
    DateTime::from_timestamp_millis(now).unwrap_or_default()
}

/// Whether one key passes.
async fn passes(
    store: &dyn LimitStore,
    name: &str,
    quota: Quota,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let pass = store.pass(&[(key(name), quota)], now).await?;
    Ok(pass == Pass::Passed)
}

/// How often one key passes until it is refused, at most 100 times.
async fn passed(
    store: &dyn LimitStore,
    name: &str,
    quota: Quota,
    now: DateTime<Utc>,
) -> Result<u32, StoreError> {
    for count in 0..100 {
        if !passes(store, name, quota, now).await? {
            return Ok(count);
        }
    }
    Ok(100)
}

async fn pass_as_often_as_the_quota_has_it([one, other]: &Two) -> Result<(), Failed> {
    let now = now();
    for number in 1..=5 {
        let store = if number % 2 == 0 { one } else { other };
        ensure!(
            passes(&**store, "a", FIVE, now).await?,
            "pass {number} of 5 was refused"
        );
    }
    ensure!(!passes(&**one, "a", FIVE, now).await?, "6 of 5 have passed");
    ensure!(
        passes(&**other, "A", FIVE, now).await?,
        "another key was refused"
    );
    let single = Quota::new(1, Duration::from_secs(1));
    let count = passed(&**one, "b", single, now).await?;
    ensure!(count == 1, "{count} of 1 have passed");
    let pass = one.pass(&[], now).await?;
    ensure!(pass == Pass::Passed, "no key was refused");
    Ok(())
}

async fn let_a_burst_pass_as_often_as_the_quota_has_it([one, other]: &Two) -> Result<(), Failed> {
    for name in ["a", "b", "c"] {
        let (mut tasks, now) = (JoinSet::new(), now());
        for number in 0..20 {
            let store = Arc::clone(if number % 2 == 0 { one } else { other });
            tasks.spawn(async move { passes(&*store, name, FIVE, now).await });
        }
        let results = tasks.join_all().await;
        let results = results.into_iter().collect::<Result<Vec<_>, _>>()?;
        let count = results.into_iter().filter(|passed| *passed).count();
        ensure!(
            count == 5,
            "{count} of a burst of 20 have passed, expected 5"
        );
    }
    Ok(())
}

async fn come_back_with_time([one, _]: &Two) -> Result<(), Failed> {
    let start = now();
    passed(&**one, "a", FIVE, start).await?;
    let keys = [(key("a"), FIVE)];
    // A refusal counts nothing, so that the wait does not grow.
    for _ in 0..3 {
        let pass = one.pass(&keys, start).await?;
        let Pass::Refused { key, retry_after } = pass else {
            return Err(Failed("6 of 5 have passed".into()));
        };
        let wait = retry_after.as_millis();
        ensure!(
            key == 0 && wait == 60_000,
            "key {key} has to wait {wait} ms, expected 60000"
        );
    }
    let early = start + MINUTE - TimeDelta::milliseconds(1);
    ensure!(
        !passes(&**one, "a", FIVE, early).await?,
        "a key passed before its time"
    );
    let count = passed(&**one, "a", FIVE, start + MINUTE).await?;
    ensure!(count == 1, "{count} have passed after a minute, expected 1");
    let count = passed(&**one, "a", FIVE, start + MINUTE * 3).await?;
    ensure!(
        count == 2,
        "{count} have passed after 2 minutes, expected 2"
    );
    let count = passed(&**one, "a", FIVE, start + MINUTE * 60).await?;
    ensure!(count == 5, "{count} have passed after an hour, expected 5");
    Ok(())
}

async fn count_every_key_or_none([one, other]: &Two) -> Result<(), Failed> {
    let (now, single) = (now(), Quota::new(1, Duration::from_mins(1)));
    let keys = [(key("a"), FIVE), (key("b"), single), (key("c"), FIVE)];
    let pass = one.pass(&keys, now).await?;
    ensure!(pass == Pass::Passed, "the first pass was refused");
    for store in [one, other, one] {
        let pass = store.pass(&keys, now).await?;
        ensure!(
            matches!(pass, Pass::Refused { key: 1, .. }),
            "expected a refusal by key 1, got {pass:?}"
        );
    }
    for name in ["a", "c"] {
        let count = passed(&**one, name, FIVE, now).await?;
        ensure!(
            count == 4,
            "{count} more of `{name}` have passed, expected 4: refusals were counted"
        );
    }
    Ok(())
}

async fn are_given_back([one, other]: &Two) -> Result<(), Failed> {
    let now = now();
    passed(&**one, "a", FIVE, now).await?;
    other.refund(&[(key("a"), FIVE), (key("b"), FIVE)]).await?;
    other.refund(&[(key("a"), FIVE)]).await?;
    let count = passed(&**one, "a", FIVE, now).await?;
    ensure!(count == 2, "{count} have passed of 2 that were given back");
    Ok(())
}

async fn are_forgotten([one, other]: &Two) -> Result<(), Failed> {
    let now = now();
    passed(&**one, "a", FIVE, now).await?;
    passed(&**one, "b", FIVE, now).await?;
    other.forget(&[key("a"), key("c")]).await?;
    for (name, expected) in [("a", 5), ("b", 0)] {
        let count = passed(&**one, name, FIVE, now).await?;
        ensure!(
            count == expected,
            "{count} of `{name}` have passed, expected {expected}"
        );
    }
    Ok(())
}

/// Stores whose keys expire purge none.
async fn are_purged_where_they_count_nothing([one, _]: &Two) -> Result<(), Failed> {
    let (now, single) = (now(), Quota::new(1, Duration::from_mins(1)));
    for name in ["a", "b", "c"] {
        passed(&**one, name, single, now).await?;
    }
    passed(&**one, "kept", FIVE, now).await?;
    let before = now + MINUTE * 2;
    let mut purged = Vec::new();
    for _ in 0..3 {
        purged.push(one.purge(before, 2).await?);
    }
    ensure!(
        purged == [2, 1, 0] || purged == [0, 0, 0],
        "purged {purged:?} in portions of 2, expected 3"
    );
    ensure!(
        !passes(&**one, "kept", FIVE, now).await?,
        "a key that counts was purged"
    );
    Ok(())
}
