//! Values that other databases would refuse, and changes that no column can hold.

use chrono::Utc;
use users_runtime::{
    UserModel,
    store::{AccessToken, AccessTokenStore, ColumnValue, StoreError, UserStore},
    value::Value,
};

use crate::support::{User, column, migrated, run, user, values};

#[tokio::test]
async fn text_with_a_nul_is_stored_as_it_is() {
    let store = migrated::<User>().await;
    let email = "ada\0l@example.com";
    let mut new = values::<User>(email);
    new[column("nickname")].value = Value::Text("A\0da\0".into());
    let ada = store.insert(new).await.expect("a new user");
    assert_eq!(ada.account().email, email);
    let found = store
        .find_by_email("ADA\0L@example.com")
        .await
        .expect("an answer")
        .expect("the user");
    assert_eq!(found.account().email, email);
    let stored =
        sqlx::query_as::<_, (String, String)>("SELECT hex(email), hex(nickname) FROM user")
            .fetch_one(store.pool())
            .await;
    assert_eq!(
        stored.expect("a row"),
        (
            "616461006C406578616D706C652E636F6D".into(),
            "4100646100".into()
        )
    );
    assert!(matches!(
        store.insert(values::<User>("Ada\0L@example.com")).await,
        Err(StoreError::EmailTaken)
    ));
    user(&store, "ada\0m@example.com").await;
    assert!(
        store
            .find_by_email("ada")
            .await
            .expect("an answer")
            .is_none()
    );
    let token = AccessToken {
        token: "t\0u".into(),
        user_id: ada.account().id.clone(),
        created_at: Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
    assert!(
        store
            .find_token(&["t", "t\0"])
            .await
            .expect("an answer")
            .is_none()
    );
    assert_eq!(
        store
            .find_token(&["t\0u"])
            .await
            .expect("an answer")
            .expect("the token")
            .token,
        "t\0u"
    );
    assert!(store.delete_token("t\0u").await.expect("an answer"));
}

#[tokio::test]
async fn a_default_with_a_nul_can_be_added_to_a_table_with_rows() {
    let store = migrated::<User>().await;
    user(&store, "ada@example.com").await;
    run(
        &store,
        "ALTER TABLE user ADD COLUMN motto VARCHAR NOT NULL DEFAULT (CAST(X'610027' AS TEXT))",
    )
    .await;
    let motto = sqlx::query_as::<_, (String, String)>("SELECT typeof(motto), hex(motto) FROM user")
        .fetch_one(store.pool())
        .await;
    assert_eq!(motto.expect("a row"), ("text".into(), "610027".into()));
}

#[tokio::test]
async fn a_column_that_does_not_exist_or_is_given_twice_is_refused() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    let change = |column, value: &str| ColumnValue {
        column,
        value: Value::Text(value.into()),
    };
    let result = store
        .update(ada.account().id, vec![change(999, "x")], None)
        .await;
    assert!(matches!(result, Err(StoreError::Database(_))));
    let twice = vec![
        change(column("nickname"), "a"),
        change(column("nickname"), "b"),
    ];
    assert!(matches!(
        store.update(ada.account().id, twice, None).await,
        Err(StoreError::Value { .. })
    ));
}
