//! Values that a column or a field cannot hold.

use chrono::Utc;
use users_runtime::{
    UserModel,
    store::{AccessToken, AccessTokenStore, ColumnValue, StoreError, UserStore},
    value::Value,
};

use crate::support::{User, column, migrated, run, text, user, values};

#[tokio::test]
async fn text_with_a_nul_is_refused_and_never_found() {
    let store = migrated::<User>().await;
    let refused = store.insert(values::<User>("ada\0l@example.com")).await;
    assert!(matches!(
        refused,
        Err(StoreError::Value {
            column: "email",
            reason: "text with a NUL character"
        })
    ));
    let ada = user(&store, "ada@example.com").await;
    let id = ada.account().id;
    let refused = store.update(id, vec![text("nickname", "A\0")], None).await;
    assert!(matches!(
        refused,
        Err(StoreError::Value {
            column: "nickname",
            ..
        })
    ));
    let json = ColumnValue {
        column: column("settings"),
        value: Value::Json(serde_json::json!({"a": "\0"})),
    };
    assert!(matches!(
        store.update(id, vec![json], None).await,
        Err(StoreError::Value {
            column: "settings",
            ..
        })
    ));
    assert!(
        store
            .find_by_email("ada@example.com\0")
            .await
            .expect("an answer")
            .is_none()
    );
    assert!(
        store
            .find_token(&["t\0"])
            .await
            .expect("an answer")
            .is_none()
    );
    assert!(!store.delete_token("t\0").await.expect("an answer"));
    let token = AccessToken {
        token: "t\0".into(),
        user_id: id.clone(),
        created_at: Utc::now(),
    };
    assert!(matches!(
        store.insert_token(token).await,
        Err(StoreError::Value {
            column: "token",
            ..
        })
    ));
}

#[tokio::test]
async fn an_instant_that_no_field_holds_is_given_as_it_is() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    let seen = ColumnValue {
        column: column("seen_at"),
        value: Value::Timestamp(Utc::now()),
    };
    store
        .update(ada.account().id, vec![seen], None)
        .await
        .expect("changed");
    // Beyond what chrono can hold; the suite's users take whatever the store gives.
    run(
        &store,
        "UPDATE \"user\" SET seen_at = 'infinity', born_on = '-infinity'",
    )
    .await;
    let ada = store
        .find(ada.account().id)
        .await
        .expect("an answer")
        .expect("a user");
    assert!(
        format!("{ada:?}").contains(&format!("Int({})", i64::MAX)),
        "{ada:?}"
    );
}
