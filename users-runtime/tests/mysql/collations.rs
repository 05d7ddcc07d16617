//! Texts that a collation takes for one, in tables of the store's and of the original's.

use chrono::Utc;
use users_runtime::{
    UserModel,
    store::{AccessToken, AccessTokenStore, StoreError, UserStore},
};

use crate::{
    original,
    support::{User, migrated, run, user, values},
};

#[tokio::test]
async fn the_original_goes_on_inserting_beside_us() {
    let store = original::served().await;
    run(
        &store,
        "INSERT INTO user (plan, id, email, hashed_password, is_active, is_superuser, is_verified) \
            VALUES ('free', '00000000-0000-4000-8000-000000000001', 'New@Example.com', 'h', 1, 0, 0)",
    )
    .await;
    assert!(
        store
            .find_by_email("new@example.COM")
            .await
            .expect("an answer")
            .is_some()
    );
    assert!(matches!(
        store.insert(values::<User>("NEW@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
    // What its own index takes for the same is taken here as well.
    assert!(matches!(
        store.insert(values::<User>("néw@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
    assert!(
        store
            .find_by_email("néw@example.com")
            .await
            .expect("an answer")
            .is_none()
    );
}

#[tokio::test]
async fn a_table_that_is_missing_fits_the_users_table_that_is_there() {
    let store = original::made().await;
    run(&store, "DROP TABLE accesstoken; DROP TABLE oauth_account").await;
    store
        .migrate()
        .await
        .expect("tables with foreign keys of the same collation");
    store.check().await.expect("tables that fit");
    let ada = user(&store, "ada@example.com").await;
    let token = AccessToken {
        token: "t".into(),
        user_id: ada.account().id.clone(),
        created_at: Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
}

#[tokio::test]
async fn case_is_every_alphabets_and_accents_and_blanks_tell_addresses_apart() {
    let store = migrated::<User>().await;
    user(&store, "zoë@example.com").await;
    assert!(matches!(
        store.insert(values::<User>("ZOË@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
    assert!(
        store
            .find_by_email("ZOË@example.com")
            .await
            .expect("an answer")
            .is_some()
    );
    for other in [
        "zoe@example.com",
        "straße@example.com",
        "strasse@example.com",
        "ı@example.com",
        "i@example.com",
        "ﬁ@example.com",
    ] {
        assert!(
            store
                .find_by_email(other)
                .await
                .expect("an answer")
                .is_none(),
            "{other}"
        );
        user(&store, other).await;
    }
}
