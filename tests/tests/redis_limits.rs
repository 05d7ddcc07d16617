//! The rate limits on a real Redis: what they count and write, for several processes, and what happens while Redis is away.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use redis::AsyncCommands as _;
use users_runtime::{
    async_trait,
    conformance::{self, LimitStores},
    store::{LimitKey, LimitStore, Pass, Quota, RedisLimits, StoreError},
};
use users_tests::RedisServer;

const FIVE_A_MINUTE: Quota = Quota::new(5, Duration::from_mins(1));
const ONE_A_MINUTE: Quota = Quota::new(1, Duration::from_mins(1));

/// An instant of the caller's clock, which is not the server's.
fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(2_000_000_000, 0).expect("an instant") + TimeDelta::seconds(seconds)
}

fn limits(server: &RedisServer) -> RedisLimits {
    RedisLimits::connect(&server.url()).expect("a URL")
}

async fn pass(limits: &RedisLimits, keys: &[(&str, Quota)], seconds: i64) -> Pass {
    let keys = keys
        .iter()
        .map(|(name, quota)| (LimitKey::new(*name), *quota))
        .collect::<Vec<_>>();
    limits.pass(&keys, at(seconds)).await.expect("an answer")
}

fn refused(key: usize, seconds: u64) -> Pass {
    Pass::Refused {
        key,
        retry_after: Duration::from_secs(seconds),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_conforms() {
    struct Fresh(RedisServer, AtomicU32);

    #[async_trait]
    impl LimitStores for Fresh {
        async fn fresh(&self) -> [Arc<dyn LimitStore>; 2] {
            let prefix = format!("{}:", self.1.fetch_add(1, Ordering::Relaxed));
            [(); 2]
                .map(|()| -> Arc<dyn LimitStore> { Arc::new(limits(&self.0).key_prefix(&prefix)) })
        }
    }

    let stores = Fresh(RedisServer::start().await, AtomicU32::new(0));
    conformance::run_limits(&stores).await.assert();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_at_once_from_two_processes_five_pass() {
    let server = RedisServer::start().await;
    let both = [limits(&server), limits(&server)];
    let mut burst = tokio::task::JoinSet::new();
    for number in 0..20 {
        let limits = both[number % 2].clone();
        burst.spawn(async move { pass(&limits, &[("a", FIVE_A_MINUTE)], 0).await });
    }
    let passes = burst.join_all().await;
    let count = passes.iter().filter(|pass| **pass == Pass::Passed).count();
    assert_eq!(count, 5);
    let key = [("a", FIVE_A_MINUTE)];
    assert_eq!(pass(&both[0], &key, 11).await, refused(0, 1));
    assert_eq!(pass(&both[1], &key, 12).await, Pass::Passed);
    assert_eq!(pass(&both[0], &key, 12).await, refused(0, 12));
}

#[tokio::test]
async fn all_keys_are_counted_or_none() {
    let server = RedisServer::start().await;
    let limits = limits(&server);
    let both = [("a", FIVE_A_MINUTE), ("b", ONE_A_MINUTE)];
    assert_eq!(pass(&limits, &[], 0).await, Pass::Passed);
    assert_eq!(pass(&limits, &both, 0).await, Pass::Passed);
    for _ in 0..10 {
        assert_eq!(pass(&limits, &both, 0).await, refused(1, 60));
    }
    for _ in 0..4 {
        assert_eq!(pass(&limits, &both[..1], 0).await, Pass::Passed);
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
    let twice = [("c", FIVE_A_MINUTE); 2];
    assert_eq!(pass(&limits, &twice, 0).await, Pass::Passed);
    assert_eq!(pass(&limits, &twice, 0).await, Pass::Passed);
    assert_eq!(pass(&limits, &twice, 0).await, refused(1, 12));
}

#[tokio::test]
async fn a_refund_gives_back_one_pass_and_forgetting_all() {
    let server = RedisServer::start().await;
    let limits = limits(&server);
    let key = LimitKey::new("a");
    let counted = [(key.clone(), FIVE_A_MINUTE)];
    let used_up = async || {
        let mut passed = 0;
        while limits.pass(&counted, at(0)).await.expect("an answer") == Pass::Passed {
            passed += 1;
        }
        passed
    };
    assert_eq!(used_up().await, 5);
    let unknown = (LimitKey::new("unknown"), FIVE_A_MINUTE);
    limits
        .refund(&[counted[0].clone(), unknown])
        .await
        .expect("a refund");
    assert_eq!(used_up().await, 1);
    limits.forget(&[key]).await.expect("forgotten");
    assert_eq!(used_up().await, 5);
    for _ in 0..6 {
        limits.refund(&counted).await.expect("a refund");
    }
    assert_eq!(used_up().await, 5, "no more than there were");
    limits.refund(&[]).await.expect("nothing");
    limits.forget(&[]).await.expect("nothing");
}

#[tokio::test]
async fn a_key_has_a_prefix_and_expires_once_it_counts_nothing() {
    let server = RedisServer::start().await;
    let mut redis = server.connection().await;
    let key = "fastapi-users-limit:login:a";
    let two = [("login:a", FIVE_A_MINUTE); 2];
    assert_eq!(pass(&limits(&server), &two, 0).await, Pass::Passed);
    let tat: i64 = redis.get(key).await.expect("a number");
    assert_eq!(tat, at(24).timestamp_micros());
    let left: i64 = redis.pttl(key).await.expect("its time");
    assert!((14_000..=24_000).contains(&left), "{left}");
    let one = [(LimitKey::new("login:a"), FIVE_A_MINUTE)];
    limits(&server).refund(&one).await.expect("a refund");
    let left: i64 = redis.pttl(key).await.expect("its time");
    assert!((2_000..=12_000).contains(&left), "{left}");
    limits(&server).refund(&one).await.expect("a refund");
    let kept: bool = redis.exists(key).await.expect("an answer");
    assert!(!kept);

    let others = limits(&server).key_prefix("staff:");
    assert_eq!(pass(&others, &[("a", ONE_A_MINUTE)], 0).await, Pass::Passed);
    let keys: Vec<String> = redis.keys("*").await.expect("the keys");
    assert_eq!(keys, ["staff:a"]);

    let longest = [("long", Quota::new(2, Duration::MAX))];
    for expected in [true, true, false] {
        let passed = pass(&others, &longest, 0).await == Pass::Passed;
        assert_eq!(passed, expected, "the longest period");
    }
}

#[tokio::test]
async fn while_redis_is_away_limits_are_unavailable() {
    let mut server = RedisServer::start().await;
    let limits = limits(&server);
    let key = [("a", ONE_A_MINUTE)];
    assert_eq!(pass(&limits, &key, 0).await, Pass::Passed);
    server.stop();
    let keys = [(LimitKey::new("a"), ONE_A_MINUTE)];
    let failed = limits.pass(&keys, at(0)).await;
    assert!(
        matches!(failed, Err(StoreError::Unavailable(_))),
        "{failed:?}"
    );
    server.start_again().await;
    assert_eq!(
        pass(&limits, &key, 0).await,
        refused(0, 60),
        "neither the keys nor the connection are lost, and the scripts are loaded anew"
    );
}
