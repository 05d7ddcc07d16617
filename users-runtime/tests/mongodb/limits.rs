//! Rate limits: what a refused attempt costs.

use std::time::Duration;

use chrono::Utc;
use users_runtime::{
    PasswordHash, UserModel,
    store::{LimitKey, Pass, Quota, UserStore as _},
};

use crate::support::{migrated, watched};

/// A user whose limits are stored.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(limits(), backend(name = "jwt", transport = bearer, strategy = jwt))]
struct Limited {
    id: uuid::Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
}

/// Guesses at a locked account may come from any number of addresses, each of them a key that was not counted before.
#[tokio::test]
async fn an_attempt_at_a_key_that_is_used_up_is_one_read() {
    let database = migrated::<Limited>().await;
    let (store, commands) = watched::<Limited>(&database.url).await;
    let limits = store.limits().expect("limits");
    let quota = Quota::new(1, Duration::from_hours(1));
    let account = (LimitKey::new("account"), quota);
    let now = Utc::now();
    let passed = limits.pass(std::slice::from_ref(&account), now).await;
    assert_eq!(passed.expect("a store"), Pass::Passed);
    commands.try_iter().for_each(drop);
    for number in 0..3 {
        let address = (LimitKey::new(format!("address {number}")), quota);
        let pass = limits.pass(&[address, account.clone()], now).await;
        let refused = matches!(pass, Ok(Pass::Refused { key: 1, .. }));
        assert!(refused, "{pass:?}");
        assert_eq!(commands.try_iter().collect::<Vec<_>>(), ["find"]);
    }
}
