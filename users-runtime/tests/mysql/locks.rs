//! Transactions that wait for each other, or that each wait for the other.

use std::time::Duration;

use chrono::Utc;
use sqlx::MySqlPool;
use users_runtime::{
    UserModel,
    store::{
        AccessToken, AccessTokenStore, MySqlStore, OAuthAccount, OAuthAccountStore as _,
        StoreError, UserStore,
    },
};

use crate::{
    server::Server,
    support::{User, create_database, migrated, text, user, values},
};

/// Waits until a transaction on the server waits for a lock. Who asks more often than every tenth of a second is told the same.
async fn someone_waits(pool: &MySqlPool) {
    let sql = "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
    while sqlx::query_scalar::<_, i64>(sql)
        .fetch_one(pool)
        .await
        .expect("an answer")
        == 0
    {
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
}

#[tokio::test]
async fn a_change_that_a_deadlock_undid_is_done_again() {
    let (_server, store) = crowded().await;
    let bob = user(&store, "bob@example.com").await;
    let changing = store.update(
        bob.account().id,
        vec![text("email", "blocked@example.com")],
        None,
    );
    let blocked = "UPDATE user SET email = 'blocked@example.com' WHERE email = 'user7@example.com'";
    let changed = in_a_deadlock(
        &store,
        blocked,
        changing,
        "UPDATE user SET nickname = 'y' WHERE email = 'bob@example.com'",
    )
    .await;
    assert_eq!(
        changed.expect("changed").account().email,
        "blocked@example.com"
    );
}

/// Waits until something waits for the lock of another transaction, which then wants what the first one has: the server undoes the
/// one that has changed less. The other one is taken back, so that the first may succeed when it is done again.
async fn in_a_deadlock<T>(
    store: &MySqlStore<User>,
    blocked: &'static str,
    blocking: impl Future<Output = T>,
    wanted: &'static str,
) -> T {
    let deadlocks = || async {
        let sql = "SELECT CAST(variable_value AS SIGNED) FROM information_schema.global_status WHERE variable_name = 'Innodb_deadlocks'";
        sqlx::query_scalar::<_, i64>(sql)
            .fetch_one(store.pool())
            .await
            .expect("a number")
    };
    let before = deadlocks().await;
    let mut other = store.pool().acquire().await.expect("a connection");
    // Otherwise it would keep the rows that it only looks at, Bob's among them.
    let begin = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION";
    for sql in [
        begin,
        "UPDATE user SET nickname = 'x' WHERE email LIKE 'user%'",
        blocked,
    ] {
        sqlx::raw_sql(sql)
            .execute(&mut *other)
            .await
            .expect("valid SQL");
    }
    let locking = async {
        someone_waits(store.pool()).await;
        sqlx::raw_sql(wanted)
            .execute(&mut *other)
            .await
            .expect("a lock");
        sqlx::raw_sql("ROLLBACK")
            .execute(&mut *other)
            .await
            .expect("undone");
    };
    let (done, ()) = tokio::join!(blocking, locking);
    assert!(deadlocks().await > before, "there was no deadlock");
    done
}

/// A store on a server of its own, whose deadlocks are counted, with users who make another transaction the larger one.
async fn crowded() -> (Server, MySqlStore<User>) {
    let server = Server::own().await;
    let store = MySqlStore::<User>::connect(&create_database(&server).await)
        .await
        .expect("a database");
    store.migrate().await.expect("tables");
    for number in 0..50 {
        user(&store, &format!("user{number}@example.com")).await;
    }
    (server, store)
}

#[tokio::test]
async fn a_deletion_that_a_deadlock_undid_is_done_again() {
    let (_server, store) = crowded().await;
    let bob = user(&store, "bob@example.com").await;
    let token = AccessToken {
        token: "t".into(),
        user_id: bob.account().id.clone(),
        created_at: Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
    let wanted = "UPDATE user SET nickname = 'y' WHERE email = 'bob@example.com'";
    let blocked = "UPDATE accesstoken SET created_at = NOW() WHERE token = 't'";
    in_a_deadlock(&store, blocked, store.delete(bob.account().id), wanted)
        .await
        .expect("deleted");
    assert!(store.find_token(&["t"]).await.expect("an answer").is_none());
    assert!(
        store
            .find(bob.account().id)
            .await
            .expect("an answer")
            .is_none()
    );
}

#[tokio::test]
async fn a_user_with_an_account_that_a_deadlock_undid_is_stored_again() {
    let (_server, store) = crowded().await;
    let account = |user_id| OAuthAccount {
        user_id,
        oauth_name: "github".into(),
        account_id: "1".into(),
        account_email: "bob@example.com".into(),
        access_token: "t".into(),
        expires_at: None,
        refresh_token: None,
    };
    let blocked = "INSERT INTO oauth_account (id, user_id, oauth_name, access_token, account_id, account_email) \
                   SELECT 'x', id, 'github', 't', '1', 'x' FROM user WHERE email = 'user7@example.com'";
    let wanted = "UPDATE user SET email = 'bob@example.com' WHERE email = 'user8@example.com'";
    let storing = store.insert_user_with_account(values::<User>("bob@example.com"), &account);
    let bob = in_a_deadlock(&store, blocked, storing, wanted)
        .await
        .expect("a user with an account");
    let found = store
        .find_account("github", "1")
        .await
        .expect("an answer")
        .expect("the account");
    assert_eq!(&found.user_id, bob.account().id);
    let users: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM user")
        .fetch_one(store.pool())
        .await
        .expect("a count");
    assert_eq!(users, 51);
}

/// Many at once change the same few rows and their indexes.
#[tokio::test(flavor = "multi_thread")]
async fn those_who_come_at_once_are_served_or_told_why_not() {
    let store = migrated::<User>().await;
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..8_u32 {
        let store = (*store).clone();
        tasks.spawn(async move {
            for round in 0..15_u32 {
                let email = format!("user{}@example.com", (task + round) % 3);
                let user: User = match store.insert(values::<User>(&email)).await {
                    Ok(user) => user,
                    Err(StoreError::EmailTaken) => continue,
                    Err(error) => panic!("{error:?}"),
                };
                let id = user.account().id;
                let token = AccessToken {
                    token: format!("{task}-{round}"),
                    user_id: id.clone(),
                    created_at: Utc::now(),
                };
                store.insert_token(token).await.expect("a token");
                match store
                    .update(
                        id,
                        vec![text("email", &format!("user{}@example.com", round % 3))],
                        None,
                    )
                    .await
                {
                    Ok(_) | Err(StoreError::EmailTaken) => {}
                    Err(error) => panic!("{error:?}"),
                }
                store.delete(id).await.expect("deleted");
            }
        });
    }
    tasks.join_all().await;
    let left: i64 = sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM user) + (SELECT COUNT(*) FROM accesstoken)",
    )
    .fetch_one(store.pool())
    .await
    .expect("a count");
    assert_eq!(left, 0);
}
