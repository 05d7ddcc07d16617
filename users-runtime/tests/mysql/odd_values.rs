//! Values that a column or a field cannot hold.

use users_runtime::{
    UserModel as _,
    store::{ColumnValue, StoreError, UserStore as _},
    value::Value,
};

use crate::support::{User, column, migrated, run, user};

#[tokio::test]
async fn a_number_that_is_infinite_is_refused() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    for infinite in [f64::INFINITY, f64::NEG_INFINITY] {
        let change = ColumnValue {
            column: column("ratio"),
            value: Value::Float(infinite),
        };
        let refused = store.update(ada.account().id, vec![change], None).await;
        assert!(matches!(
            refused,
            Err(StoreError::Value {
                column: "ratio",
                reason: "an infinite number"
            })
        ));
    }
}

#[tokio::test]
async fn a_time_that_is_a_duration_is_given_as_it_is() {
    let store = migrated::<User>().await;
    let ada = user(&store, "ada@example.com").await;
    // A duration, which is no time of the day; the suite's users take whatever the store gives.
    run(&store, "UPDATE user SET wakes_at = '-25:00:00'").await;
    let ada = store
        .find(ada.account().id)
        .await
        .expect("an answer")
        .expect("a user");
    assert!(format!("{ada:?}").contains("Bytes("), "{ada:?}");
}
